//! Replication documents as they are written and read, one at a time.

use rows::json::{string, value_in};
use scheduler_core::endpoints::{self, Query};

use crate::http::{Body, Expected, Failure, Request, Requester};

/// `GET /{db}/{id}`: a document.
pub fn document_request(database: &str, id: String) -> Request {
    document_as(database, id, &Query::default())
}

/// More than a document has copies in a cluster. CouchDB limits it to their number.
const ALL_COPIES: u64 = 99;

/// `GET /{db}/{id}?r=99`: a document that is to be deleted, as the newest of all its copies. CouchDB writes the end of a replication
/// into one copy, and the others have it seconds later. Until then, a majority of the copies returns the revision before it; to
/// delete that one leaves the other. A node that hangs makes it fail.
pub fn newest_document_request(database: &str, id: String) -> Request {
    document_as(database, id, &Query::default().with_number("r", Some(ALL_COPIES)))
}

fn document_as(database: &str, id: String, query: &Query) -> Request {
    Request::get(endpoints::document(database, &id, query)).expecting(Expected::Row("_id", id))
}

/// A document, and its revision.
pub async fn read(requester: &Requester, request: &Request) -> Result<(Vec<u8>, Body, String), Failure> {
    let (document, body) = requester.object(request).await?;
    match text_in(&document, "_rev") {
        Some(rev) => Ok((document, body, rev)),
        None => Err(body.foreign("this is not CouchDB's response, which would have a _rev", &document)),
    }
}

/// Checks that a response says that a document was written: the one with this id, if it is known.
pub fn check_written(answer: &[u8], id: Option<&str>, body: &Body) -> Result<(), Failure> {
    let is_ok = value_in(answer, "ok") == Ok(Some(b"true"));
    if is_ok && is_text(answer, "id", id) && text_in(answer, "rev").is_some() {
        return Ok(());
    }
    Err(body.foreign("this is not CouchDB's response; whether the document was written is unknown", answer))
}

/// Whether a member is `expected`, or any text that is not empty if nothing is expected.
fn is_text(object: &[u8], name: &str, expected: Option<&str>) -> bool {
    text_in(object, name).is_some_and(|text| expected.is_none_or(|expected| text == expected))
}

/// A member that is a text and not empty.
fn text_in(object: &[u8], name: &str) -> Option<String> {
    let text = value_in(object, name).ok().flatten().and_then(string)?;
    Some(text.into_owned()).filter(|text| !text.is_empty())
}
