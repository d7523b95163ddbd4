// @ts-check
// Proxies and caches that ignore the query of a URL: the rows that were requested, or an error, but no others and no fewer.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Replicator, Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { all, errorOf } from "../support/promises.js";

const AUTH = { username: "admin", password: "pass" };

/** More jobs than CouchDB returns without a limit. */
const DOCS = 400;

/** A scheduler of a server behind a proxy that forwards paths only. */
function behindProxy() {
  const { fetch } = createSimulator({ docs: DOCS });
  /** @type {typeof globalThis.fetch} */
  const proxy = (input, init) => fetch(String(input).replace(/\?.*/, ""), init);
  const connect = (/** @type {typeof globalThis.fetch} */ fetch) =>
    new Scheduler("http://couch.test:5984", { auth: AUTH, retries: 0, fetch });
  return { scheduler: connect(proxy), direct: connect(fetch) };
}

const ids = (/** @type {{ doc_id: string }[]} */ rows) => rows.map(({ doc_id }) => doc_id);

describe("a proxy that ignores the query of the URL", () => {
  test("returns no documents in other states", async () => {
    const { scheduler, direct } = behindProxy();
    const states = /** @type {const} */ (["running", "failed"]);
    const expected = ids((await direct.listDocs({ states })).docs);
    assert.ok(expected.length > 0 && expected.length < DOCS);
    assert.deepEqual(ids((await scheduler.listDocs({ states })).docs), expected);
    assert.deepEqual(ids(await all(scheduler.docs({ states }))), expected);
  });

  test("does not hide jobs", async () => {
    const { scheduler, direct } = behindProxy();
    const { total_rows, jobs } = await direct.listJobs();
    assert.equal(jobs.length, total_rows);
    for (const call of [
      () => scheduler.listJobs(),
      () => all(scheduler.jobs()),
      () => scheduler.watchJobs().next(),
      () => scheduler.watch().next(),
      () => scheduler.capacity(),
      () => scheduler.audit(),
    ]) {
      const { code, message } = await errorOf(call());
      assert.equal(code, "invalid_response");
      assert.ok(message.startsWith(`the list has 100 of ${total_rows} rows; does a proxy or a cache ignore`), message);
    }
    // A window is not all of them.
    assert.equal((await direct.listJobs({ limit: 3, skip: 2 })).jobs.length, 3);
    assert.equal((await direct.listJobs({ limit: 0 })).jobs.length, 0);
  });

  test("does not hide replication documents", async () => {
    const { scheduler } = behindProxy();
    const { code, message } = await errorOf(all(new Replicator(scheduler.client).listReplications()));
    assert.equal(code, "invalid_response");
    assert.match(message, /^a row has no doc; the server or a cache ignores include_docs/);
  });
});
