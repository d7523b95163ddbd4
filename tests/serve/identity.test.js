// @ts-check
// As whom a request is sent to CouchDB: one identity each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { couch, FAST, recorder, served, standing, upstream } from "./stage.js";

const PATH = "/couchdb/_scheduler/jobs";

/** @param {string} name @param {string} password */
const basic = (name, password) => `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

test("the server's own credentials are used for everyone, and nothing of the visitor's", async () => {
  const { host, seen } = await recorder({ "Set-Cookie": "AuthSession=ours" });
  const url = await served({ couchdbUrl: `http://admin:secret@${host}` }, FAST);
  for (const headers of /** @type {Record<string, string>[]} */ ([
    {},
    { authorization: "Bearer x" },
    { authorization: basic("other", "x") },
    { cookie: "theme=dark; AuthSession=mine" },
  ])) {
    const response = await fetch(url + PATH, { headers });
    assert.deepEqual(response.headers.getSetCookie(), [], "the server's session is not the visitor's");
  }
  assert.deepEqual(
    seen.map(({ headers: { authorization, cookie } }) => [authorization, cookie]),
    Array(4).fill([basic("admin", "secret"), undefined]),
  );
});

test("without credentials of the server, visitors use theirs, and share no response", async () => {
  const { host, seen } = await recorder({
    "Set-Cookie": ["AuthSession=new; Path=/; HttpOnly", "theme=1", "AuthSessionX=2"],
  });
  const url = await served({ couchdbUrl: `http://${host}` }, standing());
  const ask = async (/** @type {Record<string, string>} */ headers) => (await fetch(url + PATH, { headers })).headers;
  assert.deepEqual((await ask({ cookie: "theme=dark; AuthSession=mine; other=1" })).getSetCookie(), [
    "AuthSession=new; Path=/; HttpOnly",
  ]);
  await ask({ cookie: "theme=dark; XAuthSession=1" });
  await ask({ authorization: basic("a", "ü:ß") });
  await ask({ authorization: basic("a", "other") });
  await ask({ authorization: basic("a", "other"), cookie: "AuthSession=mine" });
  await ask({ authorization: "Bearer x" });
  assert.deepEqual(
    seen.map(({ headers: { authorization, cookie } }) => [authorization, cookie]),
    [
      [undefined, "AuthSession=mine"],
      [undefined, undefined],
      [basic("a", "ü:ß"), undefined],
      [basic("a", "other"), undefined],
    ],
    "one identity each; the fifth is equal to the fourth, the sixth to the second",
  );
});

test("user info of a URL is decoded; one that cannot be is refused without being shown", async () => {
  const { host, seen } = await recorder();
  await fetch((await served({ couchdbUrl: `http://me:p%40%C3%BC@${host}` })) + PATH);
  assert.equal(seen[0]?.headers.authorization, basic("me", "p@ü"));
  await assert.rejects(served({ couchdbUrl: `http://me:s3cret%@${host}` }), (/** @type {Error} */ error) => {
    assert.equal(error.name, "UsageError");
    assert.match(error.message, /percent-encoded/);
    assert.doesNotMatch(error.message, /s3cret/);
    return true;
  });
});

test("credentials that CouchDB refuses are not sent again and again, which would lock the account", async () => {
  const clock = standing();
  let isRight = false;
  let requests = 0;
  const host = await upstream((_, response) => {
    requests++;
    if (isRight) return void response.end('{"total_rows":0,"offset":0,"jobs":[]}');
    response.writeHead(401).end('{"error":"unauthorized","reason":"Name or password is incorrect."}');
  });
  const url = await served({ couchdbUrl: `http://admin:wrong@${host}` }, clock);
  for (const path of [PATH, PATH, "/couchdb/_session", "/api/summary"]) {
    clock.advance(2000);
    const response = await fetch(url + path);
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), null, "no dialog of the browser");
    assert.match((await response.json()).reason, /Name or password is incorrect/);
  }
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
  assert.equal(requests, 1);
  isRight = true;
  // Two minutes after the first request, whatever was requested meanwhile: other requests do not prolong it.
  clock.advance(113_999);
  assert.equal((await fetch(url + PATH)).status, 401);
  clock.advance(1);
  assert.equal((await fetch(url + PATH)).status, 200);
});

test("a session with CouchDB is kept, and renewed once when it has ended", async () => {
  const { url: couchdb, simulator } = await couch({ sessionSeconds: 600 });
  const auth = { type: /** @type {const} */ ("session"), username: "admin", password: "pass" };
  const url = await served({ couchdb: { url: couchdb, options: { auth } } }, FAST);
  const scheduler = new Scheduler(new Client(`${url}/couchdb`));
  const logins = () =>
    simulator.requests.filter(({ method, path }) => method === "POST" && path === "/_session").length;
  await Promise.all([1, 2, 3, 4].map((limit) => scheduler.listJobs({ limit })));
  await scheduler.summary();
  // CouchDB renews a session that is about to end.
  simulator.clock.advance(560_000);
  const renewed = await fetch(url + PATH);
  assert.deepEqual([renewed.status, renewed.headers.getSetCookie()], [200, []]);
  assert.equal(logins(), 1);
  simulator.clock.advance(601_000);
  await Promise.all([1, 2, 3, 4].map((limit) => scheduler.listJobs({ limit })));
  assert.equal(logins(), 2);
});

test("a probe renews a session that has ended: nothing else may be requested until the server is ready", async () => {
  for (const requireValidUser of [false, true]) {
    const { url: couchdb, simulator } = await couch({ sessionSeconds: 600, requireValidUser });
    const auth = { type: /** @type {const} */ ("session"), username: "admin", password: "pass" };
    const url = await served({ couchdb: { url: couchdb, options: { auth } } }, FAST);
    for (let i = 0; i < 2; i++) {
      assert.equal((await fetch(`${url}/readyz`)).status, 200);
      simulator.clock.advance(601_000);
    }
  }
});

test("a change after the end of a session renews it, and blocks nobody", async () => {
  const { url: couchdb, simulator } = await couch({ sessionSeconds: 600 });
  const auth = { type: /** @type {const} */ ("session"), username: "admin", password: "pass" };
  const url = await served({ couchdb: { url: couchdb, options: { auth } }, allowWrites: true }, standing());
  const create = (/** @type {string} */ id) =>
    fetch(`${url}/couchdb/_replicator/${id}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: '{"source":"http://a.example/x","target":"http://b.example/x"}',
    });
  assert.equal((await create("a")).status, 201);
  simulator.clock.advance(601_000);
  assert.equal((await create("b")).status, 401);
  assert.equal((await create("b")).status, 201);
  assert.equal((await fetch(url + PATH)).status, 200);
});

test("a token is sent as it is", async () => {
  const { host, seen } = await recorder();
  const auth = { type: /** @type {const} */ ("bearer"), token: () => "t0ken" };
  const url = await served({ couchdb: { url: `http://${host}`, options: { auth, headers: { "X-Proxy": "1" } } } });
  await fetch(url + PATH);
  assert.equal(seen[0]?.headers.authorization, "Bearer t0ken");
  assert.equal(seen[0]?.headers["x-proxy"], "1");
});

test("a refused API key is not sent again and again either, nor one of an account that is locked", async () => {
  const clock = standing();
  let tokens = 0;
  const tokenUrl = `http://${await upstream((_, response) => {
    tokens++;
    response.writeHead(400).end('{"errorCode":"BXNIM0415E","errorMessage":"Provided API key could not be found."}');
  })}/token`;
  const auth = { type: /** @type {const} */ ("iam"), apiKey: "s3cret-key", tokenUrl };
  const iam = await served({ couchdb: { url: "http://127.0.0.1:9", options: { auth } } }, clock);
  for (const path of [PATH, PATH, "/readyz", "/api/summary"]) {
    clock.advance(2000);
    const response = await fetch(iam + path);
    assert.equal(response.status, path === "/readyz" ? 503 : 401);
    assert.doesNotMatch(await response.text(), /s3cret/);
  }
  assert.equal(tokens, 1);

  const { simulator, url } = await couch();
  for (let at = 0; at < 5; at++)
    await simulator.fetch(`${url}/`, { headers: { authorization: basic("admin", "wrong") } });
  const locked = await served({ couchdbUrl: url.replace("://", "://admin:pass@") }, clock);
  const before = simulator.requests.length;
  for (const _ of [1, 2, 3]) {
    clock.advance(2000);
    assert.equal((await fetch(locked + PATH)).status, 403);
  }
  assert.equal(simulator.requests.length, before + 1);
});

test("an IAM token is obtained once, and renewed when it is refused", async () => {
  let tokens = 0;
  let accepted = 1;
  const tokenUrl = `http://${await upstream((_, response) => {
    tokens++;
    response.end(JSON.stringify({ access_token: `t${tokens}`, token_type: "Bearer", expires_in: 3600 }));
  })}/token`;
  const host = await upstream(({ url, headers }, response) => {
    if (headers.authorization !== `Bearer t${accepted}`) return void response.writeHead(401).end("{}");
    response.end(
      url === "/_session" ? '{"ok":true,"userCtx":{"name":"a","roles":[]}}' : '{"total_rows":0,"offset":0,"jobs":[]}',
    );
  });
  const auth = { type: /** @type {const} */ ("iam"), apiKey: "key", tokenUrl };
  const url = await served({ couchdb: { url: `http://${host}`, options: { auth } } }, FAST);
  for (const at of [1, 2, 3]) assert.equal((await fetch(`${url}${PATH}?limit=${at}`)).status, 200);
  assert.equal(tokens, 1);
  accepted = 2;
  assert.equal((await fetch(url + PATH)).status, 200);
  assert.equal(tokens, 2);
});

test("a response that arrives late does not end a session that has been renewed since", async () => {
  let tokens = 0;
  const tokenUrl = `http://${await upstream((_, response) => {
    tokens++;
    response.end(JSON.stringify({ access_token: `t${tokens}`, token_type: "Bearer", expires_in: 3600 }));
  })}/token`;
  /** Ends the request that is kept waiting. @type {(() => void) | undefined} */
  let late;
  const host = await upstream(({ url = "", headers }, response) => {
    const isOld = headers.authorization === "Bearer t1" && url.startsWith("/_scheduler");
    const end = () => {
      if (isOld) response.writeHead(401).end("{}");
      else if (url === "/_session") response.end('{"ok":true,"userCtx":{"name":"a","roles":[]}}');
      else response.end('{"total_rows":0,"offset":0,"jobs":[]}');
    };
    if (isOld && url.endsWith("=1")) late = end;
    else end();
  });
  const auth = { type: /** @type {const} */ ("iam"), apiKey: "key", tokenUrl };
  const url = await served({ couchdb: { url: `http://${host}`, options: { auth } } }, FAST);
  const first = fetch(`${url}${PATH}?limit=1`);
  while (late === undefined) await new Promise(setImmediate);
  assert.equal((await fetch(`${url}${PATH}?limit=2`)).status, 200);
  assert.equal(tokens, 2);
  /** @type {() => void} */ (late)();
  assert.equal((await first).status, 200);
  assert.equal(tokens, 2);
});
