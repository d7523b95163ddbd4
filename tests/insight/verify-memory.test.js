// @ts-check
// verify() of 60,000 documents, all of which are missing: memory levels off.

import assert from "node:assert/strict";
import { test } from "node:test";
import { collectGarbage, packageWithItsMemory } from "../support/memory.js";

const PAGES = 60;
const DOCS = 1000;
const ORIGIN = "http://couch.test:5984";

/** Documents of a page. @param {number} page */
const idsOf = (page) => Array.from({ length: DOCS }, (_, n) => `document-${page}-${n}`);

/** @param {string[]} ids @param {string} last_seq @param {number} pending */
const changes = (ids, last_seq, pending) => ({
  results: ids.map((id) => ({ seq: null, id, changes: [{ rev: "1-967a00dff5e02add41819138abb3284d" }] })),
  last_seq,
  pending,
});

test(`verify() of ${(PAGES * DOCS).toLocaleString("en")} missing documents`, async (t) => {
  const {
    package: { Scheduler },
    memory,
  } = await packageWithItsMemory();
  /** @param {string} path @param {URLSearchParams} query @param {any} body */
  const answer = (path, query, body) => {
    if (path === "/source/_changes" && body) return changes(body.doc_ids, "1-x", 0);
    if (path === "/source/_changes") {
      const page = Number.parseInt(String(query.get("since")), 10);
      return changes(idsOf(page), `${page + 1}-x`, (PAGES - 1 - page) * DOCS);
    }
    if (path === "/target/_revs_diff") {
      return Object.fromEntries(Object.entries(body).map(([id, missing]) => [id, { missing }]));
    }
    if (path.endsWith("_local_docs")) return { rows: [{ key: body.keys[0], error: "not_found" }] };
    const ends = { source: `${ORIGIN}/source/`, target: `${ORIGIN}/target/` };
    return { _id: "r", database: "_replicator", doc_id: "r", id: "0a", state: "running", info: null, ...ends };
  };
  const scheduler = new Scheduler(ORIGIN, {
    retries: 0,
    fetch: async (input, init) => {
      const { pathname, searchParams } = new URL(String(input));
      const text = init?.body ? await new Response(init.body).text() : "";
      return Response.json(answer(pathname, searchParams, text && JSON.parse(text)));
    },
  });
  /** @type {{ heap: number, wasm: number }[]} */
  const curve = [];
  const { in_flight, docs } = await scheduler.verify("r", {
    list: 50,
    onProgress: (checked) => {
      if (checked % (6 * DOCS) !== 0) return;
      collectGarbage();
      curve.push({ heap: process.memoryUsage().heapUsed, wasm: memory?.buffer.byteLength ?? 0 });
    },
  });
  assert.equal(in_flight, PAGES * DOCS);
  assert.equal(docs.length, 50);
  t.diagnostic(curve.map(({ heap, wasm }) => `${(heap / 1e6).toFixed(1)}+${(wasm / 1e6).toFixed(1)}`).join(" "));
  assert.equal(curve.length, 10);
  const [early, late] = [curve[2], curve[9]];
  assert.equal(late?.wasm, early?.wasm, "the wasm's memory still grows");
  assert.ok(Number(late?.heap) < Number(early?.heap) + 2 ** 20, "the heap still grows");
});
