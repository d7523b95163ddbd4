// @ts-check
// Several servers with one page: each has its own paths, credentials and responses.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { serve } from "../../pkg/serve/index.js";
import { hashPassword } from "../../pkg/serve/password.js";
import { cli, started } from "../cli/command-line.js";
import { asked, couch, FAST, recorder, served, standing, statusWith } from "./stage.js";

/** @param {string} name @param {string} password */
const basic = (name, password) => `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

const LIST = "couchdb/_scheduler/jobs";

/** @param {import("node:test").TestContext} t */
function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "couchdb-scheduler-several-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("lists the servers for the page, and answers for each below its name", async () => {
  const [first, second] = [await couch({ docs: 30 }), await couch({ docs: 20, seed: 2 })];
  const url = await served({
    servers: [
      { name: "berlin", url: first.withAdmin },
      { name: "lyon-2.example", url: second.withAdmin },
    ],
  });
  assert.deepEqual(await (await fetch(`${url}/config.json`)).json(), {
    servers: [
      { name: "berlin", url: "servers/berlin/couchdb", api: "servers/berlin/api", writes: false },
      {
        name: "lyon-2.example",
        url: "servers/lyon-2.example/couchdb",
        api: "servers/lyon-2.example/api",
        writes: false,
      },
    ],
  });
  assert.match(await (await fetch(`${url}/`)).text(), /<html/);
  assert.equal((await new Scheduler(`${url}/servers/berlin/couchdb`).listDocs()).docs.length, 30);
  assert.equal((await new Scheduler(`${url}/servers/lyon-2.example/couchdb`).listDocs()).docs.length, 20);
  assert.equal((await (await fetch(`${url}/servers/berlin/api/summary`)).json()).total, 30);
  assert.match(await (await fetch(`${url}/servers/berlin/metrics`)).text(), /^# HELP couchdb/m);
  assert.equal((await fetch(`${url}/servers/berlin/readyz`)).status, 200);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});

test("has nothing where no server is named", async () => {
  const { host, seen } = await recorder();
  const servers = ["a", "b"].map((name) => ({ name, url: `http://admin:secret@${host}` }));
  const url = await served({ servers, allowWrites: true });
  for (const path of [
    `/${LIST}`,
    "/couchdb",
    "/couchdb/",
    "/api/summary",
    "/metrics",
    "/readyz",
    `/servers/c/${LIST}`,
    `/servers//${LIST}`,
    `/servers/A/${LIST}`,
    `/servers/a%2f/${LIST}`,
    `/servers/%61/${LIST}`,
    `//servers/a/${LIST}`,
    "/servers/a",
    "/servers/a/",
    "/servers/a/config.json",
    "/servers/a/healthz",
    "/servers/a/_all_dbs",
    `/servers/a/servers/b/${LIST}`,
    "/servers/constructor/couchdb",
    "/servers/__proto__/couchdb",
  ]) {
    assert.equal(await statusWith(url, {}, path), 404, path);
    assert.equal((await asked(url, `POST ${path}`, { "Content-Length": "0" })).status >= 400, true, path);
  }
  // The checks of a single server hold for each.
  for (const [path, status] of /** @type {const} */ ([
    ["/servers/a/couchdb/../../b/couchdb/_scheduler/jobs", 400],
    ["/servers/a/couchdb/_all_dbs", 403],
    ["/servers/a/couchdb/_users/_all_docs?limit=1", 403],
  ])) {
    assert.equal(await statusWith(url, {}, path), status, path);
  }
  assert.equal(await statusWith(url, { Host: "evil.example" }, `/servers/a/${LIST}`), 403);
  assert.equal(await statusWith(url, { Origin: "https://evil.example" }, `/servers/a/${LIST}`), 403);
  assert.equal(await statusWith(url, { "Sec-Fetch-Site": "cross-site" }, `/servers/a/${LIST}`), 403);
  assert.equal(seen.length, 0);
});

test("sends each server its own credentials, and shares no response between them", async () => {
  const [a, b] = [await recorder({ "Set-Cookie": "AuthSession=ours" }), await recorder()];
  const servers = [
    { name: "a", url: `http://ann:one@${a.host}` },
    { name: "b", url: `http://bob:two@${b.host}` },
  ];
  const url = await served({ servers }, standing());
  const headers = { authorization: basic("visitor", "x"), cookie: "AuthSession=mine" };
  const response = await fetch(`${url}/servers/a/${LIST}`, { headers });
  assert.deepEqual(response.headers.getSetCookie(), []);
  await fetch(`${url}/servers/a/${LIST}`);
  await fetch(`${url}/servers/b/${LIST}`, { headers });
  const sent = (/** @type {Awaited<ReturnType<typeof recorder>>} */ { seen }) =>
    seen.map(({ headers: { authorization, cookie } }) => [authorization, cookie]);
  assert.deepEqual(sent(a), [[basic("ann", "one"), undefined]]);
  assert.deepEqual(sent(b), [[basic("bob", "two"), undefined]]);
});

test("changes only with --allow-writes, and the log names the server", async () => {
  const { host, seen } = await recorder();
  const servers = ["a", "b"].map((name) => ({ name, url: `http://admin:secret@${host}` }));
  /** @type {any[]} */
  const lines = [];
  const open = await served({ servers, allowWrites: true, log: (line) => lines.push(JSON.parse(line)) }, FAST);
  const change = (/** @type {string} */ url) =>
    fetch(`${url}/servers/b/couchdb/_replicator/x`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ source: "http://a.example/x", target: "http://b.example/x" }),
    });
  assert.equal((await change(open)).status, 200);
  assert.deepEqual(
    lines.map(({ server, event, doc_id }) => [server, event, doc_id]),
    [["b", "change", "a"]],
  );
  const before = seen.length;
  assert.equal((await change(await served({ servers }))).status, 405);
  assert.equal(seen.length, before);
});

test("visitors without a password see none of the servers", async (t) => {
  const { host, seen } = await recorder();
  const file = join(folder(t), "users");
  writeFileSync(file, `ann:${await hashPassword("s3same-s3same")}\n`, { mode: 0o600 });
  // Without credentials: visitors who are known here need none of CouchDB.
  const url = await served({ servers: ["a", "b"].map((name) => ({ name, url: `http://${host}` })), authFile: file });
  for (const path of ["/", "/config.json", `/servers/a/${LIST}`, `/servers/b/${LIST}`, `/servers/c/${LIST}`]) {
    assert.equal(await statusWith(url, {}, path), 401, path);
  }
  assert.equal(seen.length, 0);
  assert.equal(await statusWith(url, { Authorization: basic("ann", "s3same-s3same") }, `/servers/b/${LIST}`), 200);
  assert.equal(seen[0]?.headers.authorization, undefined);
});

test("refuses names and servers that cannot be served together", async () => {
  const at = (/** @type {string[]} */ ...names) =>
    names.map((name) => ({ name, url: "http://admin:s3cret@127.0.0.1:1" }));
  /** @type {[{ name: string, url: string }[], RegExp][]} */
  const wrong = [
    [at("a", "b/c"), /--server b\/c: .* letters, digits/],
    [at("a", ".."), /--server \.\.: /],
    [at("a", "a"), /--server a is given twice/],
    [at(...Array.from({ length: 21 }, (_, i) => `s${i}`)), /at most 20/],
    [[...at("a"), { name: "b", url: "http://127.0.0.1:1" }], /--server b: .* its user and password/],
    [[], /no server to show/],
  ];
  for (const [servers, words] of wrong) await assert.rejects(serve({ servers, port: 0 }), words);
});

test("serve --server, several times, takes the servers of config.json", async (t) => {
  const [first, second] = [await couch({ docs: 3 }), await couch({ docs: 5 })];
  const home = folder(t);
  mkdirSync(join(home, "couchdb-scheduler"));
  const named = (/** @type {{ url: string }} */ { url }) => ({ url, user: "admin", password: "pass" });
  writeFileSync(
    join(home, "couchdb-scheduler", "config.json"),
    JSON.stringify({ servers: { a: named(first), b: named(second) } }),
    { mode: 0o600 },
  );
  const env = { XDG_CONFIG_HOME: home };
  const both = ["serve", "--server", "a", "--server", "b", "--port", "0"];
  const { child, ended, printed } = started(both, { env });
  const [url = ""] = /http:\S+/.exec(await printed("stdout", /\n/)) ?? [];
  const address = url.replace("localhost", "127.0.0.1");
  assert.equal((await new Scheduler(`${address}/servers/a/couchdb`).listDocs()).docs.length, 3);
  assert.equal((await new Scheduler(`${address}/servers/b/couchdb`).listDocs()).docs.length, 5);
  child.kill("SIGTERM");
  const { code, stderr } = await ended;
  assert.equal(code, 0);
  assert.match(stderr, new RegExp(`^Shows ${first.url}, ${second.url} at `));
  assert.doesNotMatch(stderr, /pass/);

  const one = started(
    both.filter((_, at) => at < 1 || at > 2),
    { env },
  );
  const [alone = ""] = /http:\S+/.exec(await one.printed("stdout", /\n/)) ?? [];
  const config = await fetch(`${alone.replace("localhost", "127.0.0.1")}/config.json`);
  assert.equal((await config.json()).url, "couchdb", "one server has the paths it always had");
  one.child.kill("SIGTERM");
  await one.ended;
  for (const [more, words] of /** @type {[string[], RegExp][]} */ ([
    [["--user", "admin"], /--user is for one server/],
    [["--url", "http://127.0.0.1:1"], /--url is for one server/],
    [["--server", "c"], /has no server "c"/],
  ])) {
    const { code, stderr } = await cli([...both, ...more], { env });
    assert.notEqual(code, 0);
    assert.match(stderr, words);
  }
  const { stderr: refused } = await cli(["summary", "--server", "a", "--server", "b"], { env });
  assert.match(refused, /--server is given twice/, "other commands ask one");
});
