// @ts-check
/**
 * Responses that fail on purpose.
 */

/**
 * @typedef {import("./http.js").Reply} Reply
 * @typedef {import("./http.js").SimRequest} SimRequest
 *
 * @typedef {object} Fault the requests it applies to, and what it does to their responses
 * @property {string} [method] default: any
 * @property {string | RegExp | ((path: string) => boolean)} [path] a string is the start of path and query;
 *   default: any
 * @property {number} [times] number of requests it applies to; default 1, `Infinity` for all
 * @property {number} [after] number of matching requests that succeed first
 * @property {number} [delay] ms on the simulator's clock before the response
 * @property {boolean} [reset] resets the connection before the headers
 * @property {number} [status] responds with this status and ignores the server. With `body` alone: 200
 * @property {string} [body]
 * @property {Record<string, string>} [headers] of this response, e.g. `Retry-After`, `Location`
 * @property {number} [cutAfter] breaks the connection after this number of bytes of the body
 * @property {number} [stallAfter] sends nothing more after this number of bytes of the body
 * @property {string} [errorAfterRows] the list ends with an `"error"` member of this value, as if the server
 *   failed half-way
 */

export class Faults {
  /** @type {{ rule: Fault, seen: number }[]} */
  #rules = [];

  /** @param {Fault} rule @returns {() => void} removes the rule */
  add(rule) {
    const active = { rule, seen: 0 };
    this.#rules.push(active);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== active);
    };
  }

  clear() {
    this.#rules = [];
  }

  /** Returns the first rule that applies to this request, and counts the request. @param {SimRequest} request @returns {Fault | null} */
  take(request) {
    for (const active of this.#rules) {
      const { rule } = active;
      if (!meets(rule, request)) continue;
      const turn = active.seen++ - (rule.after ?? 0);
      if (turn >= 0 && turn < (rule.times ?? 1)) return rule;
    }
    return null;
  }
}

/** @param {Fault} rule @param {SimRequest} request */
function meets({ method, path }, request) {
  if (method !== undefined && method !== request.method) return false;
  const asked = request.url.pathname + request.url.search;
  if (typeof path === "string") return asked.startsWith(path);
  return path === undefined || (path instanceof RegExp ? path.test(asked) : path(asked));
}

/** Returns the response that replaces the real one, if the rule has one. @param {Fault} fault @returns {Reply | null} */
export function replacement({ reset, status, body, headers }) {
  if (reset) return { status: 0, headers: [], body: null, connection: "reset" };
  if (status === undefined && body === undefined) return null;
  return { status: status ?? 200, headers: Object.entries(headers ?? {}), body: body ?? "" };
}

/** A broken body; distinguishes it from a bug of the simulator. */
export class Cut extends Error {}

/** @param {Fault} fault @param {Reply} reply @returns {Reply} */
export function damaged({ cutAfter, stallAfter, errorAfterRows }, reply) {
  let { body } = reply;
  if (errorAfterRows !== undefined && body !== null) body = withErrorMember(chunksOf(body), errorAfterRows);
  const end = cutAfter ?? stallAfter;
  if (end === undefined || body === null) return { ...reply, body };
  // `Content-Length`, if there is one, was sent before the body fails.
  const length = byteLength(body);
  const headers =
    length === null
      ? reply.headers
      : [...reply.headers, /** @type {[string, string]} */ (["Content-Length", String(length)])];
  return { ...reply, headers, body: broken(chunksOf(body), end, cutAfter !== undefined) };
}

/** @param {NonNullable<Reply["body"]>} body */
function byteLength(body) {
  if (typeof body === "string") return new TextEncoder().encode(body).length;
  return body instanceof Uint8Array ? body.length : null;
}

/** @param {NonNullable<Reply["body"]>} body @returns {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} */
export function chunksOf(body) {
  if (typeof body === "string") return [new TextEncoder().encode(body)];
  return body instanceof Uint8Array ? [body] : body;
}

/** @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} chunks @param {number} end @param {boolean} isCut */
async function* broken(chunks, end, isCut) {
  let left = end;
  for await (const chunk of chunks) {
    if (chunk.length >= left) {
      if (left > 0) yield chunk.subarray(0, left);
      if (isCut) throw new Cut("the connection was cut");
      await new Promise(() => {});
    }
    left -= chunk.length;
    yield chunk;
  }
}

/** The end of the list is in its last chunk. @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} chunks @param {string} error */
async function* withErrorMember(chunks, error) {
  /** @type {Uint8Array} */
  let last = new Uint8Array();
  for await (const chunk of chunks) {
    yield last;
    last = chunk;
  }
  const member = `,"error":${JSON.stringify(error)},"reason":"The list could not be finished."}\n`;
  yield new TextEncoder().encode(new TextDecoder().decode(last).replace(/\}\n$/, member));
}
