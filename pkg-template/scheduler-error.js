// @ts-check
// The one error class of the package. It is written in JavaScript because only a JavaScript class can extend Error.

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
}

// On the prototype and not enumerable, as with JavaScript's own errors.
Object.defineProperty(SchedulerError.prototype, "name", { value: "SchedulerError" });
