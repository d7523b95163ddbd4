// @ts-check
// How responses travel: compressed, and the files of the page only once to each browser.

import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { served } from "./stage.js";

/** With one server of CouchDB, the page with all of its views; in bytes. Measured on 2026-11-26: 214 kB. */
const BUDGET = 220_000;

/** Gets responses as they travel: `fetch` would decompress them. @param {Parameters<typeof served>[0]} [options] */
async function client(options) {
  const url = await served({ demo: true, ...options });
  return async (/** @type {string} */ path, /** @type {import("node:http").OutgoingHttpHeaders} */ headers = {}) => {
    const [response] = await once(get(`${url}${path}`, { headers, agent: false }), "response");
    const body = Buffer.concat(await response.toArray());
    return { status: response.statusCode, headers: response.headers, body };
  };
}

test("files are compressed for those who accept it", async () => {
  const file = await client();
  const plain = await file("/couchdb_scheduler.wasm");
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.ok(WebAssembly.validate(plain.body));
  for (const accepted of ["gzip", "br, GZIP;q=0.5", "deflate , gzip ; q=1.0"]) {
    const { headers, body } = await file("/couchdb_scheduler.wasm", { "Accept-Encoding": accepted });
    assert.equal(headers["content-encoding"], "gzip", accepted);
    assert.equal(headers["content-type"], "application/wasm");
    assert.match(headers.vary ?? "", /accept-encoding/i);
    assert.equal(headers["content-length"], `${body.length}`);
    assert.ok(body.length < plain.body.length / 2);
    assert.ok(gunzipSync(body).equals(plain.body));
  }
  for (const refused of ["br", "gzip;q=0", "gzip; q=0.00", "identity, xgzip"]) {
    const { headers, body } = await file("/couchdb_scheduler.wasm", { "Accept-Encoding": refused });
    assert.equal(headers["content-encoding"], undefined, refused);
    assert.match(headers.vary ?? "", /accept-encoding/i);
    assert.ok(body.equals(plain.body));
  }
});

test("a browser that has a file does not get it again", async () => {
  const file = await client();
  const { headers } = await file("/", { "Accept-Encoding": "gzip" });
  assert.equal(headers["cache-control"], "no-cache");
  const { etag = "" } = headers;
  for (const known of [etag, `W/"other", ${etag}`]) {
    const { status, headers, body } = await file("/", { "If-None-Match": known });
    assert.deepEqual([status, body.length, headers.etag], [304, 0, etag], known);
    assert.match(headers["content-security-policy"] ?? "", /default-src 'self'/);
  }
  const other = await file("/couchdb_scheduler.wasm", { "If-None-Match": etag });
  assert.equal(other.status, 200);
  assert.notEqual(other.headers.etag, etag);
});

test("the page is small on its way", async (t) => {
  const file = await client();
  const { body } = await file("/");
  const names = Array.from(`${body}`.matchAll(/(?:href|src)="([^"]+)"/g), ([, name]) => `/${name}`);
  assert.ok(names.some((name) => name.endsWith(".css")) && names.some((name) => name.endsWith(".js")), names.join(" "));
  let bytes = 0;
  for (const name of ["/", ...names, "/couchdb_scheduler.wasm"]) {
    const { status, body } = await file(name, { "Accept-Encoding": "gzip" });
    assert.equal(status, 200, name);
    bytes += body.length;
  }
  t.diagnostic(`${bytes} bytes`);
  assert.ok(bytes < BUDGET, `${bytes}`);
});

test("data is compressed where other machines get it", async () => {
  const LIST = "/couchdb/_scheduler/docs/_replicator";
  const gzip = { "Accept-Encoding": "gzip" };
  const remote = await client({ host: "0.0.0.0", behindProxy: true });
  for (const path of [LIST, "/api/incidents"]) {
    const [small, plain] = [await remote(path, gzip), await remote(path)];
    assert.deepEqual([small.headers["content-encoding"], plain.headers["content-encoding"]], ["gzip", undefined], path);
    for (const { headers } of [small, plain]) {
      assert.equal(headers["content-type"], "application/json");
      assert.equal(headers["cache-control"], "no-store");
      assert.match(headers.vary ?? "", /accept-encoding/i);
    }
    assert.ok(small.body.length < plain.body.length / 4, `${small.body.length} of ${plain.body.length} bytes`);
    assert.ok(JSON.parse(`${gunzipSync(small.body)}`));
  }
  const little = await remote("/couchdb/", gzip);
  assert.equal(little.headers["content-encoding"], undefined, "it fits into a packet");

  const local = await client();
  const { headers, body } = await local(LIST, gzip);
  assert.equal(headers["content-encoding"], undefined);
  assert.ok(JSON.parse(`${body}`).docs.length > 500);
});
