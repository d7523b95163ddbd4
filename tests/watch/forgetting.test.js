// @ts-check
// watch() without `_changes`, when all documents are replaced at each tick: removed rows are forgotten.

import assert from "node:assert/strict";
import { test } from "node:test";
import { collectGarbage, packageWithItsMemory } from "../support/memory.js";

const ROWS = 200;
const TICKS = 60;
/** Long ids, so that each row that is kept is noticeable. */
const PADDING = "x".repeat(1000);

/** @param {string} doc_id */
const row = (doc_id) => ({ database: "_replicator", doc_id, id: null, state: "completed", error_count: 0, info: null });

/** @param {string} error @param {number} status */
const refusal = (error, status) => Response.json({ error, reason: "missing" }, { status });

// The helpers of other tests import the package, which has to wait here; so this file reads COUCHDB_URL itself.
if (process.env.COUCHDB_URL === undefined)
  test(`${TICKS} ticks in each of which ${ROWS} documents are replaced`, async (t) => {
    const {
      package: { Scheduler },
      memory,
    } = await packageWithItsMemory();
    const server = { generation: 0, requests: 0 };
    const idOf = (/** @type {number} */ n) => `${String(server.generation).padStart(5, "0")}-${n}-${PADDING}`;
    const fetch = /** @type {any} */ (
      async (/** @type {string} */ url) => {
        server.requests++;
        const { pathname } = new URL(url);
        if (pathname.endsWith("/_changes")) return refusal("forbidden", 403);
        if (pathname.endsWith("/_scheduler/jobs")) return Response.json({ total_rows: 0, offset: 0, jobs: [] });
        if (!pathname.endsWith("/_scheduler/docs/_replicator")) return refusal("not_found", 404);
        server.generation++;
        const docs = Array.from({ length: ROWS }, (_, n) => row(idOf(n)));
        return Response.json({ total_rows: ROWS, offset: 0, docs });
      }
    );
    const watch = new Scheduler("http://couch.test", { fetch, retries: 0 }).watch({ interval: 1 });
    const held = new Set();
    const curve = [];
    const requests = [];
    for (let tick = 0; tick < TICKS; tick++) {
      const before = server.requests;
      for (const { type, doc, previous } of (await watch.next()).value) {
        const { doc_id } = doc ?? previous;
        if (type === "removed") assert.ok(held.delete(doc_id), "removed, and was never added");
        if (type === "added") held.add(doc_id);
      }
      requests.push(server.requests - before);
      curve.push(memory.buffer.byteLength);
    }
    await watch.return();
    collectGarbage();
    const [early, late] = [curve[TICKS / 3], curve[TICKS - 1]];
    t.diagnostic(`wasm ${early / 1024} KiB, then ${late / 1024} KiB; ${held.size} documents held`);
    assert.equal(late, early, "the wasm's memory still grows");
    // The rows of the last ticks may not be recognized as removed yet.
    assert.ok(held.size <= 3 * ROWS, `${held.size} documents are held`);
    // Rows that are missing from a list are looked up, a limited number at once.
    assert.ok(Math.max(...requests) <= ROWS + 10, `${Math.max(...requests)} requests in a tick`);
  });
