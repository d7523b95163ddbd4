// @ts-check
// The one error class of the package, written in JavaScript because only a JavaScript class can extend Error; and who called, for the
// stacks of errors. One file for both: the crate's tests find only the files that the crate imports.

/**
 * @typedef {object} Fields everything an error says beside its message; documented in index.d.ts
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

  /** `JSON.stringify` leaves out what an Error has by itself: name, message and cause. */
  toJSON() {
    const { name, message, cause, ...fields } = this;
    return { name, message, ...fields, ...(cause === undefined ? undefined : { cause: plain(cause, LONGEST_CHAIN) }) };
  }
}

/** Causes of causes that are shown: a chain can be a ring. */
const LONGEST_CHAIN = 8;

/**
 * What can be shown of a cause, which can be anything: of an error what it says, no other objects.
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
 * Remembers who calls. An error that comes out of the wasm later has no caller in its stack. The engine notes the frames, in some
 * microseconds, and writes them as text only when they are read.
 *
 * @param {Function} below the function whose caller is meant
 * @returns {{ stack?: unknown }}
 */
export function callSite(below) {
  if (!Error.captureStackTrace) return new Error();
  const site = {};
  Error.captureStackTrace(site, below);
  return site;
}

/** Errors whose stack is the caller's: of a call within a callback of a call, that of the inner one stays. */
const located = new WeakSet();

/**
 * Gives an error of this package the stack of the call that it ends. What the caller made is left as it is: the reason of an abort,
 * what a callback throws.
 *
 * @param {any} error
 * @param {{ stack?: unknown }} site
 * @param {string} [call] with this name begin the errors about its arguments
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
    // What the caller's own code threw can refuse to be looked at.
  }
  return error;
}
