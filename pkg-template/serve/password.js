// @ts-check
// Passwords of visitors, as scrypt hashes: `scrypt$N$r$p$salt$hash`, the last two in base64.

import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** @typedef {{ N: number, r: number, p: number, salt: Buffer, hash: Buffer }} PasswordHash */

const COST = { N: 16_384, r: 8, p: 1 };
const BYTES = 32;
const MAX_MEMORY = 128 * 1024 * 1024;

const derive =
  /** @type {(password: string, salt: Buffer, length: number, options: import("node:crypto").ScryptOptions) => Promise<Buffer>} */ (
    promisify(scrypt)
  );

/** Takes the place of the hash of an unknown name: matches no password. */
export const UNKNOWN = { ...COST, salt: randomBytes(16), hash: randomBytes(BYTES) };

/** @param {string} password @returns {Promise<string>} */
export async function hashPassword(password) {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, BYTES, { ...COST, maxmem: MAX_MEMORY });
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64"), hash.toString("base64")].join("$");
}

/** @param {string} text @returns {PasswordHash | null} null: not such a hash */
export function parseHash(text) {
  const [, n, r, p, salt, hash] =
    /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/]{16,}={0,2})\$([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return null;
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const isPower = cost.N > 1 && (cost.N & (cost.N - 1)) === 0;
  // Weaker hashes do not protect; costlier ones exceed the memory limit.
  if (!isPower || cost.N * cost.r < COST.N || cost.p < 1 || 128 * cost.N * cost.r > MAX_MEMORY / 2) return null;
  return { ...cost, salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") };
}

/** Takes as long for a wrong password as for the right one. @param {string} password @param {PasswordHash} known */
export async function isPassword(password, { N, r, p, salt, hash }) {
  return timingSafeEqual(await derive(password, salt, BYTES, { N, r, p, maxmem: MAX_MEMORY }), hash);
}
