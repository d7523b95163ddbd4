// @ts-check
// What src/http and src/js cannot do without JavaScript: calling functions of others, reading the body of an answer, and waiting. It is one
// file since the crate's tests in a browser import each file at the same time, and the server of wasm-bindgen's test runner was
// seen to hang on six.

// Whatever a function of somebody else does, the result of an async function is a promise of the platform's own: it neither throws
// nor has a `then` or a `constructor` that does. What is thrown through the wasm would leave a promise that never settles.

/** @param {typeof globalThis.fetch | undefined} fetch @param {string} url @param {RequestInit} init */
export async function send(fetch, url, init) {
  // Looked up at each call, so that one put in place later is used.
  return (fetch ?? globalThis.fetch)(url, init);
}

/** @param {() => unknown} token the function that a client was given as its token */
export async function tokenFrom(token) {
  return token();
}

/** @param {{ arrayBuffer: () => unknown }} response whose body is not a web stream */
export async function wholeBody(response) {
  return response.arrayBuffer();
}

/**
 * @param {any} piece an ArrayBuffer or Uint8Array; one of another realm is not an instance of this realm's class
 * @returns {Uint8Array}
 */
export function bytesOf(piece) {
  const kind = Object.prototype.toString.call(piece);
  if (kind === "[object Uint8Array]") return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
  if (kind === "[object ArrayBuffer]") return new Uint8Array(piece);
  throw new TypeError("a piece of the body is not a Uint8Array");
}

/**
 * What a reader has read. In one call, as each look at a member from the wasm is another one, for each piece of an answer.
 *
 * @param {any} read
 * @returns {Uint8Array | undefined} undefined at the end
 */
export function pieceOf(read) {
  return read.done ? undefined : bytesOf(read.value);
}

/** As much as the wasm reads at a time. */
const PIECE = 131_072;

// What a client must not show.

/** Secrets that come and go are remembered up to this number; older ones have expired. */
const MAX_TEMPORARY = 16;

/** Shorter secrets are replaced only where they stand alone: a password "pass" must not change the word "passes". */
const LONG = 6;

const MASK = "*****";

/** How much of the cause of an error is searched, in values and in bytes of one; and how long a chain of causes is copied. */
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
      // One character says nothing, and would be in every text.
      if (plain.length > 1) patterns.set(plain, patternOf(plain));
    }
    for (const oldest of this.#temporary.keys()) {
      if (this.#temporary.size <= MAX_TEMPORARY) break;
      this.#temporary.delete(oldest);
    }
  }

  /** Credentials follow their scheme, and cookies have names. @param {string} value of a header */
  addHeader(value) {
    const parts = value.split(/[\s;,]+/).flatMap((part) => [part, part.slice(part.indexOf("=") + 1)]);
    const passwords = parts.flatMap((part) => decoded(part)?.split(/:(.*)/s).slice(1, 2) ?? []);
    for (const secret of [value, ...parts, ...passwords]) this.add(secret, false);
  }

  /** @param {string} text */
  hide(text) {
    let hidden = text;
    // Longer ones first: one may be part of another.
    const patterns = [...this.#lasting, ...this.#temporary].sort(([a], [b]) => b.length - a.length);
    for (const [, pattern] of patterns) hidden = hidden.replace(pattern, MASK);
    return hidden;
  }

  /** @param {unknown} cause @returns {unknown} */
  hideCause(cause) {
    if (!this.#isIn(cause)) return cause;
    /** @type {Map<unknown, Error>} */
    const copies = new Map();
    /** Of what has a secret in it only texts, numbers and further causes are kept. @param {any} value @param {number} left @returns {unknown} */
    const copyOf = (value, left) => {
      if (typeof value === "string" || typeof value === "symbol") return this.hide(String(value));
      if (typeof value !== "object" || value === null || left === 0) return undefined;
      const known = copies.get(value);
      if (known) return known;
      const copy = new Error(MASK);
      copies.set(value, copy);
      const names = attempt(() => Object.keys(value)) ?? [];
      // Those of an error are not among its keys.
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

  /** Whether a secret is anywhere in `cause`, or may be: it is too large to know, or refuses to be looked at. @param {unknown} cause */
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

  /** @param {any} cause what `fetch` or a body was rejected with @returns {string} to follow what failed: ": …", or nothing */
  networkReason(cause) {
    let code = "";
    let message = "";
    try {
      // The innermost code says most. Where several addresses were tried, each has its own error, and all are alike.
      for (let error = cause, depth = 0; error && depth < 8; error = error.cause ?? error.errors?.[0], depth++) {
        if (/^[A-Za-z][A-Za-z_0-9]{3,}$/.test(error.code)) code = error.code;
        if (typeof error.message === "string" && error.message) message = error.message;
      }
    } catch {
      // A getter threw: nothing is known, then.
    }
    const words = REASONS.find(([codes]) => codes.split(" ").includes(code))?.[1];
    if (SAYS_NOTHING.test(message)) message = "";
    const reason = this.hide([words ?? message, code && `(${code})`].filter(Boolean).join(" "));
    // Only in a browser can it be CORS; there nothing else is known.
    const hint = isBrowser ? "; the server may be down, or not allow this page's origin (CORS)" : "";
    return (reason && `: ${reason}`) + hint;
  }

  /** @param {string} contentType @param {string} text how it begins @returns {string} in brackets: " (text/html, “title”)" */
  portrait(contentType, text) {
    const shown = (/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? text).replace(/[\s\p{Cc}]+/gu, " ").trim();
    const cut = this.hide(shown);
    const quoted = cut && `“${cut.length > MAX_SHOWN ? `${cut.slice(0, MAX_SHOWN)}…` : cut}”`;
    const parts = [this.hide(contentType), quoted].filter(Boolean).join(", ");
    return parts && ` (${parts})`;
  }
}

/** How much of an answer that is not CouchDB's is shown, in characters. */
const MAX_SHOWN = 80;

/** @template T @param {() => T} get that may throw @returns {T | undefined} */
function attempt(get) {
  try {
    return get();
  } catch {
    return undefined;
  }
}

/** What can be reached from an object: names, values and elements, be they hidden or its class's. @param {any} object @returns {Iterable<unknown>} */
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
      // What a class has is the same for all, but for its getters. Node.js warns of those that begin with "_".
      if (get && (owner === object || !String(name).startsWith("_"))) yield object[name];
      if (owner === object) yield value;
    }
  }
  if (object instanceof String) yield `${object}`;
  // Of a Map, a Set or headers; what iterates over itself would be used up.
  const elements = object[Symbol.iterator]?.();
  if (elements && elements !== object && !Array.isArray(object)) yield* object;
}

/** A backslash, percent-encoded or not; in JSON within JSON a quote has up to seven. */
const BACKSLASH = "(?:\\\\|%(?:25)*5[Cc])";

/** A secret however it is written: percent-encoded, escaped as in JSON or HTML, each as often as it likes. @param {string} secret */
function patternOf(secret) {
  const pattern = (secret.match(/\\+|[^\\]/gu) ?? [])
    .map((part, at) => (part[0] === "\\" ? patternOfBackslashes(part.length) : patternOfCharacter(part, at === 0)))
    .join("");
  const alone = secret.length < LONG;
  return new RegExp(alone ? `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])` : pattern, "gu");
}

/** Each escape doubles them. @param {number} count */
const patternOfBackslashes = (count) =>
  `(?:(?:${BACKSLASH}{1,7}u005[cC]|&#92;|&#x5[cC];){${count}}|${BACKSLASH}{${count},${count * 8}})`;

/** @param {string} char @param {boolean} isFirst then the search begins with it, at each backslash of a text */
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
    // A letter that follows a backslash means another one.
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

/** @param {string} text @returns {string | undefined} of what it is the base64 */
function decoded(text) {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

/** Codes of Node.js, OpenSSL, undici and Bun, in words. @type {[codes: string, words: string][]} */
const REASONS = [
  ["ECONNREFUSED ConnectionRefused", "connection refused; is the server running, and is the port right?"],
  ["ECONNRESET EPIPE UND_ERR_SOCKET", "the other end closed the connection"],
  ["ENOTFOUND", "the host name does not resolve; is it spelt right?"],
  ["EAI_AGAIN", "the name server does not answer"],
  ["EHOSTUNREACH ENETUNREACH", "no route to the host"],
  ["ETIMEDOUT UND_ERR_CONNECT_TIMEOUT", "the connection timed out"],
  ["UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT", "the answer did not come in time"],
  ["CERT_HAS_EXPIRED", "certificate has expired"],
  ["CERT_NOT_YET_VALID", "certificate is not valid yet; is this machine's clock right?"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate; Node.js trusts those that NODE_EXTRA_CA_CERTS names"],
  [
    "SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "certificate of an unknown authority; Node.js trusts those that NODE_EXTRA_CA_CERTS names",
  ],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "the server does not send its intermediate certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate is for another host name"],
  [
    "ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PACKET_LENGTH_TOO_LONG",
    "https to an http port; use http://, or the port for https",
  ],
  ["HPE_INVALID_CONSTANT", "the answer is not HTTP; is this an https port?"],
];

/** That `fetch` failed, in each engine's words. */
const SAYS_NOTHING =
  /^(fetch failed|Failed to fetch|Load failed|terminated|NetworkError when attempting to fetch resource\.?)$/;

/** Whether the platform keeps cookies itself and lets nobody else: browsers do. */
export function keepsCookies() {
  try {
    return new Request("http://localhost/", { headers: { Cookie: "a=b" } }).headers.get("Cookie") === null;
  } catch {
    return false;
  }
}

const isBrowser = "document" in globalThis || "WorkerGlobalScope" in globalThis;

/**
 * @typedef {object} BodyReader
 * @property {() => Promise<ReadableStreamReadResult<ArrayBufferView>>} read the next piece; the one before must not be needed any more
 */

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {BodyReader}
 */
export function readerOf(stream) {
  if (!isBrowser) return new ReaderAhead(stream.getReader());
  let reader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch {
    return new PlainReader(stream.getReader());
  }
  return new ReaderIntoOneBuffer(reader);
}

class PlainReader {
  #reader;

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  async read() {
    return this.#reader.read();
  }
}

/**
 * Asks for a piece while the one before is being worked on. Where nobody waits for the next one, Node stops the connection, and
 * puts together what comes meanwhile: summary() of 100,000 documents took 91 ms instead of 84.
 */
class ReaderAhead {
  #reader;
  /** @type {Promise<ReadableStreamReadResult<Uint8Array>> | undefined} */
  #ahead;

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  async read() {
    const piece = await (this.#ahead ?? this.#ask());
    this.#ahead = piece?.done ? undefined : this.#ask();
    // What goes wrong is for the call that gets there.
    this.#ahead?.catch(() => {});
    return piece;
  }

  /** Rejects also where the reader throws. */
  async #ask() {
    return this.#reader.read();
  }
}

/** As many as a page that asks for several things at once has use for. */
const MOST_IDLE = 4;

/** What no answer is being read into. @type {ArrayBuffer[]} */
const idle = [];

/**
 * A browser gives each piece out in memory of its own, which piles up until it is collected: tens of megabytes for a long
 * list. So the pieces are read into memory of ours, over and over, where the stream allows that.
 */
class ReaderIntoOneBuffer {
  #reader;
  /** It is the stream's while it is being filled, then ours again. */
  #buffer = idle.pop() ?? new ArrayBuffer(PIECE);

  /** @param {ReadableStreamBYOBReader} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  async read() {
    const piece = await this.#reader.read(new Uint8Array(this.#buffer));
    if (piece.value) this.#buffer = piece.value.buffer;
    // The next answer is read into it. One that breaks off keeps it, and is collected with it.
    if (piece.done && idle.length < MOST_IDLE && this.#buffer.byteLength === PIECE) idle.push(this.#buffer);
    return piece;
  }
}

// Waiting for the next task of the event loop: `setTimeout` alone would do, but browsers hold nested timers back by 4 ms each.

/** @returns {Promise<void>} resolves in a new task, after timers, input and painting have had their turn */
export function nextTask() {
  const { setImmediate, MessageChannel, setTimeout } = globalThis;
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
    } else if (typeof MessageChannel === "function") {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else {
      setTimeout(resolve, 0);
    }
  });
}

/**
 * Milliseconds of the clock for durations. It is looked up at each call, as whoever replaces clocks in a test does so late; a sandbox
 * may have no `performance`. If a replaced one throws, no time passes, which ends nothing too early.
 */
export const clock = {
  now() {
    try {
      return (globalThis.performance ?? Date).now();
    } catch {
      return 0;
    }
  },
};

// Listening to the caller's signals. Each signal gets one listener, however many calls share it: from the eleventh on Node warns of a leak.

/** @type {WeakMap<AbortSignal, { listener: () => void, callbacks: Set<() => void> }>} */
const listening = new WeakMap();

/**
 * @param {AbortSignal} signal
 * @param {() => void} callback
 */
export function onAbort(signal, callback) {
  const known = listening.get(signal);
  if (known) {
    known.callbacks.add(callback);
    return;
  }
  const callbacks = new Set([callback]);
  // One that is removed by another meanwhile is not called any more.
  const listener = () => {
    for (const call of callbacks) call();
  };
  signal.addEventListener("abort", listener);
  listening.set(signal, { listener, callbacks });
}

/**
 * @param {AbortSignal} signal
 * @param {() => void} callback
 */
export function offAbort(signal, callback) {
  const known = listening.get(signal);
  if (!known?.callbacks.delete(callback) || known.callbacks.size > 0) return;
  listening.delete(signal);
  signal.removeEventListener("abort", known.listener);
}

// Waiting between two requests. A timer that is left running would keep Node running.

/** The longest delay of `setTimeout`; a longer one would fire at once. */
const MAX_DELAY = 2 ** 31 - 1;

/**
 * @param {number} milliseconds
 * @param {boolean} untilShown in a page: not before it is visible
 * @param {AbortSignal | undefined} signal of the crate's own
 * @returns {Promise<void>} resolves when the time is over, or `signal` is aborted
 */
export function sleep(milliseconds, untilShown, signal) {
  return new Promise((resolve) => {
    const page = untilShown ? globalThis.document : undefined;
    let due = false;
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      page?.removeEventListener("visibilitychange", look);
      resolve();
    };
    const look = () => {
      if (due && page?.visibilityState !== "hidden") done();
    };
    const timer = setTimeout(
      () => {
        due = true;
        look();
      },
      Math.min(milliseconds, MAX_DELAY),
    );
    page?.addEventListener("visibilitychange", look);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
