// @ts-check
// Plants secrets everywhere, and searches everything that the package returns.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Client, Scheduler } from "couchdb-scheduler";
import { listText } from "../support/answers.js";
import { all } from "../support/promises.js";

/** Each is identified by its number. */
const secrets = Array.from({ length: 30 }, (_, n) => `S3CR3T-${String(n).padStart(2, "0")}-x`);
let planted = 0;
const plant = () => secrets[planted++];

const rows = [
  {
    database: "_replicator",
    doc_id: "proxied",
    state: "running",
    error_count: 0,
    source: `https://u:${plant()}@couch.test/a/`,
    target: `https://couch.test/b/?api_key=${plant()}&limit=3`,
    source_proxy: `http://proxy:${plant()}@proxy.test:8080`,
    target_proxy: `socks5://proxy:${plant()}@proxy.test:1080`,
    info: null,
  },
  {
    database: "_replicator",
    doc_id: "old server",
    state: "crashing",
    error_count: 3,
    proxy: `http://u:${plant()}@p.test`,
    info: `db_not_found: could not open https://couch.test/db/?token=${plant()}`,
  },
  {
    database: "_replicator",
    doc_id: "term",
    state: "crashing",
    error_count: 3,
    info: {
      error: `{replication_auth_error,\n    {session_request_failed,"http://u:${plant()}@h.test/_session?sig=${plant()}","user",{headers,[{"Authorization","Basic ${plant()}"},{"Cookie","AuthSession=${plant()}"}]}}}`,
    },
  },
  {
    database: "_replicator",
    doc_id: "options",
    state: "failed",
    error_count: 1,
    info: {
      error: `bad_rep_doc: {options,[{password,"${plant()}"},{<<"secret">>,<<"${plant()}">>},{"token":"${plant()}"}]}`,
    },
  },
];

const jobs = [
  {
    id: "0a",
    pid: null,
    source: `https://u:${plant()}@couch.test/a/`,
    target: `https://couch.test/b/?access_token=${plant()}`,
    info: null,
    history: [
      {
        type: "crashed",
        timestamp: "2026-11-22T22:00:00Z",
        reason: `{error,{basic_auth,{"u","${plant()}"}}} Bearer ${plant()}`,
      },
    ],
  },
];

/** The responses of a working server, by path. @param {string} url */
function answer(url) {
  const { pathname } = new URL(url);
  if (pathname === "/_session") return '{"ok":true,"userCtx":{"name":"admin","roles":["_admin"]}}';
  if (pathname.endsWith("/jobs/0a")) return JSON.stringify(jobs[0]);
  if (pathname.endsWith("/jobs")) return listText(jobs, "jobs");
  if (pathname.includes("/_replicator/")) return JSON.stringify(rows[0]);
  return listText(rows);
}

const reason = `could not open https://u:${plant()}@couch.test/?key=${plant()}`;
const cookie = plant();
const passwords = [plant(), plant(), plant(), plant(), plant(), plant()];

/** @type {[string, import("couchdb-scheduler").ClientOptions][]} */
const clients = [
  [`https://admin:${passwords[0]}@couch.test`, {}],
  ["https://couch.test", { auth: { username: "admin", password: passwords[1] } }],
  ["https://couch.test", { auth: { type: "session", username: "admin", password: passwords[2] } }],
  ["https://couch.test", { auth: { type: "bearer", token: passwords[3] } }],
  ["https://couch.test", { auth: { type: "iam", apiKey: passwords[4] } }],
  ["https://couch.test", { headers: { "X-Secret": passwords[5] } }],
];

/** Everything visible of a value. @param {any} value */
function everythingOf(value) {
  const parts = [String(value), inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value)];
  if (value instanceof Error) parts.push(value.message, String(value.stack), JSON.stringify(Object.entries(value)));
  return parts.join("\n");
}

/** Everything that a client returns, on success and failure. @param {Client} client @returns {AsyncGenerator<[string, unknown]>} */
async function* outputsOf(client) {
  const scheduler = new Scheduler(client);
  /** @type {[string, () => Promise<unknown>][]} */
  const calls = [
    ["listDocs", () => scheduler.listDocs()],
    ["docs", () => all(scheduler.docs())],
    ["getDoc", () => scheduler.getDoc("proxied")],
    ["listJobs", () => scheduler.listJobs()],
    ["jobs", () => all(scheduler.jobs())],
    ["watch", () => scheduler.watch().next()],
    ["watchJobs", () => scheduler.watchJobs().next()],
    ["getJob", () => scheduler.getJob("0a")],
    ["summary", () => scheduler.summary()],
    ["incidents", () => scheduler.incidents()],
    ["session", () => client.session()],
  ];
  for (const [name, call] of calls) yield [name, await call().catch((error) => error)];
  yield ["client", client];
  yield ["scheduler", scheduler];
  yield ["url", client.url];
}

const SERVERS = {
  good: (/** @type {string} */ url) =>
    new Response(url.includes("iam.cloud") ? '{"access_token":"token","expires_in":60}' : answer(url), {
      headers: url.endsWith("/_session") ? { "set-cookie": `AuthSession=${cookie}; Max-Age=600` } : {},
    }),
  refusing: () => Response.json({ error: "x", reason }, { status: 500 }),
  failingBehindTheRows: (/** @type {string} */ url) => {
    const text = answer(url).trimEnd();
    return new Response(
      text.endsWith("]}") ? `${text.slice(0, -1)},"error":"x","reason":${JSON.stringify(reason)}}` : text,
    );
  },
};

test("no secret is visible in rows, errors or clients", async () => {
  assert.ok(planted >= 20, `${planted} secrets`);
  let searched = 0;
  for (const [server, respond] of Object.entries(SERVERS)) {
    for (const [url, options] of clients) {
      const fetch = /** @type {any} */ (async (/** @type {string} */ url) => respond(url));
      for await (const [name, output] of outputsOf(new Client(url, { ...options, fetch, retries: 0 }))) {
        const text = everythingOf(output);
        const leaked = secrets.filter((secret) => text.includes(secret));
        assert.deepEqual(leaked, [], `${name} of a ${server} server`);
        searched += text.length;
      }
    }
  }
  assert.ok(searched > 50_000);
});

test("the secrets really exist: requests have them, and other values are kept", async () => {
  /** @type {string[]} */
  const sent = [];
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      sent.push(JSON.stringify([...new Headers(init.headers)]) + String(init.body));
      return SERVERS.good(url);
    }
  );
  for (const [url, options] of clients) await new Scheduler(url, { ...options, fetch }).listJobs();
  const basic = (/** @type {string} */ password) => Buffer.from(`admin:${password}`).toString("base64");
  for (const shown of [basic(passwords[0]), basic(passwords[1]), ...passwords.slice(2)]) {
    assert.ok(
      sent.some((text) => text.includes(shown)),
      shown,
    );
  }
  const { docs } = await new Scheduler("https://couch.test", { fetch }).listDocs();
  assert.equal(docs[0].target, "https://couch.test/b/?api_key=*****&limit=3");
  assert.equal(docs[0].source, "https://u:*****@couch.test/a/");
  assert.equal(
    docs[1].info && "error" in docs[1].info && docs[1].info.error,
    "db_not_found: could not open https://couch.test/db/?token=*****",
  );
});
