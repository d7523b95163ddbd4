// @ts-check
// npm, publint and "are the types wrong?" find no problem in the package.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { haveProjects, installed, toolNode } from "../../scripts/lib/projects.js";
import { run } from "../../scripts/lib/run.js";
import { PKG, pack, temporaryFolder } from "./tarball.js";

/** @param {string} command @param {string[]} args @param {string} [cwd] */
async function saysOf(command, args, cwd) {
  const { ok, output } = await run(command, args, {
    seconds: 60,
    env: { ...process.env, NO_COLOR: "1" },
    ...(cwd && { cwd }),
  });
  return { ok, output };
}

const ELEMENTS = ["element", "element/define"];

describe("publishing", () => {
  /** @type {string} */
  let tarball;
  before(async () => {
    assert.ok(haveProjects(), "not installed: npm run test:package does it");
    tarball = (await pack(await temporaryFolder())).filename;
  });

  test("npm publish --dry-run has nothing to correct", async () => {
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const { ok, output } = await saysOf(npm, ["publish", "--dry-run"], PKG);
    assert.ok(ok, output);
    // A test machine has no npm login.
    const warnings = output
      .split("\n")
      .filter((line) => /^npm (warn|error) publish/i.test(line) && !/logged in/.test(line));
    assert.deepEqual(warnings, []);
  });

  test("publint has no suggestion", async () => {
    const { ok, output } = await saysOf(toolNode(), [
      installed("publint", "src", "cli.js"),
      "run",
      tarball,
      "--strict",
    ]);
    assert.ok(ok, output);
    assert.match(output, /All good!/);
  });

  /** @param {string[]} args @returns {Promise<{ analysis: { entrypoints: object }, problems: object }>} */
  async function typesOf(...args) {
    const attw = installed("@arethetypeswrong", "cli", "dist", "index.js");
    const { ok, output } = await saysOf(toolNode(), [attw, tarball, "--format", "json", ...args]);
    assert.ok(ok, output);
    return JSON.parse(output);
  }

  test("every entry has its types, in every resolution mode of TypeScript", async () => {
    // The environment decides what importing the .wasm returns: a module in workerd, a URL in a bundler, its exports in
    // Node. No declaration would be true everywhere, so it has none.
    const excluded = ["couchdb_scheduler.wasm", ...ELEMENTS];
    const { analysis, problems } = await typesOf("--exclude-entrypoints", ...excluded);
    assert.deepEqual(problems, {});
    assert.deepEqual(Object.keys(analysis.entrypoints), [".", "./slim", "./custom-elements.json", "./package.json"]);
  });

  test("so do the elements, which are ES modules only", async () => {
    const { analysis } = await typesOf("--ignore-rules", "cjs-resolves-to-esm", "--entrypoints", ...ELEMENTS);
    assert.deepEqual(
      Object.keys(analysis.entrypoints),
      ELEMENTS.map((name) => `./${name}`),
    );
  });
});
