// @ts-check
// Every line of the `exports` map, with Node's own resolver and the conditions of the tools that need the line: without it, or in
// another order, they would get another file or none.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { installedProject, PKG, runIn } from "./tarball.js";

/** TypeScript uses "types" first; workerd's bundlers use "workerd"; "import" and "require" follow from the statement. */
const LINES = /** @type {const} */ ([
  ["import", ".", [], "index.js"],
  ["require", ".", [], "index.cjs"],
  ["import", ".", ["workerd"], "workerd.js"],
  ["import", ".", ["types"], "index.d.ts"],
  ["require", ".", ["types"], "index.d.cts"],
  ["import", ".", ["workerd", "types"], "index.d.ts"],
  ["import", "./slim", [], "slim.js"],
  ["require", "./slim", [], "slim.cjs"],
  ["import", "./slim", ["types"], "slim.d.ts"],
  ["require", "./slim", ["types"], "slim.d.cts"],
  ["import", "./element", [], "element/index.js"],
  ["import", "./element", ["types"], "element/index.d.ts"],
  ["import", "./element/define", [], "element/define.js"],
  ["import", "./element/define", ["types"], "element/define.d.ts"],
  ["require", "./custom-elements.json", [], "custom-elements.json"],
  ["import", "./couchdb_scheduler.wasm", [], "couchdb_scheduler.wasm"],
  ["require", "./couchdb_scheduler.wasm", [], "couchdb_scheduler.wasm"],
  ["require", "./package.json", [], "package.json"],
]);

/** @param {unknown} value @returns {string[]} */
const leaves = (value) =>
  typeof value === "string" ? [value] : Object.values(/** @type {object} */ (value)).flatMap(leaves);

describe("exports", () => {
  /** @type {string} */
  let project;
  before(async () => {
    project = await installedProject();
  });

  for (const [statement, subpath, conditions, file] of LINES) {
    const name = subpath.replace(".", "couchdb-scheduler");
    test(`${statement} "${name}"${conditions.map((condition) => `, ${condition}`).join("")}: ${file}`, async () => {
      const resolved =
        statement === "import"
          ? "import.meta.resolve(process.argv[2])"
          : "pathToFileURL(require.resolve(process.argv[2]))";
      const source = `
        import { createRequire } from "node:module";
        import { pathToFileURL } from "node:url";
        const require = createRequire(import.meta.url);
        console.log(String(${resolved}));`;
      const flags = conditions.map((condition) => `--conditions=${condition}`);
      const { stdout, stderr } = await runIn(project, "resolve.mjs", source, flags, [name]);
      const expected = pathToFileURL(join(project, "node_modules", "couchdb-scheduler", file)).href;
      assert.equal(stdout.trim(), expected, stderr);
    });
  }

  test("there are no other lines", async () => {
    const { exports } = JSON.parse(await readFile(join(PKG, "package.json"), "utf8"));
    const files = (/** @type {Iterable<string>} */ list) => [...new Set(list)].sort();
    assert.deepEqual(files(leaves(exports)), files(LINES.map(([, , , file]) => `./${file}`)));
  });
});
