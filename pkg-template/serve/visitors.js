// @ts-check
// Who may visit: names and password hashes of a file, by HTTP Basic, which browsers and Prometheus both speak.

import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { isPassword, parseHash, UNKNOWN } from "./password.js";
import { Refusal } from "./refusal.js";
import { UsageError } from "./usage-error.js";

/** Failures of one address within a minute; further attempts are refused without a look. */
const MAX_FAILURES = 5;
const MINUTE = 60_000;
/** Maximum number of addresses that are remembered; the oldest are forgotten. */
const MAX_ADDRESSES = 10_000;
/** How long accepted credentials are remembered, so that not each request of a page costs a hash. */
const ACCEPTED_MS = 300_000;
const MAX_ACCEPTED = 1000;

const CHALLENGE = { "WWW-Authenticate": 'Basic realm="couchdb-scheduler", charset="UTF-8"' };

/** @typedef {import("./password.js").PasswordHash} PasswordHash */

/**
 * One `name:hash` per line; empty lines and those that begin with # are ignored.
 *
 * @param {string} file
 * @returns {Map<string, PasswordHash>}
 */
export function readVisitors(file) {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--auth-file ${file} cannot be read: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  }
  const visitors = new Map();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, name = "", hash = ""] = /^([^:]+):(.*)$/.exec(line.trim()) ?? [];
    const parsed = parseHash(hash);
    if (name === "" || parsed === null) {
      throw new UsageError(
        `--auth-file ${file}: line ${at + 1} is not name:hash, with a hash as \`couchdb-scheduler serve --hash-password\` makes it.`,
      );
    }
    visitors.set(name, parsed);
  }
  if (visitors.size === 0) throw new UsageError(`--auth-file ${file} has no names: add a line name:hash.`);
  return visitors;
}

/** IPv6 networks, not addresses: one visitor has a whole network. @param {string} address */
function sourceOf(address) {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail = ""] = plain.split("%")[0]?.split("::") ?? [];
  const left = head.split(":").filter(Boolean);
  const right = tail.split(":").filter(Boolean);
  const all = [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return all.slice(0, 4).join(":");
}

/** Drops the oldest entries. @param {Map<string, unknown>} map @param {number} size */
function limit(map, size) {
  for (const key of map.keys()) {
    if (map.size <= size) return;
    map.delete(key);
  }
}

/**
 * @param {Map<string, PasswordHash>} visitors
 * @param {() => number} now monotonic clock in milliseconds
 * @returns {(authorization: string | undefined, address: string) => Promise<string>} returns the name; throws a `Refusal`
 */
export function createDoorkeeper(visitors, now) {
  const secret = randomBytes(32);
  /** @type {Map<string, number>} */
  const accepted = new Map();
  /** @type {Map<string, Promise<boolean>>} */
  const underWay = new Map();
  /** Times of failures, and of attempts whose result is not known yet. @type {Map<string, number[]>} */
  const failures = new Map();

  /** @param {string} source @returns {number[]} */
  function recent(source) {
    const times = failures.get(source) ?? [];
    times.splice(0, times.length, ...times.filter((at) => now() - at < MINUTE));
    failures.delete(source);
    failures.set(source, times);
    limit(failures, MAX_ADDRESSES);
    return times;
  }

  /** @param {string} name @param {string} password @param {string} source */
  async function check(name, password, source) {
    const times = recent(source);
    if (times.length >= MAX_FAILURES) {
      const seconds = Math.ceil((MINUTE - (now() - Math.min(...times))) / 1000);
      throw new Refusal(429, "too_many_requests", "Too many wrong passwords: wait a minute.", {
        "Retry-After": String(Math.max(1, seconds)),
      });
    }
    // Counted at once, so that many attempts at the same time are not more than one after the other.
    const at = now();
    times.push(at);
    const isRight = await isPassword(password, visitors.get(name) ?? UNKNOWN);
    if (isRight) times.splice(times.indexOf(at), 1);
    return isRight;
  }

  return async (authorization, address) => {
    const [, basic] = /^Basic ([A-Za-z0-9+/=]{1,2048})$/i.exec(authorization ?? "") ?? [];
    const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic ?? "", "base64").toString("utf8")) ?? [];
    if (name === undefined || password === undefined) {
      throw new Refusal(401, "unauthorized", "This server needs a name and a password.", CHALLENGE);
    }
    const key = createHmac("sha256", secret).update(`${name}:${password}`).digest("base64");
    const until = accepted.get(key);
    if (until !== undefined && now() < until) return name;
    const source = sourceOf(address);
    const attempt = `${source} ${key}`;
    const result = underWay.get(attempt) ?? check(name, password, source);
    underWay.set(attempt, result);
    const isRight = await result.finally(() => underWay.delete(attempt));
    if (!isRight) throw new Refusal(401, "unauthorized", "Name or password is incorrect.", CHALLENGE);
    accepted.delete(key);
    accepted.set(key, now() + ACCEPTED_MS);
    limit(accepted, MAX_ACCEPTED);
    return name;
  };
}
