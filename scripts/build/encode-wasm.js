// @ts-check
// Writes the wasm as text that can stand in a JavaScript string, for pkg-template/loading/decode-wasm.js to read.
//
// Base64 cuts the bytes into groups of six bits, in which a compressor finds nothing twice: 59 kB of wasm, as gzip,
// became 79 kB. Here every byte has its own character, or its own two, so that what repeats still repeats: 60 kB, and
// without compression it is shorter than base64, too. Only printable ASCII, so that no server's or bundler's
// character set matters, and without `"`, `\` and `<`, so that it needs no escape in a string or a script.

/** 92 digits: `#` to `~`, with a space for `<` and `!` for the backslash. */
const DIGITS = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i))
  .join("")
  .replace("<", " ")
  .replace("\\", "!");

/** Bytes below this, the most frequent in wasm, are one digit; a 0 or 1 before a digit makes it one of the others. */
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
