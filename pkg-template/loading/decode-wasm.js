// @ts-check
// Decodes the text that scripts/build/encode-wasm.js makes of the wasm. That file explains why it is not base64.

/** decode-wasm.wat as wasm, which tests/package/encoding.test.js compares. */
const DECODER = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 19, 2, 6, 109, 101, 109, 111,
  114, 121, 2, 0, 6, 100, 101, 99, 111, 100, 101, 0, 0, 10, 126, 1, 124, 1, 4, 127, 3, 64, 32, 0, 32, 2, 77, 69, 4, 64,
  32, 2, 45, 0, 0, 33, 1, 32, 2, 65, 1, 106, 33, 2, 32, 3, 32, 1, 65, 36, 77, 4, 127, 65, 0, 33, 4, 32, 1, 65, 35, 79,
  4, 64, 32, 1, 65, 34, 107, 65, 220, 0, 108, 33, 4, 32, 2, 45, 0, 0, 33, 1, 32, 2, 65, 1, 106, 33, 2, 11, 65, 60, 32,
  1, 32, 1, 65, 32, 70, 27, 34, 1, 65, 33, 70, 4, 127, 65, 220, 0, 5, 32, 1, 11, 32, 4, 106, 5, 32, 1, 11, 65, 37, 107,
  58, 0, 0, 32, 3, 65, 1, 106, 33, 3, 12, 1, 11, 11, 32, 3, 11,
];

/** Bytes in a page of a wasm's memory. */
const PAGE = 65_536;

/** @typedef {{ memory: WebAssembly.Memory, decode: (end: number) => number }} Decoder */

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decodeWasm(text) {
  const module = new WebAssembly.Module(new Uint8Array(DECODER));
  const { memory, decode } = /** @type {Decoder} */ (/** @type {unknown} */ (new WebAssembly.Instance(module).exports));
  memory.grow(Math.ceil(text.length / PAGE));
  const bytes = new Uint8Array(memory.buffer);
  new TextEncoder().encodeInto(text, bytes);
  return bytes.subarray(0, decode(text.length));
}
