// @ts-check
// Decodes the text that scripts/build/encode-wasm.js makes of the wasm. That file explains why it is not base64.

/** decode-wasm.wat as wasm, which tests/package/encoding.test.js compares. */
const DECODER = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 3, 2, 0, 0, 5, 3, 1, 0, 1, 7, 19, 2, 6, 109, 101, 109,
  111, 114, 121, 2, 0, 6, 100, 101, 99, 111, 100, 101, 0, 1, 10, 114, 2, 29, 0, 65, 60, 65, 220, 0, 32, 0, 45, 0, 0, 34,
  0, 32, 0, 65, 33, 70, 27, 32, 0, 65, 32, 70, 27, 65, 35, 107, 11, 82, 1, 3, 127, 3, 64, 32, 0, 32, 1, 77, 69, 4, 64,
  32, 1, 16, 0, 33, 2, 32, 1, 65, 1, 106, 33, 1, 32, 2, 65, 2, 73, 4, 64, 32, 1, 16, 0, 32, 2, 65, 220, 0, 108, 65, 220,
  0, 106, 106, 33, 2, 32, 1, 65, 1, 106, 33, 1, 11, 32, 3, 32, 2, 65, 2, 107, 58, 0, 0, 32, 3, 65, 1, 106, 33, 3, 12, 1,
  11, 11, 32, 3, 11,
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
