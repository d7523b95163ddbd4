//! `listReplications()`: the documents of a replicator database as they were written, page by page.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::collect::{ReadUntil, read_rows};
use crate::http::{Code, Failure, Request, Requester};
use crate::js::rows::DOCUMENTS;
use rows::json::{Fields, Malformed, Value, string};
use scheduler_core::endpoints::{self, Query};
use scheduler_core::list_plan::Admission;

/// Documents per request.
const PAGE: u64 = 250;

/// The members of a row of `_all_docs` that are read.
const KEYS: [&str; 2] = ["id", "doc"];

/// The members of a document that are read.
const DOC_KEYS: [&str; 2] = ["_id", "_rev"];

const NO_PROGRESS: &str = "the list does not continue after its last id; the server or a cache ignores startkey";

/// Reads replication documents in doc-id order. A window of `_all_docs` loses no rows, so each page begins after the last id of
/// the previous one. Dropping it ends the request under way.
pub struct ReplicationsReader {
    requester: Requester,
    database: String,
    last: Option<String>,
    ended: bool,
}

impl ReplicationsReader {
    /// Nothing is sent yet.
    pub fn new(requester: Requester, database: String) -> ReplicationsReader {
        ReplicationsReader { requester, database, last: None, ended: false }
    }

    /// Returns the next documents; `None` at the end.
    pub async fn next_rows(&mut self) -> Result<Option<Array>, Failure> {
        while !self.ended {
            let rows = self.next_page().await?;
            if rows.length() > 0 {
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }

    async fn next_page(&mut self) -> Result<Array, Failure> {
        let mut retry = self.requester.retry();
        loop {
            match self.read_page().await {
                Ok(rows) => return Ok(rows),
                Err(failure) => retry.after(failure).await?,
            }
        }
    }

    async fn read_page(&mut self) -> Result<Array, Failure> {
        // The smallest id that follows the last one.
        let start = self.last.as_ref().map(|last| [last, "\0"].concat());
        let query = Query::default()
            .with("include_docs", Some("true"))
            .with_number("limit", Some(PAGE))
            .with_json("startkey", start.as_deref());
        let request = Request::get(endpoints::all_docs(&self.database, &query));
        let mut list = self.requester.list(&request).await?;
        let (rows, mut seen, mut last) = (Array::new(), 0, self.last.clone());
        let before = &self.last;
        let mut problem = None;
        let mut keep = |row: Value| {
            let fields = Fields::known(row, &KEYS)?;
            let id = fields.get("id").and_then(string).ok_or(Malformed)?.into_owned();
            if before.as_ref().is_some_and(|before| id < *before) {
                // Such a list would begin again with each page, and never end.
                problem = Some(NO_PROGRESS);
                return Ok(Admission::Stop);
            }
            seen += 1;
            let is_repeated = last.as_ref() == Some(&id);
            if fields.value(1).is_none() {
                problem = Some("a row has no doc; the server or a cache ignores include_docs");
                return Ok(Admission::Stop);
            }
            let document = fields.nested(1).filter(|doc| doc.bytes().starts_with(b"{"));
            let mut wanted = false;
            if let Some(document) = document.filter(|_| !is_repeated && !id.starts_with("_design/")) {
                let known = Fields::known(document, &DOC_KEYS)?;
                let value = |at| known.value(at).and_then(string);
                wanted = value(0).as_deref() == Some(&id) && value(1).is_some();
                if !wanted {
                    problem = Some("a row's doc is not the document of its id");
                    return Ok(Admission::Stop);
                }
            }
            last = Some(id);
            Ok(if wanted { Admission::Keep } else { Admission::Skip })
        };
        read_rows(&mut list, &rows, &DOCUMENTS, ReadUntil::End, &mut keep).await?;
        if seen >= PAGE && last == self.last {
            problem = Some(NO_PROGRESS);
        }
        if let Some(problem) = problem {
            return Err(self.requester.fault(&request, Code::InvalidResponse, problem, JsValue::UNDEFINED));
        }
        (self.last, self.ended) = (last, seen < PAGE);
        Ok(rows)
    }
}
