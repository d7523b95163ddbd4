// @ts-check
// restartReplication() and restartReplications(): try a replication again now, without starting over. CouchDB restarts a
// replication when a field of its document changes that it uses. So a switch is turned that means the same in both positions.

import { argument, kind, optionsOf } from "../runtime/arguments.js";
import { isObject, isText } from "../runtime/checks.js";
import { concurrently, faultOf, iterating, method, segment } from "./call.js";
import { checkpointId } from "./checkpoints.js";
import { valueText, withMember, withoutMember } from "./json-text.js";
import { edited, isEnded, withoutState } from "./replication-document.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./replication-document.js").Place} Place */

/** A row of `_scheduler/docs`. @typedef {{ state: string | null, id: string | null, start_time: string | null, last_updated: string | null }} Row */

/** Milliseconds to wait for a restart, twice. Each job that hangs can delay the others of its node by five seconds. */
const RESTART_LIMIT = 30_000;

/** Milliseconds between two looks at the row. */
const [FIRST_WAIT, MAX_WAIT] = [50, 1000];

/**
 * How many are restarted at a time. A job that hangs makes all others of its node wait for up to five seconds, one after the other,
 * so there should be few. Four are enough to keep a node busy: 60 running jobs took 2 to 4 seconds.
 */
const DEFAULT_CONCURRENCY = 4;

/** @param {import("#glue").Client} client @param {any} id @param {unknown} [options] */
export async function restartReplication(client, id, options) {
  argument("restartReplication", "id", "replication", id);
  const work = (/** @type {Call} */ call, /** @type {any} */ { database }) => restarted(call, { database, id });
  return method(client, "restartReplication", options, { database: "database" }, work);
}

/** @param {import("#glue").Client} client @param {any} ids @param {unknown} [options] */
export function restartReplications(client, ids, options) {
  const name = "restartReplications";
  return iterating(client, () => {
    const kinds = { concurrency: "positive", database: "database", signal: "signal" };
    argument(name, "ids", ITERABLE, ids, kindOf);
    const { concurrency = DEFAULT_CONCURRENCY, database, signal } = optionsOf(name, options, kinds);
    /** @param {Call} call */
    const work = (call) =>
      concurrently(
        concurrency,
        ids,
        async (id) => {
          argument(name, "id", "replication", id);
          try {
            return await restarted(call, { database, id });
          } catch (error) {
            return { id, error: call.failureOf(error) };
          }
        },
        call.signal,
      );
    return { signal, work };
  });
}

const ITERABLE = kind(
  "an iterable of ids, such as an array",
  (value) =>
    typeof (value?.[Symbol.asyncIterator] ?? Object(value)[Symbol.iterator]) === "function" &&
    typeof value === "object",
);

/** @param {unknown} value */
const kindOf = (value) =>
  Object(value) === value || typeof value === "string" ? `this ${typeof value}` : String(value);

/** @param {Call} call @param {Place} place */
async function restarted(call, place) {
  const path = `/_scheduler/docs/${segment(place.database)}/${segment(place.id)}`;
  let written = await write(call, place, path, flipped);
  let row = await seenAgain(call, path, place.id, written.before);
  if (!row) {
    if (!(await knowsSwitches(call))) written = await write(call, place, path, withOtherTimeout);
    row = await seenAgain(call, path, place.id, written.before);
  }
  const { rev, before, usesCheckpoints } = written;
  if (row) {
    const resumes = usesCheckpoints && isSameReplication(before, row) ? "checkpoint" : "beginning";
    return { id: place.id, rev, from: before.state, resumes };
  }
  const seconds = (2 * RESTART_LIMIT) / 1000;
  const message = `the document was written, but in ${seconds} s its replication was not seen to start again`;
  throw faultOf("GET", call.client.url + path, "timeout", message);
}

/**
 * Edits the document, so that its replication restarts.
 *
 * @param {Call} call
 * @param {Place} place
 * @param {string} path of its row
 * @param {(text: string) => string} flip what to edit unless the replication has ended
 * @returns {Promise<{ rev: string, before: Row, usesCheckpoints: boolean }>}
 */
async function write(call, place, path, flip) {
  /** @type {any} */
  let before;
  let usesCheckpoints = true;
  const rev = await edited(call, place, async (text) => {
    before = await rowOf(call, path, place.id);
    const document = JSON.parse(text);
    usesCheckpoints = document.use_checkpoints !== false;
    const active = withoutState(text);
    if (!isEnded(document._replication_state)) return flip(active);
    // The row can be that of a copy that does not have the end yet.
    before = { ...before, ...endIn(document) };
    return active;
  });
  return { rev, before, usesCheckpoints };
}

/** What the row of an ended replication has of its document. @param {any} document @returns {Omit<Row, "id">} */
function endIn({ _replication_state, _replication_state_time, _replication_stats }) {
  const last_updated = _replication_state_time ?? null;
  const start_time = _replication_state === "failed" ? last_updated : (_replication_stats?.start_time ?? null);
  return { state: _replication_state, start_time, last_updated };
}

/** `GET /`: whether the server restarts a replication for the switches of `flipped`. @param {Call} call */
async function knowsSwitches(call) {
  const { version } = await call.get("/", (json) => isObject(json) && isText(json.version));
  const [major, minor] = version.split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 2);
}

/**
 * Turns a switch that is neutral: an option that is absent, or has a value that means the same.
 *
 * @param {string} text
 */
export function flipped(text) {
  for (const [name, neutral] of NEUTRAL) {
    const value = valueText(text, name);
    if (value === undefined) return withMember(text, name, neutral);
    if (value.replace(/\s/g, "") === neutral) return withoutMember(text, name);
  }
  return withOtherTimeout(text);
}

/** CouchDB 3.2 and newer know the first. The second is for documents with parameters of a new target. */
const NEUTRAL = [
  ["create_target_params", "{}"],
  ["cancel", "false"],
];

/** Where a server does not know the switch: one millisecond more or less. @param {string} text */
export function withOtherTimeout(text) {
  const timeout = Number(valueText(text, "connection_timeout") ?? 30_000) || 30_000;
  const other = timeout % 2 === 1 && timeout > 1 ? timeout - 1 : timeout + 1;
  return withMember(text, "connection_timeout", String(other));
}

/**
 * The row before a restart. Its times are full seconds: the restart is seen only if it is in a later one.
 *
 * @param {Call} call @param {string} path @param {string} id @returns {Promise<Row>}
 */
async function rowOf(call, path, id) {
  const { json: row, date } = await call.read(path, (json) => isRow(json, id));
  const now = date ?? Date.now();
  const times = timesOf(row).map((time) => Date.parse(time ?? "") || 0);
  if (Math.abs(now - Math.max(...times)) < 1000) await call.sleep(1000);
  return row;
}

/** Waits until the replication has started again, waits for its turn, or has failed again. @param {Call} call @param {string} path @param {string} id @param {Row} before @returns {Promise<Row | undefined>} */
async function seenAgain(call, path, id, before) {
  /** @type {Row | undefined} */
  let seen;
  let wait = FIRST_WAIT;
  for (let waited = 0; waited < RESTART_LIMIT; waited += wait) {
    wait = Math.min(wait * 1.5, MAX_WAIT);
    await call.sleep(wait);
    const row = await call.get(path, (json) => isRow(json, id));
    if (row.state === null || !isRestart(before, row)) continue;
    // Its id is not known while its filter is read.
    if (row.state !== "initializing") return row;
    seen = row;
  }
  return seen;
}

/** @param {any} json @param {string} id */
const isRow = (json, id) =>
  isObject(json) &&
  json.doc_id === id &&
  [json.state, json.id].every((value) => value === null || typeof value === "string");

/**
 * Whether CouchDB has read the document again since: that is the start of a row. Of a replication that has ended, it is the time when
 * it ended.
 *
 * @param {Row} before @param {Row} row
 */
const isRestart = (before, row) =>
  timesOf(before).join() !== timesOf(row).join() || isEnded(before.state) !== isEnded(row.state);

/** @param {Row} row */
const timesOf = ({ state, start_time, last_updated }) => (isEnded(state) ? [start_time, last_updated] : [start_time]);

/** Whether both have the same id, as far as they have one. Its checkpoints are under the part before the options. @param {Row} before @param {Row} row */
function isSameReplication({ id: old }, { id }) {
  return !old || !id || checkpointId(old) === checkpointId(id);
}
