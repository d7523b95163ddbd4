// @ts-check
// Answers of up to 40 MB, and without an end, where the wasm has 131 MB: every call settles, and none is the last that does.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("no size and no content of an answer ends in a trap", { timeout: 300_000 }, async () => {
  const script = fileURLToPath(new URL("sizes.mjs", import.meta.url));
  // What goes wrong in the wasm where memory ends, goes wrong sooner with less of it.
  const { stdout } = await promisify(execFile)(process.execPath, ["--wasm-max-mem-pages=2000", script]).catch(
    (error) => error,
  );
  assert.match(stdout, /^\d{3} calls\n$/);
});
