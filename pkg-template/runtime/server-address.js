// @ts-check
// Where a server is, without the credentials that its URL may contain. Messages do not repeat the URL.

import { argument, kindOf } from "./arguments.js";
import { attempt } from "./http.js";

/** Parts of a URL that lead away from the server's root. The URL of a database or of a page is often copied instead of the server's. */
const WITHIN_SERVER = ["/_utils", "/_replicator", "%2F_replicator", "%2f_replicator", "/_scheduler"];

/** What a URL must be whose password is cut off. */
export const ENCODED = "a URL whose password is percent-encoded: / as %2F, ? as %3F, # as %23, \\ as %5C, @ as %40";

/** @typedef {{ username: string, password: string }} User */

/** The text of a URL: a string or a `URL`. @param {string} call @param {string} name @param {any} url @returns {string} */
export function urlText(call, name, url) {
  const text = typeof url === "string" ? url : attempt(() => url.href);
  if (typeof text === "string") return text;
  return argument(call, name, 'a URL such as "https://couch.example.com:6984"', url, kindOf);
}

/**
 * @param {string} text
 * @param {(expected: string) => Error} wrong makes the error that says what the URL should be
 * @returns {{ base: string, user?: User }} the URL without credentials and without a trailing slash
 */
export function addressOf(text, wrong) {
  if (hasPasswordCutOff(text)) throw wrong(`${ENCODED}; or give it as \`auth\``);
  const url = attempt(() => new URL(text));
  if (!url) {
    throw wrong(
      'an absolute URL such as "https://couch.example.com:6984"; in a page, new URL(path, location.href) makes one',
    );
  }
  if (!/^https?:$/.test(url.protocol)) throw wrong("a URL that begins with http:// or https://");
  if (url.search || url.hash) throw wrong('the server\'s URL alone, without "?" or "#"');
  const base = url.origin + url.pathname.replace(/\/+$/, "");
  if (!url.username && !url.password) return { base };
  try {
    return { base, user: { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } };
  } catch {
    throw wrong("user and password percent-encoded as UTF-8");
  }
}

/** The address of a server, the argument `url`. @param {string} call @param {unknown} url */
export function serverAddress(call, url) {
  const text = urlText(call, "url", url);
  const part = WITHIN_SERVER.find((part) => text.includes(part));
  if (part) {
    throw new RangeError(
      `${call}: url must be the server's, without "${part}": a replicator database is named by the \`database\` option of each call`,
    );
  }
  return addressOf(text, (expected) => new TypeError(`${call}: url must be ${expected}`));
}

/**
 * Whether there is a password with a raw `/`, `?`, `#` or `\`: it ends the host's part of the URL, so an `@` follows it. If the
 * password has an `@` before, what is between them would be the host, to which the beginning of the password would be sent.
 *
 * @param {string} text
 */
export function hasPasswordCutOff(text) {
  const authority = text.slice(text.indexOf("://") < 0 ? 0 : text.indexOf("://") + 3);
  const end = authority.search(/[/?#\\]/);
  return end >= 0 && authority.lastIndexOf("@") > end;
}
