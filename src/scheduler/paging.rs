//! Walking through all documents of a replicator database, page by page, without losing one.
//!
//! A page is asked for by the id of the last document that is known and a `limit`. The server answers in two steps: each
//! shard of the database takes its first `limit` documents from that id on, *then* those that have no row are dropped
//! (design documents, and documents the scheduler has not taken up yet), and the first `limit` rows of what is left of all shards
//! are sent. So a page can be short, or empty, or lack rows in its middle: those of a shard whose window was full of
//! documents without a row.
//!
//! None of this shows in the rows, but it shows in the sums. Each answer says at which `offset` of the database its first id
//! stands, counting every document of every shard. So the next page's offset tells how many documents the page before
//! covered: where that is the number of its rows, the page was whole. Where it is not, the page's range is asked for once
//! more without a `limit`; then there is no window, and the answer is exact. A page whose window reached the end of the
//! database, `offset + limit ≥ total_rows`, is whole as well, and the last.

use super::endpoints::Query;

/// A walk through one replicator database: what to ask next, and whether to believe the answer.
#[derive(Clone)]
pub struct Walk {
    window: u64,
    /// The last id known: where the next page begins. That document's row comes again and is dropped.
    last: Option<String>,
    page: Page,
}

/// What is known of the page read most recently.
#[derive(Clone, Default)]
struct Page {
    /// The id it began with; `None` at the beginning of the database.
    start: Option<String>,
    limit: u64,
    /// Total and offset, where the server gave them.
    counts: Option<(u64, u64)>,
    /// Rows in the answer, the repeated one too.
    rows: u64,
}

/// What to make of a page that has been read.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is whole, and nothing follows.
    Last,
    /// The offset of the page after it will tell.
    AskNext,
    /// It holds nothing new although something may follow: read [`Walk::next_page`], which is wider now.
    Widened,
    /// The server gives no counts to judge by: [`Walk::forget_page`], then read [`Walk::rest`].
    Unknown,
}

impl Walk {
    /// A walk in windows of `window` documents.
    pub fn new(window: u64) -> Walk {
        Walk { window, last: None, page: Page::default() }
    }

    /// From now on pages of `window` new rows.
    pub fn set_window(&mut self, window: u64) {
        self.window = window;
    }

    /// The query of the next page.
    pub fn next_page(&self) -> Query {
        Query::default().with_json("startkey", self.last.as_deref()).with("limit", Some(self.limit()))
    }

    /// One more than is wanted, for the row that comes again.
    fn limit(&self) -> u64 {
        self.window.saturating_add(u64::from(self.last.is_some()))
    }

    /// The query of the page read most recently, without a window.
    pub fn same_page(&self) -> Query {
        Query::default().with_json("startkey", self.page.start.as_deref()).with_json("endkey", self.last.as_deref())
    }

    /// The query of everything from the last known document on, without a window.
    pub fn rest(&self) -> Query {
        Query::default().with_json("startkey", self.last.as_deref())
    }

    /// Forgets the page read most recently, as if it had not been asked for.
    pub fn forget_page(&mut self) {
        self.last = self.page.start.take();
    }

    /// Whether the page read most recently was whole, by the counts of the answer to [`Walk::next_page`] behind it.
    pub fn was_whole(&self, next: Option<(u64, u64)>) -> bool {
        let (Some((_, offset)), Some((_, next_offset))) = (self.page.counts, next) else { return false };
        // All rows but the last stand before the id the next page begins with.
        offset + self.page.rows == next_offset + 1
    }

    /// The answer to [`Walk::next_page`] begins, with its `(total_rows, offset)`.
    pub fn begin(&mut self, counts: Option<(u64, u64)>) {
        self.page = Page { start: self.last.clone(), limit: self.limit(), counts, rows: 0 };
    }

    /// Whether the window of the page begun reaches the end of the database, so that it is whole and the last.
    pub fn reaches_end(&self) -> bool {
        self.page.counts.is_some_and(|(total, offset)| offset.saturating_add(self.page.limit) >= total)
    }

    /// A row of the page, or of what was read instead of it: whether it is new.
    pub fn row(&mut self, id: &str) -> bool {
        self.page.rows += 1;
        if self.page.start.as_deref() == Some(id) {
            return false;
        }
        let last = self.last.get_or_insert_default();
        last.clear();
        last.push_str(id);
        true
    }

    /// The page has ended.
    pub fn end(&mut self) -> Verdict {
        if self.page.counts.is_none() {
            Verdict::Unknown
        } else if self.reaches_end() {
            Verdict::Last
        } else if self.last == self.page.start {
            self.window = self.window.max(1).saturating_mul(2);
            Verdict::Widened
        } else {
            Verdict::AskNext
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A replicator database: each document with its shard, and whether the scheduler has a row for it.
    #[derive(Debug)]
    struct Database {
        documents: Vec<(String, usize, bool)>,
        shards: usize,
    }

    impl Database {
        /// What CouchDB answers: total, offset and rows.
        fn answer(&self, start: Option<&str>, end: Option<&str>, limit: u64) -> (u64, u64, Vec<&str>) {
            let from = |id: &str| start.is_none_or(|start| id >= start);
            let offset = self.documents.iter().filter(|(id, ..)| !from(id)).count();
            let mut rows: Vec<&str> = (0..self.shards)
                .flat_map(|shard| {
                    let there = self.documents.iter().filter(move |(id, at, _)| *at == shard && from(id));
                    there.filter(|(id, ..)| end.is_none_or(|end| id.as_str() <= end)).take(limit as usize)
                })
                .filter(|(_, _, visible)| *visible)
                .map(|(id, ..)| id.as_str())
                .collect();
            rows.sort_unstable();
            rows.truncate(limit as usize);
            (self.documents.len() as u64, offset as u64, rows)
        }

        fn visible(&self) -> Vec<&str> {
            self.documents.iter().filter(|(_, _, visible)| *visible).map(|(id, ..)| id.as_str()).collect()
        }

        /// Every row that a walk in windows of `window` gives out, and how many requests it took.
        fn walk(&self, window: u64) -> (Vec<String>, usize) {
            let mut walk = Walk::new(window);
            let (mut given, mut requests) = (Vec::new(), 0);
            loop {
                requests += 1;
                assert!(requests < 10_000, "it does not end");
                let (total, offset, rows) = self.answer(walk.last.as_deref(), None, walk.limit());
                walk.begin(Some((total, offset)));
                let mut page: Vec<String> = rows.into_iter().filter(|id| walk.row(id)).map(str::to_owned).collect();
                match walk.end() {
                    Verdict::AskNext => {
                        let (total, offset, _) = self.answer(walk.last.as_deref(), None, walk.limit());
                        if !walk.was_whole(Some((total, offset))) {
                            requests += 1;
                            let (start, end) = (walk.page.start.clone(), walk.last.clone());
                            let (.., rows) = self.answer(start.as_deref(), end.as_deref(), u64::MAX);
                            page = rows.into_iter().filter(|id| walk.row(id)).map(str::to_owned).collect();
                        }
                    }
                    Verdict::Last => {
                        given.append(&mut page);
                        return (given, requests);
                    }
                    Verdict::Widened => assert!(page.is_empty()),
                    Verdict::Unknown => panic!("there were counts"),
                }
                given.append(&mut page);
            }
        }
    }

    /// Rows are lost where a shard's window is full of documents without a row, so there must be many of those at times.
    fn database() -> impl Strategy<Value = Database> {
        (1usize..=8, 0usize..6, prop_oneof![Just(0.3), Just(0.7), Just(1.0)]).prop_flat_map(
            |(shards, designs, share)| {
                let document = ("[A-Z_a-z~é]{1,4}", (0..shards, prop::bool::weighted(share)));
                prop::collection::vec(document, 0..200).prop_map(move |documents| {
                    let designs = (0..designs).map(|n| (format!("_design/{n}"), (n % shards, false)));
                    let all: std::collections::BTreeMap<_, _> = documents.into_iter().chain(designs).collect();
                    let documents = all.into_iter().map(|(id, (shard, visible))| (id, shard, visible)).collect();
                    Database { documents, shards }
                })
            },
        )
    }

    proptest! {
        #[test]
        fn a_walk_gives_every_row_once_and_in_order(database in database(), window in prop_oneof![1u64..10, 1u64..250]) {
            prop_assert_eq!(database.walk(window).0, database.visible());
        }
    }

    #[test]
    fn without_the_sums_rows_are_lost() {
        // The test of the test: a shard whose window is full of design documents hides what follows them.
        let design = |n: usize| (format!("_design/{n}"), 0, false);
        let row = |id: &str, shard| (id.to_owned(), shard, true);
        let mut documents: Vec<_> = (0..3).map(design).collect();
        documents.extend([row("a", 1), row("b", 0), row("c", 1), row("d", 1), row("e", 1)]);
        let database = Database { documents, shards: 2 };
        assert_eq!(database.answer(None, None, 3).2, ["a", "c", "d"]);
        assert_eq!(database.walk(3).0, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn a_small_database_takes_one_request_and_a_large_one_a_request_a_page() {
        let database =
            |n| Database { documents: (0..n).map(|n| (format!("{n:05}"), n % 3, true)).collect(), shards: 3 };
        assert_eq!(database(100).walk(100).1, 1);
        assert_eq!(database(1_000).walk(100).1, 10);
        assert_eq!(database(4_000).walk(100).1, 40);
    }
}
