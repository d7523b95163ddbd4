//! `stopReplication()`: deletes a replication document, and checks that it is one.

use gloo_net::http::Method;
use rows::json::value_in;
use scheduler_core::endpoints::{self, Query};
use wasm_bindgen::JsValue;

use super::replication::{check_written, newest_document_request, read};
use crate::http::{Code, Failure, Request, Requester};

/// Maximum number of conflicts with a document that changes all the time.
const MAX_CONFLICTS: u32 = 10;

/// Deletes a document, even if the server writes a state to it meanwhile.
pub async fn stop_replication(requester: &Requester, database: &str, id: &str) -> Result<(), Failure> {
    let mut retry = requester.retry();
    // An interrupted attempt may have been successful.
    let mut perhaps_deleted = false;
    let mut conflicts = 0;
    let newest = newest_document_request(database, id.to_owned());
    loop {
        let (document, body, rev) = match read(requester, &newest).await {
            Err(Failure::Fault(fault)) if perhaps_deleted && fault.is_missing_document() => return Ok(()),
            answer => answer?,
        };
        if !has(&document, "source") || !has(&document, "target") {
            let message = "this document is not a replication: it has no source or no target. It was not deleted";
            return Err(body.fault(Code::BadRequest, message, JsValue::UNDEFINED));
        }
        let path = endpoints::document(database, id, &Query::default().with("rev", Some(&rev)));
        match requester.object_once(&Request::get(path).with_method(Method::DELETE)).await {
            Ok((answer, body)) => return check_written(&answer, Some(id), &body),
            Err(Failure::Fault(fault)) if fault.status == Some(409) && conflicts < MAX_CONFLICTS => conflicts += 1,
            Err(Failure::Fault(fault)) if perhaps_deleted && fault.is_missing_document() => return Ok(()),
            Err(failure) => {
                retry.after(failure).await?;
                perhaps_deleted = true;
            }
        }
    }
}

fn has(object: &[u8], name: &str) -> bool {
    value_in(object, name)
        .is_ok_and(|value| value.is_some_and(|value| value.starts_with(b"\"") || value.starts_with(b"{")))
}
