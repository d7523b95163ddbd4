// @ts-check
// What the entries must not do, because some environment does not support it: locate files, read their own URL, wait on import.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { PKG } from "./tarball.js";

const ENTRIES = ["index.js", "index.cjs", "slim.js", "slim.cjs", "workerd.js"];

/** @param {string} entry */
async function importsOf(entry) {
  const { metafile } = await build({
    entryPoints: [join(PKG, entry)],
    bundle: true,
    write: false,
    metafile: true,
    external: ["*"],
    logLevel: "silent",
  });
  return Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
}

for (const entry of ENTRIES) {
  const source = await readFile(join(PKG, entry), "utf8");

  test(`${entry} imports nothing${entry === "workerd.js" ? " but the wasm" : ""}`, async () => {
    assert.deepEqual(await importsOf(entry), entry === "workerd.js" ? ["./couchdb_scheduler.wasm"] : []);
    assert.doesNotMatch(source, /\bimport\(|["']node:|__filename|__dirname|process\.|\bBuffer\b/);
  });

  test(`${entry} does not read its own URL`, () => {
    assert.doesNotMatch(source, /import\.meta|document\.currentScript/);
  });

  test(`${entry} is ready after its import`, async () => {
    // A format without ES modules has no top-level await.
    await build({ stdin: { contents: source }, format: "cjs", write: false, logLevel: "silent" });
  });
}

test("the default entry has the wasm once, on its own line", async () => {
  for (const entry of ["index.js", "index.cjs"]) {
    const lines = (await readFile(join(PKG, entry), "utf8")).split("\n");
    assert.deepEqual(
      lines.flatMap((line, i) => (line.length > 10_000 ? [i] : [])),
      [0],
    );
  }
});

test("every entry is ASCII", async () => {
  // One other character makes V8 hold the whole source, wasm included, in two bytes a character: 1 ms more at each start.
  for (const entry of ENTRIES) {
    const bytes = await readFile(join(PKG, entry));
    assert.ok(
      bytes.every((byte) => byte < 128),
      entry,
    );
  }
});

test("slim and workerd have none", async () => {
  for (const entry of ["slim.js", "slim.cjs", "workerd.js"]) {
    const source = await readFile(join(PKG, entry), "utf8");
    // It would be one line; the bundler breaks all others.
    assert.ok(Math.max(...source.split("\n").map((line) => line.length)) < 5000, entry);
  }
});
