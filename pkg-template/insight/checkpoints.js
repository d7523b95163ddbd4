// @ts-check
// The checkpoints of replications in one database, read by one request.

import { faultOf } from "./call.js";
import { rowsOf } from "./documents.js";
import { failed } from "./endpoints.js";
import { isCheckpoint } from "./resume.js";

/** @typedef {import("./resume.js").Checkpoint} Checkpoint */

/**
 * What is known of a checkpoint at an end.
 *
 * @typedef {{ status: "found", checkpoint: Checkpoint }
 *   | { status: "missing" }
 *   | Exclude<import("./endpoints.js").Reached, { status: "asked" }>} Found
 */

/** The id of a replication's checkpoints, following `_local/`: that of its job without its options. @param {string} jobId */
export const checkpointId = (jobId) => jobId.replace(/\+.*/s, "");

/** An error instead of checkpoints. @typedef {ReturnType<typeof failed>} Failure */

/**
 * `POST /{db}/_local_docs`: the checkpoints with these ids.
 *
 * @param {import("./call.js").Call} call
 * @param {{ client: import("./call.js").Client, path: string }} end
 * @param {Iterable<string>} ids each once
 * @returns {Promise<Map<string, Found> | Failure>} those that exist
 */
export async function checkpointsIn(call, { client, path }, ids) {
  const locals = `${path}/_local_docs`;
  const url = client.url + locals;
  /** Another program can have written one of them: the others are still valid. @param {any} document @returns {Found} */
  const found = (document) =>
    isCheckpoint(document)
      ? { status: "found", checkpoint: document }
      : failed(faultOf("POST", url, "invalid_response", "this checkpoint is not one of CouchDB's"));
  try {
    const keys = Array.from(ids, (id) => LOCAL + id);
    const documents = await rowsOf(call, locals, keys, client);
    return new Map(Array.from(documents, ([key, document]) => [key.slice(LOCAL.length), found(document)]));
  } catch (error) {
    return failed(call.failureOf(error));
  }
}

/** The checkpoint of one job. @param {import("./call.js").Call} call @param {{ client: import("./call.js").Client, path: string }} end @param {string} jobId */
export async function checkpointAt(call, end, jobId) {
  const id = checkpointId(jobId);
  return foundIn(await checkpointsIn(call, end, [id]), id);
}

/** @param {Map<string, Found> | Failure} read by `checkpointsIn` @param {string} id @returns {Found} */
export function foundIn(read, id) {
  return read instanceof Map ? (read.get(id) ?? { status: "missing" }) : read;
}

/** What precedes the ids of local documents. */
const LOCAL = "_local/";
