// @ts-check
// The text that encodes the wasm.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { decodeWasm } from "../../pkg-template/loading/decode-wasm.js";
import { encodeWasm } from "../../scripts/build/encode-wasm.js";
import { TEMPLATE } from "../../scripts/lib/paths.js";
import { run } from "../../scripts/lib/run.js";
import { toolEnv } from "../../scripts/lib/toolchain.js";

const ALL_PAIRS = Uint8Array.from({ length: 256 * 256 * 2 }, (_, i) => (i % 2 ? i >> 1 : i >> 9) & 255);

test("decoding returns what was encoded", () => {
  for (const bytes of [new Uint8Array(0), ALL_PAIRS, new Uint8Array(randomBytes(10_000))]) {
    assert.deepEqual(decodeWasm(encodeWasm(bytes)), bytes);
  }
});

test("the text needs no escape in a string or a script", () => {
  assert.match(encodeWasm(ALL_PAIRS), /^[ !#-;=-[\]-~]+$/);
});

test("the decoder is that of decode-wasm.wat", async () => {
  const folder = await mkdtemp(join(tmpdir(), "couchdb-scheduler-decoder-"));
  try {
    const wasm = join(folder, "decoder.wasm");
    const { ok, output } = await run("wasm-opt", [join(TEMPLATE, "loading", "decode-wasm.wat"), "-Oz", "-o", wasm], {
      env: toolEnv(),
      seconds: 60,
    });
    assert.ok(ok, output);
    const source = await readFile(join(TEMPLATE, "loading", "decode-wasm.js"), "utf8");
    const [, numbers = ""] = /DECODER = \[([^\]]+)\]/.exec(source) ?? [];
    const written = Array.from(numbers.matchAll(/\d+/g), Number);
    assert.deepEqual(written, [...(await readFile(wasm))]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
