// @ts-check
// `npm run coverage`: prints which lines the tests run. `npm run coverage -- rust` or `-- js` prints one half.
//
// Two things are tested and not counted: Rust that runs as wasm, and the page in Chromium. A file without
// any executed line is not in the table, as most such files can only run there; their number is printed.

import { build } from "./build.js";
import { javascriptCoverage } from "./coverage/javascript.js";
import { printCoverage } from "./coverage/report.js";
import { rustCoverage } from "./coverage/rust.js";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { exitOnSignals } from "./lib/run.js";
import { progress, Stop, start } from "./lib/say.js";
import { filesInNode } from "./test/steps.js";

/** @type {Record<string, () => Promise<void>>} */
const HALVES = {
  async rust() {
    const rows = await progress("running Rust's tests on the host", rustCoverage);
    printCoverage("Rust, by the tests on the host", rows);
  },
  async js() {
    await build();
    const { rows, failure } = await progress("running the tests in Node", () => javascriptCoverage(filesInNode()));
    printCoverage("JavaScript, by the tests in Node", rows);
    if (failure) throw new Stop(failure);
  },
};

exitOnSignals();
takeCouchdbEnv();
await start(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !Object.hasOwn(HALVES, name));
  if (unknown.length > 0) throw new Stop(`No coverage of ${unknown.join(", ")}: choose rust or js, or omit both.`);
  /** @type {string[]} */
  const failed = [];
  for (const [name, print] of Object.entries(HALVES)) {
    if (named.length > 0 && !named.includes(name)) continue;
    try {
      await print();
    } catch (error) {
      // A failure of one half does not hide the other.
      if (!(error instanceof Stop)) throw error;
      failed.push(error.message);
    }
  }
  if (failed.length > 0) throw new Stop(failed.join("\n\n"));
});
