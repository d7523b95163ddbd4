// @ts-check
// Responses of up to 40 MB, and endless ones, with 131 MB for the wasm: every call settles, and later calls still work.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("no size and no content of a response ends in a trap", { timeout: 300_000 }, async () => {
  const script = fileURLToPath(new URL("sizes.mjs", import.meta.url));
  // Less memory shows errors of memory earlier.
  const { stdout } = await promisify(execFile)(process.execPath, ["--wasm-max-mem-pages=2000", script]).catch(
    (error) => error,
  );
  assert.match(stdout, /^\d{3} calls\n$/);
});
