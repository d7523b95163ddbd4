//! A row of `/_scheduler/docs` or `/_scheduler/jobs`, as the bytes that the server sent.

use rows::doc::put_doc;
use rows::job::put_job;
use rows::json::{Indexed, Malformed, Value, are_equal, value_in};
use rows::state::State;

/// A row as the server sent it.
pub type JsonRow = Box<[u8]>;

/// Returns the state in a row; `None` if it has none, or one that is not known here.
pub fn state(row: &[u8]) -> Result<Option<State>, Malformed> {
    Ok(value_in(row, "state")?.and_then(State::from_json))
}

/// Whether the row has no state yet. A state that is not known here counts as one.
pub fn has_no_state(row: &[u8]) -> Result<bool, Malformed> {
    Ok(value_in(row, "state")?.is_none_or(|state| state == b"null"))
}

/// Whether two rows of documents are equal. Only rows with different bytes are normalized to
/// compare them: a list and the response for one document have the keys in different orders.
pub fn are_equal_rows(one: &[u8], other: &[u8]) -> bool {
    are_equal_if_normalized(one, other, put_doc)
}

/// Whether two rows of jobs are equal.
pub fn are_equal_jobs(one: &[u8], other: &[u8]) -> bool {
    are_equal_if_normalized(one, other, put_job)
}

fn are_equal_if_normalized(
    one: &[u8],
    other: &[u8],
    normalize: fn(Value, &mut Vec<u8>) -> Result<(), Malformed>,
) -> bool {
    if are_equal(one, other) {
        return true;
    }
    let (mut one_normalized, mut other_normalized) = (Vec::new(), Vec::new());
    let mut put = || {
        normalize(Indexed::of(one)?.value(), &mut one_normalized)?;
        normalize(Indexed::of(other)?.value(), &mut other_normalized)
    };
    put().is_ok() && one_normalized == other_normalized
}

/// Returns `row` with another `info`; `None` if it has this one already, or no `info` at all.
pub fn with_info(row: &[u8], info: &[u8]) -> Result<Option<Vec<u8>>, Malformed> {
    let Some(old) = value_in(row, "info")?.filter(|old| *old != info) else { return Ok(None) };
    // `old` is a part of `row`.
    let start = old.as_ptr() as usize - row.as_ptr() as usize;
    let (before, rest) = row.split_at_checked(start).ok_or(Malformed)?;
    Ok(Some([before, info, rest.get(old.len()..).unwrap_or_default()].concat()))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_known_or_not() {
        assert_eq!(state(br#"{"state":"running"}"#), Ok(Some(State::Running)));
        assert_eq!(state(br#"{"state":"dreaming"}"#), Ok(None));
        assert_eq!(has_no_state(br#"{"state":"dreaming"}"#), Ok(false));
        assert_eq!(has_no_state(br#"{"state":null}"#), Ok(true));
        assert_eq!(has_no_state(br#"{}"#), Ok(true));
        assert_eq!(state(b"{"), Err(Malformed));
    }

    #[test]
    fn rows_with_another_order_of_keys_are_equal() {
        assert!(are_equal_rows(br#"{"doc_id":"a","id":null}"#, br#"{"id":null,"doc_id":"a"}"#));
        assert!(!are_equal_rows(br#"{"doc_id":"a","id":null}"#, br#"{"id":"x","doc_id":"a"}"#));
        assert!(!are_equal_rows(b"{", b"}"));
    }

    #[test]
    fn an_info_is_replaced_and_nothing_else() {
        let row = br#"{"doc_id":"a","info":{"docs_read":1},"state":"running"}"#;
        let changed = with_info(row, br#"{"docs_read":2}"#).unwrap().unwrap();
        assert_eq!(changed, br#"{"doc_id":"a","info":{"docs_read":2},"state":"running"}"#);
        assert_eq!(with_info(row, br#"{"docs_read":1}"#), Ok(None));
    }
}
