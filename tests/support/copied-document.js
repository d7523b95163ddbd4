// @ts-check
// A cluster of three nodes, each with a copy of one replication document. The replication completed a moment ago, which CouchDB has
// written into the copy of one node only: the others will have it seconds later. Responds as three nodes of CouchDB 3.5 do.

import { Replicator, Scheduler } from "couchdb-scheduler";

/** @typedef {{ _id: string, _rev: string, _deleted?: boolean } & Record<string, any>} Revision */

const CONFLICT = { error: "conflict", reason: "Document update conflict." };
const DELETED = { error: "not_found", reason: "deleted" };

/** How many copies must agree, unless the request says otherwise. */
const QUORUM = 2;

export class CopiedDocument {
  /** The copies as the nodes respond: that with the end is the last one. @type {Revision[]} */
  copies;
  /** Each revision with the one before it. @type {Map<Revision, Revision | null>} */
  #revisions = new Map();
  /** When the replication was started again. @type {string | null} */
  #startedAgain = null;

  constructor() {
    const ends = { source: "http://couch.test/from/", target: "http://couch.test/to/" };
    const written = { _id: "a", _rev: "1-a", ...ends };
    const completed = {
      ...written,
      _rev: "2-a",
      _replication_state: "completed",
      _replication_state_time: "2026-11-22T10:00:00Z",
      _replication_stats: { start_time: "2026-11-22T09:00:00Z", checkpointed_source_seq: "3-x" },
    };
    this.copies = [written, written, completed];
    this.#revisions.set(written, null).set(completed, written);
  }

  replicator() {
    return new Replicator("http://couch.test", { fetch: /** @type {any} */ (this.fetch) });
  }

  scheduler() {
    return new Scheduler("http://couch.test", { fetch: /** @type {any} */ (this.fetch) });
  }

  /** What no other revision follows: more than one is a conflict. Once the nodes have exchanged them, all copies have these. */
  leaves() {
    const followed = new Set(this.#revisions.values());
    return [...this.#revisions.keys()].filter((revision) => !followed.has(revision));
  }

  /** @param {number} r how many copies must agree */
  #read(r) {
    const first = this.copies.slice(0, Math.min(r, this.copies.length));
    const isAgreed = first.every((copy) => copy === first[0]);
    return winnerOf(isAgreed ? first : this.copies);
  }

  /** The row, which is that of the job, or of the document. */
  #row() {
    const { _replication_state = null, _replication_state_time, _replication_stats, ...document } = this.#read(QUORUM);
    const row = { database: "_replicator", doc_id: "a", id: null, source: document.source, target: document.target };
    if (this.#startedAgain) {
      return { ...row, id: "0a", state: "running", info: null, start_time: this.#startedAgain };
    }
    const { start_time = null, ...info } = _replication_stats ?? {};
    const last_updated = _replication_state_time ?? null;
    return { ...row, state: _replication_state, info: _replication_state && info, start_time, last_updated };
  }

  /** @param {string | null} base the revision that it replaces @param {Record<string, unknown>} body */
  #write(base, body) {
    const accepting = this.copies.filter(({ _rev }) => _rev === base).length;
    if (accepting === 0) return Response.json(CONFLICT, { status: 409 });
    const rev = `${Number.parseInt(String(base), 10) + 1}-b`;
    const revision = /** @type {Revision} */ ({ ...body, _id: "a", _rev: rev });
    const before = /** @type {Revision} */ (this.copies.find(({ _rev }) => _rev === base));
    this.#revisions.set(revision, before);
    this.copies = this.copies.map((copy) => (copy === before ? revision : copy));
    // Only the node that ran the replication starts it again.
    const isOwned = this.copies.at(-1) === revision;
    if (isOwned && !revision._deleted && !revision._replication_state) this.#startedAgain = "2026-11-22T11:00:00Z";
    return Response.json({ ok: true, id: "a", rev }, { status: accepting < QUORUM ? 202 : 201 });
  }

  fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ { method, body }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname.startsWith("/_scheduler/docs/")) return Response.json(this.#row());
    if (pathname === "/") return Response.json({ couchdb: "Welcome", version: "3.5.2" });
    if (method === "DELETE") return this.#write(searchParams.get("rev"), { _deleted: true });
    if (method === "PUT") {
      const { _rev, ...document } = JSON.parse(String(body));
      return this.#write(_rev, document);
    }
    const document = this.#read(Number(searchParams.get("r") ?? QUORUM));
    return document._deleted ? Response.json(DELETED, { status: 404 }) : Response.json(document);
  };
}

/** The winner of several revisions: not deleted, and with most revisions before it. @param {Revision[]} revisions */
function winnerOf(revisions) {
  const generation = (/** @type {Revision} */ { _rev }) => Number.parseInt(_rev, 10);
  const isDeleted = (/** @type {Revision} */ { _deleted = false }) => Number(_deleted);
  const [winner] = revisions.toSorted((a, b) => isDeleted(a) - isDeleted(b) || generation(b) - generation(a));
  return /** @type {Revision} */ (winner);
}
