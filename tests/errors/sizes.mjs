// @ts-check
// Run by sizes.test.js with little memory for the wasm: responses of every size and content, and the result of each call. Prints
// one line per error, and the number of calls.

import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { streamOf } from "../support/answers.js";
import { all } from "../support/promises.js";

const MEGABYTE = 1_000_000;

/** Milliseconds after which a call counts as never settling: a response takes less than a tenth of it. */
const BOUND = 60_000;

/** @param {string} piece */
const repeated = (piece) => {
  const { length } = JSON.stringify(piece);
  return (/** @type {number} */ size) => JSON.stringify(piece.repeat(size / (length - 2)));
};

/** @param {string} json @param {string} [before] @param {string} [after] */
const literally =
  (json, before = '"', after = '"') =>
  (/** @type {number} */ size) =>
    before + json.repeat(size / json.length) + after;

/** JSON of approximately this number of bytes. @type {Record<string, (size: number) => string>} */
const CONTENTS = {
  plain: repeated("x"),
  quotes: repeated('"'),
  backslashes: repeated("\\"),
  unicode: literally("\\u0041"),
  "escaped backslashes": literally("\\u005c"),
  percent: repeated("%25"),
  "percent signs": repeated("%"),
  "escaped quotes": repeated("%5C%22"),
  URLs: repeated("http://u:p@h/?token=a "),
  "user info": repeated("a:b@"),
  "names of secrets": repeated("token="),
  "secrets in quotes": repeated('token="'),
  terms: repeated("{password,[112,119]},"),
  "open terms": repeated("{password,["),
  bearers: repeated("Bearer  "),
  "web tokens": repeated("eyJ."),
  "line breaks": repeated("\n"),
  numbers: literally("1,", "[", "1]"),
  strings: literally('"token=a",', "[", "1]"),
  members: literally('"token":1,', "{", '"b":1}'),
  objects: literally('{"a":1},', "[", "1]"),
  space: literally("\r\n", "[", "1]"),
  arrays: (size) => "[".repeat(size / 2) + "]".repeat(size / 2),
  "nested objects": (size) => `${'{"a":'.repeat(size / 6)}1${"}".repeat(size / 6)}`,
};

/** Its position in a row. @type {((json: string) => string)[]} */
const PLACES = [
  (json) => `"info":{"error":${json}}`,
  (json) => `"source":${json}`,
  (json) => `"unknown":${json}`,
  (json) => `"history":[{"type":"crashed","reason":${json}}]`,
];

/** @param {string} row @param {string} [name] */
const list = (row, name = "docs") => `{"total_rows":1,"offset":0,"${name}":[${row}]}`;

/**
 * @typedef {{ client: Client, scheduler: Scheduler, replicator: Replicator }} Handles
 * @typedef {[name: string, body: (row: string) => string, make: (handles: Handles) => Promise<unknown>, status?: number]} Call
 */

/** @type {Call[]} */
const CALLS = [
  ["listDocs", list, ({ scheduler }) => scheduler.listDocs()],
  ["listJobs", (row) => list(row, "jobs"), ({ scheduler }) => scheduler.listJobs()],
  ["docs", list, ({ scheduler }) => all(scheduler.docs({ states: ["failed"] }))],
  ["getDoc", (row) => row, ({ scheduler }) => scheduler.getDoc("a")],
  ["summary", list, ({ scheduler }) => scheduler.summary()],
  ["waitFor", (row) => row, ({ scheduler }) => scheduler.waitFor("a")],
  [
    "listReplications",
    (row) => list(`{"id":"a","key":"a","doc":${row}}`, "rows"),
    ({ replicator }) => all(replicator.listReplications()),
  ],
  ["getReplication", (row) => row, ({ replicator }) => replicator.getReplication("a")],
  ["info", (row) => row, ({ client }) => client.info()],
  ["an error", (row) => row.replace("{", '{"error":"x","reason":"y",'), ({ scheduler }) => scheduler.listDocs(), 500],
  ["a page", (row) => `<title>${row}`, ({ scheduler }) => scheduler.getDoc("a"), 502],
  [
    "an error after the rows",
    (row) => `{"total_rows":0,"offset":0,"docs":[],"more":${row},"error":"x","reason":"y"}`,
    ({ scheduler }) => scheduler.listDocs(),
  ],
];

/** Endless content, each with its repeated part. */
const ENDLESS = [
  ['{"total_rows":1,"offset":0,"docs":[{"doc_id":"', "a"],
  ['{"total_rows":1,"offset":0,"docs":[{"doc_id":"a","info":[', '{"a":"\\\\"},'],
  ['{"total_rows":1,"offset":0,"docs":[{"doc_id":"a","info":', "["],
  ['{"total_rows":1,"offset":0,"docs":[{', '"a":1,'],
  ['{"couchdb":"', "\\\\"],
  ["{", '"error":"x",'],
];

/** @param {string} beginning @param {string} piece */
function* endless(beginning, piece) {
  yield beginning;
  const more = new TextEncoder().encode(piece.repeat(MEGABYTE / piece.length));
  for (;;) yield more;
}

const server = { answer: () => new Response() };
// A password of awkward characters, because the test searches the output for it.
const auth = { username: "admin", password: 'a\\b"c/d ü\\\\x' };
const client = new Client("http://couch.test", { auth, retries: 0, fetch: async () => server.answer() });
const handles = { client, scheduler: new Scheduler(client), replicator: new Replicator(client) };
const GOOD = list('{"database":"_replicator","doc_id":"a","state":"failed"}');
let calls = 0;

/** @param {string} what @param {() => Response} answer @param {Call} call */
async function check(what, answer, [name, , make]) {
  calls++;
  server.answer = answer;
  const timer = new Promise((resolve) => setTimeout(resolve, BOUND, "never settled").unref());
  const settled = make(handles).then(
    () => undefined,
    (error) => (error.name === "SchedulerError" ? undefined : `${error}`),
  );
  const wrong = await Promise.race([settled, timer]);
  server.answer = () => new Response(GOOD);
  const after = await Promise.race([handles.scheduler.listDocs().then(({ docs }) => docs.length, String), timer]);
  if (wrong !== undefined || after !== 1) console.log(`${name} of ${what}: ${wrong}; and then: ${after}`);
  if (wrong === "never settled" || after === "never settled") process.exit(1);
}

/** @param {number} size @param {string} content @param {number} place @param {Call} call */
function checkRow(size, content, place, call) {
  const row = `{"couchdb":"Welcome","_id":"a","doc_id":"a","id":"a","_rev":"1-a","state":"failed",${PLACES[place](CONTENTS[content](size))}}`;
  const [, body, , status = 200] = call;
  const bytes = new TextEncoder().encode(body(row));
  return check(`${size / MEGABYTE} MB of ${content}`, () => new Response(bytes, { status }), call);
}

const contents = Object.keys(CONTENTS);
// All combinations of small ones; the larger ones in rotation, so that each content, place and call has large ones.
for (const content of contents) {
  for (const [n, call] of CALLS.entries()) await checkRow(0.3 * MEGABYTE, content, n % PLACES.length, call);
}
let turn = 0;
for (const size of [4, 12, 40]) {
  for (const content of contents) {
    await checkRow(size * MEGABYTE, content, turn % PLACES.length, CALLS[turn % CALLS.length]);
    turn++;
  }
}
for (const [n, [beginning, piece]] of ENDLESS.entries()) {
  for (const call of CALLS.slice(n % 2 ? 0 : 6, n % 2 ? 6 : 12)) {
    const body = () => new Response(streamOf(endless(beginning, piece)), { status: call[3] ?? 200 });
    await check(`endless: ${beginning}${piece}`, body, call);
  }
}
console.log(`${calls} calls`);
