// @ts-check
// How much of a file belongs to which part.

import { gzipSync } from "node:zlib";

/**
 * @typedef {object} Range of bytes in a file
 * @property {string} part
 * @property {number} start
 * @property {number} end
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {number} raw bytes
 * @property {number} gzip by how much the compressed file shrinks without this part
 */

/** @param {Uint8Array} bytes */
export const gzipSize = (bytes) => gzipSync(bytes, { level: 9 }).length;

/**
 * @param {Uint8Array} bytes
 * @param {Range[]} ranges that do not overlap
 * @returns {Part[]} the largest first
 */
export function sizesOf(bytes, ranges) {
  const whole = gzipSize(bytes);
  const inOrder = ranges.toSorted((one, other) => one.start - other.start);
  return [...new Set(ranges.map(({ part }) => part))]
    .map((name) => {
      const raw = ranges.reduce((sum, { part, start, end }) => sum + (part === name ? end - start : 0), 0);
      return { name, raw, gzip: whole - gzipSize(without(bytes, name, inOrder)) };
    })
    .sort((one, other) => other.raw - one.raw);
}

/**
 * @param {Uint8Array} bytes
 * @param {string} name
 * @param {Range[]} inOrder
 */
function without(bytes, name, inOrder) {
  const kept = [];
  let from = 0;
  for (const { part, start, end } of inOrder) {
    if (part !== name) continue;
    kept.push(bytes.subarray(from, start));
    from = end;
  }
  return Buffer.concat([...kept, bytes.subarray(from)]);
}
