// @ts-check
// The coverage of JavaScript: lines that any process has run, as lines of the source.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { readCoverage } from "../../scripts/coverage/javascript.js";
import { placesOf } from "../../scripts/coverage/source-map.js";
import { fromRoot, PKG } from "../../scripts/lib/paths.js";

/**
 * The combined coverage of programs, by file.
 *
 * @param {import("node:test").TestContext} t
 * @param {string[]} programs
 */
async function coverageOf(t, ...programs) {
  const folder = mkdtempSync(join(tmpdir(), "couchdb-scheduler-coverage-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const program of programs) {
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: fromRoot(),
      env: { ...process.env, NODE_V8_COVERAGE: folder },
    });
  }
  return new Map(readCoverage(folder).map((row) => [row.file, row]));
}

const IMPORT = 'import { diagnose, Scheduler, SchedulerError } from "./pkg/index.js";';

test("lines are those of the sources, and a function without a call is not covered", async (t) => {
  const rows = await coverageOf(t, IMPORT);
  assert.ok(Array.from(rows.keys()).every((file) => /^pkg-template\/\w+\/[\w-]+\.js$/.test(file)));
  const iterator = rows.get("pkg-template/runtime/row-iterator.js");
  assert.ok(iterator && iterator.covered > 0 && iterator.covered < iterator.lines, JSON.stringify(iterator));
});

test("a line is covered once any process has run it", async (t) => {
  const use = `${IMPORT}\nawait new Scheduler("http://couch.test").docs().return();`;
  const file = "pkg-template/runtime/row-iterator.js";
  const [imported, used, both] = [
    (await coverageOf(t, IMPORT)).get(file),
    (await coverageOf(t, use)).get(file),
    (await coverageOf(t, use, IMPORT)).get(file),
  ];
  assert.ok(imported && used && used.covered > imported.covered, JSON.stringify({ imported, used }));
  assert.equal(imported.lines, used.lines);
  assert.deepEqual(both, used);
});

test("files outside the measured folders are omitted", async (t) => {
  const rows = await coverageOf(t, 'import "./scripts/lib/paths.js"; import "./simulator/index.js";');
  assert.ok(rows.size > 0);
  assert.ok(Array.from(rows.keys()).every((file) => file.startsWith("simulator/")));
});

test("source maps are read as Node reads them", () => {
  const map = JSON.parse(readFileSync(join(PKG, "slim.js.map"), "utf8"));
  const theirs = new SourceMap(map);
  const places = placesOf(map);
  assert.ok(places.length > 1000);
  for (const { generatedLine, column, source, line } of places) {
    const entry = /** @type {{ originalSource: string, originalLine: number }} */ (
      theirs.findEntry(generatedLine, column)
    );
    assert.deepEqual([entry.originalSource, entry.originalLine], [map.sources[source], line]);
  }
});

test("missing LLVM tools are named, with how to install them", {
  skip: process.platform === "win32" && "the stand-in is a shell script",
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "couchdb-scheduler-coverage-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const rustc = `#!/bin/sh\nif [ "$1" = -vV ]; then echo "host: nowhere"; echo "LLVM version: 999.1"; else echo ${folder}; fi\n`;
  writeFileSync(join(folder, "rustc"), rustc, { mode: 0o755 });
  await assert.rejects(
    promisify(execFile)(process.execPath, [fromRoot("scripts", "coverage.js"), "rust"], {
      env: { ...process.env, PATH: [folder, process.env.PATH].join(delimiter), NO_COLOR: "1" },
    }),
    (/** @type {{ code: number, stderr: string }} */ { code, stderr }) =>
      code === 1 &&
      /^\nllvm-profdata and llvm-cov of LLVM 999 are missing.*`rustup component add llvm-tools`.*llvm-999/.test(stderr),
  );
});
