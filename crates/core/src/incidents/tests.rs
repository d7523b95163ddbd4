use super::*;
use crate::diagnosis::{Cause, DiagnosisInput, Side, diagnose};
use proptest::prelude::*;
use rows::json::Indexed;
use serde_json::{Value as Json, from_slice, json};

/// Counts with groups by what `key` returns for a row. The second value is how often it was asked.
fn counted(rows: &[Json], examples: usize, key: impl Fn(&Json) -> String) -> (Vec<(String, Vec<Json>)>, usize) {
    let (mut incidents, mut keys, mut asked) = (Incidents::new(examples), Vec::new(), 0);
    for row in rows {
        let text = row.to_string();
        let mut group_of = |row: Value| {
            asked += 1;
            let key = key(&from_slice(row.bytes()).unwrap());
            Some(keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                keys.push(key);
                keys.len() - 1
            }))
        };
        incidents.add(Indexed::of(text.as_bytes()).unwrap().value(), &mut group_of).unwrap();
    }
    let tallies: Vec<Vec<Json>> = from_slice(&incidents.to_json()).unwrap();
    (keys.into_iter().zip(tallies).collect(), asked)
}

/// All in one group.
fn tally(rows: &[Json], examples: usize) -> Vec<Json> {
    let (groups, _) = counted(rows, examples, |_| String::new());
    groups.into_iter().next().unwrap().1
}

/// How many kinds of reasons there are.
fn kinds(rows: &[Json]) -> usize {
    counted(rows, 0, |_| String::new()).1
}

/// A crashing replication from `http://a.test:5984/{name}/` to `https://b.test/{name}-copy/`.
fn crashing(name: &str, error: &str) -> Json {
    json!({
        "doc_id": name, "state": "crashing", "info": {"error": error}, "error_count": 1, "last_updated": "2026-11-22T22:00:00Z",
        "source": format!("http://a.test:5984/{name}/"), "target": format!("https://b.test/{name}-copy/"),
        "source_proxy": null, "target_proxy": null,
    })
}

fn missing(name: &str) -> Json {
    crashing(name, &format!("db_not_found: could not open http://a.test:5984/{name}/"))
}

fn with(row: &Json, members: Json) -> Json {
    let mut row = row.clone();
    for (key, value) in members.as_object().unwrap() {
        row[key] = value.clone();
    }
    row
}

#[test]
fn unhealthy_documents_count_once() {
    let row = missing("a");
    let rows = [
        row.clone(),
        row.clone(),
        with(&row, json!({"doc_id": "b", "state": "error"})),
        with(&row, json!({"doc_id": "c", "state": "failed"})),
        with(&row, json!({"doc_id": "d", "state": "running"})),
        with(&row, json!({"doc_id": "e", "state": null})),
        with(&row, json!({"doc_id": "f", "state": "crashing"})),
    ];
    assert_eq!(tally(&rows, 0)[..3], [json!(2), json!(1), json!(1)]);
    assert_eq!(Incidents::new(5).to_json(), b"[]");
}

#[test]
fn times_are_those_of_all() {
    let at = |id: &str, time: Json, errors: Json| {
        with(&missing("a"), json!({"doc_id": id, "last_updated": time, "error_count": errors}))
    };
    let rows = [
        at("a", json!("2026-11-22T22:00:00Z"), json!(4)),
        at("b", json!("2026-11-22T22:01:00+00:00"), json!(1)),
        at("c", json!("2026-11-22T21:59:00Z"), json!(4)),
        at("d", json!("2026-11-22T22:02:00Z"), json!(300)),
        at("e", json!("2026-11-22T22:01:30Z"), json!(10)),
        with(&at("f", json!("2026-11-21T00:00:00Z"), json!(2)), json!({"state": "failed"})),
        at("g", json!(null), json!(0)),
        at("h", json!("yesterday"), json!(0)),
        at("i", json!("2026-11-20T22:00Z"), json!(0)),
    ];
    let tally = tally(&rows, 0);
    assert_eq!(tally[3..5], [json!(20261121000000_u64), json!(20261122220200_u64)]);
    let mut crashes = [0_u64; MAX_FAILURES + 1];
    (crashes[1], crashes[4]) = (20261122220100, 20261122215900);
    (crashes[10], crashes[11]) = (20261122220130, 20261122220200);
    assert_eq!(tally[7..19], crashes.map(Json::from));
}

#[test]
fn the_first_ids_are_kept() {
    let rows = ["a", "b\"\u{1}", "c"].map(missing);
    assert_eq!(tally(&rows, 2)[19..], [json!("a"), json!("b\"\u{1}")]);
    assert_eq!(tally(&rows, 0).len(), 19);
    assert_eq!(tally(&rows, usize::MAX)[21], "c");
}

#[test]
fn different_ends_are_noticed() {
    let row = missing("a");
    let ends = |source: &str, target: &str| with(&row, json!({"doc_id": "b", "source": source, "target": target}));
    let differ = |other: Json| tally(&[row.clone(), other], 0)[5..7].to_vec();
    let (source, target) = ("http://a.test:5984/a/", "https://b.test/a-copy/");
    assert_eq!(differ(ends(source, target)), [0, 0]);
    assert_eq!(differ(ends("http://a.test:5984/b/", target)), [1, 0]);
    assert_eq!(differ(ends(source, "https://b.test/b/")), [0, 1]);
}

#[test]
fn reasons_that_differ_in_names_of_databases_are_of_one_kind() {
    assert_eq!(kinds(&["a", "b", "c"].map(missing)), 1);
    let duplicate = |id: &str| {
        crashing(
            id,
            &format!(
                "Replication `{id}+continuous` specified by document `{id}` already started, triggered by document `x` from db `_replicator`"
            ),
        )
    };
    assert_eq!(kinds(&["a", "b"].map(duplicate)), 1);
    // The session is that of the server. No other database can be told from one of an end.
    let unauthorized = "{session_request_unauthorized,\"http://a.test:5984/_session\",\"ann\"}";
    assert_eq!(kinds(&["a", "b"].map(|name| crashing(name, unauthorized))), 1);
    let third = "db_not_found: could not open http://a.test:5984/third/";
    assert_eq!(kinds(&["a", "b"].map(|name| crashing(name, third))), 2);
    // Nor can one that is both ends.
    let nested = |name: &str| with(&missing(name), json!({"target": format!("http://a.test:5984/{name}/")}));
    assert_eq!(kinds(&["a", "b"].map(nested)), 2);
    // What matters: other words, another server, a proxy, a state that is final, an end that cannot be told.
    let a = missing("a");
    for other in [
        crashing("b", "unauthorized: http://a.test:5984/b/"),
        with(&missing("b"), json!({"source": "http://c.test:5984/b/"})),
        with(&missing("b"), json!({"source_proxy": "http://proxy"})),
        with(&missing("b"), json!({"state": "failed"})),
        with(&missing("b"), json!({"target": "http://A.test:5984/b/c"})),
        with(&missing("b"), json!({"target": null})),
        crashing("b", "db_not_found: could not open http://a.test:5984/bb/"),
    ] {
        assert_eq!(kinds(&[a.clone(), other.clone()]), 2, "{other}");
    }
    // Long ones are not remembered.
    let long = crashing("a", &"x".repeat(MAX_SHAPE_BYTES));
    assert_eq!(kinds(&[long.clone(), with(&long, json!({"doc_id": "b"}))]), 2);
}

#[test]
fn a_row_that_is_refused_is_malformed() {
    let mut incidents = Incidents::new(5);
    let text = missing("a").to_string();
    let mut add = |text: &str, group| incidents.add(Indexed::of(text.as_bytes()).unwrap().value(), &mut |_| group);
    assert_eq!(add(&text, None), Err(Malformed));
    assert_eq!(add("[1]", Some(0)), Err(Malformed));
    assert_eq!(incidents.total(), 0);
}

#[test]
fn the_total_is_that_of_the_unhealthy_documents() {
    let mut incidents = Incidents::new(0);
    let healthy = with(&missing("c"), json!({"state": "running"}));
    for (row, total) in [(missing("a"), 1), (missing("b"), 2), (missing("a"), 2), (healthy, 2)] {
        let text = row.to_string();
        incidents.add(Indexed::of(text.as_bytes()).unwrap().value(), &mut |_| Some(0)).unwrap();
        assert_eq!(incidents.total(), total, "{row}");
    }
}

#[test]
fn servers_before_3_send_the_error_itself() {
    let of = |id: &str, info: Json| with(&missing("a"), json!({"doc_id": id, "info": info}));
    assert_eq!(kinds(&[of("a", json!("timeout")), of("b", json!("timeout"))]), 1);
    assert_eq!(kinds(&[of("a", json!("timeout")), of("b", json!("nxdomain"))]), 2);
    assert_eq!(tally(&[of("a", json!(["timeout"]))], 0)[0], 1);
}

/// Rows with up to three reasons as CouchDB writes them, about databases whose names and servers can be equal, nested, or differ in
/// case only.
fn rows() -> impl Strategy<Value = Vec<Json>> {
    let name = || prop_oneof![Just("a"), Just("ab"), Just("db-1"), Just("a/b"), Just("_users"), Just("a?x=1")];
    let host =
        || prop_oneof![Just("http://h:5984/"), Just("https://h/"), Just("https://H:443/"), Just("http://other/")];
    let form = prop_oneof![
        Just("db_not_found: could not open $s/"),
        Just("{error, econnrefused, <<\"$t/_changes?since=0\">>}"),
        Just("could not open $s: {error, nxdomain}"),
        Just("timeout $t/_bulk_docs and $s"),
        Just("{session_request_unauthorized,\"$s/../_session\",\"ann\"}"),
        Just("{replication_auth_error,{session_request_unauthorized,\"https://h/_session\",\"ann\"}}"),
        Just("{checkpoint_commit_failure,<<\"Error updating the target checkpoint document $t/_local/x\">>}"),
        Just("unauthorized: Name or password is incorrect. http://elsewhere/db/"),
        Just("db_not_found: could not open $sx/"),
        Just("$t/_session $s"),
        Just("{http_request_failed,\"GET\",\"$t/\",{error,sel_conn_closed}}"),
        Just("endpoint has an invalid url"),
        Just("Replication `$i` specified by document `$i` already started, triggered by document `x` from db `y`"),
        Just("{worker_died,<0.1.0>,{process_died,<0.2.0>,{{nocatch,{forbidden,<<\"$t\">>}},[]}}}"),
    ];
    let end = || prop_oneof![9 => Just(true), 1 => Just(false)];
    prop::collection::vec((form, host(), host()), 1..4).prop_flat_map(move |kinds| {
        prop::collection::vec((prop::sample::select(kinds), name(), name(), end()), 1..20).prop_map(|rows| {
            rows.into_iter().enumerate().map(|(n, ((form, source_host, target_host), source, target, has_source))| {
                let (source, target) = (format!("{source_host}{source}"), format!("{target_host}{target}"));
                let id = format!("{n:03}");
                let error = form.replace("$s", &source).replace("$t", &target).replace("$i", &id);
                let source = has_source.then(|| format!("{source}/"));
                json!({"doc_id": id, "state": "crashing", "info": {"error": error}, "source": source, "target": format!("{target}/")})
            }).collect()
        })
    })
}

/// Cause, end, and the URL that has the host.
fn diagnosed(row: &Json) -> (Cause, Option<Side>, Option<String>) {
    let (source, target) = (row["source"].as_str(), row["target"].as_str());
    let error = row["info"]["error"].as_str();
    let input = DiagnosisInput { state: row["state"].as_str(), error, source, target, ..DiagnosisInput::default() };
    let diagnosis = diagnose(&input).unwrap();
    let url = diagnosis.side.and_then(|side| if side == Side::Source { source } else { target });
    (diagnosis.cause, diagnosis.side, url.and_then(|url| url.split('/').nth(2)).map(str::to_owned))
}

proptest! {
    /// Remembering shapes changes nothing: each row is in the group of its own diagnosis.
    #[test]
    fn groups_are_those_of_the_single_diagnoses(rows in rows()) {
        let key = |row: &Json| format!("{:?}", diagnosed(row));
        let (groups, _) = counted(&rows, 100, key);
        for (group, tally) in groups {
            let expected: Vec<&Json> = rows.iter().filter(|row| key(row) == group).map(|row| &row["doc_id"]).collect();
            prop_assert_eq!(tally[19..].iter().collect::<Vec<_>>(), expected, "{}", group);
        }
    }

    #[test]
    fn no_reason_makes_it_panic(error in r#"(\PC|https?://|/|h|`|_session|"){0,20}"#, source in r"(\PC|://|h|/|\?|@){0,10}") {
        let rows = [crashing("a", &error), with(&crashing("b", &error), json!({"source": source}))];
        prop_assert_eq!(tally(&rows, 5)[0].as_u64(), Some(2));
    }
}
