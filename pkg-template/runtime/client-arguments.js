// @ts-check
// The arguments of `new Client(url, options)`: where the server is, credentials, and how requests are sent. Messages repeat no texts,
// which can be secrets in the wrong place. It is JavaScript because the values are, and smaller.

import { argument, isRecord, kind, kindOf, optionsOf } from "./arguments.js";
import { isText } from "./checks.js";
import { addressOf, serverAddress, urlText } from "./server-address.js";

/** Milliseconds for one attempt, unless the caller says otherwise. */
const TIMEOUT = 30_000;

/** Further attempts after a transient error, unless the caller says otherwise. */
const RETRIES = 2;

const ACCOUNT = kind("a string", isText, ["a string that is not empty", (name) => name]);

/** @typedef {import("./arguments.js").Check} Check */

/** @type {Check} */
function text(value, call, name) {
  if (typeof value !== "string") throw new TypeError(`${call}: ${name} must be a string`);
  return value;
}

/** @type {Check} */
function tokenUrl(value, call, name) {
  const url = urlText(call, name, value);
  const wrong = (/** @type {string} */ expected) => new TypeError(`${call}: ${name} must be ${expected}`);
  if (addressOf(url, wrong).user) throw wrong("a URL without user and password: the API key is sent in the body");
  return url;
}

/** @type {Check} */
function token(value, call, name) {
  if (typeof value === "function" || /^[!-~]+$/.test(text(value, call, name))) return value;
  throw new RangeError(`${call}: ${name} must consist of visible ASCII characters, as HTTP requires`);
}

const USER = { username: text, password: text };

/** The members of each type of `auth`, in the order in which the wasm accepts them. @type {Record<string, Record<string, Check>>} */
const MEMBERS = { basic: USER, session: USER, iam: { apiKey: text, tokenUrl }, bearer: { token } };

/** @type {Check} */
function auth(value, call, name) {
  argument(call, name, "object", value, kindOf);
  const { type } = value;
  const known = type === undefined ? "basic" : type;
  const kinds = typeof known === "string" && Object.hasOwn(MEMBERS, known) ? MEMBERS[known] : undefined;
  if (!kinds || type === "basic") {
    const expected = '"session", "iam", "bearer", or left out';
    throw new TypeError(`${call}: ${name}.type must be ${expected}, not ${kindOf(type)}`);
  }
  const members = optionsOf(name, value, { type: null, ...kinds });
  for (const member of Object.keys(kinds)) {
    if (members[member] === undefined && member !== "tokenUrl") text(undefined, name, member);
  }
  if (known === "basic" && members.username.includes(":")) {
    const instead = 'use { type: "session" } instead';
    throw new RangeError(`${name}: username must not contain a colon, which ends it in HTTP Basic; ${instead}`);
  }
  return [known, ...Object.keys(kinds).map((member) => members[member])];
}

/** Names and values in turn. @type {Check} */
function headers(value, call, name) {
  const expected = "a plain object of header names and their values";
  if (!isRecord(value)) argument(call, name, expected, value, kindOf);
  return Object.entries(value).flatMap(([field, content]) => {
    if (typeof content !== "string") argument(call, `${name}["${field}"]`, "a string", content, kindOf);
    try {
      // Only the platform knows what it accepts.
      new Headers().set(field, content);
    } catch {
      throw new TypeError(`${call}: "${field}" in ${name} has a name or value that HTTP does not allow`);
    }
    return [field, content];
  });
}

const credentials = kind('"omit", "same-origin" or "include"', (value) =>
  ["omit", "same-origin", "include"].includes(value),
);

/**
 * @param {string} call the method
 * @param {unknown} url of the caller
 * @param {unknown} options of the caller
 * @returns {unknown[]} what the wasm accepts, which keeps the credentials
 */
export function clientArguments(call, url, options) {
  const { base, user } = serverAddress(call, url);
  const kinds = { auth, headers, credentials, timeout: "time", retries: "count", fetch: "function" };
  const given = optionsOf(call, options, kinds, kindOf);
  const { timeout = TIMEOUT, retries = RETRIES, headers: fields = [] } = given;
  const [type, first, second] = given.auth ?? (user && ["basic", user.username, user.password]) ?? [];
  // What the URL contains is a secret even if there is an `auth` option.
  const { username, password } = (given.auth && user) ?? {};
  return [base, type, first, second, username, password, fields, given.credentials, timeout, retries, given.fetch];
}

/** The same for `Client.cloudant(account, options)`. @param {unknown} account @param {unknown} options */
export function cloudantArguments(account, options) {
  const call = "Client.cloudant";
  const name = argument(call, "account", ACCOUNT, account, kindOf);
  // The value is not shown: it may be a whole URL with a password.
  if (!/^[a-z\d-]+$/i.test(name)) {
    throw new RangeError(`${call}: account must be the account's name alone, as in ACCOUNT.cloudant.com`);
  }
  return clientArguments(call, `https://${name}.cloudant.com`, options);
}
