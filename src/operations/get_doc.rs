//! `getDoc()` and what else looks at one document.

use scheduler_core::endpoints;
use web_sys::AbortSignal;

use crate::http::{Call, Expected};

/// The call for the row of one document.
pub fn doc_call(database: &str, doc_id: String, signal: Option<AbortSignal>) -> Call {
    Call::get(endpoints::doc(database, &doc_id), signal).expecting(Expected::Row("doc_id", doc_id))
}
