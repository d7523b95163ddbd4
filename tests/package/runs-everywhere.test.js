// @ts-check
// The packed package in a small project for each environment: the same program has the same result, without configuration.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { haveProjects } from "../../scripts/lib/projects.js";
import { exitOnSignals } from "../../scripts/lib/run.js";

exitOnSignals();
if (!haveProjects())
  throw new Error("What the package is tried out in is not installed: npm run test:package does it.");
const { ENVIRONMENTS } = await import("./environments/index.js");
const { openFixture } = await import("./environments/fixture.js");

describe("runs everywhere", { concurrency: 1 }, () => {
  /** @type {import("./environments/fixture.js").Fixture} */
  let fixture;
  /** @type {string[]} */
  const rows = [];
  before(async () => {
    fixture = await openFixture();
  });
  after(async () => {
    await fixture.close();
    for (const row of ["| environment | version | |", "|---|---|---|", ...rows]) console.log(row);
  });

  for (const { name, version, missing, run } of ENVIRONMENTS) {
    test(`${name} ${version}`, { timeout: 180_000 }, async (t) => {
      const row = rows.push(`| ${name} | ${version} | FAILED |`) - 1;
      const say = (/** @type {string} */ outcome) => {
        rows[row] = `| ${name} | ${version} | ${outcome} |`;
      };
      if (missing) {
        say(`skipped: ${missing}`);
        return t.skip(missing);
      }
      const begin = performance.now();
      assert.deepEqual(await run(fixture), fixture.expected);
      say(`passed in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    });
  }
});
