// How many JavaScript files the crate imports. A browser loads them concurrently, and the server of wasm-bindgen's test runner
// has four threads, each of which serves one connection until it closes: a fifth connection can wait indefinitely, and with it
// `wasm-pack test --headless`. Files that only other JavaScript imports do not count.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const SOURCES = new URL("../../src/", import.meta.url).pathname;

test("the crate imports up to four JavaScript files", () => {
  const imported = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".rs"))
    .flatMap((file) => [...readFileSync(join(SOURCES, file), "utf8").matchAll(/module = "([^"]+)"/g)])
    .map(([, file]) => file);
  const files = [...new Set(imported)].sort();
  assert.notEqual(files.length, 0);
  assert.ok(files.length <= 4, files.join(", "));
});
