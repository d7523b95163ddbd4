//! A row of the watched table, as the bytes in which the server sent it.

use rows::doc::put_doc;
use rows::json::{Indexed, Malformed, are_equal, value_in};
use rows::state::State;

/// The state in a row; `None` where the server does not know it.
pub fn state(row: &[u8]) -> Result<Option<State>, Malformed> {
    Ok(value_in(row, "state")?.and_then(State::from_json))
}

/// Whether the server has no state for the document yet. A state that is not known here is one.
pub fn has_no_state(row: &[u8]) -> Result<bool, Malformed> {
    Ok(value_in(row, "state")?.is_none_or(|state| state == b"null"))
}

/// Whether two rows say the same. They are made whole to compare them only where their bytes differ: the one-document call
/// and the list put a row's keys in different orders.
pub fn says_the_same(one: &[u8], other: &[u8]) -> bool {
    if are_equal(one, other) {
        return true;
    }
    let (mut one_whole, mut other_whole) = (Vec::new(), Vec::new());
    let mut put = || {
        put_doc(Indexed::of(one)?.value(), &mut one_whole)?;
        put_doc(Indexed::of(other)?.value(), &mut other_whole)
    };
    put().is_ok() && one_whole == other_whole
}

/// `row` with another `info`; `None` where it has that one already, or none at all.
pub fn with_info(row: &[u8], info: &[u8]) -> Result<Option<Vec<u8>>, Malformed> {
    let Some(old) = value_in(row, "info")?.filter(|old| *old != info) else { return Ok(None) };
    // The old one is a part of the row.
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
    fn the_order_of_keys_is_no_difference() {
        assert!(says_the_same(br#"{"doc_id":"a","id":null}"#, br#"{"id":null,"doc_id":"a"}"#));
        assert!(!says_the_same(br#"{"doc_id":"a","id":null}"#, br#"{"id":"x","doc_id":"a"}"#));
        assert!(!says_the_same(b"{", b"}"));
    }

    #[test]
    fn an_info_is_replaced_and_nothing_else() {
        let row = br#"{"doc_id":"a","info":{"docs_read":1},"state":"running"}"#;
        let changed = with_info(row, br#"{"docs_read":2}"#).unwrap().unwrap();
        assert_eq!(changed, br#"{"doc_id":"a","info":{"docs_read":2},"state":"running"}"#);
        assert_eq!(with_info(row, br#"{"docs_read":1}"#), Ok(None));
    }
}
