//! `getDoc()`, and other lookups of one document.

use scheduler_core::endpoints;

use crate::http::{Expected, Request};

/// The request for the row of one document.
pub fn doc_request(database: &str, doc_id: String) -> Request {
    Request::get(endpoints::doc(database, &doc_id)).expecting(Expected::Row("doc_id", doc_id))
}
