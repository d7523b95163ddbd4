//! Normalizes rows of `/_scheduler/docs`.
//!
//! CouchDB omits the members that do not apply to a document's state: an initializing one has no `source`, a completed one no
//! `node`. Normalized rows have every key, always in the same order.

use std::borrow::Cow;

use super::columns::{DOC_KEYS, NULL, put};
use super::info::put_info;
use super::masked::{put_masked, put_others};
use crate::json::{Fields, Malformed, Value, string, value_of};

const SOURCE: usize = 4;
const TARGET: usize = 5;
const INFO: usize = 7;
const ERROR_COUNT: usize = 8;
const SOURCE_PROXY: usize = 11;
const TARGET_PROXY: usize = 12;

/// Returns the `doc_id` of a row.
pub fn doc_id(row: Value<'_>) -> Result<Cow<'_, str>, Malformed> {
    value_of(row, "doc_id")?.and_then(string).ok_or(Malformed)
}

/// Appends the values of `row` to `out`, each followed by a comma: one for each key, and an object with the members whose keys are
/// unknown. A missing value is `null`, a missing `error_count` 0; [`put_info`] writes the `info`. Secrets in addresses and errors are
/// masked.
pub fn put_doc(row: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(row, &DOC_KEYS)?;
    // CouchDB before 3.0 has one proxy for both ends.
    let proxy = fields.others.iter().find(|(key, _)| key == "proxy").map(|(_, proxy)| *proxy);
    for at in 0..DOC_KEYS.len() {
        let value = fields.nested(at);
        match (at, value) {
            (INFO, _) => put_info(value, out)?,
            (SOURCE | TARGET, Some(url)) => put_masked(url, out)?,
            (SOURCE_PROXY | TARGET_PROXY, _) => match value.or(proxy) {
                Some(url) => put_masked(url, out)?,
                None => put(NULL, out),
            },
            (ERROR_COUNT, None) => put(b"0", out),
            _ => put(value.map_or(NULL, |value| value.bytes()), out),
        }
    }
    put_others(&fields.others, out)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::columns::tests::values;
    use super::*;
    use serde_json::{Value, json};

    /// The values of a row whose `info` has so many of them, by their keys; its `info` is a list of them, the first of which says what it is.
    fn whole(row: &Value, info: usize) -> Value {
        let mut values = values(&row.to_string(), put_doc).unwrap();
        assert_eq!(values.len(), DOC_KEYS.len() + 1 + info);
        let info: Vec<Value> = values.splice(INFO..=INFO + info, [Value::Null]).collect();
        values[INFO] = info.into();
        DOC_KEYS.into_iter().chain(["others"]).map(str::to_owned).zip(values).collect::<serde_json::Map<_, _>>().into()
    }

    #[test]
    fn a_row_has_every_key() {
        let row = whole(&json!({"doc_id": "a", "state": "initializing", "info": null, "error_count": 0}), 0);
        for key in ["database", "id", "node", "source", "target", "start_time", "source_proxy", "target_proxy"] {
            assert_eq!(row[key], Value::Null, "{key}");
        }
        assert_eq!((&row["doc_id"], &row["state"], &row["info"]), (&json!("a"), &json!("initializing"), &json!([0])));
        assert_eq!(whole(&json!({"doc_id": "a"}), 0)["error_count"], 0);
    }

    #[test]
    fn an_info_is_what_it_is() {
        let info = |info: Value, values: usize| whole(&json!({ "info": info }), values)["info"].clone();
        assert_eq!(info(json!("db_not_found: \"x\""), 1), json!([1, "db_not_found: \"x\""]));
        assert_eq!(info(json!({"error": "no"}), 1), json!([1, "no"]));
        assert_eq!(info(json!({"error": "no", "more": [1]}), 1), json!([2, {"error": "no", "more": [1]}]));
        assert_eq!(info(json!({"docs_read": 3}), 1), json!([2, {"docs_read": 3}]));
        assert_eq!(info(json!({}), 1), json!([2, {}]));
        assert_eq!(info(json!([3]), 1), json!([2, [3]]));
    }

    #[test]
    fn counters_in_couchdbs_order_come_without_their_keys() {
        let nine = r#"{"revisions_checked":1,"missing_revisions_found":2,"docs_read":3,"docs_written":4,"changes_pending":null,
            "doc_write_failures":6,"bulk_get_docs":7,"bulk_get_attempts":8,"checkpointed_source_seq":"9-x""#;
        let info = |info: &str| values(&format!(r#"{{"info":{info}}}"#), put_doc).unwrap()[INFO..].to_vec();
        assert_eq!(
            info(&format!("{nine}}}"))[..10],
            json!([9, 1, 2, 3, 4, null, 6, 7, 8, "9-x"]).as_array().unwrap()[..]
        );
        let eleven = format!(r#"{nine},"source_seq":10,"through_seq":"11-x"}}"#);
        assert_eq!(
            info(&eleven)[..12],
            json!([11, 1, 2, 3, 4, null, 6, 7, 8, "9-x", 10, "11-x"]).as_array().unwrap()[..]
        );
        // Anything else is passed on as it is.
        for other in
            [format!(r#"{nine},"source_seq":10}}"#), format!(r#"{nine},"x":1}}"#), eleven.replace("}", r#","x":1}"#)]
        {
            assert_eq!(info(&other)[..2], [json!(2), serde_json::from_str(&other).unwrap()], "{other}");
        }
    }

    #[test]
    fn secrets_are_masked_but_ids_are_not() {
        let row = whole(
            &json!({
                "doc_id": "a?token=1", "source": "http://h/db?token=s3cret", "source_proxy": "http://u:s3cret@p",
                "info": {"error": "{x,\"http://u:s3cret@h/\"}"}, "proxy": "http://u:s3cret@p",
            }),
            1,
        );
        assert!(!row.to_string().contains("s3cret"), "{row}");
        assert_eq!(row["doc_id"], "a?token=1");
        assert_eq!(row["info"], json!([1, "{x,\"http://u:*****@h/\"}"]));
        // In these, only the percent sign shows that they have to be searched.
        let escaped = "http://h/Basic%20dTpwYXNz";
        let row = whole(
            &json!({"source": escaped, "source_proxy": escaped, "info": {"error": escaped, "more": escaped}, "new": escaped}),
            1,
        );
        assert!(!row.to_string().contains("dTpwYXNz"), "{row}");
        assert_eq!(whole(&json!({"info": "no http://u:s3cret@h"}), 1)["info"][1], "no http://u:*****@h");
        let sequence = r#"{"revisions_checked":1,"missing_revisions_found":2,"docs_read":3,"docs_written":4,"changes_pending":5,
            "doc_write_failures":6,"bulk_get_docs":7,"bulk_get_attempts":8,"checkpointed_source_seq":"http://u:s3cret@h"}"#;
        let values = values(&format!(r#"{{"info":{sequence}}}"#), put_doc).unwrap();
        assert_eq!(values[INFO + 9], "http://u:*****@h");
    }

    #[test]
    fn rows_of_other_servers_keep_what_they_say() {
        let old =
            json!({"database": "_replicator", "doc_id": "a", "state": "crashing", "proxy": "http://p/", "info": null});
        let old = whole(&old, 0);
        assert_eq!((&old["source_proxy"], &old["target_proxy"]), (&json!("http://p/"), &json!("http://p/")));
        let cloudant =
            json!({"database": "account/_replicator", "start_time": null, "last_updated": "2026-11-22T22:00:00+00:00"});
        for (key, value) in cloudant.as_object().unwrap() {
            assert_eq!(&whole(&cloudant, 0)[key], value);
        }
    }

    #[test]
    fn unknown_keys_are_kept() {
        let row = whole(&json!({"doc_id": "a", "new \"field\"": [1, {"b": 2}]}), 0);
        assert_eq!(row["others"], json!({"new \"field\"": [1, {"b": 2}]}));
        assert_eq!(whole(&json!({"doc_id": "a"}), 0)["others"], Value::Null);
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        for row in ["", "[]", "{\"a\"}", "{\"a\":1 \"b\":2}", "{a:1}", "{\"info\":{\"a\"}}"] {
            assert_eq!(values(row, put_doc), Err(Malformed), "{row}");
        }
    }
}
