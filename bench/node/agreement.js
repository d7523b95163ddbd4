// @ts-check
// Speed is worth nothing if the results differ: ours must equal what plain JavaScript makes of the same response.

import { OURS } from "../lib/plan.js";
import { inNode } from "./contestant.js";

/** Our mask, which plain JavaScript does not have. */
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
      // Large results would take long to travel between processes.
      const url = urlOf(fleet === "jobs10k" || task === "tick" ? fleet : "docs1k");
      const [our, their] = [await ours.result(task, url), await plain.result(task, url)];
      const difference = differenceOf({ ...our.result, time: undefined }, { ...their.result, time: undefined });
      if (difference !== undefined)
        throw new Error(`${title}: our rows differ from those of plain fetch: ${difference}`);
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
 * @returns {string | undefined} the first difference
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
