// @ts-check
// `npm test`: sets up, builds, runs every check and test, and prints how many passed and failed. A step that
// fails does not hide the others.
//
//   npm test                     everything but `engines`
//   npm test -- rust node        only these groups: lint, rust, node, chrome, firefox, js,
//                                package, engines: the page in Firefox and WebKit, the wasm in WebKit
//   npm test -- --verbose        shows all output
//
// COUCHDB_URL=http://user:password@host:5984 runs the integration tests against a real server.

import { join } from "node:path";
import { build } from "./build.js";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { LOGS } from "./lib/paths.js";
import { exitOnSignals, run } from "./lib/run.js";
import { bold, dim, elapsed, green, red, Stop, say, start, tail } from "./lib/say.js";
import { setUp } from "./setup.js";
import { GROUPS, needsOf, ON_REQUEST, stepsOf } from "./test/steps.js";

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {boolean} ok
 * @property {import("./test/counts.js").Counts} counts
 * @property {string} time
 */

function readArguments() {
  const words = process.argv.slice(2).filter((word) => word !== "--verbose");
  const unknown = words.filter((word) => !GROUPS.some((group) => group === word));
  if (unknown.length > 0) {
    throw new Stop(`Unknown tests ${unknown.join(", ")}: choose from ${GROUPS.join(", ")}.`);
  }
  return {
    verbose: process.argv.includes("--verbose"),
    named: new Set(words),
    groups:
      words.length > 0
        ? GROUPS.filter((group) => words.includes(group))
        : GROUPS.filter((group) => !ON_REQUEST.includes(group)),
  };
}

/** @returns {Promise<Result>} */
async function buildStep() {
  const begin = performance.now();
  say(bold("── build"));
  /** @type {string | undefined} */
  let failure;
  try {
    await build();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    failure = error.message;
    say(failure);
  }
  const ok = failure === undefined;
  return report({ name: "build", ok, counts: one(ok), time: elapsed(begin) });
}

/** @param {boolean} ok */
const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/** @param {Result} result */
function report(result) {
  say(`   ${result.ok ? green("passed") : red("FAILED")} ${dim(result.time)}\n`);
  return result;
}

/**
 * @param {import("./test/steps.js").Step} step
 * @param {boolean} verbose
 * @returns {Promise<Result>}
 */
async function runStep({ name, command, args, env, seconds, shows, count }, verbose) {
  const begin = performance.now();
  const log = join(LOGS, `test-${name.replaceAll(" ", "-")}.log`);
  say(bold(`── ${name}`));
  const alive = setInterval(() => say(dim(`   … ${elapsed(begin)}`)), 30_000);
  const result = await run(command, args, { env, seconds, log, show: verbose });
  clearInterval(alive);

  const counts = count ? count(result.output) : one(result.ok);
  // A runner that fails without a failed test crashed before or after the tests, and one that finds no tests looked in
  // the wrong place: both are failures.
  const none = counts.passed + counts.failed + counts.skipped === 0;
  if (counts.failed === 0 && (!result.ok || none)) counts.failed = 1;
  const ok = result.ok && counts.failed === 0;
  if (none) say("   no test ran");
  if (shows && !verbose) for (const [line] of result.output.matchAll(shows)) say(`   ${line}`);
  if (!ok && !verbose) say(`${tail(result.output, 200)}\n   ${dim(`complete output: ${log}`)}`);
  return report({ name, ok, counts, time: elapsed(begin) });
}

/**
 * @param {string} name
 * @param {string} reason
 * @returns {Result}
 */
function skipped(name, reason) {
  say(`${bold(`── ${name}`)}\n   skipped: ${reason}\n`);
  return { name, ok: true, counts: { passed: 0, failed: 0, skipped: 1 }, time: "" };
}

/** @param {Result[]} results */
function printSummary(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, ok, counts, time } of results) {
    const skipped = counts.skipped > 0 ? `  ${counts.skipped} skipped` : "";
    const numbers = `${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(3)} failed${skipped}`;
    say(`  ${ok ? green("✓") : red("✗")} ${name.padEnd(width)} ${numbers}  ${dim(time)}`);
  }
}

exitOnSignals();
const couchdb = takeCouchdbEnv();
await start(async () => {
  const begin = performance.now();
  const { verbose, groups, named } = readArguments();
  await setUp(needsOf(groups.filter((group) => group !== "firefox" || named.has(group) || process.env.CI)));
  const results = [await buildStep()];
  const built = results[0]?.ok ?? false;
  for (const step of await stepsOf(groups, couchdb)) {
    if (step.missing) results.push(skipped(step.name, step.missing));
    else if (built || !step.needsPackage) results.push(await runStep(step, verbose));
    else results.push({ name: `${step.name} (not run: no package)`, ok: false, counts: one(false), time: "" });
  }

  printSummary(results);
  const sum = (/** @type {"passed" | "failed"} */ key) => results.reduce((total, { counts }) => total + counts[key], 0);
  say(`\nin ${elapsed(begin)}\n${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
});
