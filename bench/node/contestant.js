// @ts-check
// A contestant in a Node process, as rounds.js uses it.

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Child } from "../lib/child.js";

/** @typedef {import("../lib/plan.js").TaskName} TaskName */

const WORKER = fileURLToPath(new URL("worker.js", import.meta.url));

/**
 * @param {import("../lib/plan.js").ContestantName} name
 * @param {string} packageFolder
 * @returns {import("../lib/rounds.js").Runner & { result: (task: TaskName, url: string) => Promise<{ result: any }> }}
 */
export function inNode(name, packageFolder) {
  const entry = pathToFileURL(join(packageFolder, "index.js")).href;
  const child = new Child(WORKER, [name, entry], ["--expose-gc"]);
  return {
    run: (how, task, url) => child.ask({ how, task, url }),
    result: (task, url) => child.ask({ how: "result", task, url }),
    pids: async () => [child.pid],
    stop: () => child.stop(),
  };
}
