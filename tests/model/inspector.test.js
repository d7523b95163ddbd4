// @ts-check
// What the server of the page answers instead of CouchDB: the page gets the same as from a client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { connectionTo } from "../../www/src/connection/connection.js";
import { servedInspector } from "../../www/src/connection/inspector.js";
import { couch, FAST, served, upstream } from "../serve/stage.js";

/** @param {string} api @param {{ username: string, password: string }} [user] */
const inspectorAt = (api, user) =>
  servedInspector({
    ...connectionTo({ url: api, username: "", password: "", how: user ? "password" : "none", ...user }),
    api,
  });

/** @param {unknown} value */
const plain = (value) => JSON.parse(JSON.stringify(value));

/** @template T @param {AsyncIterable<T>} items @returns {Promise<T[]>} */
async function listOf(items) {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

test("audit, capacity, lags and comparisons are those of a client", async () => {
  const { simulator, withAdmin } = await couch({ docs: 60 });
  simulator.clock.advance(3_600_000);
  const direct = new Scheduler(withAdmin);
  const inspector = inspectorAt(`${await served({ couchdbUrl: withAdmin }, FAST)}/api`);
  const database = "team/_replicator";
  const audit = await inspector.audit({ database });
  assert.deepEqual(audit.findings, (await direct.audit({ database })).findings);
  assert.deepEqual(await inspector.capacity({}), plain(await direct.capacity()));
  const [running] = (await direct.listDocs({ states: ["running"] })).docs;
  assert.ok(running);
  const id = running.doc_id;
  const asked = { database: "_replicator" };
  assert.deepEqual(await inspector.lag(id, asked), plain(await direct.lag(id, asked)));
  const ids = (/** @type {import("couchdb-scheduler").Lag[]} */ lags) => lags.map(({ doc_id }) => doc_id).sort();
  const lags = await listOf(inspector.lags(asked));
  assert.deepEqual(ids(lags), ids(await listOf(direct.lags(asked))));
  assert.notEqual(lags.length, 0);
});

test("an error is the server's own words, and an abort ends the request", async () => {
  const { withAdmin } = await couch();
  const inspector = inspectorAt(`${await served({ couchdbUrl: withAdmin })}/api`);
  await assert.rejects(inspector.lag("no such/document", { database: "_replicator" }), { message: "missing" });
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  await assert.rejects(inspector.verify("a", { database: "_replicator", signal: controller.signal }), /enough/);
});

test("what is not the response is not believed", async () => {
  let body = "";
  const host = await upstream((_, response) => response.end(body));
  const inspector = inspectorAt(`http://${host}/api`);
  for (body of ["", "<html>", "null", "[]", "{}", '{"doc_id":"other"}', '{"findings":1,"nodes":{},"docs":null}']) {
    for (const call of [
      () => inspector.audit({ database: "_replicator" }),
      () => inspector.capacity({}),
      () => inspector.lag("r", { database: "_replicator" }),
      () => inspector.verify("r", { database: "_replicator" }),
    ]) {
      await assert.rejects(call(), /not CouchDB's/);
    }
    if (body !== "[]") await assert.rejects(listOf(inspector.lags({ database: "_replicator" })), /not CouchDB's/);
  }
});

test("a summary without its states is not believed", async () => {
  const host = await upstream((_, response) => response.end('{"total":1}'));
  const { summary } = inspectorAt(`http://${host}/api`);
  await assert.rejects(summary({ database: "all" }), /not CouchDB's/);
});

test("the visitor's own credentials go there", async () => {
  const { url } = await couch({ docs: 0 });
  const api = `${await served({ couchdbUrl: url }, FAST)}/api`;
  await assert.rejects(inspectorAt(api).capacity({}));
  await inspectorAt(api, { username: "admin", password: "pass" }).capacity({});
  const other = await couch({ docs: 0, admins: { jürgen: "pä:ß" } });
  const otherApi = `${await served({ couchdbUrl: other.url }, FAST)}/api`;
  await inspectorAt(otherApi, { username: "jürgen", password: "pä:ß" }).capacity({});
});

test("a redirect is not followed: the request reaches no other server", async () => {
  /** @type {string[]} */
  const elsewhere = [];
  const other = await upstream((request, response) => {
    elsewhere.push(`${request.url} ${request.headers.authorization}`);
    response.end('{"nodes":[]}');
  });
  const host = await upstream((_, response) =>
    response.writeHead(307, { Location: `http://${other}/api/capacity` }).end(),
  );
  const inspector = inspectorAt(`http://${host}/api`, { username: "a", password: "b" });
  await assert.rejects(inspector.capacity({}));
  assert.deepEqual(elsewhere, []);
});
