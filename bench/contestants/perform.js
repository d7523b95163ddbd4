// @ts-check
// One task of one contestant, done once and measured: in Node as in a page.

import { longestBlock } from "./longest-block.js";

/**
 * @typedef {import("./index.js").Contestant} Contestant
 * @typedef {import("../lib/plan.js").TaskName} TaskName
 *
 * @typedef {object} Done
 * @property {number | undefined} rows it came to; undefined where nobody counted
 * @property {number} time ms
 * @property {number} [cpu] ms that all threads of the process worked, where it can be told
 * @property {number} [first] ms until the first row
 * @property {number} [block] ms that nothing else could happen, at the longest
 */

/**
 * @param {Contestant} contestant
 * @param {TaskName} task
 * @returns {Promise<Done>}
 */
export async function perform(contestant, task) {
  const began = performance.now();
  if (task === "eachDoc") {
    let rows = 0;
    let first = 0;
    await contestant.eachDoc?.(() => {
      if (rows++ === 0) first = performance.now() - began;
    });
    return { rows, time: performance.now() - began, first };
  }
  /** @type {any} */
  const result = await contestant[task]?.();
  const time = result.time ?? performance.now() - began;
  return { rows: result.docs?.length ?? result.jobs?.length ?? result.total, time };
}

/**
 * The same, watched: what watches takes time itself, so the time is not to be used.
 *
 * @param {Contestant} contestant
 * @param {TaskName} task
 * @returns {Promise<Done>}
 */
export async function performWatched(contestant, task) {
  const { result, block } = await longestBlock(() => perform(contestant, task));
  return { ...result, block };
}
