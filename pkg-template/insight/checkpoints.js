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

/**
 * `POST /{db}/_local_docs`: the checkpoints with these ids. An error is what is known of each of them.
 *
 * @param {import("./call.js").Call} call
 * @param {{ client: import("./call.js").Client, path: string }} end
 * @param {Iterable<string>} ids each once
 * @returns {Promise<(id: string) => Found>}
 */
export async function checkpointsIn(call, { client, path }, ids) {
  try {
    const keys = Array.from(ids, (id) => `_local/${id}`);
    const documents = await rowsOf(call, `${path}/_local_docs`, keys, client, isCheckpoint);
    return (id) => {
      const checkpoint = documents.get(`_local/${id}`);
      return checkpoint === undefined ? { status: "missing" } : { status: "found", checkpoint };
    };
  } catch (error) {
    const failure = failed(error);
    return () => failure;
  }
}
