// @ts-check
// One contestant in its own process. Runs one task per message of the parent.

import { connectAs } from "../contestants/index.js";
import { perform, performWatched } from "../contestants/perform.js";

/**
 * @typedef {object} Asked
 * @property {"perform" | "watch" | "result"} how
 * @property {import("../lib/plan.js").TaskName} task
 * @property {string} url
 */

const [name, entry = ""] = process.argv.slice(2);

/** @type {Map<string, import("../contestants/index.js").Contestant>} */
const contestants = new Map();

/** @param {string} url */
async function connected(url) {
  const known = contestants.get(url);
  if (known) return known;
  const contestant = await connectAs(/** @type {import("../lib/plan.js").ContestantName} */ (name), url, entry);
  contestants.set(url, contestant);
  return contestant;
}

/** @param {Asked} asked */
async function answer({ how, task, url }) {
  const contestant = await connected(url);
  if (how === "result") return { result: await resultOf(contestant, task) };
  const before = process.cpuUsage();
  const done = await (how === "watch" ? performWatched : perform)(contestant, task);
  const { user, system } = process.cpuUsage(before);
  // Garbage of this round must not slow down the next one.
  globalThis.gc?.();
  return { ...done, cpu: (user + system) / 1000 };
}

/** @param {import("../contestants/index.js").Contestant} contestant @param {import("../lib/plan.js").TaskName} task */
async function resultOf(contestant, task) {
  if (task !== "eachDoc") return contestant[task]?.();
  /** @type {object[]} */
  const rows = [];
  await contestant.eachDoc?.((row) => rows.push(row));
  return rows;
}

process.on("message", (/** @type {Asked} */ asked) => {
  answer(asked).then(
    (done) => process.send?.(done),
    (error) => process.send?.({ error: `${name}: ${error.stack}` }),
  );
});
process.on("disconnect", () => process.exit());
