// @ts-check
// The size of the package, and the cost of its start. Prints every figure.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { measureStart, START_AT_MOST } from "../../bench/node/start.js";
import { haveProjects, installed } from "../../scripts/lib/projects.js";
import { PKG } from "./tarball.js";

/**
 * kB of 1000 bytes, as gzip -9. Where a goal is not reached yet, `atMost` is what was measured on 2026-11-25, rounded up. That day
 * the wasm grew from 91.6 to 112 kB: masking 5 (and 4 more when it was compiled for speed), diagnosis 3.4, checks, bounds and
 * messages of src/http 6, Replicator 1.6; and the JavaScript from 6.4 to 13.1: the client's own secrets and reasons of the network
 * 3.5, checks of replications 1.8, what objects and stacks say 1.3. When the crate was rearranged it grew by another 2.1 kB: serde
 * for results 2.5, typed options 1.2, the schedule of watch() 0.9, durations and methods as types 1.3, percent-encoding and the fields
 * of errors 0.7; masking as a crate of its own saved 3.3. Since then: watchJobs() and onRetry 2.5, more forms of secrets 1.1. The
 * questions to several endpoints added 10.6 kB of wasm (audit() 4.5, incidents() 3.5, requests from JavaScript 1.8, the rest 0.8) and 27
 * of JavaScript, which is all of pkg-template/insight: in wasm, lag() alone took 18. Short names of variables saved 5.4 kB of JavaScript.
 *
 * @type {[what: string, file: string, atMost: number, goal: number][]}
 */
const SIZES = [
  ["wasm", "couchdb_scheduler.wasm", 120, 60],
  ["default entry, import", "index.js", 163, 85],
  ["default entry, require", "index.cjs", 163, 85],
  ["JavaScript without the wasm", "slim.js", 41, 8],
  ["the elements, beyond the package", "element/index.js", 60, 60],
];

// The start is a ratio of two medians of the same run, as this does not depend on the machine; `npm run bench` has the milliseconds.
// 0.138 to 0.152 were measured on 2026-11-26, of 22 to 23 ms of CPU; it was below 0.15 before pkg-template/insight.
const { ofCloudant } = START_AT_MOST;
const START = 0.17;
const ROUNDS = 7;

describe("budget", () => {
  /** @type {string[]} */
  const rows = [];
  after(() => {
    for (const row of ["| budget | measured | maximum | goal |", "|---|---|---|---|", ...rows]) console.log(row);
  });

  for (const [what, file, atMost, goal] of SIZES) {
    test(`${what}: ${atMost} kB`, async () => {
      const kB = gzipSync(await readFile(join(PKG, file)), { level: 9 }).length / 1000;
      rows.push(`| ${what}, gzip | ${kB.toFixed(1)} kB | ${atMost} kB | ${goal} kB |`);
      assert.ok(kB <= atMost, `${kB} kB`);
    });
  }

  test(`start: ${START} of @ibm-cloud/cloudant`, async () => {
    assert.ok(haveProjects(), "not installed: npm run test:package does it");
    const { ours, cloudant } = await measureStart(
      pathToFileURL(join(PKG, "index.js")).href,
      pathToFileURL(installed("@ibm-cloud", "cloudant", "index.js")).href,
      ROUNDS,
    );
    const share = ours / cloudant;
    rows.push(`| start, share of @ibm-cloud/cloudant's CPU time | ${share.toFixed(2)} | ${START} | ${ofCloudant} |`);
    assert.ok(share <= START, `${ours} ms of CPU are ${share} of ${cloudant} ms`);
  });
});
