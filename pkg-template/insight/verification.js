// @ts-check
// What is missing at a target, and what that means. Pure.

import { isSeq, resumeOf } from "./resume.js";

/** @typedef {import("./feed.js").Feed} Feed */
/** @typedef {import("./feed.js").Seq} Seq */
/** @typedef {"refused" | "in_flight" | "extra"} Kind */
/** How much of its feed a replication has read. @typedef {{ seq: Seq } | "nothing" | "everything" | "unknown"} Passed */

/**
 * @param {any} row of the document
 * @param {any} document
 * @param {import("./resume.js").Known} source the checkpoint there
 * @param {import("./resume.js").Known} target
 * @returns {Passed}
 */
export function passedOf({ state, info }, document, source, target) {
  // In a cluster, the row can lack a state for some seconds after the end.
  const end =
    state === null ? { state: document._replication_state, info: document._replication_stats } : { state, info };
  if (end.state === "completed") return passedBy(end.info?.checkpointed_source_seq) ?? "everything";
  // A job that runs is at its checkpoint or after it; any other one starts again where its checkpoints say.
  const through = state === "running" ? passedBy(info?.through_seq) : undefined;
  if (through) return through;
  const { from, seq } = resumeOf(source, target, document.since_seq);
  if (from === "unknown") return from;
  return (from === "beginning" ? undefined : passedBy(seq)) ?? "nothing";
}

/** @param {unknown} seq "0" says nothing: rows have it until the first change after a start. @returns {{ seq: Seq } | undefined} */
const passedBy = (seq) => (isSeq(seq) && String(seq) !== "0" ? { seq: /** @type {Seq} */ (seq) } : undefined);

/** Counts revisions, and lists some of them. Those that are listed are not counted again if their document changes meanwhile. */
export class Tally {
  /** How many are listed of each kind. */
  #list;
  /** @type {Record<Kind, { total: number, listed: number, docs: { doc_id: string, revs: string[], what: Kind, reason: null }[] }>} */
  #kinds = {
    refused: { total: 0, listed: 0, docs: [] },
    extra: { total: 0, listed: 0, docs: [] },
    in_flight: { total: 0, listed: 0, docs: [] },
  };

  /** Listed revisions, with their documents. @type {Set<string>} */
  #known = new Set();

  /** @param {number} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {Kind} what */
  total(what) {
    return this.#kinds[what].total;
  }

  /** @param {Kind} what @param {string} doc_id @param {string[]} revs */
  add(what, doc_id, revs) {
    const kind = this.#kinds[what];
    const fresh = revs.filter((rev) => !this.#known.has(`${rev} ${doc_id}`));
    kind.total += fresh.length;
    const listed = fresh.slice(0, this.#list - kind.listed);
    for (const rev of listed) this.#known.add(`${rev} ${doc_id}`);
    kind.listed += listed.length;
    if (listed.length > 0) kind.docs.push({ doc_id, revs: listed, what, reason: null });
  }

  /** The listed ones. Those that nothing brings come first; those in flight need the least attention. */
  docs() {
    let left = this.#list;
    const docs = [];
    for (const { docs: some } of Object.values(this.#kinds)) {
      for (const document of some) {
        const revs = document.revs.slice(0, left);
        left -= revs.length;
        if (revs.length > 0) docs.push({ ...document, revs });
      }
    }
    return docs;
  }
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
    [
      Number.parseInt(String(feed.since), 10) !== 0,
      "The replication begins at its since_seq: earlier changes are not part of it, and were not compared.",
    ],
    [hasMoved, "The source changed meanwhile: changes after the last page that was read are not included."],
  ];
  return caveats.filter(([applies]) => applies).map(([, caveat]) => caveat);
}
