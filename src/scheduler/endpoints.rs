//! Paths of the scheduler's endpoints, with their queries.

use crate::rows::write_string;

/// `GET /_scheduler/docs/{db}`: the states of the documents of one replicator database.
pub fn docs(database: &str, query: &Query) -> String {
    format!("/_scheduler/docs/{}{query}", encode(database))
}

/// `GET /{db}/_all_docs`: the ids of all documents.
pub fn all_docs(database: &str, query: &Query) -> String {
    format!("/{}/_all_docs{query}", encode(database))
}

/// `GET /{db}/_changes`: what was written to documents.
pub fn changes(database: &str, query: &Query) -> String {
    format!("/{}/_changes{query}", encode(database))
}

/// `/{db}`: a database.
pub fn database(name: &str) -> String {
    format!("/{}", encode(name))
}

/// `/{db}/{docid}`: a document as it was written.
pub fn document(database: &str, doc_id: &str, query: &Query) -> String {
    format!("/{}/{}{query}", encode(database), encode(doc_id))
}

/// `GET /_scheduler/docs/{db}/{docid}`: the state of one document.
pub fn doc(database: &str, doc_id: &str) -> String {
    format!("/_scheduler/docs/{}/{}", encode(database), encode(doc_id))
}

/// `GET /_scheduler/jobs`: the jobs of all nodes.
pub fn jobs(query: &Query) -> String {
    format!("/_scheduler/jobs{query}")
}

/// A `limit` that no server reaches. Without one CouchDB gives the first 100 jobs and does not say so.
pub const ALL_JOBS: u64 = 1_000_000_000;

/// `GET /_scheduler/jobs/{id}`: one job.
pub fn job(id: &str) -> String {
    format!("/_scheduler/jobs/{}", encode(id))
}

/// Query parameters, in the order in which they were added.
#[derive(Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// With `name=value`, where there is a value.
    pub fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Query {
        self.0.extend(value.map(|value| (name, value.to_string())));
        self
    }
}

impl Query {
    /// With `name="text"` as JSON, where there is a text: document ids are given so.
    pub fn with_json(self, name: &'static str, text: Option<&str>) -> Query {
        self.with(name, text.map(json_text))
    }
}

fn json_text(text: &str) -> String {
    let mut json = Vec::new();
    write_string(text, &mut json);
    String::from_utf8(json).unwrap_or_default()
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            let joint = if i == 0 { '?' } else { '&' };
            write!(f, "{joint}{name}={}", encode(value))?;
        }
        Ok(())
    }
}

/// What JavaScript's `encodeURIComponent` does. CouchDB takes a slash for a separator and a plus for a space, so both
/// must be escaped.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn ids_and_databases_of_every_kind() {
        assert_eq!(doc("team/_replicator", "a/b"), "/_scheduler/docs/team%2F_replicator/a%2Fb");
        assert_eq!(
            doc("_replicator", "a b+c%d?e#f\"ü😀"),
            "/_scheduler/docs/_replicator/a%20b%2Bc%25d%3Fe%23f%22%C3%BC%F0%9F%98%80"
        );
        assert_eq!(job("0a+continuous"), "/_scheduler/jobs/0a%2Bcontinuous");
    }

    #[test]
    fn a_query_has_only_what_was_asked() {
        assert_eq!(jobs(&Query::default()), "/_scheduler/jobs");
        let query =
            Query::default().with("limit", Some(10)).with("skip", None::<u64>).with("states", Some("error,failed"));
        assert_eq!(docs("_replicator", &query), "/_scheduler/docs/_replicator?limit=10&states=error%2Cfailed");
    }
}
