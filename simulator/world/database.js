// @ts-check
/**
 * One database: documents with revisions, spread over shards, and the order of their changes.
 */
import { crc32, hex, opaqueSeq } from "./hash.js";
import { byVictory, leavesOf, merged, NO_PAST } from "./revisions.js";

/**
 * @typedef {Record<string, any>} Json
 * @typedef {object} Entry a document
 * @property {string} id
 * @property {string} rev
 * @property {number} seq its position among the changes
 * @property {boolean} deleted
 * @property {Json} body without `_id` and `_rev`
 * @property {import("./live.js").Replication | null} replication while its replication has not ended
 * @property {FrozenRow | null} frozen a loaded row that never changes
 * @property {readonly string[]} past ancestors of `rev`, newest first
 * @property {import("./revisions.js").Leaf[] | null} others leaves that lost against `rev`
 *
 * @typedef {{ state: string | null, source: string | null, target: string | null, text: string }} FrozenRow
 *
 * @typedef {object} Range the requested range of ids
 * @property {string | undefined} startkey
 * @property {string | undefined} endkey
 * @property {boolean} inclusiveEnd
 * @property {boolean} descending
 */

export class Database {
  /** @type {Map<string, Entry>} */
  entries = new Map();
  /** Names of users who may read it, apart from the admins. @type {Json} */
  security = { members: { roles: ["_admin"] }, admins: { roles: ["_admin"] } };
  seq = 0;
  docCount = 0;
  revsLimit = 1000;
  /** The last change of a design document. */
  designSeq = 0;
  /** Local documents, checkpoints among them, by id with `_local/`. @type {Map<string, import("./locals.js").LocalDocument>} */
  locals = new Map();
  /** Documents a second that a replication copies from here. */
  rate = 1000;
  /** What a document may have, in bytes of JSON. */
  maxDocumentBytes = Infinity;
  /** Refuses documents like a validate function: a reason, or null. @type {((doc: Json) => string | null) | null} */
  refuse = null;
  /** @type {Entry[][]} */
  #shards;
  #sorted = true;
  /** Every change, oldest first; readers skip those that a later change of the same document replaced. @type {{ seq: number, entry: Entry }[]} */
  #changes = [];

  /** @param {string} name @param {number} shardCount @param {number} createdAt */
  constructor(name, shardCount, createdAt) {
    this.name = name;
    this.createdAt = createdAt;
    this.#shards = Array.from({ length: shardCount }, () => []);
  }

  get isReplicator() {
    return isReplicatorName(this.name);
  }

  get shardCount() {
    return this.#shards.length;
  }

  /** @param {string} id @returns {Entry | undefined} the document, unless it is deleted */
  get(id) {
    const entry = this.entries.get(id);
    return entry && !entry.deleted ? entry : undefined;
  }

  /**
   * Writes a document without a check of its revision.
   * @param {string} id @param {Json} body @param {boolean} [deleted] @param {string} [rev]
   * @returns {Entry}
   */
  write(id, body, deleted = false, rev) {
    let entry = this.entries.get(id);
    if (!entry) {
      entry = newEntry(id);
      this.entries.set(id, entry);
    }
    const next = rev ?? this.#nextRev(entry);
    if (entry.rev !== "") entry.past = [entry.rev, ...entry.past].slice(0, Math.max(0, this.revsLimit - 1));
    entry.rev = next;
    entry.body = body;
    this.#setDeleted(entry, deleted);
    if (entry.others) this.#elect(entry, leavesOf(entry));
    this.#changed(entry);
    return entry;
  }

  /**
   * Writes a revision that came from elsewhere (`new_edits=false`).
   * @param {string} id @param {string[]} path the revision and its ancestors, newest first
   * @param {{ deleted: boolean, body: Json }} content
   * @returns {boolean} false: it was known, and nothing has changed
   */
  merge(id, path, content) {
    const entry = this.entries.get(id) ?? newEntry(id);
    const leaves = merged(entry, path, content, this.revsLimit);
    if (!leaves) return false;
    this.entries.set(id, entry);
    this.#elect(entry, leaves);
    this.#changed(entry);
    return true;
  }

  /** Edits a leaf that is not the winner. @param {Entry} entry @param {import("./revisions.js").Leaf} leaf @param {Json} body @param {boolean} deleted */
  extend(entry, leaf, body, deleted) {
    const rev = this.#nextRev({ id: entry.id, rev: leaf.rev });
    const edited = { rev, body, deleted, past: [leaf.rev, ...leaf.past] };
    this.#elect(
      entry,
      leavesOf(entry).map((one) => (one === leaf ? edited : one)),
    );
    this.#changed(entry);
    return rev;
  }

  /** Forgets leaves; a document without any is gone. @param {Entry} entry @param {string[]} revs @returns {string[]} those forgotten */
  purge(entry, revs) {
    const leaves = leavesOf(entry);
    const purged = leaves.filter(({ rev }) => revs.includes(rev)).map(({ rev }) => rev);
    if (purged.length === 0) return purged;
    const kept = leaves.filter(({ rev }) => !revs.includes(rev));
    if (kept.length > 0) {
      this.#elect(entry, kept);
      this.#changed(entry);
    } else {
      this.#setDeleted(entry, true);
      this.entries.delete(entry.id);
      entry.seq = -1;
      this.designSeq = ++this.seq;
    }
    return purged;
  }

  /** @param {Entry} entry @param {import("./revisions.js").Leaf[]} leaves */
  #elect(entry, leaves) {
    const [winner, ...others] = leaves
      .map(({ rev, deleted, body, past }) => ({ rev, deleted, body, past }))
      .sort(byVictory);
    const { rev, body, past, deleted } = winner;
    Object.assign(entry, { rev, body, past, others: others.length > 0 ? others : null });
    this.#setDeleted(entry, deleted);
  }

  /** @param {Entry} entry @param {boolean} deleted */
  #setDeleted(entry, deleted) {
    if (entry.deleted === deleted) return;
    if (deleted) this.#unlist(entry);
    else this.#list(entry);
    entry.deleted = deleted;
  }

  /** @param {Entry} entry */
  #changed(entry) {
    entry.seq = ++this.seq;
    if (entry.id.startsWith("_design/")) this.designSeq = entry.seq;
    this.#changes.push({ seq: entry.seq, entry });
    if (this.#changes.length > 2 * this.entries.size + 1000) this.#changes = this.#changes.filter(isLatest);
  }

  /** @param {{ id: string, rev: string }} previous */
  #nextRev({ id, rev }) {
    return `${Number.parseInt(rev || "0", 10) + 1}-${hex(`${this.name}/${id} ${this.seq + 1}`)}`;
  }

  /** @param {Entry} entry */
  #list(entry) {
    this.docCount++;
    // Sorts at the next read: inserting documents one by one would move the tail of the array each time.
    const shard = this.#shards[shardOf(entry.id, this.#shards.length)];
    if (shard.length > 0 && compareIds(shard[shard.length - 1].id, entry.id) > 0) this.#sorted = false;
    shard.push(entry);
  }

  /** @param {Entry} entry */
  #unlist(entry) {
    this.docCount--;
    const shard = this.shards()[shardOf(entry.id, this.#shards.length)];
    shard.splice(lowerBound(shard, entry.id), 1);
  }

  /** The documents of each shard, sorted by id. */
  shards() {
    if (!this.#sorted) {
      for (const shard of this.#shards) shard.sort((a, b) => compareIds(a.id, b.id));
      this.#sorted = true;
    }
    return this.#shards;
  }

  /** @returns {Entry[]} all documents, sorted by id */
  all() {
    return this.shards()
      .flat()
      .sort((a, b) => compareIds(a.id, b.id));
  }

  /**
   * Returns the changes after `since`, oldest first, each document once.
   * @param {number} since
   * @returns {Entry[]}
   */
  changesSince(since) {
    return this.#changes
      .slice(this.#firstAfter(since))
      .filter(isLatest)
      .map((change) => change.entry);
  }

  /** The first change after `since`. @param {number} since @returns {Entry | undefined} */
  nextChange(since) {
    for (let i = this.#firstAfter(since); i < this.#changes.length; i++)
      if (isLatest(this.#changes[i])) return this.#changes[i].entry;
    return undefined;
  }

  /** @param {number} since @returns {number} a place among the changes */
  #firstAfter(since) {
    let low = 0;
    for (let high = this.#changes.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#changes[middle].seq <= since) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} seq */
  seqText(seq) {
    return opaqueSeq(seq, this.name);
  }
}

/** @param {string} id @returns {Entry} */
function newEntry(id) {
  return { id, rev: "", seq: 0, deleted: true, body: {}, replication: null, frozen: null, past: NO_PAST, others: null };
}

/** @param {{ seq: number, entry: Entry }} change */
function isLatest(change) {
  return change.entry.seq === change.seq;
}

/** @param {string} name */
export function isReplicatorName(name) {
  return name === "_replicator" || name.endsWith("/_replicator");
}

/**
 * Returns one shard's part of the range in reading order, and how many documents precede it. It is a snapshot:
 * writes during a list do not change it.
 * @param {Entry[]} shard @param {Range} range
 */
export function sliceOf(shard, { startkey, endkey, inclusiveEnd, descending }) {
  if (descending) {
    const from = startkey === undefined ? shard.length : upperBound(shard, startkey);
    const to = endkey === undefined ? 0 : inclusiveEnd ? lowerBound(shard, endkey) : upperBound(shard, endkey);
    return { offset: shard.length - from, entries: shard.slice(to, Math.max(to, from)).reverse() };
  }
  const from = startkey === undefined ? 0 : lowerBound(shard, startkey);
  const to = endkey === undefined ? shard.length : inclusiveEnd ? upperBound(shard, endkey) : lowerBound(shard, endkey);
  return { offset: from, entries: shard.slice(from, to) };
}

/** @param {{ id: string }[]} sorted @param {string} id @returns {number} number of ids less than `id` */
export function lowerBound(sorted, id) {
  return bound(sorted, (other) => compareIds(other, id) < 0);
}

/** @param {{ id: string }[]} sorted @param {string} id @returns {number} number of ids less than or equal to `id` */
export function upperBound(sorted, id) {
  return bound(sorted, (other) => compareIds(other, id) <= 0);
}

/** @param {{ id: string }[]} sorted @param {(id: string) => boolean} isBefore */
function bound(sorted, isBefore) {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (isBefore(sorted[middle].id)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Compares two ids by their UTF-8 bytes, as CouchDB sorts them: JavaScript's own order differs where
 * surrogate pairs meet the characters from U+E000 to U+FFFF.
 * @param {string} a @param {string} b
 */
export function compareIds(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}

/** @param {number} unit */
function byteRank(unit) {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** @param {string} id @param {number} shardCount */
export function shardOf(id, shardCount) {
  return Math.floor((crc32(id) / 2 ** 32) * shardCount);
}
