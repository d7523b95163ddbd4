//! Walks through all documents of a replicator database, page by page, without losing one.
//!
//! Windows of `/_scheduler/docs` cannot be trusted. Each shard of the database takes its first
//! `limit` documents. *Then* documents without a row are dropped (design documents, and documents
//! that the scheduler has not processed yet), and those in other states than the requested ones. Of
//! the remaining rows of all shards, the first `limit` are sent. So a page can be short or empty,
//! or lack rows in its middle: those of a shard whose window was full of documents without a row.
//!
//! Ranges can be trusted: between a `startkey` and an `endkey`, without a `limit`, there is no
//! window. So a page is a range of ids. It starts where the previous one ended, and ends at the id
//! that `_all_docs`, whose windows drop nothing, has `window` documents further on. Each id belongs
//! to exactly one range, whatever is created or deleted meanwhile.

use super::endpoints::Query;

/// A range of ids, the current one of a walk through a replicator database.
#[derive(Clone, Default)]
pub struct IdRange {
    /// The first id of the range; `None` at the beginning of the database.
    start: Option<String>,
    /// The first id after it; `None` if the range ends with the database.
    end: Option<String>,
}

/// The end of a range is not after its start: such a server does not know `startkey`, and cannot be
/// walked through.
#[derive(Debug)]
pub struct NotAdvancing;

impl IdRange {
    /// A range that begins at `start`, or at the beginning of the database.
    pub fn beginning_at(start: Option<String>) -> IdRange {
        IdRange { start, end: None }
    }

    /// Returns the query of `_all_docs` for the id that ends a range of `window` documents.
    pub fn end_query(&self, window: u64) -> Query {
        Query::default()
            .with_json("startkey", self.start.as_deref())
            .with_number("skip", Some(window))
            .with_number("limit", Some(1))
    }

    /// Ends the range before `end`, or with the database. The empty id is after no start.
    pub fn set_end(&mut self, end: Option<String>) -> Result<(), NotAdvancing> {
        self.end = end;
        let advances = self.end.as_deref().is_none_or(|end| end > self.start.as_deref().unwrap_or_default());
        if advances { Ok(()) } else { Err(NotAdvancing) }
    }

    /// The first id of the range; `None` at the beginning of the database.
    pub fn start(self) -> Option<String> {
        self.start
    }

    /// Returns the query for the rows of the range.
    pub fn range_query(&self) -> Query {
        let exclusive = self.end.is_some().then_some("false");
        Query::default()
            .with_json("startkey", self.start.as_deref())
            .with_json("endkey", self.end.as_deref())
            .with("inclusive_end", exclusive)
    }

    /// Whether `id` is in the range. CouchDB compares ids byte by byte.
    pub fn contains(&self, id: &str) -> bool {
        self.start.as_deref().is_none_or(|start| id >= start) && self.end.as_deref().is_none_or(|end| id < end)
    }

    /// Moves on to the following range; `false` if there is none.
    pub fn advance(&mut self) -> bool {
        self.start = self.end.take();
        self.start.is_some()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::endpoints::jobs;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// A replicator database: each document with its shard, and whether the scheduler has a row for
    /// it.
    #[derive(Clone, Debug)]
    struct Database {
        documents: BTreeMap<String, (usize, bool)>,
        shards: usize,
    }

    impl Database {
        /// Returns the rows that `/_scheduler/docs` responds with.
        fn rows(&self, start: Option<&str>, end: Option<&str>, limit: usize) -> Vec<String> {
            let within = |id: &str| start.is_none_or(|start| id >= start) && end.is_none_or(|end| id < end);
            let mut rows: Vec<String> = (0..self.shards)
                .flat_map(|shard| {
                    let documents = self.documents.iter().filter(move |(id, (at, _))| *at == shard && within(id));
                    documents.take(limit).filter(|(_, (_, has_row))| *has_row).map(|(id, _)| id.clone())
                })
                .collect();
            rows.sort_unstable();
            rows.truncate(limit);
            rows
        }

        /// Returns the id that follows `skip` others in `_all_docs`.
        fn id(&self, start: Option<&str>, skip: u64) -> Option<String> {
            self.documents
                .keys()
                .filter(|id| start.is_none_or(|start| id.as_str() >= start))
                .nth(skip as usize)
                .cloned()
        }
    }

    /// Walks in windows of `window` and does `meanwhile` before each request.
    fn walk(database: &mut Database, window: u64, mut meanwhile: impl FnMut(&mut Database)) -> Vec<String> {
        let mut range = IdRange::default();
        let mut read = Vec::new();
        for _ in 0..10_000 {
            meanwhile(database);
            assert!(range.set_end(database.id(range.start.as_deref(), window)).is_ok());
            meanwhile(database);
            let rows = database.rows(range.start.as_deref(), range.end.as_deref(), usize::MAX);
            read.extend(rows.into_iter().filter(|id| range.contains(id)));
            if !range.advance() {
                return read;
            }
        }
        panic!("it does not end");
    }

    /// Pages by the id of the last row, the obvious way: the test of the test.
    fn naive_walk(database: &Database, window: usize) -> Vec<String> {
        let mut read: Vec<String> = Vec::new();
        loop {
            let limit = window + usize::from(!read.is_empty());
            let mut page = database.rows(read.last().map(String::as_str), None, limit);
            page.retain(|id| read.last() != Some(id));
            if page.is_empty() {
                return read;
            }
            read.append(&mut page);
        }
    }

    /// Rows are lost if a shard's window is full of documents without one, so some databases need
    /// many of those.
    fn database() -> impl Strategy<Value = Database> {
        (1usize..=8, 0usize..6, prop_oneof![Just(0.3), Just(0.7), Just(1.0)]).prop_flat_map(
            |(shards, designs, share)| {
                let document = ("[A-Z_a-z~é]{1,4}", (0..shards, prop::bool::weighted(share)));
                prop::collection::vec(document, 0..200).prop_map(move |documents| {
                    let designs = (0..designs).map(|n| (format!("_design/{n}"), (n % shards, false)));
                    Database { documents: documents.into_iter().chain(designs).collect(), shards }
                })
            },
        )
    }

    /// Ids to delete, or to create if they do not exist.
    fn changes() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[A-Z_a-z~é]{1,2}", 0..60)
    }

    proptest! {
        #[test]
        fn every_row_is_read_once_and_in_order(database in database(), window in prop_oneof![1u64..10, 1u64..250]) {
            let rows = database.rows(None, None, usize::MAX);
            prop_assert_eq!(walk(&mut database.clone(), window, |_| {}), rows);
        }

        #[test]
        fn documents_that_come_and_go_do_not_affect_the_others(
            database in database(),
            window in 1u64..20,
            changes in changes(),
        ) {
            let steady: Vec<String> =
                database.rows(None, None, usize::MAX).into_iter().filter(|id| !changes.contains(id)).collect();
            let mut changes = changes.into_iter();
            let rows = walk(&mut database.clone(), window, |database| {
                if let Some(id) = changes.next()
                    && database.documents.remove(&id).is_none()
                {
                    database.documents.insert(id, (0, true));
                }
            });
            let mut once = rows.clone();
            once.dedup();
            prop_assert_eq!(&once, &rows);
            prop_assert!(rows.is_sorted());
            prop_assert!(steady.iter().all(|id| rows.contains(id)));
        }
    }

    #[test]
    fn keyset_pages_lose_rows() {
        let documents = (0..3).map(|n| (format!("_design/{n}"), (0, false)));
        let rows = [("a", 1), ("b", 0), ("c", 1), ("d", 1), ("e", 1)].map(|(id, shard)| (id.to_owned(), (shard, true)));
        let mut database = Database { documents: documents.chain(rows).collect(), shards: 2 };
        assert_eq!(naive_walk(&database, 3), ["a", "c", "d", "e"]);
        assert_eq!(walk(&mut database, 3, |_| {}), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn a_range_has_its_ids_and_no_others() {
        let mut range = IdRange::default();
        assert!(range.contains("") && range.contains("é"));
        range.set_end(Some("b".to_owned())).unwrap();
        assert_eq!(["", "a", "az", "b", "c"].map(|id| range.contains(id)), [true, true, true, false, false]);
        assert!(range.advance());
        assert_eq!(["a", "b", "c"].map(|id| range.contains(id)), [false, true, true]);
        range.set_end(Some("d".to_owned())).unwrap();
        assert_eq!(["a", "b", "c", "d"].map(|id| range.contains(id)), [false, true, true, false]);
        assert_eq!(range.start().as_deref(), Some("b"));
        assert_eq!(IdRange::default().start(), None);
    }

    #[test]
    fn the_queries_of_a_range() {
        let queries = |range: &IdRange| [&range.end_query(5), &range.range_query()].map(jobs);
        let mut range = IdRange::default();
        assert_eq!(queries(&range), ["/_scheduler/jobs?skip=5&limit=1", "/_scheduler/jobs"]);
        range.set_end(Some("b".to_owned())).unwrap();
        let until = "/_scheduler/jobs?endkey=%22b%22&inclusive_end=false";
        assert_eq!(queries(&range), ["/_scheduler/jobs?skip=5&limit=1", until]);
        assert!(range.advance());
        range.set_end(Some("c".to_owned())).unwrap();
        assert_eq!(
            queries(&range),
            [
                "/_scheduler/jobs?startkey=%22b%22&skip=5&limit=1",
                "/_scheduler/jobs?startkey=%22b%22&endkey=%22c%22&inclusive_end=false"
            ]
        );
    }

    #[test]
    fn a_server_that_does_not_advance_is_noticed() {
        let mut range = IdRange::default();
        assert!(range.set_end(Some("b".to_owned())).is_ok() && range.advance());
        assert!(range.set_end(Some("b".to_owned())).is_err());
        assert!(range.set_end(Some(String::new())).is_err());
        assert!(range.set_end(None).is_ok() && !range.advance());
    }
}
