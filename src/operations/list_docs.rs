//! `listDocs()` and `docs()`: the documents of a replicator database, in pages or as one stream.

use futures_util::FutureExt;
use futures_util::future::{OptionFuture, try_join};
use js_sys::Array;

use super::collect::{ListState, ReadUntil, RowList, read_rows};
use super::retrying_stream::{RetryingStream, RowSource};
use crate::http::{Code, Failure, List, Request, Requester};
use crate::js::rows::DOCS;
use rows::doc::doc_id;
use rows::json::{Malformed, Value, string, value_of};
use rows::seen::Seen;
use rows::state::{self, State};
use scheduler_core::endpoints::{self, Query};
use scheduler_core::id_range::IdRange;
use scheduler_core::list_plan::{Admission, ListPlan, PageEnd, Pages, Window};

/// The first page of `docs()`, in documents: small, so that the first row arrives soon.
const FIRST_PAGE: u64 = 250;

/// The largest page of `docs()`, in documents: large, so that the cost of a request hardly counts.
const MAX_PAGE: u64 = 2000;

/// Which documents to read.
pub struct DocsFilter {
    /// The replicator database
    pub database: String,
    /// Only documents in these states; `None` for all
    pub states: Option<Vec<State>>,
}

/// Returns up to `limit` rows following the first `skip`, in doc-id order.
pub async fn list_docs(
    requester: Requester,
    filter: DocsFilter,
    skip: u64,
    limit: Option<u64>,
) -> Result<RowList, Failure> {
    let window = Window::new(skip, limit);
    let (rows, reader) = stream(requester, filter, window, window.remaining().map(Pages::for_rows)).all_rows().await?;
    // An empty list can lack its counts.
    let total_rows = reader.total_rows.unwrap_or(u64::from(rows.length()));
    Ok(RowList { rows, total_rows, offset: skip.min(total_rows) })
}

/// Returns all rows in doc-id order, read in pages of `page_size` documents, or of a growing number.
pub fn docs(requester: Requester, filter: DocsFilter, page_size: Option<u64>) -> RetryingStream<DocsReader> {
    let pages = page_size.map_or(Pages::growing(FIRST_PAGE, MAX_PAGE), |size| Pages::growing(size, size));
    stream(requester, filter, Window::ALL, Some(pages))
}

fn stream(
    requester: Requester,
    filter: DocsFilter,
    window: Window,
    pages: Option<Pages>,
) -> RetryingStream<DocsReader> {
    let cursor = match ListPlan::new(window, filter.states.as_deref(), pages) {
        ListPlan::CountsOnly => Cursor::CountsOnly,
        ListPlan::Pages(pages) => Cursor::Pages { pages, range: IdRange::default(), end: PageEnd::Unknown },
        ListPlan::Stream => Cursor::Stream { from: None },
    };
    let reader = DocsReader {
        requester: requester.clone(),
        server_chooses: filter.states.is_some(),
        filter,
        window,
        cursor,
        list: None,
        seen: Seen::default(),
        total_rows: None,
    };
    RetryingStream::new(reader, requester)
}

/// Reads documents in doc-id order.
pub struct DocsReader {
    requester: Requester,
    filter: DocsFilter,
    /// Whether the server is to choose by state; the rows are compared with the filter in any case
    server_chooses: bool,
    /// The rows that are still to be returned
    window: Window,
    cursor: Cursor,
    /// The response that is being read as a stream
    list: Option<Box<List>>,
    seen: Seen,
    /// `total_rows` of the first response
    total_rows: Option<u64>,
}

/// What to read next.
#[derive(Clone)]
enum Cursor {
    /// A page. Its end may have been requested together with the page before it.
    Pages { pages: Pages, range: IdRange, end: PageEnd },
    /// The stream, which continues at this id if it must be requested again.
    Stream { from: Option<String> },
    /// `total_rows`.
    CountsOnly,
    /// Nothing.
    Ended,
}

/// A place between two rows.
pub struct DocsPosition {
    cursor: Cursor,
    window: Window,
    last_id: Option<Vec<u8>>,
}

impl RowSource for DocsReader {
    type Position = DocsPosition;

    fn position(&self) -> DocsPosition {
        let last_id = self.seen.last().map(<[u8]>::to_vec);
        DocsPosition { cursor: self.cursor.clone(), window: self.window, last_id }
    }

    fn go_back_to(&mut self, position: DocsPosition) {
        (self.cursor, self.window) = (position.cursor, position.window);
        self.seen.go_back_to(position.last_id);
        self.list = None;
    }

    fn is_paged(&self) -> bool {
        matches!(self.cursor, Cursor::Pages { .. })
    }

    fn continues(&self) -> bool {
        matches!(self.cursor, Cursor::Stream { .. })
    }

    async fn read(&mut self, rows: &Array, until: ReadUntil) -> Result<bool, Failure> {
        match std::mem::replace(&mut self.cursor, Cursor::Ended) {
            Cursor::Pages { pages, range, end } => self.read_page(pages, range, end, rows).await?,
            Cursor::Stream { from } => self.read_stream(from, rows, until).await?,
            Cursor::CountsOnly => self.read_counts().await?,
            Cursor::Ended => {}
        }
        Ok(!matches!(self.cursor, Cursor::Ended))
    }
}

impl DocsReader {
    async fn read_page(&mut self, pages: Pages, mut range: IdRange, end: PageEnd, rows: &Array) -> Result<(), Failure> {
        let end = match end {
            PageEnd::Unknown => match self.page_end(&range, pages.size(self.window)).await {
                Ok(end) => end,
                // On CouchDB, access to the scheduler implies access to the documents. Other servers may refuse it.
                Err(Failure::Fault(fault)) if fault.code == Code::Forbidden => PageEnd::Unknown,
                Err(failure) => return Err(failure),
            },
            known => known,
        };
        let is_range = match end {
            PageEnd::Unknown => false,
            PageEnd::EndOfDatabase => range.set_end(None).is_ok(),
            PageEnd::Before(id) => range.set_end(Some(id)).is_ok(),
        };
        if !is_range {
            // One stream is as exact. The pages before this one have been read.
            self.cursor = Cursor::Stream { from: range.start() };
            return Ok(());
        }
        let mut next = range.clone();
        let has_next = next.advance();
        let pages = pages.next();
        // The end of the next page is requested together with this page: one wait for both.
        let ahead = has_next && self.window.remaining().is_none();
        let ahead: OptionFuture<_> = ahead.then(|| self.page_end(&next, pages.size(self.window))).into();
        let (end, is_whole) = try_join(ahead.map(Ok), self.read_range(&range, rows)).await?;
        if is_whole && has_next && !self.window.is_empty() {
            // If that request failed, it is sent again.
            let end = end.and_then(Result::ok).unwrap_or(PageEnd::Unknown);
            self.cursor = Cursor::Pages { pages, range: next, end };
        }
        Ok(())
    }

    /// Appends the rows of one range. Returns whether all of them were wanted.
    async fn read_range(&mut self, range: &IdRange, rows: &Array) -> Result<bool, Failure> {
        let mut list = self.request(range.range_query()).await?;
        let (window, seen, states) = (&mut self.window, &mut self.seen, self.filter.states.as_deref());
        let mut admit = |row: Value| {
            let id = doc_id(row)?;
            let is_wanted = range.contains(&id) && seen.insert(id.as_bytes()) && is_in(states, row)?;
            Ok(if is_wanted { window.admit() } else { Admission::Skip })
        };
        let state = read_rows(&mut list, rows, &DOCS, ReadUntil::End, &mut admit).await?;
        self.note_total(&list);
        Ok(state == ListState::Ended)
    }

    /// `GET /{db}/_all_docs` for one row: the id that follows the first `size` documents of the range.
    fn page_end(&self, range: &IdRange, size: u64) -> impl Future<Output = Result<PageEnd, Failure>> + 'static {
        let path = endpoints::all_docs(&self.filter.database, &range.end_query(size));
        let requester = self.requester.clone();
        async move {
            let mut list = requester.list(&Request::get(path)).await?;
            let mut end = PageEnd::EndOfDatabase;
            while list.more().await? {
                while let Some(row) = list.row()? {
                    let id = value_of(row, "id").ok().flatten().and_then(string);
                    end = id.map_or(PageEnd::Unknown, |id| PageEnd::Before(id.into_owned()));
                }
            }
            Ok(end)
        }
    }

    async fn read_stream(&mut self, from: Option<String>, rows: &Array, until: ReadUntil) -> Result<(), Failure> {
        // A list that the caller left alone for long is requested again, from the last id on.
        let mut list = match self.list.take().filter(|list| list.is_fresh()) {
            Some(list) => list,
            None => match self.request(Query::default().with_json("startkey", from.as_deref())).await {
                Ok(list) => {
                    self.seen.go_back_to(self.seen.last().map(<[u8]>::to_vec));
                    Box::new(list)
                }
                Err(failure) => return self.choose_here(failure, from),
            },
        };
        let (window, seen, states) = (&mut self.window, &mut self.seen, self.filter.states.as_deref());
        let mut admit = |row: Value| {
            let is_wanted = seen.insert_doc(row)? && is_in(states, row)?;
            Ok(if is_wanted { window.admit() } else { Admission::Skip })
        };
        let state = read_rows(&mut list, rows, &DOCS, until, &mut admit).await;
        self.note_total(&list);
        let from = self.seen.last().and_then(|last| String::from_utf8(last.to_vec()).ok()).or(from);
        match state {
            Ok(ListState::Open) => {
                self.list = Some(list);
                self.cursor = Cursor::Stream { from };
            }
            Ok(ListState::Ended | ListState::Stopped) => {}
            Err(failure) => {
                if let Err(failure) = self.choose_here(failure, from.clone()) {
                    // A caller that waits for the whole list can use these rows: reading continues after them.
                    if rows.length() > 0 && until == ReadUntil::End {
                        self.cursor = Cursor::Stream { from };
                    }
                    return Err(failure);
                }
            }
        }
        Ok(())
    }

    /// Reads all documents from `from` on if CouchDB has given up: it does when it has found none in these states for five seconds, which
    /// takes many others (`couch_replicator_fabric:docs_int`). Among all documents there is always a next one. Returns any other failure.
    fn choose_here(&mut self, failure: Failure, from: Option<String>) -> Result<(), Failure> {
        match failure {
            Failure::Fault(fault) if fault.is_unfinished_list() && self.server_chooses => {
                self.server_chooses = false;
                let pages = Pages::growing(MAX_PAGE, MAX_PAGE);
                self.cursor = Cursor::Pages { pages, range: IdRange::beginning_at(from), end: PageEnd::Unknown };
                Ok(())
            }
            failure => Err(failure),
        }
    }

    async fn read_counts(&mut self) -> Result<(), Failure> {
        let mut list = self.request(Query::default().with_number("limit", Some(0))).await?;
        while list.more().await? {
            while list.row()?.is_some() {}
        }
        self.note_total(&list);
        Ok(())
    }

    async fn request(&self, query: Query) -> Result<List, Failure> {
        let states = self.filter.states.as_ref().filter(|_| self.server_chooses).map(|states| state::join(states, ","));
        let path = endpoints::docs(&self.filter.database, &query.with("states", states.as_deref()));
        self.requester.list(&Request::get(path)).await
    }

    /// CouchDB sends the total before the rows; other servers may send it after them.
    fn note_total(&mut self, list: &List) {
        self.total_rows = self.total_rows.or(list.envelope().total_rows);
    }
}

/// Whether the document of a row is in one of `states`; `None` for any. A proxy or a cache may ignore the query of the URL.
fn is_in(states: Option<&[State]>, row: Value) -> Result<bool, Malformed> {
    let Some(states) = states else { return Ok(true) };
    let state = value_of(row, "state")?.and_then(State::from_json);
    Ok(state.is_some_and(|state| states.contains(&state)))
}
