// @ts-check
/** The pitfalls of paging: windows before filters, on each shard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { crc32 } from "../../simulator/world/hash.js";
import { get, idsOf, row, send } from "./requests.js";

/** @param {number} count @param {(i: number) => string} id @param {(i: number) => string} [state] */
const rows = (count, id, state) => Array.from({ length: count }, (_, i) => row(id(i), state?.(i)));
const two = (/** @type {number} */ i) => String(i).padStart(2, "0");

/** @param {any[]} list @param {import("../../simulator/index.js").SimulatorOptions & { designDocs?: string[] }} [options] */
function serverWith(list, { designDocs = [], ...options } = {}) {
  const simulator = createSimulator(options);
  simulator.fleet.loadVerbatim({ _replicator: { rows: list, designDocs } });
  return simulator;
}

/** @param {import("./requests.js").Simulator} simulator @param {number} limit @param {string} [more] */
async function walkBySkip(simulator, limit, more = "") {
  const pages = [];
  for (let skip = 0; ; skip += limit) {
    const { docs, total_rows } = await get(simulator, `/_scheduler/docs?limit=${limit}&skip=${skip}${more}`);
    pages.push(docs.map((/** @type {any} */ one) => one.doc_id));
    if (skip + limit >= total_rows) return pages;
  }
}

/** @param {import("./requests.js").Simulator} simulator @param {number} limit */
async function walkByKey(simulator, limit) {
  /** @type {string[]} */
  const seen = [];
  for (;;) {
    const start = seen.length > 0 ? `&startkey=${encodeURIComponent(JSON.stringify(seen.at(-1)))}` : "";
    const fresh = (await idsOf(simulator, `?limit=${limit}${start}`)).filter((id) => id !== seen.at(-1));
    if (fresh.length === 0) return seen;
    seen.push(...fresh);
  }
}

test("skip paging loses rows as soon as there is a design document", async () => {
  const simulator = serverWith(
    rows(25, (i) => `d${two(i)}`),
    { shards: 1, designDocs: ["_design/x"] },
  );
  const pages = await walkBySkip(simulator, 10);
  assert.deepEqual(
    pages.map((page) => page.length),
    [9, 9, 5],
  );
  const shown = new Set(pages.flat());
  assert.deepEqual(
    (await idsOf(simulator)).filter((id) => !shown.has(id)),
    ["d09", "d19"],
  );
});

test("skip paging is complete while no document is hidden", async () => {
  const simulator = serverWith(
    rows(25, (i) => `d${two(i)}`),
    { shards: 4 },
  );
  assert.deepEqual((await walkBySkip(simulator, 10)).flat(), await idsOf(simulator));
});

test("a filter with skip and limit finds few of many rows", async () => {
  const simulator = serverWith(
    rows(
      48,
      (i) => `d${two(i)}`,
      (i) => (i < 28 ? "running" : "crashing"),
    ),
  );
  const found = new Set((await walkBySkip(simulator, 5, "&states=crashing")).flat());
  assert.equal((await idsOf(simulator, "?states=crashing")).length, 20, "without a limit it is exact");
  assert(found.size <= 1, `found ${found.size} of 20`);
});

test("a filter does not look beyond the first window", async () => {
  const healthy = rows(
    300,
    (i) => `a${i}`,
    () => "running",
  );
  const simulator = serverWith([...healthy, ...rows(1003, (i) => `z${i}`)]);
  const limited = await get(simulator, "/_scheduler/docs?states=failed&limit=100");
  assert.deepEqual(limited.docs, []);
  assert.equal(limited.total_rows, 1303, "the total does not know of filters");
  assert.equal((await idsOf(simulator, "?states=failed")).length, 1003);
});

test("shards are chosen by CRC-32", () => {
  assert.equal(crc32("123456789"), 0xcbf43926);
});

test("each shard has a window of its own", async () => {
  const simulator = serverWith(
    rows(
      40,
      (i) => `d${two(i)}`,
      (i) => (i < 20 ? "running" : "failed"),
    ),
    { shards: 2 },
  );
  const first = Array.from({ length: 40 }, (_, i) => `d${two(i)}`)
    .filter((id) => crc32(id) < 2 ** 31)
    .slice(0, 12);
  const second = Array.from({ length: 40 }, (_, i) => `d${two(i)}`)
    .filter((id) => crc32(id) >= 2 ** 31)
    .slice(0, 12);
  const expected = [...first, ...second].filter((id) => id >= "d20").sort();
  assert.deepEqual(await idsOf(simulator, "?states=failed&limit=12"), expected.slice(0, 12));
});

test("the total counts design documents and unknown documents, the list shows neither", async () => {
  const simulator = serverWith(
    rows(3, (i) => `d${i}`),
    { designDocs: ["_design/a", "_design/b"] },
  );
  simulator.fleet.loadVerbatim({
    _replicator: { documents: [{ _id: "new", _rev: "1-1", source: "http://a.test/x", target: "http://b.test/y" }] },
  });
  const ended = { _id: "_design/c", _rev: "1-1", _replication_state: "failed" };
  simulator.fleet.loadVerbatim({ _replicator: { documents: [ended] } });
  const { total_rows, docs } = await get(simulator, "/_scheduler/docs");
  assert.equal(total_rows, 7);
  assert.equal(docs.length, 3);
  assert.equal((await get(simulator, "/_scheduler/docs/_replicator/new")).state, null);
});

test("a page past the end is empty", async () => {
  const simulator = serverWith(rows(3, (i) => `d${i}`));
  const { text, status } = await send(simulator, "/_scheduler/docs?skip=3&limit=5");
  assert.equal(status, 200);
  assert.equal(text, '{"total_rows":3,"offset":3,"docs":[\r\n\r\n]}\n');
});

for (const shards of [1, 2, 5, 8]) {
  test(`keyset paging is complete on ${shards} shards`, async () => {
    const simulator = serverWith(
      rows(200, (i) => `d${(i * 7919) % 1000}-${i}`),
      { shards, designDocs: ["_design/x"] },
    );
    assert.deepEqual(await walkByKey(simulator, 20), await idsOf(simulator));
  });
}

test("keyset paging also loses rows if hidden documents fill the window of a shard", async () => {
  const onShard = (/** @type {number} */ shard, /** @type {string} */ letter) =>
    Array.from({ length: 200 }, (_, i) => `${letter}${two(i)}`).filter((id) => crc32(id) >= 2 ** 31 === (shard === 1));
  const [lost] = onShard(0, "b");
  const [later] = onShard(1, "c");
  const hidden = onShard(0, "a").slice(0, 5);
  const simulator = serverWith([row(lost), row(later)]);
  simulator.fleet.loadVerbatim({
    _replicator: { documents: hidden.map((_id) => ({ _id, _rev: "1-1", source: null, target: null })) },
  });
  assert.deepEqual(await idsOf(simulator), [lost, later]);
  assert.deepEqual(await walkByKey(simulator, 5), [later], "the first shard read five hidden documents and stopped");
});

test("an empty page is not the end if hidden documents fill the window", async () => {
  const simulator = serverWith([row("a"), row("b")], { shards: 1, designDocs: ["_design/x", "_design/y"] });
  const { docs, total_rows, offset } = await get(simulator, "/_scheduler/docs?limit=2");
  assert.deepEqual([docs, total_rows, offset], [[], 4, 0]);
});

test("the offset is the number of documents before the start, on all shards, plus the skip", async () => {
  const simulator = serverWith(
    rows(30, (i) => `d${two(i)}`),
    { shards: 3 },
  );
  const offset = async (/** @type {string} */ query) => (await get(simulator, `/_scheduler/docs?${query}`)).offset;
  assert.equal(await offset('startkey="d10"'), 10);
  assert.equal(await offset('startkey="d10"&skip=5'), 15);
  assert.equal(await offset('startkey="zzz"'), 30);
  assert.equal(await offset('startkey="d10"&descending=true'), 19);
  assert.equal(await offset("skip=1000"), 30);
});

test("ranges: both ends, exclusive end, descending, one key", async () => {
  const simulator = serverWith(
    rows(10, (i) => `d${i}`),
    { shards: 3 },
  );
  assert.deepEqual(await idsOf(simulator, '?startkey="d3"&endkey="d5"'), ["d3", "d4", "d5"]);
  assert.deepEqual(await idsOf(simulator, '?start_key="d3"&end_key="d5"&inclusive_end=false'), ["d3", "d4"]);
  assert.deepEqual(await idsOf(simulator, '?descending=true&startkey="d5"&endkey="d3"'), ["d5", "d4", "d3"]);
  assert.deepEqual(await idsOf(simulator, '?descending=true&startkey="d5"&endkey="d3"&inclusive_end=false'), [
    "d5",
    "d4",
  ]);
  assert.deepEqual(await idsOf(simulator, '?key="d7"'), ["d7"]);
  assert.deepEqual(await idsOf(simulator, '?keys=["d7"]'), ["d7"]);
  assert.deepEqual(await idsOf(simulator, "?endkey=5"), [], "a number precedes all ids");
  assert.equal((await idsOf(simulator, "?startkey=5")).length, 10);
});

test("ids are sorted as UTF-8 bytes", async () => {
  const simulator = serverWith(["\u{1F600}", "\uFF61", "z", "a", "é", "Z", "~", "0"].map((id) => row(id)));
  assert.deepEqual(await idsOf(simulator), ["0", "Z", "a", "z", "~", "é", "\uFF61", "\u{1F600}"]);
});

test("rows given as text are sent unchanged", async () => {
  const text = '{"doc_id":"big","state":"failed","info":{"docs_read":9007199254740993,"x":1.0}}';
  const simulator = createSimulator();
  simulator.fleet.loadVerbatim({ _replicator: { rows: [text] } }, ['{"id":"j","n":1e2}']);
  assert.equal(
    (await send(simulator, "/_scheduler/docs")).text,
    `{"total_rows":1,"offset":0,"docs":[\r\n${text}\r\n]}\n`,
  );
  assert.equal((await send(simulator, "/_scheduler/docs/_replicator/big")).text, `${text}\n`);
  assert.equal(
    (await send(simulator, "/_scheduler/jobs")).text,
    '{"total_rows":1,"offset":0,"jobs":[{"id":"j","n":1e2}]}\n',
  );
  assert.equal((await send(simulator, "/_scheduler/jobs/j")).text, '{"id":"j","n":1e2}\n');
});

test("jobs: a hundred by default, sorted by id, from all nodes", async () => {
  const simulator = createSimulator();
  const jobs = Array.from({ length: 150 }, (_, i) => ({
    id: `${two(149 - i)}`.padStart(4, "0"),
    node: `n${i % 3}`,
    pid: null,
  }));
  simulator.fleet.loadVerbatim({}, jobs);
  const first = await get(simulator, "/_scheduler/jobs");
  assert.equal(first.jobs.length, 100);
  assert.equal(first.total_rows, 150);
  const all = (await get(simulator, "/_scheduler/jobs?limit=1000")).jobs.map((/** @type {any} */ job) => job.id);
  assert.deepEqual(all, all.toSorted());
  const { jobs: rest, offset } = await get(simulator, "/_scheduler/jobs?skip=140");
  assert.deepEqual([rest.length, offset], [10, 140]);
  assert.equal((await get(simulator, "/_scheduler/jobs?limit=0")).jobs.length, 0);
});

test("a list is produced while it is read, and its rows are counted", async () => {
  const simulator = createSimulator({ docs: 1000 });
  const response = await simulator.fetch("http://couch.test/_scheduler/docs", {
    headers: { authorization: `Basic ${btoa("admin:pass")}` },
  });
  assert(response.body);
  const reader = response.body.getReader();
  await reader.read();
  await new Promise(setImmediate);
  const [request] = simulator.requests;
  assert(request.rows > 0 && request.rows < 10, `${request.rows} rows for the first chunk`);
  await reader.cancel();
  assert(request.rows < 10, "and none after it was cancelled");
  await send(simulator, "/_scheduler/docs?limit=20");
  assert.equal(simulator.requests[1].rows, 20);
  await send(simulator, "/_scheduler/jobs?limit=7");
  assert.equal(simulator.requests[2].rows, 7);
});

test("lists are sent in chunks of about CouchDB's size, or of a given size", async () => {
  for (const chunkBytes of [1490, 200]) {
    const simulator = createSimulator({ docs: 50, chunkBytes });
    const response = await simulator.fetch("http://couch.test/_scheduler/docs", {
      headers: { authorization: `Basic ${btoa("admin:pass")}` },
    });
    const sizes = [];
    for await (const chunk of /** @type {any} */ (response.body)) sizes.push(chunk.length);
    assert(sizes.length > 15);
    assert(Math.max(...sizes) < Math.max(2000, chunkBytes * 2), `${sizes}`);
  }
});

test("prepared lists are equal, byte for byte", async () => {
  const simulator = createSimulator({ docs: 400, seed: 3 });
  // So many that pages lose rows, and the prepared pages must lose them, too.
  const designDocs = Array.from({ length: 30 }, (_, i) => `_design/${i}`);
  simulator.fleet.loadVerbatim({ _replicator: { designDocs } });
  const paths = [
    "/_scheduler/docs",
    "/_scheduler/docs/team%2F_replicator",
    "/_scheduler/docs?limit=50",
    "/_scheduler/docs?limit=20",
    "/_scheduler/docs?limit=25",
    "/_scheduler/docs?limit=50&skip=30",
    '/_scheduler/docs?startkey="orders-gent"&limit=20',
    '/_scheduler/docs?startkey="orders"&endkey="p"',
    "/_scheduler/docs?descending=true&limit=10",
    "/_scheduler/docs?states=failed",
    "/_scheduler/docs?limit=0",
    "/_scheduler/docs?skip=1000",
    "/_scheduler/jobs",
    "/_scheduler/jobs?limit=3&skip=2",
    "/_scheduler/jobs?limit=10000",
    "/_scheduler/jobs?skip=10000",
  ];
  const before = [];
  for (const path of paths) before.push((await send(simulator, path)).text);
  const costs = simulator.requests.map(({ rows }) => rows);
  simulator.prepare();
  for (const [i, path] of paths.entries()) {
    const { text, headers } = await send(simulator, path);
    assert(text === before[i], path);
    assert.equal(headers.has("content-length"), path.startsWith("/_scheduler/jobs"), path);
    assert.equal(simulator.requests.at(-1)?.rows, costs[i], `rows of ${path}`);
  }
});
