// @ts-check
// verify(): whether the target has all that a replication is to bring.

import { Scheduler } from "#glue";
import { documentPath, during, isObject, segment } from "./call.js";
import { checkpointId, checkpointsIn } from "./checkpoints.js";
import { ENDPOINTS, Ends } from "./endpoints.js";
import { feedOf, PLAIN } from "./feed.js";
import { argument, optionsOf } from "./options.js";
import { requiredEnd } from "./required-end.js";
import { isSeq, resumeOf } from "./resume.js";
import { Tally } from "./revisions.js";
import { databaseAt } from "./stored-credentials.js";
import { changedSince, walk } from "./walk.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./feed.js").Feed} Feed */
/** @typedef {import("./feed.js").Seq} Seq */
/** @typedef {import("./required-end.js").Database} Database */
/** How much of its feed a replication has read. @typedef {{ seq: Seq } | "nothing" | "everything" | "unknown"} Passed */

const OPTIONS = {
  database: "database",
  endpoints: ENDPOINTS,
  list: "count",
  extra: "boolean",
  batchSize: "positive",
  onProgress: "function",
  signal: "signal",
};

/** @param {import("#glue").Client} client @param {unknown} docId @param {unknown} [options] */
export async function verify(client, docId, options) {
  const id = argument("verify", "docId", "document", docId);
  const given = optionsOf("verify", options, OPTIONS);
  const { database = "_replicator", list = 100, extra = false, batchSize = 1000, onProgress, endpoints } = given;
  return during(client, given.signal, async (call) => {
    const { row, document, text } = await replicationOf(call, database, id);
    const ends = new Ends(call, endpoints);
    const source = await requiredEnd("verify", ends, row, "source");
    const target = await requiredEnd("verify", ends, row, "target");
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

/**
 * The row and the document of a replication. The document is as it was written, credentials included.
 *
 * @param {Call} call
 * @param {string} database
 * @param {string} id
 */
export async function replicationOf(call, database, id) {
  const [row, text] = await Promise.all([
    new Scheduler(call.client).getDoc(id, { database, signal: call.signal }),
    call.text(`/${segment(database)}/${documentPath(id)}`, (json) => isObject(json) && json._id === id),
  ]);
  const document = JSON.parse(text);
  const { source, target } = row;
  // A row has no ends until CouchDB has read the document; Cloudant's rows have another name of the database.
  const ends = { source: source ?? addressOf(document.source), target: target ?? addressOf(document.target) };
  return { row: { ...row, ...ends, database }, text, document };
}

/** An end in a document as rows show it. @param {any} written */
function addressOf(written) {
  const database = databaseAt(isObject(written) ? written.url : written);
  return database && database.server + database.path;
}

/** @param {Call} call @param {Database} source @param {Database} target @param {any} row @param {any} document */
async function progressOf(call, source, target, row, document) {
  if (row.id === null) return passedOf(row, document, undefined, undefined);
  const id = checkpointId(row.id);
  const [atSource, atTarget] = await Promise.all(
    [source, target].map(async (end) => {
      const found = (await checkpointsIn(call, end, [id]))(id);
      if (found.status === "found") return found.checkpoint;
      return found.status === "missing" ? null : undefined;
    }),
  );
  return passedOf(row, document, atSource, atTarget);
}

/**
 * @param {any} row of the document
 * @param {any} document
 * @param {import("./resume.js").Known} source the checkpoint there
 * @param {import("./resume.js").Known} target
 * @returns {Passed}
 */
export function passedOf({ id, state, info }, document, source, target) {
  if (state === "completed") return passedBy(info?.checkpointed_source_seq) ?? "everything";
  // A job that runs is at its checkpoint or after it; any other one starts again where its checkpoints say.
  const through = state === "running" ? passedBy(info?.through_seq) : undefined;
  if (through) return through;
  const { from, seq } = id === null ? UNKNOWN : resumeOf(source, target, document.since_seq);
  if (from === "unknown") return from;
  return (from === "beginning" ? undefined : passedBy(seq)) ?? "nothing";
}

const UNKNOWN = { from: "unknown", seq: null };

/** @param {unknown} seq "0" says nothing: rows have it until the first change after a start. @returns {{ seq: Seq } | undefined} */
const passedBy = (seq) => (isSeq(seq) && String(seq) !== "0" ? { seq: /** @type {Seq} */ (seq) } : undefined);

/** @param {Call} call @param {Database} source @param {Passed} passed @param {Iterable<string>} ids @returns {Promise<(id: string) => boolean>} */
async function whichInFlight(call, source, passed, ids) {
  if (typeof passed === "string") return () => passed !== "everything";
  const changed = await changedSince(call, source, "all_docs", passed.seq, ids);
  return (id) => changed.has(id);
}

/** @param {{ feed: Feed, passed: Passed, refused: number, in_flight: number, extra: boolean, hasMoved: boolean }} seen */
export function caveatsOf({ feed, passed, refused, in_flight, extra, hasMoved }) {
  /** @type {[boolean, string][]} */
  const caveats = [
    [
      refused > 0,
      "Revisions that were purged at the target, or that a small _revs_limit removed there, count as refused.",
    ],
    [
      passed === "unknown" && in_flight > 0,
      "The position of the replication in its feed is unknown, so everything that is missing counts as in flight.",
    ],
    [
      passed === "everything" && refused > 0,
      "No checkpoint is known, so changes after the end of the replication count as refused.",
    ],
    [
      feed.filter === "function",
      "The filter ran on the source for every change, which takes as much CPU time there as in the replication.",
    ],
    [
      feed.filter === "selector",
      "A deletion is replicated only if the deleted document matches the selector: the target keeps the others.",
    ],
    [
      extra && feed.filter !== "none",
      "The replication has a filter, and extra documents are those that the source does not have at all.",
    ],
    [hasMoved, "The source changed meanwhile: changes after the last page that was read are not included."],
  ];
  return caveats.filter(([applies]) => applies).map(([, caveat]) => caveat);
}
