// @ts-check
// Encodes the wasm as text for a JavaScript string; pkg-template/loading/decode-wasm.js decodes it.
//
// Base64 cuts the bytes into groups of six bits, in which a compressor finds no repetitions: 59 kB of wasm, as gzip,
// became 79 kB. Here every byte becomes one or two characters of its own, so that repetitions remain: 60 kB. Without
// compression it is also shorter than base64. It uses only printable ASCII, so that no server's or bundler's
// character set matters, and omits `"`, `\` and `<`, so that it needs no escape in a string or a script.

/** 92 digits: `#` to `~`, with a space instead of `<` and `!` instead of the backslash. */
const DIGITS = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i))
  .join("")
  .replace("<", " ")
  .replace("\\", "!");

/** Bytes below this, the most frequent in wasm, are one digit; a 0 or 1 before a digit means one of the other bytes. */
const ONE_DIGIT = 90;

/** @param {number} byte */
function encodeByte(byte) {
  if (byte < ONE_DIGIT) return DIGITS.charAt(byte + 2);
  const rest = byte - ONE_DIGIT;
  return DIGITS.charAt(Math.floor(rest / 92)) + DIGITS.charAt(rest % 92);
}

/** @param {Uint8Array} wasm */
export function encodeWasm(wasm) {
  const codes = Array.from({ length: 256 }, (_, byte) => encodeByte(byte));
  return Array.from(wasm, (byte) => codes[byte]).join("");
}
