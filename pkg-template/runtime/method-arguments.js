// @ts-check
// What the methods of the wasm accept: an array of the arguments that have names of their own, then of the options.

import { argument, optionsOf } from "./arguments.js";
import { documentOf } from "./new-replication.js";

/** @typedef {Record<string, import("./arguments.js").Kind>} Kinds in the order in which the wasm accepts the values */

const SIGNAL = { signal: "signal" };
const DOCUMENT = { database: "database", ...SIGNAL };
const FOLLOW = { until: "some states", interval: "positive", timeout: "time", onUpdate: "function", ...DOCUMENT };
const TICKS = { interval: "positive", pauseWhenHidden: "boolean", onRetry: "function" };
const WINDOW = { limit: "count", skip: "count" };

/** @type {Record<string, [named: Kinds, options: Kinds]>} */
const METHODS = {
  info: [{}, SIGNAL],
  session: [{}, SIGNAL],
  listDocs: [{}, { ...WINDOW, states: "states", ...DOCUMENT }],
  docs: [{}, { states: "states", pageSize: "positive", ...DOCUMENT }],
  getDoc: [{ docId: "document" }, DOCUMENT],
  watch: [{}, { states: "states", docIds: "documents", ...TICKS, ...DOCUMENT }],
  waitFor: [{ docId: "document" }, FOLLOW],
  listJobs: [{}, { ...WINDOW, ...SIGNAL }],
  jobs: [{}, SIGNAL],
  getJob: [{ jobId: "document" }, SIGNAL],
  watchJobs: [{}, { transient: "boolean", ...TICKS, ...SIGNAL }],
  createReplication: [{ replication: documentOf }, DOCUMENT],
  getReplication: [{ id: "replication" }, DOCUMENT],
  listReplications: [{}, DOCUMENT],
  replicationState: [{ id: "document" }, DOCUMENT],
  followReplication: [{ id: "document" }, FOLLOW],
  stopReplication: [{ id: "replication" }, DOCUMENT],
};

/**
 * @param {string} call the method
 * @param {unknown[]} args of the caller
 * @returns {unknown[]} what the wasm accepts
 */
export function argumentsOf(call, args) {
  const method = METHODS[call];
  if (!method) return args;
  const [kinds, optionKinds] = method;
  const named = Object.entries(kinds).map(([name, kind], at) => argument(call, name, kind, args[at]));
  const given = optionsOf(call, args[named.length], optionKinds);
  return [[...named, ...Object.keys(optionKinds).map((name) => given[name])]];
}
