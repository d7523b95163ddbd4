//! Paths of the scheduler's endpoints, with their queries.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rows::json::{digits, write_string};

/// What JavaScript's `encodeURIComponent` escapes. CouchDB reads a slash as a separator and a plus as
/// a space, so both are.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// `GET /_scheduler/docs/{db}`: the states of the documents in a replicator database.
pub fn docs(database: &str, query: &Query) -> String {
    ["/_scheduler/docs/", &encode(database), &query.0].concat()
}

/// `GET /{db}/_all_docs`: the ids of all documents.
pub fn all_docs(database: &str, query: &Query) -> String {
    ["/", &encode(database), "/_all_docs", &query.0].concat()
}

/// `GET /{db}/_changes`: the documents that were written.
pub fn changes(database: &str, query: &Query) -> String {
    ["/", &encode(database), "/_changes", &query.0].concat()
}

/// `/{db}`: a database.
pub fn database(name: &str) -> String {
    ["/", &encode(name)].concat()
}

/// `/{db}/{docid}`: a document as it was written.
pub fn document(database: &str, doc_id: &str, query: &Query) -> String {
    ["/", &encode(database), "/", &encode(doc_id), &query.0].concat()
}

/// `GET /_scheduler/docs/{db}/{docid}`: the state of one document.
pub fn doc(database: &str, doc_id: &str) -> String {
    ["/_scheduler/docs/", &encode(database), "/", &encode(doc_id)].concat()
}

/// `GET /_scheduler/jobs`: the jobs of all nodes.
pub fn jobs(query: &Query) -> String {
    ["/_scheduler/jobs", &query.0].concat()
}

/// A `limit` that no server reaches. Without a limit, CouchDB returns only the first 100 jobs.
pub const ALL_JOBS: u64 = 1_000_000_000;

/// `GET /_scheduler/jobs/{id}`: one job.
pub fn job(id: &str) -> String {
    ["/_scheduler/jobs/", &encode(id)].concat()
}

/// Whether CouchDB accepts `name` as the name of a database.
pub fn is_database_name(name: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_$()+/-".contains(&byte);
    name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_') && name.bytes().all(rest)
}

/// A query, its parameters in the order in which they were added.
#[derive(Default)]
pub struct Query(String);

impl Query {
    /// Adds `name=number`, if there is a number.
    pub fn with_number(self, name: &'static str, number: Option<u64>) -> Query {
        match number {
            Some(number) => self.with(name, Some(&digits(number))),
            None => self,
        }
    }

    /// Adds `name=text`, if there is a text.
    pub fn with(self, name: &'static str, text: Option<&str>) -> Query {
        match text {
            Some(text) => self.with_text(name, text),
            None => self,
        }
    }

    /// Adds `name="text"` as JSON, if there is a text: CouchDB expects document ids so.
    pub fn with_json(self, name: &'static str, text: Option<&str>) -> Query {
        match text {
            Some(text) => self.with_text(name, &json_text(text)),
            None => self,
        }
    }

    fn with_text(mut self, name: &str, value: &str) -> Query {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(&encode(value));
        self
    }
}

fn json_text(text: &str) -> String {
    let mut json = Vec::new();
    write_string(text, &mut json);
    String::from_utf8(json).unwrap_or_default()
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).collect()
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
        assert_eq!(job("aZ09-_.!~*'()"), "/_scheduler/jobs/aZ09-_.!~*'()");
    }

    #[test]
    fn paths_of_databases_and_their_documents() {
        assert_eq!(database("team/_replicator"), "/team%2F_replicator");
        let from = Query::default().with_json("startkey", Some("a\"b")).with_json("endkey", None);
        assert_eq!(all_docs("team/_replicator", &from), "/team%2F_replicator/_all_docs?startkey=%22a%5C%22b%22");
        let since = Query::default().with("since", Some("5-a+b")).with("filter", None);
        assert_eq!(changes("_replicator", &since), "/_replicator/_changes?since=5-a%2Bb");
        let rev = Query::default().with("rev", Some("1-a"));
        assert_eq!(document("_replicator", "_design/a b", &rev), "/_replicator/_design%2Fa%20b?rev=1-a");
    }

    #[test]
    fn names_of_databases() {
        for name in ["a", "_replicator", "team/_replicator", "a0_$()+/-", "_0"] {
            assert!(is_database_name(name), "{name}");
        }
        for name in ["", "A", "0a", "$a", "/a", "-a", "aB", "a b", "a.b", "aü", "üa"] {
            assert!(!is_database_name(name), "{name}");
        }
    }

    #[test]
    fn a_query_has_only_parameters_with_a_value() {
        assert_eq!(jobs(&Query::default()), "/_scheduler/jobs");
        let query = Query::default()
            .with_number("limit", Some(10))
            .with_number("skip", None)
            .with("states", Some("error,failed"));
        assert_eq!(docs("_replicator", &query), "/_scheduler/docs/_replicator?limit=10&states=error%2Cfailed");
    }
}
