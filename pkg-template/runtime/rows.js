// @ts-check
// Builds rows from the memory of the wasm. The engine's JSON parser builds plain objects faster than anything else, and parses
// the values of rows three times as fast as rows with all their keys. So the wasm writes only values, in the order of the keys
// in crates/rows/src/columns.rs (changes: src/js/rows.rs), which is the order in which they are read here.

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {Uint8Array} json
 * @returns {any}
 */
export const parse = (json) => JSON.parse(utf8.decode(json));

/**
 * @param {unknown[]} all
 * @param {unknown[]} more
 */
export function append(all, more) {
  for (const one of more) all.push(one);
}

/** @type {any[]} the values that are read */
let values = [];
let at = 0;
const next = () => values[at++];

/** Appends the members whose keys the wasm does not know. @param {object} row */
function withOthers(row) {
  const others = next();
  return others === null ? row : { ...row, ...others };
}

/** An `info`: a number for its type, then its values. */
function info() {
  const kind = next();
  if (kind === 0) return null;
  if (kind === 1) return { error: next() };
  if (kind === 2) return next();
  /** @type {Record<string, any>} */
  const counters = {
    revisions_checked: next(),
    missing_revisions_found: next(),
    docs_read: next(),
    docs_written: next(),
    changes_pending: next(),
    doc_write_failures: next(),
    bulk_get_docs: next(),
    bulk_get_attempts: next(),
    checkpointed_source_seq: next(),
  };
  if (kind === 11) {
    counters.source_seq = next();
    counters.through_seq = next();
  }
  return counters;
}

function doc() {
  return withOthers({
    database: next(),
    doc_id: next(),
    id: next(),
    node: next(),
    source: next(),
    target: next(),
    state: next(),
    info: info(),
    error_count: next(),
    last_updated: next(),
    start_time: next(),
    source_proxy: next(),
    target_proxy: next(),
  });
}

function event() {
  const timestamp = next();
  const type = next();
  const more = next();
  if (more === 0) return { timestamp, type, details: {} };
  if (typeof more === "string") return { timestamp, type, reason: more, details: { reason: more } };
  return { timestamp, type, ...more, details: more };
}

function history() {
  const events = [];
  for (let left = next(); left > 0; left--) events.push(event());
  return events;
}

/** For jobs without counters. @type {Record<string, any>} */
const NONE = {};

function job() {
  const [database, doc_id, id, pid, node] = [next(), next(), next(), next(), next()];
  const [source, target, user, start_time] = [next(), next(), next(), next()];
  const of = info();
  const counters = of ?? NONE;
  return withOthers({
    database,
    doc_id,
    id,
    pid,
    node,
    source,
    target,
    user,
    start_time,
    info: of,
    history: history(),
    continuous: next(),
    state: next(),
    revisions_checked: counters.revisions_checked ?? null,
    missing_revisions_found: counters.missing_revisions_found ?? null,
    docs_read: counters.docs_read ?? null,
    docs_written: counters.docs_written ?? null,
    doc_write_failures: counters.doc_write_failures ?? null,
    changes_pending: counters.changes_pending ?? null,
    bulk_get_docs: counters.bulk_get_docs ?? null,
    bulk_get_attempts: counters.bulk_get_attempts ?? null,
    checkpointed_source_seq: counters.checkpointed_source_seq ?? null,
    source_seq: counters.source_seq ?? null,
  });
}

/** A change that `watch()` yields: its type determines which rows follow. */
function change() {
  const type = next();
  const row = doc();
  const { database, doc_id } = row;
  if (type === "removed") return { type, database, doc_id, previous: row };
  if (type === "added") return { type, database, doc_id, doc: row };
  return { type, database, doc_id, doc: row, previous: doc() };
}

/** A change that `watchJobs()` yields. */
function jobChange() {
  const type = next();
  const row = job();
  if (type === "removed") return { type, previous: row };
  if (type === "added") return { type, job: row };
  return { type, job: row, previous: job() };
}

/**
 * Builds rows from a JSON array of their values, and appends them to `rows`.
 *
 * @param {() => unknown} build one row
 * @param {Uint8Array} json
 * @param {unknown[]} rows
 */
function add(build, json, rows) {
  values = parse(json);
  at = 0;
  while (at < values.length) rows.push(build());
  values = [];
}

/** @param {Uint8Array} json @param {unknown[]} rows replication documents */
export const addDocs = (json, rows) => add(doc, json, rows);

/** @param {Uint8Array} json @param {unknown[]} rows replication jobs */
export const addJobs = (json, rows) => add(job, json, rows);

/** @param {Uint8Array} json @param {unknown[]} rows changes of replication documents */
export const addChanges = (json, rows) => add(change, json, rows);

/** @param {Uint8Array} json @param {unknown[]} rows changes of replication jobs */
export const addJobChanges = (json, rows) => add(jobChange, json, rows);

/** @param {Uint8Array} json @param {unknown[]} rows objects that are complete */
export const addValues = (json, rows) => add(next, json, rows);
