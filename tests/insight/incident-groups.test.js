// @ts-check
// The rules of incidents(): which documents belong together, and what is said about them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "couchdb-scheduler";
import { IncidentGroups, MAX_GROUPS } from "../../pkg-template/insight/incident-groups.js";
import { messageOfMany, withoutNames } from "../../pkg-template/insight/incident-messages.js";

/** @param {Record<string, any>} [members] @returns {any} */
const row = (members) => ({
  state: "crashing",
  info: { error: "db_not_found: could not open http://a.test/db/" },
  source: "http://a.test/db/",
  target: "http://b.test/db/",
  ...members,
});

/** What the wasm counts for a group. @param {Partial<Record<"states" | "times" | "others" | "crashes" | "ids", any[]>>} [counts] */
const tally = ({ states = [1, 0, 0], times = [0, 0], others = [0, 0], crashes = [], ids = [] } = {}) => [
  ...states,
  ...times,
  ...others,
  ...Array.from({ length: 12 }, (_, failures) => crashes[failures] ?? 0),
  ...ids,
];

/** @param {any[]} rows @param {any[]} [counts] of their group */
function incidentOf(rows, counts = tally()) {
  const groups = new IncidentGroups(diagnose, 5);
  for (const row of rows) assert.equal(groups.numberOf(row), 0);
  groups.add([counts]);
  const incidents = groups.incidents();
  assert.equal(incidents.length, 1);
  return incidents[0];
}

test("cause, end and host make a group", () => {
  const groups = new IncidentGroups(diagnose, 5);
  const error = "unauthorized: http://a.test/db/";
  const rows = [
    [row(), 0],
    [row({ source: "http://u:*****@a.test/other/", info: { error: "db_not_found: http://a.test/other/" } }), 0],
    [row({ info: { error } }), 1],
    [row({ source: "http://a.test:5984/db/", info: { error: "db_not_found: http://a.test:5984/db/" } }), 2],
    [row({ info: { error: "db_not_found: http://b.test/db/" } }), 3],
    [row({ info: { error: "db_not_found" } }), 4],
    [row({ info: { error: "endpoint has an invalid url" }, source: null }), 5],
    [row(), 0],
  ];
  for (const [document, number] of rows) assert.equal(groups.numberOf(document), number, JSON.stringify(document));
  groups.add(Array.from({ length: 6 }, () => tally()));
  assert.deepEqual(
    groups.incidents().map(({ cause, side, host }) => [cause, side, host]),
    [
      ["database_missing", "source", "a.test"],
      ["unauthorized", "source", "a.test"],
      ["database_missing", "source", "a.test:5984"],
      ["database_missing", "target", "b.test"],
      ["database_missing", null, null],
      ["invalid_document", "source", null],
    ],
  );
});

test("the counts of all databases are added", () => {
  const groups = new IncidentGroups(diagnose, 3);
  groups.numberOf(row());
  groups.add([
    tally({
      states: [1, 2, 3],
      times: [20261122220000, 20261122230000],
      crashes: [0, 20261122230000],
      ids: ["a", "b"],
    }),
  ]);
  // A database without documents of this group, and one with.
  groups.add([]);
  groups.add([tally({ states: [0, 0, 0] })]);
  groups.add([
    tally({
      states: [10, 0, 0],
      times: [20261122210000, 20261122220000],
      crashes: [0, 0, 0, 20261122220000],
      ids: ["a", "c"],
    }),
  ]);
  const [{ total, states, since, latest, next_retry, doc_ids }] = groups.incidents();
  assert.deepEqual([total, states], [16, { crashing: 11, error: 2, failed: 3 }]);
  assert.deepEqual([since, latest], ["2026-11-22T21:00:00Z", "2026-11-22T23:00:00Z"]);
  // 23:00:00 and one crash: half a minute later; 22:00:00 and three: two minutes later.
  assert.equal(next_retry, "2026-11-22T22:02:00Z");
  assert.deepEqual(doc_ids, ["a", "b", "a"]);
});

test("times that are unknown are null", () => {
  const { since, latest, next_retry } = incidentOf([row()]);
  assert.deepEqual([since, latest, next_retry], [null, null, null]);
});

test("a message names a database only if all documents have the same", () => {
  const full = diagnose(row())?.message;
  assert.equal(incidentOf([row()]).message, full);
  // The targets are not in the message.
  assert.equal(incidentOf([row()], tally({ others: [0, 1] })).message, full);
  const neutral = "The source http://a.test/… cannot be opened as a database: it probably does not exist.";
  assert.equal(incidentOf([row()], tally({ others: [1, 0] })).message, neutral);
  const other = row({ source: "http://a.test/other/", info: { error: "db_not_found: http://a.test/other/" } });
  assert.equal(incidentOf([row(), other]).message, neutral);
  // In another database of replications all have the same source, but not that of the first.
  const groups = new IncidentGroups(diagnose, 5);
  for (const document of [row(), other]) {
    groups.numberOf(document);
    groups.add([tally()]);
  }
  assert.equal(groups.incidents()[0].message, neutral);
});

test("messages that differ in more are replaced by one about all", () => {
  const user = (/** @type {string} */ name) =>
    row({ info: { error: `{session_request_unauthorized,"http://a.test/_session","${name}"}` } });
  assert.match(incidentOf([user("ann"), user("ann")]).message, /`ann`/);
  assert.equal(incidentOf([user("ann"), user("bob")]).message, "The source at a.test does not accept the credentials.");
});

test("a hint says that CouchDB has given up only if it has for all", () => {
  const failed = row({ state: "failed" });
  assert.match(incidentOf([failed]).hint, /will not retry/);
  for (const rows of [
    [failed, row()],
    [row(), failed],
  ]) {
    assert.equal(incidentOf(rows).hint, diagnose(row())?.hint);
  }
});

test("further groups are one, and come last", () => {
  const groups = new IncidentGroups(diagnose, 5);
  const numbers = Array.from({ length: MAX_GROUPS + 3 }, (_, n) => {
    const source = `http://h${n}.test/db/`;
    return groups.numberOf(row({ source, info: { error: `db_not_found: ${source}` } }));
  });
  assert.deepEqual(numbers.slice(-4), [MAX_GROUPS - 1, MAX_GROUPS, MAX_GROUPS, MAX_GROUPS]);
  groups.add(Array.from({ length: MAX_GROUPS + 1 }, (_, n) => tally({ states: [n, 0, 0] })));
  const incidents = groups.incidents();
  // The first one has no documents.
  assert.equal(incidents.length, MAX_GROUPS);
  assert.deepEqual([incidents[0].total, incidents[0].host], [MAX_GROUPS - 1, `h${MAX_GROUPS - 1}.test`]);
  const others = incidents.at(-1);
  assert.deepEqual([others?.total, others?.cause, others?.host], [MAX_GROUPS, "unknown", null]);
});

test("there is a message about several documents for every cause", () => {
  const types = /** @type {const} */ (["unauthorized", "internal", "unknown", "tls", "filter"]);
  const messages = types.map((cause) => messageOfMany(cause, "target", "h:1"));
  assert.deepEqual(messages, [
    "The target at h:1 does not accept the credentials.",
    "The server that replicates had internal errors.",
    "The server reports different reasons.",
    "The target at h:1 cannot be reached through a secure connection.",
    "The filters of the replications cannot be used.",
  ]);
  assert.equal(messageOfMany("timeout", null, null), "The source or the target does not respond in time.");
  assert.equal(messageOfMany("timeout", "source", null), "The source does not respond in time.");
});

test("names are removed as a whole, wherever they are", () => {
  const ends = ["http://h:1/a", "http://h:1/a/b/"];
  for (const [message, without] of [
    ["x http://h:1/a y", "x http://h:1/… y"],
    ["x http://h:1/a/ y", "x http://h:1/… y"],
    ["x http://h:1/a/_changes y", "x http://h:1/…/_changes y"],
    ["“http://h:1/a/b/”, http://h:1/a/b.", "“http://h:1/…”, http://h:1/…/b."],
    ["http://h:1/ab http://h:1/a-b http://H:1/a", "http://h:1/ab http://h:1/a-b http://H:1/a"],
    ["http://h:1/", "http://h:1/"],
  ]) {
    assert.equal(withoutNames(message, ends), without);
  }
  assert.equal(withoutNames("http://h/a+(b) $&", ["http://h/a+(b)/", null]), "http://h/… $&");
  for (const url of [null, "", "a", "http://h", "http://h/"]) {
    assert.equal(withoutNames("a http://h/ b", [url]), "a http://h/ b", String(url));
  }
});

test("names of databases of any length, and with any characters", () => {
  for (const name of ["y".repeat(10_000_000), "(((", "a+b$()", "[x]{2}"]) {
    const url = `http://a.test/${name}`;
    const replaced = withoutNames(`${url}: ${url}/ and ${url}2 and ${url}/doc`, [`${url}/`]);
    assert.ok(
      replaced === `http://a.test/…: http://a.test/… and ${url}2 and http://a.test/…/doc`,
      replaced.slice(0, 200),
    );
  }
});
