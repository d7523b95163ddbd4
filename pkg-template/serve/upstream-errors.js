// @ts-check
// Errors of requests to CouchDB, as responses.

import { SchedulerError } from "couchdb-scheduler";
import { Refusal } from "./refusal.js";

/** CouchDB, or the server of its tokens, does not accept the credentials. */
export class LoginRefusal extends Refusal {}

/** CouchDB has not answered, or not as it does: whether it has done what was asked is unknown. */
export class Unanswered extends Refusal {}

/** What CouchDB sent is not its response. */
export const unreadable = () => new Unanswered(502, "bad_gateway", "CouchDB's response cannot be read.");

/**
 * The visitor knows the request; the address of CouchDB and options of this program are none of theirs.
 *
 * @param {SchedulerError} error
 */
export const wordsOf = ({ message }) =>
  message
    .replace(/ \([A-Z]+ https?:\/\/[^\s)]*\)/g, "")
    .replace(/(the server redirects) to .*$/s, "$1")
    .replace("within the `timeout`", "in time");

/** @param {unknown} error @returns {Refusal} in CouchDB's words, without secrets */
export function refusalOf(error) {
  if (error instanceof Refusal) return error;
  if (!(error instanceof SchedulerError)) return unreadable();
  const { status, retryAfter } = error;
  const message = wordsOf(error);
  if (error.code === "unauthorized" || error.code === "locked_out") {
    const isLocked = error.code === "locked_out";
    return new LoginRefusal(isLocked ? 403 : 401, error.error ?? "unauthorized", error.reason ?? message);
  }
  if (status !== null && status >= 400 && status < 600) {
    /** @type {Record<string, string>} */
    const later = retryAfter === null ? {} : { "Retry-After": String(Math.ceil(retryAfter)) };
    return new Refusal(status, error.error ?? "unknown_error", error.reason ?? message, later);
  }
  const isLate = error.code === "timeout";
  return new Unanswered(isLate ? 504 : 502, isLate ? "gateway_timeout" : "bad_gateway", message);
}
