// @ts-check
// Runs one task of one contestant once and measures it: the same in Node and in a page.

import { longestBlock } from "./longest-block.js";

/**
 * @typedef {import("./index.js").Contestant} Contestant
 * @typedef {import("../lib/plan.js").TaskName} TaskName
 *
 * @typedef {object} Done
 * @property {number | undefined} rows undefined if the contestant does not count
 * @property {number} time ms
 * @property {number} [cpu] CPU time of all threads in ms, if it is known
 * @property {number} [first] ms until the first row
 * @property {number} [block] longest time in ms that the event loop was blocked
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
 * The same, but observed: observing takes time, so the time is not used.
 *
 * @param {Contestant} contestant
 * @param {TaskName} task
 * @returns {Promise<Done>}
 */
export async function performWatched(contestant, task) {
  const { result, block } = await longestBlock(() => perform(contestant, task));
  return { ...result, block };
}
