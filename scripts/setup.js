// @ts-check
// Installs what is missing for building (`npm start`, `npm run build`) or for the requested tests (`npm test`).
// `node scripts/setup.js` alone sets up everything.
// Prints what it does and why before it does it; prints nothing if nothing is missing.

import { pathToFileURL } from "node:url";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { exitOnSignals } from "./lib/run.js";
import { bold, dim, elapsed, progress, Stop, say, start } from "./lib/say.js";
import { browser } from "./setup/browser.js";
import { wasmBindgen, wasmPack } from "./setup/cargo-tools.js";
import { firefox, firefoxDriver } from "./setup/firefox.js";
import { docsTools, nodeModules } from "./setup/node-modules.js";
import { pinRust } from "./setup/pinned-rust.js";
import { checkPrerequisites } from "./setup/prerequisites.js";
import { projects } from "./setup/projects.js";
import { prometheus } from "./setup/prometheus.js";
import { rustComponents } from "./setup/rust-components.js";
import { wasmTarget } from "./setup/wasm-target.js";
import { webkit } from "./setup/webkit.js";

/**
 * A missing part.
 *
 * @typedef {object} Need
 * @property {string} name
 * @property {string} why one line: its purpose and its origin
 * @property {() => Promise<void>} install throws a `Stop` with a clear sentence if it cannot continue
 *
 * @typedef {() => Promise<Need | undefined> | Need | undefined} Check
 */

/** Steps in sequence. Compiling the two cargo tools takes by far the longest, so downloads run at the same time. */
const LANES = /** @satisfies {Record<string, Check[]>} */ ({
  cargoTools: [wasmBindgen, wasmPack],
  wasmTarget: [wasmTarget],
  nodeModules: [nodeModules],
  rustComponents: [rustComponents],
  browser: [browser],
  projects: [projects],
  prometheus: [prometheus],
  firefox: [firefox],
  firefoxDriver: [firefoxDriver],
  webkit: [webkit],
  docsTools: [docsTools],
});

/** @typedef {keyof typeof LANES} Lane */

/** @type {Lane[]} */
export const FOR_BUILD = ["cargoTools", "wasmTarget", "nodeModules"];

/** @param {Iterable<Lane>} names run at the same time */
export async function setUp(names) {
  await checkPrerequisites();
  // Before the checks that depend on the active Rust.
  await pinRust();
  const lanes = await Promise.all(
    Array.from(new Set(names), async (name) => {
      const checks = /** @type {Check[]} */ (LANES[name]);
      return (await Promise.all(checks.map((check) => check()))).filter((need) => need !== undefined);
    }),
  );
  const needs = lanes.flat();
  if (needs.length === 0) return;

  const begin = performance.now();
  say(bold("Installing what is missing, once:"));
  for (const { name, why } of needs) say(`  - ${name}: ${dim(why)}`);
  say();

  const results = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const { name, install } of lane) await progress(name, install);
    }),
  );
  const failed = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  const unexpected = failed.find((error) => !(error instanceof Stop));
  if (unexpected) throw unexpected;
  if (failed.length > 0) throw new Stop(failed.map((error) => error.message).join("\n\n"));
  say(`Set up in ${elapsed(begin)}.\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  exitOnSignals();
  takeCouchdbEnv();
  await start(async () => {
    await setUp(/** @type {Lane[]} */ (Object.keys(LANES)));
    say("Everything needed to build and test is installed.");
  });
}
