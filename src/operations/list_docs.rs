//! The documents of a replicator database, read exactly: as a walk in pages, or as one stream.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use js_sys::Array;
use web_sys::AbortSignal;

use super::collect::{Keep, Portion, Taken, take_rows};
use crate::http::{Call, Code, Connection, Failure, List, Retry};
use crate::js::rows::{DOCS, append};
use rows::doc::doc_id;
use rows::json::{Value, string, value_of};
use rows::seen::Seen;
use rows::state::{self, State};
use scheduler_core::endpoints::{self, Query};
use scheduler_core::paging::Walk;

/// Documents that `docs()` requests at first: few, so that the first row comes soon.
pub const FIRST_PAGE: u64 = 250;

/// Documents that `docs()` requests at a time in the end: many, so that the cost of a request does not count.
pub const WIDEST_PAGE: u64 = 2000;

/// What to read.
pub struct Wanted {
    /// The replicator database
    pub database: String,
    /// Documents in these states only; `None` for all
    pub states: Option<Vec<State>>,
    /// The first row that is wanted, counted from 0 among those that match
    pub from: u64,
    /// The first row that is not wanted any more
    pub to: u64,
    /// Documents to ask for at first; `None` for all at once
    pub window: Option<u64>,
    /// Documents to ask for at a time later: each page is twice the one before, up to so many
    pub widest: u64,
    /// Ends the reading
    pub signal: Option<AbortSignal>,
}

/// Reads documents in doc-id order. Dropping it ends the request under way.
pub struct DocsReader {
    connection: Rc<Connection>,
    wanted: Wanted,
    way: Way,
    /// Rows read so far that match, wanted or not
    position: u64,
    seen: Seen,
    /// `total_rows` of the first answer
    total_rows: Option<u64>,
    /// Rows of the stream have been given out.
    given: bool,
    /// How much of a stream is given out at a time.
    portion: Portion,
    retry: Retry,
    /// What went wrong behind the rows that were given out last.
    failure: Option<Failure>,
}

/// How the documents are read.
enum Way {
    /// In pages. Where the first of them ends can be known already: `None` within is the end of the database.
    Pages {
        walk: Walk,
        end: Option<Option<String>>,
    },
    /// In one stream without a window, so without its traps: the server filters by state exactly there. It is opened, and if need
    /// be opened again, at an id from which on rows are still to be read.
    Stream {
        open: Option<Box<List>>,
        from: Option<String>,
    },
    /// Only to ask for the counts: no row is wanted.
    Counts,
    Ended,
}

impl Way {
    fn stream(from: Option<String>) -> Way {
        Way::Stream { open: None, from }
    }

    /// The same way with nothing open.
    fn again(&self) -> Way {
        match self {
            Way::Pages { walk, end } => Way::Pages { walk: walk.clone(), end: end.clone() },
            Way::Stream { from, .. } => Way::stream(from.clone()),
            Way::Counts => Way::Counts,
            Way::Ended => Way::Ended,
        }
    }
}

impl DocsReader {
    /// Nothing is sent yet.
    pub fn new(connection: Rc<Connection>, wanted: Wanted) -> DocsReader {
        let way = match (wanted.window, &wanted.states) {
            _ if wanted.from >= wanted.to => Way::Counts,
            (_, Some(states)) if states.is_empty() => Way::Counts,
            (Some(_), None) => Way::Pages { walk: Walk::default(), end: None },
            _ => Way::stream(None),
        };
        let retry = connection.retry(wanted.signal.clone());
        DocsReader {
            connection,
            wanted,
            way,
            position: 0,
            seen: Seen::default(),
            total_rows: None,
            given: false,
            portion: Portion::Arrived,
            retry,
            failure: None,
        }
    }

    /// `total_rows` of the first answer, where it had one.
    pub fn total_rows(&self) -> Option<u64> {
        self.total_rows
    }

    /// All rows that are wanted.
    pub async fn all_rows(&mut self) -> Result<Array, Failure> {
        let all = Array::new();
        self.portion = Portion::Everything;
        while let Some(rows) = self.next_rows().await? {
            append(&all, &rows);
            // The caller has seen none of them: a stream that breaks off goes on behind the last row.
            self.given = false;
        }
        Ok(all)
    }

    /// The next rows; none is lost and none comes twice. `None` at the end. A passing fault is tried again, unless it breaks
    /// off a stream whose first rows have been given out. What cannot be tried again comes behind the rows before it.
    pub async fn next_rows(&mut self) -> Result<Option<Array>, Failure> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        loop {
            let (before, position, last) = (self.way.again(), self.position, self.seen.last().map(<[u8]>::to_vec));
            let (rows, end) = self.read_rows().await;
            if let Err(failure) = end {
                let broke_off = self.given && matches!(before, Way::Stream { .. });
                let failure = match if broke_off { Err(failure) } else { self.retry.after(failure).await } {
                    // It goes on behind these rows.
                    Ok(()) if matches!(self.way, Way::Stream { .. }) => return Ok(Some(rows)),
                    Ok(()) => {
                        (self.way, self.position) = (before, position);
                        self.seen.go_back_to(last);
                        continue;
                    }
                    Err(failure) => failure,
                };
                self.way = Way::Ended;
                if rows.length() == 0 {
                    return Err(failure);
                }
                self.failure = Some(failure);
                return Ok(Some(rows));
            }
            if rows.length() > 0 {
                self.given = true;
                if matches!(before, Way::Pages { .. }) {
                    // Each page is a call of its own.
                    self.retry = self.connection.retry(self.wanted.signal.clone());
                }
                return Ok(Some(rows));
            }
            if matches!(self.way, Way::Ended) {
                return Ok(None);
            }
        }
    }

    /// The next rows of whichever way, and what went wrong behind them.
    async fn read_rows(&mut self) -> (Array, Result<(), Failure>) {
        let rows = Array::new();
        let end = match std::mem::replace(&mut self.way, Way::Ended) {
            Way::Pages { walk, end } => self.read_page(walk, end, &rows).await,
            Way::Stream { open, from } => self.read_stream(open, from, &rows).await,
            Way::Counts => self.read_counts().await,
            Way::Ended => Ok(()),
        };
        (rows, end)
    }

    async fn read_page(&mut self, mut walk: Walk, end: Option<Option<String>>, rows: &Array) -> Result<(), Failure> {
        let window = self.wanted.window.unwrap_or(u64::MAX).min(self.wanted.to - self.position);
        let end = match end {
            Some(end) => Ok(end),
            None => self.end_of_page(&walk, window).await,
        };
        let knows_ranges = match end {
            Ok(end) => walk.end_at(end),
            // Whoever may see the scheduler may see the documents too, on CouchDB. Elsewhere one stream is as exact.
            Err(Failure::Fault(fault)) if fault.code == Code::Forbidden => false,
            Err(failure) => return Err(failure),
        };
        if !knows_ranges {
            // The pages before this one have been read.
            self.way = Way::stream(walk.start());
            return Ok(());
        }
        self.wanted.window = self.wanted.window.map(|window| window.saturating_mul(2).min(self.wanted.widest));
        let mut next = walk.clone();
        let goes_on = next.advance();
        // Where the next page ends is asked for together with this page: one wait for both.
        let ahead = (goes_on && self.wanted.to == u64::MAX)
            .then(|| self.end_of_page(&next, self.wanted.window.unwrap_or(u64::MAX)));
        let (end, further) = join(ahead, self.read_range(&walk, rows)).await;
        if further? && goes_on && self.position < self.wanted.to {
            // What became of the question about the next page is nothing to this one: it is asked again.
            self.way = Way::Pages { walk: next, end: end.and_then(Result::ok) };
        }
        Ok(())
    }

    /// Appends the rows of one range. Returns whether further rows are wanted.
    async fn read_range(&mut self, walk: &Walk, rows: &Array) -> Result<bool, Failure> {
        let mut list = self.ask(walk.range_query()).await?;
        let (wanted, position, seen) = (&self.wanted, &mut self.position, &mut self.seen);
        let mut keep = |row: Value| {
            let id = doc_id(row)?;
            Ok(if walk.holds(&id) && seen.is_new(id.as_bytes()) { wanted.keep(position) } else { Keep::Drop })
        };
        let taken = take_rows(&mut list, rows, &DOCS, Portion::Everything, &mut keep).await?;
        self.note_total(&list);
        Ok(taken == Taken::All)
    }

    /// The id behind the next `window` documents: `GET /{db}/_all_docs` for one row. `None` where the database ends before.
    fn end_of_page(&self, walk: &Walk, window: u64) -> impl Future<Output = Result<Option<String>, Failure>> + 'static {
        let path = endpoints::all_docs(&self.wanted.database, &walk.end_query(window));
        let (connection, call) = (Rc::clone(&self.connection), Call::get(path, self.wanted.signal.clone()));
        async move {
            let mut list = List::of(connection.send(&call).await?);
            let mut end = None;
            while list.more().await? {
                while let Some(row) = list.row()? {
                    let id = value_of(row, "id").ok().flatten().and_then(string);
                    end = Some(id.map(|id| id.into_owned()));
                }
            }
            // A row without an id is no place to go on from; the empty id is before every start, which says so.
            Ok(end.map(Option::unwrap_or_default))
        }
    }

    async fn read_stream(
        &mut self,
        open: Option<Box<List>>,
        from: Option<String>,
        rows: &Array,
    ) -> Result<(), Failure> {
        // A list that the caller left alone for long is not read on, but requested again from the last id on.
        let mut list = match open.filter(|list| list.is_fresh()) {
            Some(list) => list,
            None => {
                let list = self.ask(Query::default().with_json("startkey", from.as_deref())).await?;
                self.seen.go_back_to(self.seen.last().map(<[u8]>::to_vec));
                Box::new(list)
            }
        };
        let (wanted, position, seen) = (&self.wanted, &mut self.position, &mut self.seen);
        let mut keep = |row: Value| Ok(if seen.is_new_doc(row)? { wanted.keep(position) } else { Keep::Drop });
        let taken = take_rows(&mut list, rows, &DOCS, self.portion, &mut keep).await;
        self.note_total(&list);
        let from = self.seen.last().and_then(|last| String::from_utf8(last.to_vec()).ok()).or(from);
        match taken {
            Ok(Taken::Some) => self.way = Way::Stream { open: Some(list), from },
            Ok(Taken::All | Taken::Enough) => {}
            Err(failure) => {
                // The caller of all_rows() has seen none of these, so reading can go on after them.
                if rows.length() > 0 && matches!(self.portion, Portion::Everything) {
                    self.way = Way::stream(from);
                }
                return Err(failure);
            }
        }
        Ok(())
    }

    async fn read_counts(&mut self) -> Result<(), Failure> {
        let mut list = self.ask(Query::default().with_number("limit", Some(0))).await?;
        while list.more().await? {
            while list.row()?.is_some() {}
        }
        self.note_total(&list);
        Ok(())
    }

    async fn ask(&self, query: Query) -> Result<List, Failure> {
        let states = self.wanted.states.as_ref().map(|states| state::join(states, ","));
        let path = endpoints::docs(&self.wanted.database, &query.with("states", states.as_deref()));
        let call = Call::get(path, self.wanted.signal.clone());
        Ok(List::of(self.connection.send(&call).await?))
    }

    /// CouchDB sends its total before the rows; elsewhere it can come behind them.
    fn note_total(&mut self, list: &List) {
        self.total_rows = self.total_rows.or(list.envelope().total_rows);
    }
}

impl Wanted {
    /// What to do with the row at `position`, which goes on to the next.
    fn keep(&self, position: &mut u64) -> Keep {
        if *position >= self.to {
            return Keep::Stop;
        }
        *position += 1;
        if *position > self.from { Keep::Take } else { Keep::Drop }
    }
}

/// Waits for both, where there is a first one. It is dropped if the second one fails.
async fn join<A, B, E>(
    one: Option<impl Future<Output = A>>,
    other: impl Future<Output = Result<B, E>>,
) -> (Option<A>, Result<B, E>) {
    let mut one = one.map(Box::pin);
    let mut other = Box::pin(other);
    let (mut of_one, mut of_other) = (None, None);
    poll_fn(|context| {
        if let Some(future) = &mut one
            && let Poll::Ready(output) = future.as_mut().poll(context)
        {
            of_one = Some(output);
            one = None;
        }
        if of_other.is_none()
            && let Poll::Ready(output) = other.as_mut().poll(context)
        {
            of_other = Some(output);
        }
        match of_other.take() {
            Some(Ok(output)) if one.is_some() => {
                of_other = Some(Ok(output));
                Poll::Pending
            }
            Some(output) => Poll::Ready((of_one.take(), output)),
            None => Poll::Pending,
        }
    })
    .await
}
