// @ts-check
// Secrets of every form, in every place where the server's text reaches the caller; and texts that only resemble secrets.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { diagnose, Replicator, Scheduler } from "couchdb-scheduler";
import { answering, listText } from "../support/answers.js";
import { all } from "../support/promises.js";

/** @type {{ secret: Record<string, string[]>, harmless: string[] }} */
const forms = JSON.parse(readFileSync(new URL("../support/secret-forms.json", import.meta.url), "utf8"));
/** Each has its secrets between « and ». */
const marked = Object.values(forms.secret).flat();
const texts = [...marked.map((form) => form.replaceAll(/[«»]/g, "")), ...forms.harmless];
const shown = [...marked.map((form) => form.replaceAll(/«[^»]*»/g, "*****")), ...forms.harmless];

/** Members of every shape that no server has today. @param {string} text */
const nested = (text) => ({ text, list: [text, [{ deep: text }]], object: { list: [text], number: 5, nothing: null } });

/** Members whose names make them secret, and others. */
const named = {
  password: "one",
  proxyPassword: 12345,
  auth: { username: "ann", basic: ["two"] },
  headers: { "X-Any": "three" },
  query_params: { key: "four", type: "x" },
  tokens: [{ value: "five" }],
  author: "ann",
  monkey: 3,
  doc_id: "token=a",
  session_count: 3,
  secret: null,
};
const namedShown = {
  ...named,
  password: "*****",
  proxyPassword: "*****",
  auth: { username: "ann", basic: ["*****"] },
  headers: { "X-Any": "*****" },
  query_params: { key: "*****", type: "x" },
  tokens: [{ value: "*****" }],
};

/** Ids are exact, whatever they resemble; each row has its own. @param {number} n */
const ids = (n) => ({
  database: "token=a/_replicator",
  doc_id: `a:b@c?key=${String(n).padStart(5, "0")}`,
  id: `password=${String(n).padStart(5, "0")}+continuous`,
  node: "u:p@host",
});

test("there are more than 60 forms of secrets, and more than 40 texts that resemble them", () => {
  assert.ok(marked.length > 60 && forms.harmless.length > 40, `${marked.length}, ${forms.harmless.length}`);
  for (const form of marked) assert.match(form, /«[^»]+»/);
});

test("documents are masked in every member, known or not", async () => {
  /** @param {number} n @param {string} text @param {object} others */
  const row = (n, text, others) => ({
    ...ids(n),
    state: "crashing",
    source: text,
    target: { url: text },
    source_proxy: text,
    target_proxy: [text],
    error_count: 1,
    ...others,
  });
  const infos = [
    (/** @type {string} */ text) => text,
    (/** @type {string} */ text) => ({ error: text }),
    (/** @type {string} */ text) => ({ error: nested(text) }),
    (/** @type {string} */ text) => ({ error: text, more: nested(text) }),
    (/** @type {string} */ text) => nested(text),
    (/** @type {string} */ text) => [text, [text]],
    (/** @type {string} */ text) => ({ docs_read: 1, checkpointed_source_seq: text }),
  ];
  const rows = texts.flatMap((text, n) =>
    infos.map((info, which) =>
      row(n * infos.length + which, text, { info: info(text), more: nested(text), other: text, named }),
    ),
  );
  const { docs } = await new Scheduler("http://couch.test", { fetch: answering({ body: listText(rows) }) }).listDocs();
  let at = 0;
  for (const text of shown) {
    for (const [which, info] of infos.entries()) {
      const expected = which === 0 ? { error: text } : info(text);
      const doc = { ...row(at, text, { info: expected, more: nested(text), other: text, named: namedShown }) };
      const { last_updated, start_time, ...rest } = docs[at++];
      assert.deepEqual(rest, doc);
    }
  }
  assert.equal(at, docs.length);
});

test("jobs are masked in every member, including their history", async () => {
  /** @param {string} text @param {unknown} names */
  const events = (text, names) => [
    { timestamp: "t", type: "crashed", reason: text },
    { timestamp: "t", type: "crashed", reason: nested(text) },
    { timestamp: "t", type: "crashed", reason: text, more: nested(text), names },
    { timestamp: "t", type: "started", text },
  ];
  const rows = texts.map((text, n) => ({
    ...ids(n),
    pid: null,
    source: text,
    target: nested(text),
    history: events(text, named),
    info: null,
    more: nested(text),
  }));
  const { jobs } = await new Scheduler("http://couch.test", {
    fetch: answering({ body: listText(rows, "jobs") }),
  }).listJobs();
  for (const [at, text] of shown.entries()) {
    const { database, doc_id, id, node, source, target, history, more } = /** @type {any} */ (jobs[at]);
    assert.deepEqual({ database, doc_id, id, node }, ids(at));
    const whole = events(text, namedShown).map(({ timestamp, type, ...details }) => ({
      timestamp,
      type,
      ...details,
      details,
    }));
    assert.deepEqual(
      { source, target, history, more },
      { source: text, target: nested(text), history: whole, more: nested(text) },
    );
  }
});

test("replication documents are masked in every member", async () => {
  const rows = texts.map((text, n) => {
    const id = `r-${String(n).padStart(4, "0")}`;
    return {
      id,
      key: id,
      value: { rev: "1-a" },
      doc: { _id: id, _rev: "1-a", source: text, target: { url: text }, more: nested(text), named },
    };
  });
  /** @type {any[]} */
  const documents = [];
  // Fewer rows than a page has, so that none continues the list.
  for (let from = 0; from < rows.length; from += 200) {
    const fetch = answering({ body: listText(rows.slice(from, from + 200), "rows") });
    documents.push(...(await all(new Replicator("http://couch.test", { fetch }).listReplications())));
  }
  assert.equal(documents.length, texts.length);
  for (const [at, text] of shown.entries()) {
    const { source, target, more, named } = documents[at];
    assert.deepEqual(
      { source, target, more, named },
      { source: text, target: { url: text }, more: nested(text), named: namedShown },
    );
  }
});

test("diagnose() shows no secret of an unmasked row", () => {
  let searched = 0;
  for (const form of marked) {
    const secrets = [...form.matchAll(/«([^»]*)»/g)].map(([, secret]) => secret).filter(({ length }) => length > 5);
    const error = form.replaceAll(/[«»]/g, "");
    const row = { state: "failed", info: { error }, source: "http://a.test/", target: "http://b.test/" };
    const told = diagnose(/** @type {any} */ (row));
    assert.ok(told);
    for (const secret of secrets) {
      assert.ok(!`${told.message} ${told.hint}`.includes(secret), `${told.message} ${told.hint}`);
      searched++;
    }
  }
  assert.ok(searched > 30, `${searched}`);
});

test("the server's message about a failure is masked", async () => {
  for (const [at, text] of texts.entries()) {
    const fetch = answering({ status: 500, body: { error: "x", reason: text } });
    const listing = new Scheduler("http://couch.test", { fetch, retries: 0 }).listDocs();
    await assert.rejects(listing, { reason: shown[at] });
  }
});
