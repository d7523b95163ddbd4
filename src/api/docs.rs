//! The documents of a replicator database, read exactly: as a walk in pages, or as one stream.

use std::rc::Rc;

use js_sys::Array;
use web_sys::AbortSignal;

use super::objects::{Keep, append, take_rows};
use crate::http::{Call, Connection, Failure, List, Retry};
use crate::scheduler::docs::{doc_id, write_doc};
use crate::scheduler::endpoints::{self, Query};
use crate::scheduler::paging::{Verdict, Walk};

/// What to read.
pub struct Wanted {
    /// The replicator database
    pub database: String,
    /// Documents in these states only; `None` for all
    pub states: Option<Vec<&'static str>>,
    /// The first row that is wanted, counted from 0 among those that match
    pub from: u64,
    /// The first row that is not wanted any more
    pub to: u64,
    /// Documents to ask for at a time; `None` for all at once
    pub window: Option<u64>,
    /// Ends the reading
    pub signal: Option<AbortSignal>,
}

/// Reads documents in doc-id order. Dropping it ends the request under way.
pub struct DocsReader {
    connection: Rc<Connection>,
    wanted: Wanted,
    walk: Walk,
    way: Way,
    /// Rows read so far that match, wanted or not
    position: u64,
    /// `total_rows` and `offset` of the first answer
    counts: Option<(u64, u64)>,
    /// Rows have been given out.
    given: bool,
    retry: Retry,
}

/// How the documents are read.
enum Way {
    /// In pages; the next one may be open already, since its beginning tells whether the one before was whole.
    Pages(Option<List>),
    /// Only to ask for the counts: no row is wanted.
    Counts,
    /// In one stream without a window, so without its traps: the server filters by state exactly there.
    Stream(Option<List>),
    Ended,
}

impl Way {
    /// The same way with nothing open.
    fn again(&self) -> Way {
        match self {
            Way::Pages(_) => Way::Pages(None),
            Way::Stream(_) => Way::Stream(None),
            Way::Counts => Way::Counts,
            Way::Ended => Way::Ended,
        }
    }
}

impl DocsReader {
    /// Nothing is sent yet.
    pub fn new(connection: Rc<Connection>, wanted: Wanted) -> DocsReader {
        let (walk, way) = match (wanted.window, &wanted.states) {
            _ if wanted.from >= wanted.to => (Walk::new(0), Way::Counts),
            (_, Some(states)) if states.is_empty() => (Walk::new(0), Way::Counts),
            (Some(window), None) => (Walk::new(window), Way::Pages(None)),
            _ => (Walk::new(0), Way::Stream(None)),
        };
        let retry = connection.retry(wanted.signal.clone());
        DocsReader { connection, wanted, walk, way, position: 0, counts: None, given: false, retry }
    }

    /// `total_rows` and `offset` of the first answer, where it had them.
    pub fn counts(&self) -> Option<(u64, u64)> {
        self.counts
    }

    /// All rows that are wanted.
    pub async fn all_rows(&mut self) -> Result<Array, Failure> {
        let all = Array::new();
        while let Some(rows) = self.next_rows().await? {
            append(&all, &rows);
            // The caller has seen none of them: a stream that breaks off goes on behind the last row.
            self.given = false;
        }
        Ok(all)
    }

    /// The next rows; none is lost and none comes twice. `None` at the end. A passing fault is tried again, unless it
    /// breaks off a stream whose first rows have been given out.
    pub async fn next_rows(&mut self) -> Result<Option<Array>, Failure> {
        loop {
            let before = (self.walk.clone(), self.position, self.way.again());
            let failure = match self.read_rows().await {
                Ok(rows) if rows.length() > 0 => {
                    self.given = true;
                    if matches!(before.2, Way::Pages(_)) {
                        // Each page is a call of its own.
                        self.retry = self.connection.retry(self.wanted.signal.clone());
                    }
                    return Ok(Some(rows));
                }
                Ok(_) if matches!(self.way, Way::Ended) => return Ok(None),
                Ok(_) => continue,
                Err(failure) => failure,
            };
            if self.given && matches!(before.2, Way::Stream(_)) {
                return Err(failure);
            }
            self.retry.after(failure).await?;
            (self.walk, self.position, self.way) = before;
        }
    }

    /// A list that the caller left alone for long is not read on, but asked for again from the last known document on.
    async fn read_rows(&mut self) -> Result<Array, Failure> {
        match std::mem::replace(&mut self.way, Way::Ended) {
            Way::Pages(open) => self.next_page(open.filter(List::is_fresh)).await,
            Way::Stream(open) => self.next_of_stream(open.filter(List::is_fresh)).await,
            Way::Counts => {
                let mut list = self.ask(self.walk.next_page()).await?;
                Ok(self.read_page(&mut list).await?.0)
            }
            Way::Ended => Ok(Array::new()),
        }
    }

    async fn next_page(&mut self, open: Option<List>) -> Result<Array, Failure> {
        let mut list = match open {
            Some(list) => list,
            None => self.ask(self.walk.next_page()).await?,
        };
        let counts = list.counts().await?;
        self.walk.begin(counts);
        let (mut rows, mut position) = self.read_page(&mut list).await?;
        match self.walk.end() {
            Verdict::Last => {}
            Verdict::Widened => self.way = Way::Pages(None),
            Verdict::Unknown => {
                self.walk.forget_page();
                self.way = Way::Stream(None);
                return Ok(Array::new());
            }
            Verdict::AskNext => {
                self.walk.set_window(self.wanted.window.unwrap_or(0).min(self.wanted.to.saturating_sub(position)));
                let mut next = self.ask(self.walk.next_page()).await?;
                if !self.walk.was_whole(next.counts().await?) {
                    let mut again = self.ask(self.walk.same_page()).await?;
                    (rows, position) = self.read_page(&mut again).await?;
                }
                if position < self.wanted.to {
                    self.way = Way::Pages(Some(next));
                }
            }
        }
        self.position = position;
        Ok(rows)
    }

    /// All rows of a page that are wanted, and the position behind it.
    async fn read_page(&mut self, list: &mut List) -> Result<(Array, u64), Failure> {
        let rows = Array::new();
        let mut position = self.position;
        while list.more().await? && self.take(list, &rows, &mut position)? {}
        Ok((rows, position))
    }

    async fn next_of_stream(&mut self, open: Option<List>) -> Result<Array, Failure> {
        let mut list = match open {
            Some(list) => list,
            None => {
                let list = self.ask(self.walk.rest()).await?;
                self.walk.begin(None);
                list
            }
        };
        let rows = Array::new();
        let mut position = self.position;
        while rows.length() == 0 {
            if !list.more().await? || !self.take(&mut list, &rows, &mut position)? {
                return Ok(rows);
            }
        }
        self.position = position;
        if position < self.wanted.to {
            self.way = Way::Stream(Some(list));
        }
        Ok(rows)
    }

    fn take(&mut self, list: &mut List, rows: &Array, position: &mut u64) -> Result<bool, Failure> {
        let (walk, wanted) = (&mut self.walk, &self.wanted);
        take_rows(list, rows, write_doc, |row| {
            if *position >= wanted.to {
                return Ok(Keep::Stop);
            }
            if !walk.row(&doc_id(row)?) {
                return Ok(Keep::Drop);
            }
            *position += 1;
            Ok(if *position > wanted.from { Keep::Take } else { Keep::Drop })
        })
    }

    async fn ask(&mut self, query: Query) -> Result<List, Failure> {
        let states = self.wanted.states.as_ref().map(|states| states.join(","));
        let path = endpoints::docs(&self.wanted.database, &query.with("states", states));
        let call = Call::get(path, self.wanted.signal.clone());
        let mut list = List::of(self.connection.send(&call).await?);
        if self.counts.is_none() {
            self.counts = list.counts().await?;
        }
        Ok(list)
    }
}
