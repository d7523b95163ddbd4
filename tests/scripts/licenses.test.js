// @ts-check
// Allowed and refused licenses: expressions, packages without a license, tools and published files.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fromRoot } from "../../scripts/lib/paths.js";
import { lockFiles, notAllowed, packagesIn } from "../../scripts/licenses/locked.js";
import { SHIPPED, TOOLS } from "../../scripts/licenses/policy.js";
import { alternatives, choose } from "../../scripts/licenses/spdx.js";

describe("license expressions", () => {
  for (const [expression, ways] of /** @type {[string, string[][]][]} */ ([
    ["MIT", [["MIT"]]],
    ["MIT OR Apache-2.0", [["MIT"], ["Apache-2.0"]]],
    ["MIT/Apache-2.0", [["MIT"], ["Apache-2.0"]]],
    ["MIT AND ISC OR Zlib", [["MIT", "ISC"], ["Zlib"]]],
    [
      "MIT AND (ISC OR Zlib)",
      [
        ["MIT", "ISC"],
        ["MIT", "Zlib"],
      ],
    ],
    [
      "(MIT OR Apache-2.0) AND Unicode-3.0",
      [
        ["MIT", "Unicode-3.0"],
        ["Apache-2.0", "Unicode-3.0"],
      ],
    ],
    ["Apache-2.0 WITH LLVM-exception OR MIT", [["Apache-2.0 WITH LLVM-exception"], ["MIT"]]],
    ["((MIT))", [["MIT"]]],
  ])) {
    test(expression, () => assert.deepEqual(alternatives(expression), ways));
  }

  test("an invalid expression cannot be met", () => {
    const wrong = ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT ISC", "MIT AND AND ISC", "SEE LICENSE IN LICENSE.txt"];
    for (const expression of [...wrong, undefined, null, 1, {}, ["MIT"]]) {
      assert.deepEqual(alternatives(expression), [], String(expression));
      assert.equal(choose(expression, TOOLS), undefined, String(expression));
    }
  });

  test("the first license in the list is chosen, and never one that is not allowed", () => {
    assert.deepEqual(choose("Apache-2.0 OR MIT", SHIPPED), ["MIT"]);
    assert.deepEqual(choose("GPL-3.0-only OR Apache-2.0", SHIPPED), ["Apache-2.0"]);
    assert.deepEqual(choose("(Apache-2.0 OR MIT) AND Unicode-3.0", SHIPPED), ["MIT", "Unicode-3.0"]);
    assert.equal(choose("GPL-3.0-only", SHIPPED), undefined);
    assert.equal(choose("MIT AND GPL-3.0-only", SHIPPED), undefined);
    assert.equal(choose("Apache-2.0 WITH Some-exception", SHIPPED), undefined);
  });
});

describe("locked packages", () => {
  test("every lock file of the repository is read", () => {
    const files = lockFiles(fromRoot());
    assert.ok(files.includes(fromRoot("package-lock.json")));
    assert.ok(files.includes(fromRoot("bench", "package-lock.json")));
    assert.ok(files.every((file) => !file.includes("node_modules")));
    for (const file of files) assert.ok(packagesIn(file).length > 0, file);
  });

  test("a license that is missing, unknown or for tools only is named", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "couchdb-scheduler-licenses-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const packages = {
      "": { name: "top", license: "GPL-3.0-only" },
      "node_modules/good": { version: "1.0.0", license: "MIT" },
      "node_modules/tool": { version: "1.0.0", license: "MPL-2.0" },
      "node_modules/good/node_modules/@a/none": { version: "2.0.0" },
      "node_modules/odd": { version: "3.0.0", license: "UNLICENSED" },
      "node_modules/link": { link: true },
    };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
    const [file = ""] = lockFiles(folder);
    const locked = packagesIn(file);
    const names = notAllowed(locked).map(({ name }) => name.split(" of ")[0]);
    assert.deepEqual(names, ["@a/none 2.0.0", "odd 3.0.0"]);
    const shipped = notAllowed(locked.map((entry) => ({ ...entry, allowed: SHIPPED })));
    assert.deepEqual(
      shipped.map(({ name }) => name.split(" of ")[0]),
      ["tool 1.0.0", "@a/none 2.0.0", "odd 3.0.0"],
    );
  });
});
