// @ts-check
// Faster is worth nothing where the result is another: ours has to be what plain JavaScript makes of the same answer.

import { OURS } from "../lib/plan.js";
import { inNode } from "./contestant.js";

/** What ours puts in the place of a secret, and plain JavaScript does not. */
const MASK = "*****";

/**
 * @param {import("../lib/plan.js").Measurement[]} measurements
 * @param {import("../lib/rounds.js").Place["urlOf"]} urlOf
 * @param {string} packageFolder
 */
export async function checkAgreement(measurements, urlOf, packageFolder) {
  const ours = inNode(OURS, packageFolder);
  const plain = inNode("fetch", packageFolder);
  try {
    for (const { task, fleet, title } of measurements) {
      // Large ones would take long to come from one process to the other.
      const url = urlOf(fleet === "jobs10k" || task === "tick" ? fleet : "docs1k");
      const [our, their] = [await ours.result(task, url), await plain.result(task, url)];
      const difference = differenceOf({ ...our.result, time: undefined }, { ...their.result, time: undefined });
      if (difference !== undefined) throw new Error(`${title}: ours is not what plain fetch gives: ${difference}`);
    }
  } finally {
    await ours.stop();
    await plain.stop();
  }
}

/**
 * @param {any} ours
 * @param {any} plain
 * @param {string} path
 * @returns {string | undefined} where they differ
 */
function differenceOf(ours, plain, path = "") {
  if (Object.is(ours, plain) || (typeof ours === "string" && ours.includes(MASK))) return undefined;
  const areObjects = typeof ours === "object" && typeof plain === "object" && ours !== null && plain !== null;
  if (!areObjects) return `${path}: ${JSON.stringify(ours)} and ${JSON.stringify(plain)}`;
  for (const key of new Set([...Object.keys(ours), ...Object.keys(plain)])) {
    const difference = differenceOf(ours[key], plain[key], `${path}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
