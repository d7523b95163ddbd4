// @ts-check
/**
 * All apparent randomness is a hash, so that a seed gives the same fleet every time.
 */

/**
 * @param {string} text
 * @param {number} [seed]
 * @returns {number} 32 bits, well mixed
 */
export function hash32(text, seed = 0) {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x27d4eb2f);
  h ^= h >>> 15;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x85ebca6b);
    h ^= h >>> 13;
  }
  h = Math.imul(h ^ text.length, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}

/**
 * @param {string} text
 * @param {number} [digits]
 */
export function hex(text, digits = 32) {
  let out = "";
  for (let i = 0; out.length < digits; i++) out += hash32(text, i).toString(16).padStart(8, "0");
  return out.slice(0, digits);
}

/**
 * A sequence of numbers in [0, 1) that depends only on the arguments.
 * @param {...(string | number)} parts
 */
export function randomFor(...parts) {
  let state = hash32(parts.join("\0"));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
const encoder = new TextEncoder();

/**
 * The checksum by which CouchDB selects a document's shard.
 * @param {string} text
 */
export function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of encoder.encode(text)) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const SEQ_HEAD = "g1AAAACTeJzLYWBgYMpgTmHgz8tPSTVyMDQy1zMA";
const SEQ_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * An update sequence as a clustered CouchDB writes it: a number, followed by characters that are opaque to clients.
 * @param {number} number
 * @param {string} of the source that it belongs to
 */
export function opaqueSeq(number, of) {
  let tail = "";
  for (let state = hash32(of, number), i = 0; i < 4; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i;
    for (let bits = state, k = 0; k < 5; k++, bits >>>= 6) tail += SEQ_LETTERS[bits & 63];
  }
  return `${number}-${SEQ_HEAD}${tail}`;
}
