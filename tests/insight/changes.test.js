// @ts-check
// Changes of a replication document: what becomes of its text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withChanges } from "../../pkg-template/insight/changes.js";
import { valueText } from "../../pkg-template/insight/json-text.js";
import { changesOf, isCouchdbField } from "../../pkg-template/runtime/new-replication.js";

const TEXT =
  '{"_id":"a", "_rev":"1-a","source":"http://u:old@h.test/a","target":{"headers":{"X-A":"1","authorization":"Basic dTpvbGQ="},' +
  '"url":"http://h.test/b?x=\\u00e9","extra":1.0},"selector":{"10":1.0,"2":12345678901234567890},"continuous":true,"note":1.0}';

const STATE = '"_replication_state":"completed","_replication_stats":{"docs_read":1},"_replication_state_time":"x"';

/** @param {string} text @param {string} member */
const added = (text, member) => `${text.slice(0, -1)},${member}}`;

/** @param {string} text @param {Record<string, any>} changes */
const edit = (text, changes) => withChanges(text, changesOf(changes), isCouchdbField);

/** @type {[string, Record<string, any>, string, string][]} */
const ENDS = [
  [
    "new credentials replace those in the URL",
    { source: { auth: { basic: { username: "u", password: "new" } } } },
    "source",
    '{"url":"http://h.test/a","auth":{"basic":{"username":"u","password":"new"}}}',
  ],
  ["no credentials any more", { source: { auth: null } }, "source", '"http://h.test/a"'],
  [
    "a header with credentials replaces those in the URL",
    { source: { headers: { authorization: "Bearer t" } } },
    "source",
    '{"url":"http://h.test/a","headers":{"authorization":"Bearer t"}}',
  ],
  [
    "another header leaves the credentials in the URL",
    { source: { headers: { "X-B": "2" } } },
    "source",
    '{"url":"http://u:old@h.test/a","headers":{"X-B":"2"}}',
  ],
  [
    "new credentials replace those in a header, and leave the other members as they are",
    { target: { auth: { basic: { username: "u", password: "new" } } } },
    "target",
    '{"headers":{"X-A":"1"},"url":"http://h.test/b?x=é","extra":1.0,"auth":{"basic":{"username":"u","password":"new"}}}',
  ],
  [
    "new headers and credentials at once",
    { target: { auth: { iam: { api_key: "k" } }, headers: { "X-B": "2" } } },
    "target",
    '{"headers":{"X-B":"2"},"url":"http://h.test/b?x=é","extra":1.0,"auth":{"iam":{"api_key":"k"}}}',
  ],
  ["no headers any more", { target: { headers: null } }, "target", '{"url":"http://h.test/b?x=\\u00e9","extra":1.0}'],
  ["another URL takes no credentials along", { source: "http://other.test/a" }, "source", '"http://other.test/a"'],
  ["a URL object", { source: new URL("http://other.test/a") }, "source", '"http://other.test/a"'],
  [
    "another URL in an object takes no credentials along",
    { target: { url: "http://other.test/a", auth: null, headers: { "X-A": "2" } } },
    "target",
    '{"url":"http://other.test/a","headers":{"X-A":"2"}}',
  ],
];

for (const [what, changes, name, expected] of ENDS) {
  test(`an end: ${what}`, () => {
    const { text, changed } = edit(TEXT, changes);
    assert.deepEqual(changed, [name]);
    assert.equal(valueText(text, name), expected);
    // Everything else is the same, to the byte.
    const old = valueText(TEXT, name) ?? "";
    assert.equal(
      text.replace(expected, () => old),
      TEXT,
    );
  });
}

test("credentials in auth are replaced by those in a header", () => {
  const text =
    '{"source":{"url":"http://h.test/a","auth":{"basic":{"username":"u","password":"old"}}},"target":"http://h.test/b"}';
  const { text: edited } = edit(text, { source: { headers: { Authorization: "Bearer t" } } });
  assert.equal(valueText(edited, "source"), '{"url":"http://h.test/a","headers":{"Authorization":"Bearer t"}}');
});

const AUTH = { basic: { username: "u", password: "new" } };

/** What becomes of an end in a document. @param {string} source JSON @param {Record<string, any>} change */
const sourceOf = (source, change) => valueText(edit(`{"source":${source}}`, { source: change }).text, "source");

test("a URL in the query of an end keeps its credentials", () => {
  const url = "http://h.test/a?x=http://u:p@other.test";
  assert.equal(sourceOf(`"${url}"`, { auth: AUTH }), JSON.stringify({ url, auth: AUTH }));
});

test("an end that is an object stays one", () => {
  assert.equal(
    sourceOf('{"url":"http://h.test/a","headers":{"X-A":"1"}}', { headers: null }),
    '{"url":"http://h.test/a"}',
  );
});

test("new headers and credentials are both written, also if the headers have credentials", () => {
  const headers = { Authorization: "Bearer t" };
  assert.equal(
    sourceOf('"http://h.test/a"', { auth: AUTH, headers }),
    JSON.stringify({ url: "http://h.test/a", headers, auth: AUTH }),
  );
});

test("an end without a URL, or without anything, gets what is given", () => {
  assert.equal(
    sourceOf('{"headers":{"X-A":"1"}}', { auth: AUTH }),
    JSON.stringify({ headers: { "X-A": "1" }, auth: AUTH }),
  );
  assert.equal(edit("{}", { source: { headers: { "X-A": "1" } } }).text, '{"source":{"headers":{"X-A":"1"}}}');
  assert.equal(sourceOf("null", {}), "null");
});

test("fields are changed where they are, added at the end, and removed by null", () => {
  assert.deepEqual(edit(TEXT, { continuous: false, create_target: true, fields: { note: 2, team: null } }), {
    text: added(
      TEXT.replace('"continuous":true', '"continuous":false').replace('"note":1.0', '"note":2'),
      '"create_target":true',
    ),
    changed: ["continuous", "create_target", "note"],
  });
  assert.deepEqual(edit(TEXT, { continuous: null, fields: { note: null } }), {
    text: TEXT.replace(',"continuous":true,"note":1.0', ""),
    changed: ["continuous", "note"],
  });
});

test("a value that is the same changes nothing, however it is written", () => {
  for (const changes of [
    {},
    { continuous: true, owner: undefined, doc_ids: null },
    { fields: { note: undefined, team: null } },
    { source: "http://u:old@h.test/a" },
    { source: {}, target: { headers: undefined } },
    { target: { headers: { "X-A": "1", authorization: "Basic dTpvbGQ=" } } },
    { selector: JSON.parse('{"10":1.0,"2":12345678901234567890}'), fields: { note: 1 } },
  ]) {
    assert.deepEqual(edit(TEXT, changes), { text: TEXT, changed: [] });
  }
});

test("a replication that has ended loses its state if a change is about the replication", () => {
  const ended = added(TEXT, STATE);
  const changed = TEXT.replace('"continuous":true', '"continuous":false');
  assert.equal(edit(ended, { continuous: false }).text, changed);
  const both = edit(ended, { continuous: false, fields: { note: 2 } });
  assert.equal(both.text, changed.replace('"note":1.0', '"note":2'));
  for (const changes of [{ fields: { note: 2 } }, { owner: "me" }, { userCtx: { name: "me" } }]) {
    const { text, changed } = edit(ended, changes);
    assert.equal(changed.length, 1);
    assert.ok(text.includes(STATE), text);
  }
  assert.equal(edit(ended, { continuous: true }).text, ended);
});

test("a state that CouchDB does not know is never written again", () => {
  for (const state of ["null", '""', '"paused"', '"triggered"', '"error"']) {
    const { text } = edit(added(TEXT, `"_replication_state":${state}`), { fields: { note: 2 } });
    assert.equal(text, TEXT.replace('"note":1.0', '"note":2'));
  }
  const text = added(TEXT, '"_replication_state":"error"');
  assert.equal(edit(text, { continuous: true }).text, text, "nothing changes");
});
