// @ts-check
/** Faulty responses: as a fetch, and through a real socket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";
import { basic, ORIGIN, send } from "./requests.js";

const headers = { authorization: basic("admin", "pass") };
const DOCS = "/_scheduler/docs";

/**
 * The same test for both.
 * @param {string} name
 * @param {(simulator: import("./requests.js").Simulator, send: (path: string, init?: RequestInit) => Promise<Response>) => Promise<void>} body
 */
function bothWays(name, body) {
  test(`${name}, as fetch`, async () => {
    const simulator = createSimulator({ docs: 100 });
    await body(simulator, (path, init) => simulator.fetch(ORIGIN + path, { headers, ...init }));
  });
  test(`${name}, through a socket`, async () => {
    const simulator = createSimulator({ docs: 100 });
    const { url, close } = await serve(simulator);
    try {
      await body(simulator, (path, init) => fetch(url + path, { headers, ...init }));
    } finally {
      await close();
    }
  });
}

/** @param {Response} response @returns {Promise<{ bytes: number, error: unknown }>} the text before the fault */
async function readUntilBroken(response) {
  let bytes = 0;
  try {
    for await (const chunk of /** @type {any} */ (response.body)) bytes += chunk.length;
    return { bytes, error: null };
  } catch (error) {
    return { bytes, error };
  }
}

/**
 * Returns a value once it has not changed for 100 turns of the event loop. A server that does not wait for its reader
 * produces rows in every turn, however fast the machine is.
 * @param {() => number} read
 */
async function steady(read) {
  let value = read();
  for (let turns = 0; turns < 100; turns++) {
    await new Promise(setImmediate);
    if (read() === value) continue;
    value = read();
    turns = 0;
  }
  return value;
}

bothWays("no fault: the complete list", async (simulator, send) => {
  const response = await send(DOCS);
  assert.equal(response.headers.get("content-length"), null);
  assert.equal((await response.json()).docs.length, 100);
  assert.equal((await send("/_up", { method: "HEAD" })).headers.get("content-length"), "27");
  assert.equal(simulator.requests.length, 2);
});

bothWays("a status with headers and a body, once", async (simulator, send) => {
  simulator.fail({ path: DOCS, status: 429, headers: { "Retry-After": "2" }, body: '{"error":"too_many_requests"}' });
  const refused = await send(DOCS);
  assert.deepEqual(
    [refused.status, refused.headers.get("retry-after"), await refused.text()],
    [429, "2", '{"error":"too_many_requests"}'],
  );
  assert.equal((await send(DOCS)).status, 200);
  assert.deepEqual(
    simulator.requests.map(({ status }) => status),
    [429, 200],
  );
});

bothWays("a page of HTML, or nothing, with 200", async (simulator, send) => {
  simulator.fail({ body: "<h1>Sign in</h1>", headers: { "Content-Type": "text/html" } });
  const page = await send(DOCS);
  assert.deepEqual(
    [page.status, page.headers.get("content-type"), await page.text()],
    [200, "text/html", "<h1>Sign in</h1>"],
  );
  simulator.fail({ status: 200, body: "" });
  assert.equal(await (await send(DOCS)).text(), "");
});

bothWays("a redirect", async (simulator, send) => {
  simulator.fail({ path: DOCS, status: 302, headers: { Location: "/_up" } });
  const response = await send(DOCS);
  assert.deepEqual([response.redirected, await response.text()], [true, '{"status":"ok","seeds":{}}\n']);
});

bothWays("a reset before the headers", async (simulator, send) => {
  simulator.fail({ path: DOCS, reset: true, times: 2 });
  for (let i = 0; i < 2; i++) {
    await assert.rejects(
      send(DOCS),
      (/** @type {any} */ error) =>
        error instanceof TypeError && /** @type {any} */ (error.cause).code === "ECONNRESET",
    );
  }
  assert.equal((await send(DOCS)).status, 200);
});

for (const path of [DOCS, "/_scheduler/jobs"]) {
  bothWays(`${path} cut off in the middle`, async (simulator, send) => {
    simulator.fail({ path, cutAfter: 5000 });
    const response = await send(path);
    assert.equal(response.status, 200);
    const { bytes, error } = await readUntilBroken(response);
    assert(error instanceof TypeError, `${error}`);
    assert.equal(bytes, 5000);
    assert.equal((await readUntilBroken(await send(path))).error, null);
  });
}

bothWays("a body that stalls, until the client aborts", async (simulator, send) => {
  simulator.fail({ path: DOCS, stallAfter: 3000 });
  const giveUp = new AbortController();
  const response = await send(DOCS, { signal: giveUp.signal });
  const reason = new Error("enough");
  let bytes = 0;
  const reading = (async () => {
    for await (const chunk of /** @type {any} */ (response.body)) {
      bytes += chunk.length;
      if (bytes === 3000) giveUp.abort(reason);
    }
  })();
  await assert.rejects(reading, reason);
  assert.equal(bytes, 3000);
});

bothWays("an error member after the rows", async (simulator, send) => {
  simulator.fail({ path: DOCS, errorAfterRows: "timeout" });
  const body = JSON.parse(await (await send(DOCS)).text());
  assert.deepEqual([body.docs.length, body.error], [100, "timeout"]);
});

bothWays("headers that arrive late, by the simulator's clock", async (simulator, send) => {
  simulator.fail({ path: DOCS, delay: 60_000 });
  let answered = false;
  const response = send(DOCS).then((late) => {
    answered = true;
    return late;
  });
  assert.equal((await send("/_up")).status, 200, "other requests do not wait");
  while (simulator.requests.length < 2) await new Promise(setImmediate);
  assert.equal(answered, false);
  simulator.clock.advance(60_000);
  assert.equal((await response).status, 200);
});

test("rules: by method, by path, after some, always, removed", async () => {
  const simulator = createSimulator();
  const status = async (/** @type {string} */ path, method = "GET") => (await send(simulator, path, { method })).status;
  simulator.fail({ method: "DELETE", status: 500, body: "" });
  assert.equal(await status("/_up"), 200);
  assert.equal(await status("/_session", "DELETE"), 500);
  simulator.fail({ path: /limit=7/, status: 501, body: "" });
  assert.equal(await status("/_scheduler/jobs?limit=8"), 200);
  assert.equal(await status("/_scheduler/jobs?limit=7"), 501);
  simulator.fail({ path: (path) => path.endsWith("docs"), after: 2, times: 1, status: 502, body: "" });
  assert.deepEqual(
    [await status(DOCS), await status(DOCS), await status(DOCS), await status(DOCS)],
    [200, 200, 502, 200],
  );
  const removeRule = simulator.fail({ times: Infinity, status: 503, body: "" });
  for (let i = 0; i < 3; i++) assert.equal(await status("/_up"), 503);
  removeRule();
  assert.equal(await status("/_up"), 200);
  simulator.fail({ times: Infinity, status: 503, body: "" });
  simulator.heal();
  assert.equal(await status("/_up"), 200);
});

test("as fetch: an aborted call rejects with the signal's own reason", async () => {
  const simulator = createSimulator({ docs: 10 });
  const reason = { what: "no error at all" };
  await assert.rejects(simulator.fetch(ORIGIN, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  simulator.fail({ delay: 1000 });
  const later = new AbortController();
  const waiting = simulator.fetch(ORIGIN, { signal: later.signal });
  later.abort("a string");
  await assert.rejects(waiting, (error) => error === "a string");
});

test("as fetch: a Request, a URL or a string; a body and headers of all kinds", async () => {
  const simulator = createSimulator();
  const body = JSON.stringify({ name: "admin", password: "pass" });
  const type = { "content-type": "application/json" };
  for (const [input, init] of /** @type {[RequestInfo | URL, RequestInit?][]} */ ([
    [new Request(`${ORIGIN}/_session`, { method: "POST", headers: type, body })],
    [
      new URL(`${ORIGIN}/_session`),
      { method: "post", headers: new Headers(type), body: new TextEncoder().encode(body) },
    ],
    [`${ORIGIN}/_session`, { method: "POST", headers: [["Content-Type", "application/json"]], body: new Blob([body]) }],
  ])) {
    const response = await simulator.fetch(input, init);
    assert.equal(response.status, 200);
    assert.equal(response.url, `${ORIGIN}/_session`);
  }
  await assert.rejects(simulator.fetch("http://user:pass@couch.test/"), TypeError);
});

test("through a socket: one connection serves many requests, and slow readers get everything", async () => {
  const simulator = createSimulator();
  const info = { error: "x".repeat(20_000) };
  simulator.fleet.loadVerbatim(
    { _replicator: { rows: Array.from({ length: 3000 }, (_, i) => ({ doc_id: `d${i}`, state: "failed", info })) } },
    [{ id: "j" }],
  );
  const { url, close } = await serve(simulator);
  try {
    for (let i = 0; i < 20; i++)
      assert.equal((await (await fetch(`${url}/_scheduler/jobs?limit=1`, { headers })).json()).jobs.length, 1);
    const response = await fetch(url + DOCS, { headers });
    const soFar = await steady(() => simulator.requests.at(-1)?.rows ?? 0);
    assert(soFar > 0 && soFar < 3000, `${soFar} rows made for a reader that has read none`);
    assert.equal((await response.json()).docs.length, 3000);
    const dropped = await fetch(url + DOCS, { headers });
    await dropped.body?.cancel();
  } finally {
    await close();
  }
});
