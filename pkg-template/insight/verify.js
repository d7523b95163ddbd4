// @ts-check
// verify(): whether the target has all that a replication is to bring.

import { argument } from "../runtime/arguments.js";
import { method } from "./call.js";
import { checkpointAt } from "./checkpoints.js";
import { ENDPOINTS } from "./endpoints.js";
import { feedOf, PLAIN } from "./feed.js";
import { knownOf } from "./position.js";
import { replicationOf } from "./replication.js";
import { caveatsOf, passedOf, Tally } from "./verification.js";
import { changedSince, walk } from "./walk.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./replication.js").Database} Database */
/** @typedef {import("./verification.js").Passed} Passed */

const OPTIONS = {
  database: "database",
  endpoints: ENDPOINTS,
  list: "count",
  extra: "boolean",
  batchSize: "positive",
  onProgress: "function",
};

/** @param {import("#glue").Client} client @param {unknown} docId @param {unknown} [options] */
export async function verify(client, docId, options) {
  const id = argument("verify", "docId", "document", docId);
  return method(client, "verify", options, OPTIONS, async (call, given) => {
    const { database, list = 100, extra = false, batchSize = 1000, onProgress, endpoints } = given;
    const { row, document, text, source, target } = await replicationOf(call, "verify", database, id, endpoints);
    const feed = feedOf(document, text);
    const passed = await progressOf(call, source, target, row, document);
    const tally = new Tally(list);
    let checked = 0;
    let expected = Infinity;
    let hasMoved = false;
    await walk(call, source, target, feed, batchSize, async (missing, { results, pending }) => {
      checked += results.length;
      hasMoved ||= pending + results.length > expected;
      expected = pending;
      const isInFlight = await whichInFlight(call, source, passed, missing.keys());
      for (const [doc_id, revs] of missing) tally.add(isInFlight(doc_id) ? "in_flight" : "refused", doc_id, revs);
      onProgress?.(checked, checked + pending);
    });
    if (extra) {
      await walk(call, target, source, PLAIN, batchSize, (missing) => {
        for (const [doc_id, revs] of missing) tally.add("extra", doc_id, revs);
      });
    }
    const [refused, in_flight] = [tally.total("refused"), tally.total("in_flight")];
    return {
      complete: refused + in_flight === 0,
      checked,
      refused,
      in_flight,
      extra: extra ? tally.total("extra") : null,
      docs: tally.docs(),
      caveats: caveatsOf({ feed, passed, refused, in_flight, extra, hasMoved }),
    };
  });
}

/** @param {Call} call @param {Database} source @param {Database} target @param {any} row @param {any} document */
async function progressOf(call, source, target, row, document) {
  if (row.id === null) return passedOf(row, document, undefined, undefined);
  const [atSource, atTarget] = await Promise.all(
    [source, target].map(async (end) => knownOf(await checkpointAt(call, end, row.id))),
  );
  return passedOf(row, document, atSource, atTarget);
}

/** @param {Call} call @param {Database} source @param {Passed} passed @param {Iterable<string>} ids @returns {Promise<(id: string) => boolean>} */
async function whichInFlight(call, source, passed, ids) {
  if (typeof passed === "string") return () => passed !== "everything";
  const changed = await changedSince(call, source, "all_docs", passed.seq, ids);
  return (id) => changed.has(id);
}
