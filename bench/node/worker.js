// @ts-check
// One contestant in a process of its own. Does what the parent asks, once for each message.

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
  // What this round left behind is not for the next one to clear up.
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
