// @ts-check
// The checkpoints of replications in one database, read by one request.

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
export const checkpointId = (jobId) => jobId.replace(/\+.*$/s, "");

/** An error instead of checkpoints. @typedef {ReturnType<typeof failed>} Failure */

/**
 * `POST /{db}/_local_docs`: the checkpoints with these ids.
 *
 * @param {import("./call.js").Call} call
 * @param {{ client: import("./call.js").Client, path: string }} end
 * @param {Iterable<string>} ids each once
 * @returns {Promise<Map<string, Checkpoint> | Failure>} those that exist
 */
export async function checkpointsIn(call, { client, path }, ids) {
  try {
    const keys = Array.from(ids, (id) => LOCAL + id);
    const documents = await rowsOf(call, `${path}/_local_docs`, keys, client, isCheckpoint);
    return new Map(Array.from(documents, ([key, checkpoint]) => [key.slice(LOCAL.length), checkpoint]));
  } catch (error) {
    return failed(error);
  }
}

/** @param {Map<string, Checkpoint> | Failure} read by `checkpointsIn` @param {string} id @returns {Found} */
export function foundIn(read, id) {
  if (!(read instanceof Map)) return read;
  const checkpoint = read.get(id);
  return checkpoint === undefined ? { status: "missing" } : { status: "found", checkpoint };
}

/** What precedes the ids of local documents. */
const LOCAL = "_local/";
