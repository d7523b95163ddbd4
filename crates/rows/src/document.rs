//! Replication documents as they are stored, with their secrets masked.
//!
//! CouchDB returns every credential in them to an admin: in URLs, in `headers`, in `auth`.

use super::masked::put_masked;
use crate::json::{Fields, Malformed, Value};

/// Appends the document in a row of `_all_docs` to `out` with its secrets masked, followed by a comma.
pub fn put_document(row: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    put_masked(Fields::known(row, &["doc"])?.nested(0).ok_or(Malformed)?, out)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::put_document;
    use crate::json::Indexed;
    use serde_json::{Value, from_slice, json};

    fn masked(document: &Value) -> Value {
        let mut out = Vec::new();
        put_document(Indexed::of(json!({ "doc": document }).to_string().as_bytes()).unwrap().value(), &mut out)
            .unwrap();
        assert_eq!(out.pop(), Some(b','));
        from_slice(&out).unwrap()
    }

    #[test]
    fn credentials_are_masked_everywhere_in_a_document() {
        let document = json!({
            "_id": "secret=1", "_rev": "1-a", "continuous": true,
            "source": {"url": "https://u:pw@h/db?token=t", "headers": {"X-Any": "s"}, "auth": {"basic": {"username": "u", "password": "pw"}}},
            "target": {"url": "https://h/db", "auth": {"iam": {"api_key": "k"}}},
            "source_proxy": "http://u:pw@proxy", "query_params": {"apikey": "k", "type": "x"}, "password": 12345,
            "doc_ids": ["token=a"], "selector": {"key": "x"}, "worker_processes": 4,
        });
        assert_eq!(
            masked(&document),
            json!({
                "_id": "secret=1", "_rev": "1-a", "continuous": true,
                "source": {"url": "https://u:*****@h/db?token=*****", "headers": {"X-Any": "*****"}, "auth": {"basic": {"username": "u", "password": "*****"}}},
                "target": {"url": "https://h/db", "auth": {"iam": {"api_key": "*****"}}},
                "source_proxy": "http://u:*****@proxy", "query_params": {"apikey": "*****", "type": "x"}, "password": "*****",
                "doc_ids": ["token=a"], "selector": {"key": "x"}, "worker_processes": 4,
            })
        );
    }

    #[test]
    fn deeply_nested_values_are_masked_as_a_whole() {
        let deep = format!("{}\"s3cret\"{}", "[".repeat(10_000), "]".repeat(10_000));
        let mut out = Vec::new();
        let row = format!("{{\"doc\":{{\"a\":{deep}}}}}");
        put_document(Indexed::of(row.as_bytes()).unwrap().value(), &mut out).unwrap();
        assert!(!String::from_utf8(out).unwrap().contains("s3cret"));
    }
}
