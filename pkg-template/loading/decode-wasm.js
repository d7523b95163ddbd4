// @ts-check
// Decodes the text that scripts/build/encode-wasm.js makes of the wasm. That file explains why it is not base64.

/** The two characters of the range that would need an escape in a string or a script, and their replacements. */
const SPACE = 32;
const BANG = 33;
const LESS_THAN = 60;
const BACKSLASH = 92;

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decodeWasm(text) {
  // In place, because decoding never needs more bytes. A byte array is faster to read than the characters of a string.
  const bytes = new TextEncoder().encode(text);
  const end = bytes.length;
  // A table lookup, not a computation: this runs before the engine has compiled it, so every step counts.
  const digits = new Uint8Array(128);
  for (let code = SPACE; code < 127; code++) {
    digits[code] = (code === SPACE ? LESS_THAN : code === BANG ? BACKSLASH : code) - 35;
  }
  let length = 0;
  for (let i = 0; i < end; length++) {
    const first = digits[bytes[i++]];
    bytes[length] = first >= 2 ? first - 2 : 90 + first * 92 + digits[bytes[i++]];
  }
  return bytes.subarray(0, length);
}
