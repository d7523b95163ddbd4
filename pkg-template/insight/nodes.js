// @ts-check
// The nodes of a cluster: which there are, and their limits.

import { areTexts, isObject } from "../runtime/checks.js";
import { segment } from "./call.js";
import { limitsOf } from "./expected-wait.js";

/** @typedef {import("./call.js").Call} Call */

/** `GET /_membership`, with the server's time. @param {Call} call */
export const membershipOf = (call) =>
  call.read("/_membership", (json) => isObject(json) && areTexts(json.all_nodes) && areTexts(json.cluster_nodes));

/** `GET /_node/{name}/_config/replicator`, of a node that is connected to the one that responds. @param {Call} call @param {string} name */
export async function limitsAt(call, name) {
  const isSection = (/** @type {any} */ json) => isObject(json) && areTexts(Object.values(json));
  return limitsOf(await call.get(`/_node/${segment(name)}/_config/replicator`, isSection));
}
