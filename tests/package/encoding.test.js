// @ts-check
// The text that encodes the wasm.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { decodeWasm } from "../../pkg-template/loading/decode-wasm.js";
import { encodeWasm } from "../../scripts/build/encode-wasm.js";

const ALL_PAIRS = Uint8Array.from({ length: 256 * 256 * 2 }, (_, i) => (i % 2 ? i >> 1 : i >> 9) & 255);

test("decoding returns what was encoded", () => {
  for (const bytes of [new Uint8Array(0), ALL_PAIRS, new Uint8Array(randomBytes(10_000))]) {
    assert.deepEqual(decodeWasm(encodeWasm(bytes)), bytes);
  }
});

test("the text needs no escape in a string or a script", () => {
  assert.match(encodeWasm(ALL_PAIRS), /^[ !#-;=-[\]-~]+$/);
});
