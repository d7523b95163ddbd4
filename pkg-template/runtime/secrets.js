// @ts-check
// The secrets of one client, and foreign texts and errors without them.

import { attempt, isBrowser } from "./http.js";

/** Maximum number of temporary secrets, such as tokens; older ones have expired. */
const MAX_TEMPORARY = 16;

/** Shorter secrets are replaced only as whole words: a password "pass" must not change the word "passes". */
const MIN_ANYWHERE = 6;

const MASK = "*****";

/** How much of a cause is searched: values, and bytes per buffer; and how many causes of causes are copied. */
const MAX_VALUES = 5000;
const MAX_BYTES = 1 << 20;
const MAX_CHAIN = 8;

export class Secrets {
  /** @type {Map<string, RegExp>} */
  #lasting = new Map();
  /** @type {Map<string, RegExp>} */
  #temporary = new Map();

  /** @param {string} secret @param {boolean} isTemporary */
  add(secret, isTemporary) {
    const patterns = isTemporary ? this.#temporary : this.#lasting;
    for (const form of [secret, encoded(secret)]) {
      const plain = form.replace(/=+$/, "") || form;
      // One character is in every text.
      if (plain.length > 1) patterns.set(plain, patternOf(plain));
    }
    for (const oldest of this.#temporary.keys()) {
      if (this.#temporary.size <= MAX_TEMPORARY) break;
      this.#temporary.delete(oldest);
    }
  }

  /** Adds the parts of a header: credentials follow a scheme, and cookies have names. @param {string} value */
  addHeader(value) {
    const parts = value.split(/[\s;,]+/).flatMap((part) => [part, part.slice(part.indexOf("=") + 1)]);
    const passwords = parts.flatMap((part) => decoded(part)?.split(/:(.*)/s).slice(1, 2) ?? []);
    for (const secret of [value, ...parts, ...passwords]) this.add(secret, false);
  }

  /** @param {string} text */
  hide(text) {
    let hidden = text;
    // Longer ones first, since one may contain another.
    const patterns = [...this.#lasting, ...this.#temporary].sort(([a], [b]) => b.length - a.length);
    for (const [, pattern] of patterns) hidden = hidden.replace(pattern, MASK);
    return hidden;
  }

  /** @param {unknown} cause @returns {unknown} */
  hideCause(cause) {
    if (!this.#isIn(cause)) return cause;
    /** @type {Map<unknown, Error>} */
    const copies = new Map();
    /** Copies texts, numbers and further causes only. @param {any} value @param {number} left @returns {unknown} */
    const copyOf = (value, left) => {
      if (typeof value === "string" || typeof value === "symbol") return this.hide(String(value));
      if (typeof value !== "object" || value === null || left === 0) return undefined;
      const known = copies.get(value);
      if (known) return known;
      const copy = new Error(MASK);
      copies.set(value, copy);
      const names = attempt(() => Object.keys(value)) ?? [];
      // The members of an error are not among its keys.
      for (const name of new Set(["name", "message", "stack", "code", "cause", "errors", ...names])) {
        const part = attempt(() => value[name]);
        const shown =
          name === "errors" && Array.isArray(part)
            ? part.slice(0, MAX_CHAIN).map((error) => copyOf(error, left - 1))
            : name === "cause" || part instanceof Error
              ? copyOf(part, left - 1)
              : typeof part === "string"
                ? this.hide(part)
                : part;
        const isShown = shown !== undefined && (typeof shown !== "object" || shown !== part);
        if (isShown && typeof shown !== "function" && this.hide(name) === name) {
          Object.defineProperty(copy, name, { value: shown, configurable: true, writable: true });
        }
      }
      return copy;
    };
    return copyOf(cause, MAX_CHAIN);
  }

  /**
   * @param {any} row of `_scheduler/docs`
   * @returns {unknown} a copy without secrets; what identifies the row is exact
   */
  hideInRow(row) {
    const copy = JSON.parse(JSON.stringify(row), (_, value) => (typeof value === "string" ? this.hide(value) : value));
    const { database, doc_id, id, state } = row;
    return Object.assign(copy, { database, doc_id, id, state });
  }

  /** Whether `cause` contains a secret, or may: it is too large to be searched, or throws. @param {unknown} cause */
  #isIn(cause) {
    const seen = new Set();
    const waiting = [cause];
    try {
      while (waiting.length > 0) {
        const value = waiting.pop();
        if (typeof value === "string" || typeof value === "symbol") {
          const text = String(value);
          if (this.hide(text) !== text) return true;
        } else if (Object(value) === value && !seen.has(value)) {
          if (seen.add(value).size > MAX_VALUES) return true;
          for (const part of partsOf(value)) waiting.push(part);
        }
      }
    } catch {
      return true;
    }
    return false;
  }

  /** @param {any} cause the reason of a rejected `fetch` or body @returns {string} ": …", or nothing */
  networkReason(cause) {
    let code = "";
    let message = "";
    try {
      // The innermost code says most. If several addresses were tried, their errors are alike.
      for (let error = cause, depth = 0; error && depth < 8; error = error.cause ?? error.errors?.[0], depth++) {
        if (/^[A-Za-z][A-Za-z_0-9]{3,}$/.test(error.code)) code = error.code;
        if (typeof error.message === "string" && error.message) message = error.message;
      }
    } catch {
      // A getter threw, so the reason is unknown.
    }
    const words = REASONS.find(([codes]) => codes.split(" ").includes(code))?.[1];
    if (SAYS_NOTHING.test(message)) message = "";
    const reason = this.hide([words ?? message, code && `(${code})`].filter(Boolean).join(" "));
    // In a browser it can be CORS; nothing else is known there.
    const hint = isBrowser ? "; the server may be down, or may not allow this page's origin (CORS)" : "";
    return (reason && `: ${reason}`) + hint;
  }

  /** @param {string} contentType @param {string} text the beginning of a body @returns {string} in brackets: " (text/html, “title”)" */
  portrait(contentType, text) {
    const shown = (/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? text).replace(/[\s\p{Cc}]+/gu, " ").trim();
    // JSON can be a document, which has credentials under any name.
    const cut = /^(?:\{|\[\s*[[{"])/.test(shown) && !FLAT.test(shown) ? "" : this.hide(shown);
    const quoted = cut && `“${cut.length > MAX_SHOWN ? `${cut.slice(0, MAX_SHOWN)}…` : cut}”`;
    const parts = [this.hide(contentType), quoted].filter(Boolean).join(", ");
    return parts && ` (${parts})`;
  }
}

/** How much of a response that is not CouchDB's is shown, in characters. */
const MAX_SHOWN = 80;

/** An object without objects and arrays, as errors are. */
const FLAT = /^\{[^{[]*\}$/;

/** Everything that can be reached from an object: names, values and elements, also hidden or inherited ones. @param {any} object @returns {Iterable<unknown>} */
function* partsOf(object) {
  if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) {
    if (object.byteLength > MAX_BYTES) throw new RangeError();
    yield new TextDecoder("latin1").decode(object);
    return;
  }
  for (let owner = object; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    for (const name of Reflect.ownKeys(owner)) {
      yield name;
      const { get, value } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
      // Members of a class are not secret, except for getters. Node.js warns about getters that begin with "_".
      if (get && (owner === object || !String(name).startsWith("_"))) yield object[name];
      if (owner === object) yield value;
    }
  }
  if (object instanceof String) yield `${object}`;
  // Of a Map, a Set or headers. An iterator would be consumed.
  const elements = object[Symbol.iterator]?.();
  if (elements && elements !== object && !Array.isArray(object)) yield* object;
}

/** A backslash, percent-encoded or not; in JSON within JSON a quote has up to seven. */
const BACKSLASH = "(?:\\\\|%(?:25)*5[Cc])";

/** Matches a secret in any form: percent-encoded, escaped as in JSON or HTML, any number of times. @param {string} secret */
function patternOf(secret) {
  const pattern = (secret.match(/\\+|[^\\]/gu) ?? [])
    .map((part, at) => (part[0] === "\\" ? patternOfBackslashes(part.length) : patternOfCharacter(part, at === 0)))
    .join("");
  const isWord = secret.length < MIN_ANYWHERE;
  return new RegExp(isWord ? `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])` : pattern, "gu");
}

/** Each escape doubles them. @param {number} count */
const patternOfBackslashes = (count) =>
  `(?:(?:${BACKSLASH}{1,7}u005[cC]|&#92;|&#x5[cC];){${count}}|${BACKSLASH}{${count},${count * 8}})`;

/** @param {string} char @param {boolean} isFirst the search begins with it, so it must not begin with a backslash */
function patternOfCharacter(char, isFirst) {
  const digits = (/** @type {number} */ number, /** @type {number} */ length) =>
    number
      .toString(16)
      .padStart(length, "0")
      .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const bytes = [...new TextEncoder().encode(char)];
  const code = char.codePointAt(0) ?? 0;
  const plain = char.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  const forms = [
    // A letter that follows a backslash has another meaning.
    isFirst || /[\p{L}\p{N}]/u.test(char) ? plain : `${BACKSLASH}{0,7}${plain}`,
    bytes.map((byte) => `%(?:25)*${digits(byte, 2)}`).join(""),
    char
      .split("")
      .map((unit, at) => `${BACKSLASH}{1,${isFirst && at === 0 ? 1 : 7}}u${digits(unit.charCodeAt(0), 4)}`)
      .join(""),
    `&#(?:0{0,5}${code}|[xX]0{0,5}${digits(code, 1)});`,
    ...(OTHER_FORMS[char] ?? []),
  ];
  // UTF-8 that was read as Latin-1.
  if (bytes.length > 1) forms.push(String.fromCharCode(...bytes));
  return `(?:${forms.join("|")})`;
}

/** Forms that only some characters have. Base64 for URLs has two other characters. @type {Record<string, string[]>} */
const OTHER_FORMS = {
  " ": ["\\+"],
  "+": ["-"],
  "/": ["_"],
  "&": ["&amp;"],
  "<": ["&lt;"],
  ">": ["&gt;"],
  '"': ["&quot;"],
  "'": ["&apos;"],
  "\t": [`${BACKSLASH}{1,7}t`],
  "\n": [`${BACKSLASH}{1,7}n`],
  "\r": [`${BACKSLASH}{1,7}r`],
};

/** @param {string} text @returns {string} its base64, as UTF-8 */
function encoded(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** @param {string} text @returns {string | undefined} decoded from base64, if it is valid */
const decoded = (text) => attempt(() => atob(text));

/** Codes of Node.js, OpenSSL, undici and Bun, and what they mean. @type {[codes: string, words: string][]} */
const REASONS = [
  ["ECONNREFUSED ConnectionRefused", "connection refused; is the server running, and is the port correct?"],
  ["ECONNRESET EPIPE UND_ERR_SOCKET", "the server closed the connection"],
  ["ENOTFOUND", "the host name does not resolve; is it spelled correctly?"],
  ["EAI_AGAIN", "the name server does not respond"],
  ["EHOSTUNREACH ENETUNREACH", "no route to the host"],
  ["ETIMEDOUT UND_ERR_CONNECT_TIMEOUT", "the connection timed out"],
  ["UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT", "the response did not arrive in time"],
  ["CERT_HAS_EXPIRED", "certificate has expired"],
  ["CERT_NOT_YET_VALID", "certificate is not valid yet; is this machine's clock correct?"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate; Node.js trusts those that NODE_EXTRA_CA_CERTS names"],
  [
    "SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "certificate of an unknown authority; Node.js trusts those that NODE_EXTRA_CA_CERTS names",
  ],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "the server does not send its intermediate certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate is for another host name"],
  [
    "ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PACKET_LENGTH_TOO_LONG",
    "https to an http port; use http://, or the https port",
  ],
  ["HPE_INVALID_CONSTANT", "the response is not HTTP; is this an https port?"],
];

/** Messages of the engines that say no more than that `fetch` failed. */
const SAYS_NOTHING =
  /^(fetch failed|Failed to fetch|Load failed|terminated|NetworkError when attempting to fetch resource\.?)$/;
