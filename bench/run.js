// @ts-check
// `npm run bench`: compares couchdb-scheduler with common alternatives, in Node and in Chromium.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { takeCouchdbEnv } from "../scripts/lib/couchdb-env.js";
import { exitOnSignals } from "../scripts/lib/run.js";
import { startChromium } from "./chromium/browser.js";
import { installIfMissing, versionOf } from "./lib/install.js";
import { method } from "./lib/method.js";
import { readOptions, USAGE } from "./lib/options.js";
import { BENCH, RESULTS } from "./lib/paths.js";
import { IN_BROWSERS, MEASUREMENTS, roundsFor, WALKS } from "./lib/plan.js";
import { compare, printMedians, printReached, printWalks } from "./lib/report.js";
import { measure } from "./lib/rounds.js";
import { countWalks } from "./lib/walks.js";
import { checkAgreement } from "./node/agreement.js";
import { inNode } from "./node/contestant.js";
import { measureStart, printStart } from "./node/start.js";
import { measureDashboard, printDashboard } from "./page/index.js";
import { measureReal } from "./real/index.js";
import { startServer } from "./server/start.js";
import { printSizes } from "./size/index.js";

/**
 * @typedef {import("./lib/options.js").Options} Options
 * @typedef {import("./lib/plan.js").Measurement} Measurement
 * @typedef {import("./lib/plan.js").ContestantName} ContestantName
 * @typedef {import("./lib/rounds.js").Place} Place
 * @typedef {import("./server/start.js").Server} Server
 */

/**
 * @param {string} name of the environment
 * @param {Place} place
 * @param {Measurement[]} measurements
 * @param {(measurement: Measurement) => ContestantName[]} contestantsIn
 * @param {import("./lib/plan.js").Rounds} rounds
 */
async function measureAll(name, place, measurements, contestantsIn, rounds) {
  console.log(`\n--- In ${name} ---`);
  /** @type {Record<string, Awaited<ReturnType<typeof measure>>>} */
  const results = {};
  const reached = [];
  for (const measurement of measurements) {
    const result = await measure(measurement, contestantsIn(measurement), place, rounds);
    printMedians(measurement.title, result.medians);
    results[measurement.name] = result;
    reached.push(...compare(measurement.name, result.medians));
  }
  printReached(name, reached);
  return { results, reached };
}

/** @param {Options} options */
async function benchPage(options) {
  const measured = await measureDashboard(options);
  if (measured) printDashboard(measured, options.docs);
  else console.log("\nChromium not found: set CHROME_PATH, or install it.");
  return measured;
}

/** @param {Options} options @param {Server} server */
async function bench(options, server) {
  const rounds = roundsFor(options.quick);
  const measurements = MEASUREMENTS.filter(({ name }) => options.only.includes(name));
  await checkAgreement(measurements, server.urlOf, options.package);

  /** @type {Record<string, unknown>} */
  const found = {};
  if (options.places.includes("node")) {
    const place = {
      start: async (/** @type {ContestantName} */ name) => inNode(name, options.package),
      urlOf: server.urlOf,
    };
    found.node = await measureAll("Node", place, measurements, ({ contestants }) => contestants, rounds);
    found.walks = await countWalks(server, options.package);
    printWalks(/** @type {import("./lib/walks.js").Walked[]} */ (found.walks));
    const cloudant = join(BENCH, "node_modules", "@ibm-cloud", "cloudant", "index.js");
    const entry = join(options.package, "index.js");
    const start = await measureStart(pathToFileURL(entry).href, pathToFileURL(cloudant).href, rounds.small);
    found.start = start;
    printStart(start);
  }

  const chromium = options.places.includes("chromium") ? await startChromium(server.origin) : undefined;
  if (chromium) {
    try {
      const place = { start: chromium.start, urlOf: server.urlOf };
      /** @param {Measurement} measurement */
      const contestantsIn = ({ contestants }) => contestants.filter((name) => IN_BROWSERS.includes(name));
      found.chromium = await measureAll("Chromium", place, measurements, contestantsIn, rounds);
    } finally {
      await chromium.stop();
    }
  } else if (options.places.includes("chromium")) {
    console.log("\nChromium not found: set CHROME_PATH, or install it.");
  }

  if (options.places.includes("page")) found.page = await benchPage(options);

  const how = method(rounds, chromium?.version);
  const versions = { "@ibm-cloud/cloudant": versionOf("@ibm-cloud/cloudant"), nano: versionOf("nano") };
  mkdirSync(dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify({ date: new Date().toISOString(), how, versions, ...found }, null, 1)}\n`);

  console.log(`\nHow: ${how.machine}; load ${how.load.join(" ")}; Node ${how.node}; Chromium ${how.chromium};`);
  console.log(
    `  rounds: ${Object.entries(rounds)
      .map(([what, count]) => `${what} ${count}`)
      .join(", ")}.`,
  );
  for (const note of how.notes) console.log(`  ${note}`);
  console.log("All samples: bench/results/latest.json");
}

/** @param {string | undefined} couchdbUrl */
async function main(couchdbUrl) {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(USAGE);
  if (!existsSync(join(options.package, "index.js"))) throw new Error("The package is missing: npm run build");
  if (options.real) {
    await installIfMissing();
    return measureReal(couchdbUrl, options);
  }
  exitOnSignals();
  if (options.places.every((place) => place === "page")) return benchPage(options);
  await installIfMissing();
  if (options.size) return printSizes(options.package);
  const fleets = MEASUREMENTS.filter(({ name }) => options.only.includes(name)).map(({ fleet }) => fleet);
  const server = await startServer([...new Set([...WALKS.map(([fleet]) => fleet), ...fleets])], options.package);
  try {
    await bench(options, server);
  } finally {
    await server.stop();
  }
}

const { COUCHDB_URL } = takeCouchdbEnv();
try {
  await main(COUCHDB_URL);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
