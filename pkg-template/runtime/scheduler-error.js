// @ts-check
// The error class of the package, in JavaScript because only a JavaScript class can extend Error; and the caller's line for the
// stacks of errors.

/**
 * @typedef {object} Fields the members of an error other than its message; documented in index.d.ts
 * @property {string} code
 * @property {number | null} status
 * @property {string | null} error
 * @property {string | null} reason
 * @property {string} method
 * @property {string} url
 * @property {string | null} requestId
 * @property {number} attempts
 * @property {number | null} retryAfter
 * @property {unknown} [cause]
 * @property {unknown} [doc]
 */

export class SchedulerError extends Error {
  /**
   * @param {string} message
   * @param {Fields} fields
   */
  constructor(message, { cause, doc, ...fields }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, fields, doc === undefined ? undefined : { doc });
  }

  /** `JSON.stringify` would omit name, message and cause, which every Error has. */
  toJSON() {
    const { name, message, cause, ...fields } = this;
    return { name, message, ...fields, ...(cause === undefined ? undefined : { cause: plain(cause, MAX_CHAIN) }) };
  }
}

/** Maximum number of causes of causes: a chain can be a ring. */
const MAX_CHAIN = 8;

/**
 * A cause as JSON. It can be any value: of an error, name, message and code are kept; other objects are omitted.
 *
 * @param {any} cause
 * @param {number} left
 * @returns {unknown}
 */
function plain(cause, left) {
  if (typeof cause?.message !== "string") return Object(cause) === cause ? undefined : String(cause);
  const { name, message, code } = cause;
  return {
    name,
    message,
    code,
    cause: left > 0 && cause.cause !== undefined ? plain(cause.cause, left - 1) : undefined,
  };
}

// On the prototype and not enumerable, as with JavaScript's own errors.
Object.defineProperty(SchedulerError.prototype, "name", { value: "SchedulerError" });

/**
 * Remembers the caller. The stack of an error that the wasm creates later does not contain it. The engine records the frames within
 * microseconds, and formats them only when they are read.
 *
 * @param {Function} below the function that was called
 * @returns {{ stack?: unknown }}
 */
export function callSite(below) {
  if (!Error.captureStackTrace) return new Error();
  const site = {};
  Error.captureStackTrace(site, below);
  return site;
}

/** Errors that have the caller's stack. If a callback of a call calls again, the inner stack is kept. */
const located = new WeakSet();

/**
 * Gives an error of this package the stack of the call that it ends. The caller's own errors are unchanged: the reason of an abort, or
 * what a callback throws.
 *
 * @param {any} error
 * @param {{ stack?: unknown }} site
 * @param {string} [call] the name with which errors about arguments begin
 */
export function withCaller(error, site, call) {
  try {
    const isArgument =
      (error instanceof TypeError || error instanceof RangeError) && `${error.message}`.startsWith(`${call}: `);
    if ((error instanceof SchedulerError || isArgument) && !located.has(error) && typeof site.stack === "string") {
      located.add(error);
      // Some engines begin with the name of the error.
      const value = site.stack.replace(/^Error.*/, () => String(error));
      Object.defineProperty(error, "stack", { value, configurable: true, writable: true });
    }
  } catch {
    // A foreign error can throw when it is read.
  }
  return error;
}
