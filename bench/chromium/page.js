// @ts-check
// One contestant in its own page. The parent calls `run`.

import { connectAs } from "../contestants/index.js";
import { perform, performWatched } from "../contestants/perform.js";

/** By the URL of their fleet: a watch continues from round to round. @type {Map<string, import("../contestants/index.js").Contestant>} */
const contestants = new Map();

/**
 * @param {import("../lib/plan.js").ContestantName} name
 * @param {"perform" | "watch"} how
 * @param {import("../lib/plan.js").TaskName} task
 * @param {string} url of the fleet
 */
async function run(name, how, task, url) {
  const contestant = contestants.get(url) ?? (await connectAs(name, url, "/pkg/index.js"));
  contestants.set(url, contestant);
  const done = await (how === "watch" ? performWatched : perform)(contestant, task);
  // Garbage of this round must not slow down the next one.
  globalThis.gc?.();
  return done;
}

Object.assign(globalThis, { run });
