// @ts-check
// How many changes of a source are still to be processed.

import { isCount, isObject } from "../runtime/checks.js";
import { segment } from "./call.js";

/**
 * `GET /{db}/_changes?limit=0`: the number of documents that changed after `since`. Filters do not matter.
 *
 * @param {import("./call.js").Call} call
 * @param {{ client: import("./call.js").Client, path: string }} source
 * @param {import("./resume.js").Seq} since
 * @returns {Promise<number>}
 */
export async function backlogOf(call, { client, path }, since) {
  const fits = (/** @type {any} */ json) => isObject(json) && Array.isArray(json.results) && isCount(json.pending);
  const { pending } = await call.get(`${path}/_changes?since=${segment(String(since))}&limit=0`, fits, client);
  return pending;
}
