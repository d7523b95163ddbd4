//! Rows of replication documents made whole.
//!
//! CouchDB leaves out what a document's state does not have: an initializing one has no `source`, a completed one no
//! `node`. The rows given out have every key, always in the same order.

use std::borrow::Cow;

use super::masked::{may_hold_secret, needs_writing, write_info, write_masked};
use crate::rows::{Fields, Malformed, ObjectWriter, string, value_of};

/// The keys of a row, in the order in which they are given out.
const KEYS: [&str; 13] = [
    "database",
    "doc_id",
    "id",
    "node",
    "source",
    "target",
    "state",
    "info",
    "error_count",
    "last_updated",
    "start_time",
    "source_proxy",
    "target_proxy",
];

const SOURCE: usize = 4;
const TARGET: usize = 5;
const INFO: usize = 7;
const ERROR_COUNT: usize = 8;
const SOURCE_PROXY: usize = 11;
const TARGET_PROXY: usize = 12;

/// The `doc_id` of a row.
pub fn doc_id(row: &[u8]) -> Result<Cow<'_, str>, Malformed> {
    value_of(row, "doc_id")?.and_then(string).ok_or(Malformed)
}

/// Writes `row` to `out` with every key: `null` where the server left one out, 0 for a missing `error_count`. An `info` that
/// is a string, as servers before 3.0 send it, becomes `{"error": …}`. Keys not known here follow behind. Secrets in addresses
/// and errors are masked.
pub fn write_doc(row: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(row, &KEYS)?;
    // Servers before 3.0 have one proxy for both ends.
    let proxy = fields.others.iter().find(|(key, _)| key == "proxy").map(|(_, proxy)| *proxy);
    let mut doc = ObjectWriter::open(out);
    for (at, key) in KEYS.iter().enumerate() {
        match (at, fields.value(at)) {
            (INFO, Some(info)) if needs_writing(info) => write_info(info, doc.plain_key(key))?,
            (SOURCE | TARGET | SOURCE_PROXY | TARGET_PROXY, Some(url)) if may_hold_secret(url) => {
                write_masked(url, doc.plain_key(key));
            }
            (SOURCE_PROXY | TARGET_PROXY, None) => write_masked(proxy.unwrap_or(b"null"), doc.plain_key(key)),
            (ERROR_COUNT, None) => doc.member(key, b"0"),
            (_, None) => doc.member(key, b"null"),
            _ => doc.copy(&fields, at),
        }
    }
    for (key, value) in &fields.others {
        write_masked(value, doc.key(key));
    }
    doc.close();
    Ok(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::{Value, from_slice, json};

    fn whole(row: &Value) -> Value {
        let mut out = Vec::new();
        write_doc(row.to_string().as_bytes(), &mut out).unwrap();
        from_slice(&out).unwrap()
    }

    #[test]
    fn a_row_has_every_key() {
        let row = whole(&json!({"doc_id": "a", "state": "initializing", "info": null, "error_count": 0}));
        assert_eq!(row.as_object().unwrap().len(), KEYS.len());
        for key in ["database", "id", "node", "source", "target", "start_time", "source_proxy", "target_proxy"] {
            assert_eq!(row[key], Value::Null, "{key}");
        }
        assert_eq!((&row["doc_id"], &row["state"]), (&json!("a"), &json!("initializing")));
    }

    #[test]
    fn an_old_servers_string_becomes_an_error() {
        assert_eq!(whole(&json!({"info": "db_not_found: \"x\""}))["info"], json!({"error": "db_not_found: \"x\""}));
        assert_eq!(whole(&json!({"info": {"docs_read": 3}}))["info"], json!({"docs_read": 3}));
    }

    #[test]
    fn secrets_are_masked_but_ids_are_not() {
        let row = whole(&json!({
            "doc_id": "a?token=1", "source": "http://h/db?token=s3cret", "source_proxy": "http://u:s3cret@p",
            "info": {"error": "{x,\"http://u:s3cret@h/\"}"}, "proxy": "http://u:s3cret@p",
        }));
        assert!(!row.to_string().contains("s3cret"), "{row}");
        assert_eq!(row["doc_id"], "a?token=1");
        assert_eq!(row["info"]["error"], "{x,\"http://u:*****@h/\"}");
        // Nothing in these but the percent sign tells that they have to be looked at.
        let escaped = "http://h/Basic%20dTpwYXNz";
        let row =
            whole(&json!({"source": escaped, "source_proxy": escaped, "info": {"error": escaped}, "new": escaped}));
        assert!(!row.to_string().contains("dTpwYXNz"), "{row}");
        assert_eq!(whole(&json!({"info": "no http://u:s3cret@h"}))["info"]["error"], "no http://u:*****@h");
    }

    #[test]
    fn rows_of_other_servers_keep_what_they_say() {
        let old = whole(
            &json!({"database": "_replicator", "doc_id": "a", "state": "crashing", "proxy": "http://p/", "info": null}),
        );
        assert_eq!((&old["source_proxy"], &old["target_proxy"]), (&json!("http://p/"), &json!("http://p/")));
        let cloudant =
            json!({"database": "account/_replicator", "start_time": null, "last_updated": "2026-11-22T22:00:00+00:00"});
        for (key, value) in cloudant.as_object().unwrap() {
            assert_eq!(&whole(&cloudant)[key], value);
        }
    }

    #[test]
    fn unknown_keys_are_kept() {
        let row = whole(&json!({"doc_id": "a", "new \"field\"": [1, {"b": 2}]}));
        assert_eq!(row["new \"field\""], json!([1, {"b": 2}]));
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        for row in ["", "[]", "{\"a\"}", "{\"a\":1 \"b\":2}", "{a:1}"] {
            assert!(write_doc(row.as_bytes(), &mut Vec::new()).is_err(), "{row}");
        }
    }
}
