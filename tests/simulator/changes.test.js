// @ts-check
/** The feed of changes: what is left, what is let through, and from where. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { get, put, send } from "./requests.js";

/** @param {number} docs */
async function server(docs) {
  const simulator = createSimulator();
  const database = simulator.fleet.createDatabase("db");
  for (let i = 0; i < docs; i++) database.write(`d${String(i).padStart(3, "0")}`, { n: i });
  const post = async (/** @type {string} */ query, /** @type {unknown} */ body) =>
    JSON.parse((await send(simulator, `/db/_changes${query}`, { method: "POST", body })).text);
  return { simulator, database, post };
}

/** @param {any} page */
const ids = ({ results }) => results.map((/** @type {any} */ change) => change.id);
/** @param {string} seq */
const number = (seq) => Number.parseInt(seq, 10);

test("limit=0 counts documents after a sequence: updates once, deletions too, local documents not", async () => {
  const { simulator, database } = await server(10);
  for (let i = 0; i < 30; i++) database.write("d000", { i });
  database.write("d001", {}, true);
  await put(simulator, "/db/_local/x", {});
  const whole = await get(simulator, "/db/_changes?limit=0");
  assert.deepEqual([whole.results, whole.pending, number(whole.last_seq)], [[], 10, 0]);
  const rest = await get(simulator, `/db/_changes?limit=0&since=${database.seqText(10)}`);
  assert.deepEqual([rest.pending, rest.last_seq], [2, database.seqText(10)]);
});

test("pages by since and last_seq until nothing is pending, with a sequence once an interval", async () => {
  const { simulator } = await server(25);
  const seen = [];
  let since = "0";
  for (let pending = 1; pending > 0; ) {
    const page = await get(simulator, `/db/_changes?style=all_docs&limit=10&seq_interval=10&since=${since}`);
    assert.deepEqual(
      page.results.map((/** @type {any} */ one, /** @type {number} */ i) => (one.seq === null) === i > 0),
      page.results.map(() => true),
    );
    seen.push(...ids(page));
    ({ last_seq: since, pending } = page);
  }
  assert.equal(new Set(seen).size, 25);
});

test("filters look at documents; what is pending ignores them", async () => {
  const { simulator, post } = await server(20);
  await put(simulator, "/db/_design/dd", { filters: { even: "function(doc) { return doc.n % 2 === 0; }" } });
  assert.deepEqual(ids(await post("?filter=_selector", { selector: { n: { $in: [3, 5] } } })), ["d003", "d005"]);
  assert.equal((await post("?filter=_selector&limit=0", { selector: { n: 3 } })).pending, 21);
  const first = await post("?filter=_selector&limit=1", { selector: { n: { $gt: 4 } } });
  assert.deepEqual([ids(first), first.pending, number(first.last_seq)], [["d005"], 15, 6]);
  assert.equal(ids(await get(simulator, "/db/_changes?filter=dd/even")).length, 10);
  assert.deepEqual(ids(await get(simulator, "/db/_changes?filter=_design")), ["_design/dd"]);
  assert.equal((await send(simulator, "/db/_changes?filter=dd/none")).status, 404);
  assert.equal((await send(simulator, "/db/_changes?filter=no/none")).status, 404);
  assert.equal((await send(simulator, "/db/_changes?filter=_selector")).status, 400);
});

test("up to a hundred ids are looked up: the rest counts as pending, though the sequence is the last", async () => {
  const { post, database } = await server(200);
  const few = await post("?filter=_doc_ids", { doc_ids: ["d001", "d002", "absent"] });
  assert.deepEqual([ids(few), few.pending, number(few.last_seq)], [["d001", "d002"], 198, 200]);
  assert.equal((await post(`?filter=_doc_ids&since=${few.last_seq}`, { doc_ids: ["d001"] })).pending, 0);
  const many = await post("?filter=_doc_ids", { doc_ids: [...database.entries.keys()].slice(0, 150) });
  assert.deepEqual([ids(many).length, many.pending], [150, 0]);
});

test("style=all_docs has the leaves, include_docs the winner, and a conflict is edited by its revision", async () => {
  const { simulator, database } = await server(0);
  for (const rev of ["2-a", "2-b"]) database.merge("x", [rev, "1-0"], { deleted: false, body: { rev } });
  const [change] = (await get(simulator, "/db/_changes?style=all_docs&include_docs=true")).results;
  assert.deepEqual([change.changes, change.doc.rev], [[{ rev: "2-b" }, { rev: "2-a" }], "2-b"]);
  assert.deepEqual((await get(simulator, "/db/_changes")).results[0].changes, [{ rev: "2-b" }]);
  assert.equal((await get(simulator, "/db/x?rev=2-a")).rev, "2-a");
  assert.equal((await send(simulator, "/db/x?rev=2-c")).status, 404);
  const { status } = await send(simulator, "/db/x?rev=2-a", { method: "DELETE" });
  assert.equal(status, 200);
  assert.equal((await get(simulator, "/db/x?conflicts=true"))._conflicts, undefined);
  await send(simulator, "/db/x?rev=2-b", { method: "DELETE" });
  assert.equal((await send(simulator, "/db/x")).status, 404);
});

test("several keys of _all_docs and _local_docs, in their order", async () => {
  const { simulator } = await server(3);
  await put(simulator, "/db/_local/one", { a: 1 });
  const post = async (/** @type {string} */ path, /** @type {string[]} */ keys) =>
    JSON.parse((await send(simulator, path, { method: "POST", body: { keys } })).text).rows;
  const all = await post("/db/_all_docs?include_docs=true", ["d002", "none", "d000", "_local/one"]);
  assert.deepEqual(
    all.map((/** @type {any} */ one) => one.doc?._id ?? one.error),
    ["d002", "not_found", "d000", "_local/one"],
  );
  const local = await post("/db/_local_docs?include_docs=true", ["_local/none", "_local/one"]);
  assert.deepEqual(local, [
    { key: "_local/none", error: "not_found" },
    { id: "_local/one", key: "_local/one", value: { rev: "0-1" }, doc: { _id: "_local/one", _rev: "0-1", a: 1 } },
  ]);
  assert.equal((await put(simulator, "/db/_local/one", { _rev: "0-1", a: 2 })).rev, "0-2");
  assert.equal((await get(simulator, "/db")).doc_count, 3);
});
