// @ts-check
// Rows of the scheduler, for the methods of this folder.

import { Scheduler } from "#glue";
import { argumentsOf } from "../runtime/method-arguments.js";

/** @typedef {import("./call.js").Call} Call */

// The methods of the wasm. runtime/methods.js replaces them later by those for callers, whose errors have the stack of this
// file instead of the caller's.
const { docs, getDoc, jobs } = /** @type {any} */ (Scheduler.prototype);
const METHODS = { docs, getDoc, jobs };

/** The states of documents with a job. */
export const WITH_JOB = /** @type {const} */ (["running", "pending", "crashing"]);

/** The row of a document. @param {Call} call @param {string} docId @param {string} database @returns {Promise<any>} */
export function docOf(call, docId, database) {
  return on(call, "getDoc", docId, { database, signal: call.signal });
}

/**
 * The rows of documents in these states, or of all.
 *
 * @param {Call} call
 * @param {string} database
 * @param {readonly string[]} [states]
 * @returns {AsyncGenerator<any>}
 */
export function docsOf(call, database, states) {
  return rowsOf(on(call, "docs", { database, states, signal: call.signal }));
}

/** The rows of all jobs. @param {Call} call @returns {AsyncGenerator<import("../index.js").ReplicationJob>} */
export function jobsOf(call) {
  return rowsOf(on(call, "jobs", { signal: call.signal }));
}

/** @param {import("../runtime/row-iterator.js").RowSource} source @returns {AsyncGenerator<any>} */
async function* rowsOf(source) {
  try {
    for (let rows = await source.next(); rows !== undefined; rows = await source.next()) yield* rows;
  } finally {
    source.stop();
    source.free();
  }
}

/** @param {Call} call @param {keyof typeof METHODS} method @param {unknown[]} args */
function on(call, method, ...args) {
  const scheduler = new Scheduler(call.client.__share());
  try {
    return METHODS[method].apply(scheduler, argumentsOf(method, args));
  } finally {
    scheduler.free();
  }
}
