// @ts-check
// The dev server: files, and the proxy in front of CouchDB.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, request } from "node:http";
import { connect } from "node:net";
import { after, test } from "node:test";
import { startDevServer } from "./dev-server.js";

/** @param {import("./dev-server.js").DevServerOptions} options */
async function serve(options) {
  const server = await startDevServer(options);
  after(() => server.close());
  return server.url;
}

/**
 * A server in CouchDB's place.
 *
 * @param {import("node:http").RequestListener} answer
 */
async function upstream(answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
}

/** Sends a path just as it is, which fetch would tidy up. @param {string} url @param {string} path @returns {Promise<number>} */
const statusOf = (url, path) =>
  new Promise((resolve) => {
    get({ host: "localhost", port: new URL(url).port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });

const simulated = await serve({ simulator: { docs: 5 } });

test("the page, the package, the simulator and the configuration", async () => {
  const page = await fetch(`${simulated}/`);
  assert.match(await page.text(), /<!doctype html>/i);
  assert.match(page.headers.get("content-security-policy") ?? "", /script-src 'self' 'wasm-unsafe-eval';/);
  const entry = await fetch(`${simulated}/couchdb-scheduler/index.js`);
  assert.equal(entry.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(entry.headers.get("cache-control"), "no-cache");
  assert.match(await entry.text(), /Scheduler/);
  const simulator = await fetch(`${simulated}/simulator/index.js`);
  assert.match(await simulator.text(), /createSimulator/, "for the try-out mode");
  assert.deepEqual(await (await fetch(`${simulated}/config.json`)).json(), { url: "/couchdb", simulator: true });
  assert.equal((await fetch(`${simulated}/nothing`)).status, 404);
  assert.equal((await fetch(`${simulated}/`, { method: "POST" })).status, 405);
});

test("no path leads out of the folders", async () => {
  for (const path of [
    "/../package.json",
    "/%2e%2e/package.json",
    "/couchdb-scheduler/../../package.json",
    "/couchdb-scheduler/..%2f..%2fpackage.json",
    "/..%5cpackage.json",
    "/%00",
    "/%",
    "//etc/passwd",
    "/couchdb-scheduler",
  ]) {
    assert.equal(await statusOf(simulated, path), 404, path);
  }
});

test("the simulator answers without a password, and refuses a wrong one", async () => {
  const { docs } = await (await fetch(`${simulated}/couchdb/_scheduler/docs?limit=2`)).json();
  assert.equal(docs.length, 2);
  const wrong = await fetch(`${simulated}/couchdb/_scheduler/docs`, {
    headers: { authorization: `Basic ${btoa("admin:wrong")}` },
  });
  assert.equal(wrong.status, 401);
});

test("requests go on as they are, with the address's user where they name none", async () => {
  /** @type {import("node:http").IncomingMessage[]} */
  const seen = [];
  let body = "";
  const host = await upstream(async (request, response) => {
    seen.push(request);
    for await (const chunk of request) body += chunk;
    response.writeHead(201, { "X-Couch-Request-ID": "abc" }).end("{}");
  });
  const url = await serve({ couchdbUrl: `http://me:p%40ss@${host}/prefix/` });
  assert.deepEqual(await (await fetch(`${url}/config.json`)).json(), { url: "/couchdb", simulator: false });

  const response = await fetch(`${url}/couchdb/_scheduler/docs/a%2Fb/c%2Bd?x=%22y%22`, { method: "PUT", body: "{}" });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-couch-request-id"), "abc");
  const [first] = seen;
  assert.equal(first?.url, "/prefix/_scheduler/docs/a%2Fb/c%2Bd?x=%22y%22");
  assert.equal(first?.method, "PUT");
  assert.equal(body, "{}");
  assert.equal(first?.headers.authorization, `Basic ${btoa("me:p@ss")}`);
  assert.equal(first?.headers.host, host);

  await fetch(`${url}/couchdb`, { headers: { authorization: "Bearer x" } });
  assert.equal(seen[1]?.url, "/prefix/");
  assert.equal(seen[1]?.headers.authorization, "Bearer x");
});

test("answers stream, and one that breaks off breaks off here", async () => {
  const host = await upstream((_, response) => {
    response.write("first");
    response.on("close", () => {});
    setTimeout(() => response.destroy(), 300);
  });
  const url = await serve({ couchdbUrl: `http://${host}` });
  const { body } = await fetch(`${url}/couchdb/`);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
  assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), "first");
  await assert.rejects(async () => void (await reader.read()));
});

test("whoever stops listening ends the request to CouchDB", async () => {
  /** @type {() => void} */
  let ended = () => {};
  const end = new Promise((resolve) => {
    ended = () => resolve(undefined);
  });
  const host = await upstream((_, response) => {
    response.write("first");
    response.on("close", ended);
  });
  const url = await serve({ couchdbUrl: `http://${host}` });
  const controller = new AbortController();
  await fetch(`${url}/couchdb/`, { signal: controller.signal });
  controller.abort();
  await end;
});

test("a CouchDB that cannot be reached is a 502 that says so", async () => {
  const url = await serve({ couchdbUrl: "http://admin:secret@127.0.0.1:1" });
  const response = await fetch(`${url}/couchdb/_all_dbs`);
  assert.equal(response.status, 502);
  const { error, reason } = await response.json();
  assert.equal(error, "bad_gateway");
  assert.match(reason, /^http:\/\/127\.0\.0\.1:1 could not be reached: .*ECONNREFUSED/);
});

test("the proxy is not for other sites", async () => {
  const { port } = new URL(simulated);
  /** @param {Record<string, string>} headers @returns {Promise<number | undefined>} */
  const status = (headers) =>
    new Promise((resolve) => {
      const options = { host: "127.0.0.1", port, path: "/couchdb/", headers };
      request(options, (response) => resolve(response.resume().statusCode)).end();
    });
  assert.equal(await status({}), 200);
  assert.equal(await status({ "Sec-Fetch-Site": "same-origin" }), 200);
  assert.equal(await status({ "Sec-Fetch-Site": "cross-site" }), 403);
  assert.equal(await status({ Host: "rebound.example.com" }), 403);
});

test("a port that is taken gives way to the next, and closing does not wait for idle connections", async () => {
  const first = await startDevServer({ simulator: {} });
  const port = Number(new URL(first.url).port);
  const second = await startDevServer({ port, simulator: {} });
  assert.ok(Number(new URL(second.url).port) > port);
  const idle = connect(port, "127.0.0.1");
  await once(idle, "connect");
  const begin = performance.now();
  await Promise.all([first.close(), second.close()]);
  assert.ok(performance.now() - begin < 1000);
});
