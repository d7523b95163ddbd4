//! Normalizes rows of `/_scheduler/docs`.
//!
//! CouchDB omits the members that do not apply to a document's state: an initializing one has no `source`, a completed one no
//! `node`. Normalized rows have every key, always in the same order.

use std::borrow::Cow;

use super::columns::{DOC_KEYS, NULL};
use super::info::put_info;
use super::masked::put_others;
use super::repeats::{Column, Previous, put_columns};
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

/// Appends the values of `row` to `out`, as [`put_columns`] does, and then an object with the members whose keys are unknown. A missing
/// value is `null`, a missing `error_count` 0; [`put_info`] writes the `info`. Secrets in addresses and errors are masked.
pub fn put_doc(row: Value, previous: &mut Previous, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(row, &DOC_KEYS)?;
    // CouchDB before 3.0 has one proxy for both ends.
    let proxy = fields.others.iter().find(|(key, _)| key == "proxy").map(|(_, proxy)| *proxy);
    let column = |at| match (at, fields.nested(at)) {
        (INFO, _) => Column::Several,
        (SOURCE | TARGET, Some(url)) => Column::Masked(url),
        (SOURCE_PROXY | TARGET_PROXY, value) => value.or(proxy).map_or(Column::Plain(NULL), Column::Masked),
        (ERROR_COUNT, None) => Column::Plain(b"0"),
        (_, value) => Column::Plain(value.map_or(NULL, |value| value.bytes())),
    };
    put_columns(DOC_KEYS.len(), column, |_, out| put_info(fields.nested(INFO), out), previous, out)?;
    put_others(&fields.others, out)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::repeats::tests::{values, values_of};
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
    fn a_row_leaves_out_what_the_previous_one_has() {
        let row = |id: &str, source: &str, node: Value| {
            json!({"database": "_replicator", "doc_id": id, "node": node, "source": source, "state": "running"})
                .to_string()
        };
        let rows = [
            row("a", "http://h/", json!("n")),
            row("b", "http://h/", json!("n")),
            // An object is not shared.
            row("c", "http://other/", json!({})),
            row("d", "http://other/", json!({})),
            // Nor is what was masked: it was another text.
            row("e", "http://u:pw@h/", Value::Null),
            row("f", "http://u:pw@h/", Value::Null),
            row("g", "http://u:*****@h/", Value::Null),
        ];
        let values = values_of(&rows.each_ref().map(String::as_str), put_doc).unwrap();
        let other = |bits: u32| json!(0b1_1111_0110_0101 & !(1 << INFO) | bits);
        let expected = json!([
            0,
            "_replicator",
            "a",
            null,
            "n",
            "http://h/",
            null,
            "running",
            0,
            0,
            null,
            null,
            null,
            null,
            null,
            other(0b1_1000),
            "b",
            0,
            null,
            other(0),
            "c",
            {},
            "http://other/",
            0,
            null,
            other(0b1_0000),
            "d",
            {},
            0,
            null,
            other(0),
            "e",
            null,
            "http://u:*****@h/",
            0,
            null,
            other(0b1000),
            "f",
            "http://u:*****@h/",
            0,
            null,
            other(0b1000),
            "g",
            "http://u:*****@h/",
            0,
            null,
        ]);
        assert_eq!(Value::from(values), expected);
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
        for (last, values) in [
            (r#""9-x","through_seq":"9-x""#, json!([14, 1, 2, 3, 4, null, 6, 7, 8, "9-x", 0])),
            (r#""9-x","through_seq":"11-x""#, json!([12, 1, 2, 3, 4, null, 6, 7, 8, "9-x", "11-x", 0])),
            (r#""10-x","through_seq":"10-x""#, json!([13, 1, 2, 3, 4, null, 6, 7, 8, "9-x", "10-x", 0])),
            (r#"[9],"through_seq":[9]"#, json!([11, 1, 2, 3, 4, null, 6, 7, 8, "9-x", [9], [9]])),
        ] {
            let values = values.as_array().unwrap();
            assert_eq!(info(&format!(r#"{nine},"source_seq":{last}}}"#))[..values.len()], values[..], "{last}");
        }
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
