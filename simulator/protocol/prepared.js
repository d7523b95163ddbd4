// @ts-check
/**
 * Lists that are rendered once and then served from memory, so that a benchmark measures its client, not the
 * simulator. Windows by `startkey` and `limit` are slices of the same bytes.
 */
import { lowerBound } from "../world/database.js";

/**
 * @typedef {import("../world/database.js").Database} Database
 * @typedef {import("./query.js").DocsQuery} DocsQuery
 * @typedef {import("./lists.js").Window} Window
 */

const SLICE_BYTES = 65_536;
const encoder = new TextEncoder();

export class Prepared {
  /** @type {Map<Database, { ids: { id: string }[], rows: Rows }>} */
  #docs = new Map();
  #jobs;

  /** Renders all lists as they are now; later changes are not visible. @param {import("../world/fleet.js").Fleet} fleet */
  constructor(fleet) {
    for (const database of fleet.databases.values()) {
      if (!database.isReplicator) continue;
      const entries = database.all().filter((entry) => fleet.listedState(entry) !== null);
      const rows = new Rows(
        entries.map((entry) => fleet.rowText(database, entry)),
        ",\r\n",
      );
      this.#docs.set(database, { ids: entries.map(({ id }) => ({ id })), rows });
    }
    this.#jobs = new Rows(
      fleet.jobs().map((job) => job.text()),
      ",",
    );
  }

  /**
   * @param {Database} database @param {DocsQuery} query @param {Window} window @param {(rows: number) => void} onRows
   * @returns {Iterable<Uint8Array> | null} null: not one of the prepared lists
   */
  docs(database, query, { total, offset, entries }, onRows) {
    const prepared = this.#docs.get(database);
    if (!prepared || query.descending) return null;
    const { ids, rows } = prepared;
    const runs = isWhole(query) ? [[0, ids.length]] : runsOf(entries, ids);
    onRows(runs.reduce((sum, [from, to]) => sum + to - from, 0));
    return rows.list(`{"total_rows":${total},"offset":${offset},"docs":[\r\n`, runs, "\r\n]}\n");
  }

  /**
   * @param {number} skip @param {number} limit @param {(rows: number) => void} onRows
   * @returns {{ length: number, body: Iterable<Uint8Array> }} sent with a length, like every response except a list of documents
   */
  jobs(skip, limit, onRows) {
    const total = this.#jobs.count;
    const offset = Math.min(skip, total);
    const end = Math.min(total, offset + limit);
    onRows(end - offset);
    const body = [...this.#jobs.list(`{"total_rows":${total},"offset":${offset},"jobs":[`, [[offset, end]], "]}\n")];
    return { length: body.reduce((sum, part) => sum + part.length, 0), body };
  }
}

/** Returns true if only the end of the database ends the list, so that no shard's window matters. @param {DocsQuery} query */
function isWhole({ limit, skip, startkey, endkey, isEmpty }) {
  return limit === Infinity && skip === 0 && startkey === undefined && endkey === undefined && !isEmpty;
}

/** Sends adjacent rows as one chunk. @param {Iterable<{ id: string }>} entries in order @param {{ id: string }[]} ids */
function runsOf(entries, ids) {
  /** @type {number[][]} */
  const runs = [];
  for (const { id } of entries) {
    const index = lowerBound(ids, id);
    const last = runs.at(-1);
    if (last && last[1] === index) last[1]++;
    else runs.push([index, index + 1]);
  }
  return runs;
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Texts, each followed by a separator, in one piece of memory. */
class Rows {
  #bytes;
  #starts;
  #separator;

  /** @param {string[]} texts @param {string} separator */
  constructor(texts, separator) {
    const encoded = texts.map((text) => encoder.encode(text + separator));
    this.count = texts.length;
    this.#separator = separator.length;
    this.#starts = new Float64Array(texts.length + 1);
    for (const [i, row] of encoded.entries()) this.#starts[i + 1] = this.#starts[i] + row.length;
    this.#bytes = joined(encoded);
  }

  /** @param {string} head @param {number[][]} runs from and to @param {string} tail @returns {Generator<Uint8Array>} */
  *list(head, runs, tail) {
    yield encoder.encode(head);
    for (const [i, [from, to]] of runs.entries()) {
      const isLast = i === runs.length - 1;
      const end = this.#starts[to] - (isLast && to > from ? this.#separator : 0);
      for (let at = this.#starts[from]; at < end; at += SLICE_BYTES)
        yield this.#bytes.subarray(at, Math.min(end, at + SLICE_BYTES));
    }
    yield encoder.encode(tail);
  }
}
