//! Replication documents as they were written, without their secrets.
//!
//! CouchDB shows an admin every credential in them in clear: in URLs, in `headers`, in `auth`.

use crate::insight::mask::{MASK, is_telling, mask};
use crate::rows::{Elements, Fields, Malformed, Members, ObjectWriter, Value, string, write_string};

/// Values nested deeper than this are masked as a whole: nobody writes them, and looking into each takes stack.
const DEEPEST: u32 = 64;

/// What is known of a value by where it stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Text may hold secrets, members with telling names do.
    Anywhere,
    /// In `headers` or `auth`: every text is a secret but a user's name.
    Secrets,
    /// Names of documents, or of fields in them: shown as they are.
    Names,
}

/// Writes the document in a row of `_all_docs` behind `out`, each secret in it masked, with a comma behind it.
pub fn put_document(row: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let document = Fields::known(row, &["doc"])?.nested(0).ok_or(Malformed)?;
    write_value(document, Place::Anywhere, 0, out)?;
    out.push(b',');
    Ok(())
}

fn write_value(value: Value, place: Place, depth: u32, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let bytes = value.bytes();
    match bytes.first() {
        _ if place == Place::Names => out.extend_from_slice(bytes),
        Some(b'{' | b'[') if depth > DEEPEST => write_string(MASK, out),
        Some(b'{') => {
            let mut object = ObjectWriter::open(out);
            for member in Members::of(value) {
                let (key, value) = member?;
                let key = string(key).ok_or(Malformed)?;
                write_value(value, place_of(&key, place), depth + 1, object.key(&key))?;
            }
            object.close();
        }
        Some(b'[') => {
            out.push(b'[');
            for (i, element) in Elements::of(value).enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_value(element?, place, depth + 1, out)?;
            }
            out.push(b']');
        }
        Some(b'"') => {
            let text = string(bytes).ok_or(Malformed)?;
            write_string(&if place == Place::Secrets { MASK.into() } else { mask(&text) }, out);
        }
        // A password can be a number.
        Some(b'-' | b'0'..=b'9') if place == Place::Secrets => write_string(MASK, out),
        _ => out.extend_from_slice(bytes),
    }
    Ok(())
}

fn place_of(key: &str, around: Place) -> Place {
    match key {
        _ if around == Place::Secrets => {
            if matches!(key, "username" | "name") {
                Place::Anywhere
            } else {
                Place::Secrets
            }
        }
        "_id" | "_rev" | "doc_ids" | "selector" | "_replication_id" => Place::Names,
        "headers" => Place::Secrets,
        key if is_telling(key.as_bytes()) => Place::Secrets,
        _ => Place::Anywhere,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::put_document;
    use crate::rows::Indexed;
    use serde_json::{Value, from_slice, json};

    fn masked(document: &Value) -> Value {
        let mut out = Vec::new();
        put_document(Indexed::of(json!({ "doc": document }).to_string().as_bytes()).unwrap().value(), &mut out)
            .unwrap();
        assert_eq!(out.pop(), Some(b','));
        from_slice(&out).unwrap()
    }

    #[test]
    fn credentials_are_masked_wherever_a_document_has_them() {
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
    fn what_is_nested_too_deep_is_not_looked_into() {
        let deep = format!("{}\"s3cret\"{}", "[".repeat(10_000), "]".repeat(10_000));
        let mut out = Vec::new();
        let row = format!("{{\"doc\":{{\"a\":{deep}}}}}");
        put_document(Indexed::of(row.as_bytes()).unwrap().value(), &mut out).unwrap();
        assert!(!String::from_utf8(out).unwrap().contains("s3cret"));
    }
}
