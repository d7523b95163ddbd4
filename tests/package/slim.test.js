// @ts-check
// `couchdb-scheduler/slim`: the caller provides the wasm. Each test has a new copy of the module, which can be initialized only once.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { PKG } from "./tarball.js";

const bytes = new Uint8Array(await readFile(join(PKG, "couchdb_scheduler.wasm")));
const slimUrl = pathToFileURL(join(PKG, "slim.js")).href;
let copies = 0;

/** @returns {Promise<typeof import("couchdb-scheduler/slim")>} */
const freshSlim = () => import(`${slimUrl}?copy=${copies++}`);

/** @param {string} type */
const response = (type) => new Response(bytes, { headers: { "content-type": type } });

/** @type {[string, () => import("couchdb-scheduler/slim").WasmSource | Promise<import("couchdb-scheduler/slim").WasmSource>][]} */
const SOURCES = [
  ["a typed array", () => bytes],
  ["an ArrayBuffer", () => bytes.buffer],
  ["a compiled module", () => new WebAssembly.Module(bytes)],
  ["a response", () => response("application/wasm")],
  ["a response of another content type", () => response("application/octet-stream")],
  ["the promise of a response", async () => response("application/wasm; charset=binary")],
];

for (const [name, source] of SOURCES) {
  test(`init accepts ${name}`, async () => {
    const { init, Client } = await freshSlim();
    await init(source());
    assert.equal(new Client("http://user:secret@couch.test").url, "http://couch.test");
  });
}

test("initSync accepts bytes and modules", async () => {
  for (const source of [bytes, bytes.buffer, new WebAssembly.Module(bytes)]) {
    const { initSync, Client } = await freshSlim();
    initSync(source);
    assert.equal(new Client("http://couch.test").url, "http://couch.test");
  }
});

test("before init, the error says what to do", async () => {
  const { Scheduler, Client, init } = await freshSlim();
  assert.throws(() => new Scheduler("http://couch.test"), /couchdb-scheduler\/slim has no wasm yet.*await init/);
  assert.throws(() => Client.cloudant("account"), /has no wasm yet/);
  await init(bytes);
  assert.equal(new Client("http://couch.test").url, "http://couch.test");
});

test("calling init twice, concurrently or later, loads once", async () => {
  const { init, initSync, Client } = await freshSlim();
  await Promise.all([init(response("application/wasm")), init(response("application/wasm"))]);
  const client = new Client("http://couch.test");
  await init(bytes);
  initSync(bytes);
  assert.equal(client.url, "http://couch.test");
});

test("after a failure, init can be called again", async () => {
  const { init, Client } = await freshSlim();
  const missing = new Response("no such file", { status: 404 });
  await assert.rejects(init(missing), { name: "Error", message: /HTTP 404/ });
  await assert.rejects(init(new Uint8Array(8)), WebAssembly.CompileError);
  await assert.rejects(init(Promise.reject(new TypeError("fetch failed"))), { message: "fetch failed" });
  await init(bytes);
  assert.equal(new Client("http://couch.test").url, "http://couch.test");
});

test("any other value is a TypeError that says what is expected", async () => {
  const { init } = await freshSlim();
  for (const wrong of [undefined, null, 3, "/couchdb_scheduler.wasm", {}, new URL("http://couch.test/x.wasm")]) {
    await assert.rejects(init(/** @type {any} */ (wrong)), { name: "TypeError", message: /init: expected a Response/ });
  }
});

test("slim and default export the same, and slim also the two that load the wasm", async () => {
  const slim = Object.keys(await freshSlim());
  const index = Object.keys(await import("couchdb-scheduler"));
  assert.deepEqual(slim.sort(), [...index, "init", "initSync"].sort());
});
