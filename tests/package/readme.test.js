// @ts-check
// The README's table of environments matches the tests and the tested versions.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { haveProjects } from "../../scripts/lib/projects.js";

test("README.md has a row for each environment, and no other", async () => {
  assert.ok(haveProjects(), "not installed: npm run test:package does it");
  const { ENVIRONMENTS } = await import("./environments/index.js");
  /** @type {Map<string, string[]>} */
  const tested = new Map();
  for (const { name, version, ofMachine } of ENVIRONMENTS) {
    // Versions installed on the machine differ between machines.
    tested.set(name, [...(tested.get(name) ?? []), ofMachine ? "*" : version]);
  }
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const table = /^\| where \| versions \|\n.*\n((?:\|.*\n)+)/m.exec(readme)?.[1] ?? "";
  const written = table.matchAll(/^\| (.+) \| (.+) \|$/gm);
  const rows = Array.from(written, ([, name = "", versions = ""]) => {
    const list = versions.split("; ").map((version, i) => (tested.get(name)?.[i] === "*" ? "*" : version));
    return `${name}: ${list.join("; ")}`;
  });
  assert.deepEqual(
    rows,
    Array.from(tested, ([name, versions]) => `${name}: ${versions.join("; ")}`),
  );
});
