// @ts-check
/**
 * Lists, as the shards of a database and their coordinator produce them.
 *
 * Each shard reads the first skip + limit documents of its own part of the range, and only then removes design
 * documents, states that were not requested, and documents that the scheduler does not know. The
 * coordinator merges the remaining rows, drops `skip` of them and returns `limit`. So pages by `skip` lose rows when
 * a shard has removed some, and a filter with a limit finds only rows in the first window.
 */
import { compareIds, sliceOf } from "../world/database.js";

/**
 * @typedef {import("../world/database.js").Database} Database
 * @typedef {import("../world/database.js").Entry} Entry
 * @typedef {import("./query.js").DocsQuery} DocsQuery
 */

/**
 * @typedef {object} Window
 * @property {number} total number of documents in the database
 * @property {number} offset
 * @property {Generator<Entry>} entries read only when they are needed
 */

/**
 * @param {Database} database @param {DocsQuery} query
 * @param {(entry: Entry) => boolean} isShown which rows of its window a shard keeps
 * @returns {Window}
 */
export function readWindow(database, query, isShown) {
  const slices = database.shards().map((shard) => sliceOf(shard, query));
  const total = database.docCount;
  const before = slices.reduce((sum, slice) => sum + slice.offset, 0);
  return {
    total,
    offset: Math.min(total, before + query.skip),
    entries: query.isEmpty
      ? empty()
      : page(
          slices.map((slice) => shown(slice, query.skip + query.limit, isShown)),
          query,
        ),
  };
}

/** @returns {Generator<Entry>} */
function* empty() {}

/** The work of one shard. @param {ReturnType<typeof sliceOf>} slice @param {number} window @param {(entry: Entry) => boolean} isShown */
function* shown({ entries }, window, isShown) {
  for (let i = 0; i < Math.min(entries.length, window); i++) if (isShown(entries[i])) yield entries[i];
}

/** The work of the coordinator. @param {Generator<Entry>[]} parts @param {DocsQuery} query */
function* page(parts, { skip, limit, descending }) {
  let position = 0;
  if (limit === 0) return;
  for (const entry of merge(parts, descending)) {
    if (position++ < skip) continue;
    yield entry;
    if (position >= skip + limit) return;
  }
}

/** @param {Generator<Entry>[]} parts @param {boolean} descending */
function* merge(parts, descending) {
  const heads = parts.map((part) => ({ part, next: part.next() })).filter(({ next }) => !next.done);
  while (heads.length > 0) {
    let first = 0;
    for (let i = 1; i < heads.length; i++) {
      const order = compareIds(heads[i].next.value.id, heads[first].next.value.id);
      if (descending ? order > 0 : order < 0) first = i;
    }
    const head = heads[first];
    yield/** @type {Entry} */ (head.next.value);
    head.next = head.part.next();
    if (head.next.done) heads.splice(first, 1);
  }
}

const encoder = new TextEncoder();

/**
 * A list as CouchDB writes it: a head, one row per line, a tail; sent in chunks of a fixed size, each produced
 * only when it is read.
 * @param {string} head @param {Iterable<string>} rows @param {string} tail @param {number} chunkBytes
 * @param {() => void} onRow
 * @returns {Generator<Uint8Array>}
 */
export function* chunkedList(head, rows, tail, chunkBytes, onRow) {
  let buffer = head;
  let separator = "";
  for (const row of rows) {
    onRow();
    const piece = separator + row;
    separator = ",\r\n";
    if (buffer.length + piece.length > chunkBytes) {
      yield encoder.encode(buffer);
      buffer = "";
    }
    buffer += piece;
  }
  yield encoder.encode(buffer + tail);
}
