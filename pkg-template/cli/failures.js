// @ts-check
// What an error means to the user: a message, and an exit code.

import { EXIT } from "./exit-codes.js";

/** The reason with which Ctrl-C and SIGTERM abort a command. */
export class Interrupted extends Error {
  /** @param {number} exit */
  constructor(exit) {
    super("interrupted");
    this.exit = exit;
  }
}

/** A sentence of this program about what the server or the package refused. */
export class Refusal extends Error {}

/** @type {Record<string, number>} */
const OF_CODE = {
  unauthorized: EXIT.notAuthorized,
  forbidden: EXIT.notAuthorized,
  locked_out: EXIT.notAuthorized,
  not_found: EXIT.notFound,
};

/** @param {any} error @returns {error is import("couchdb-scheduler").SchedulerError} */
export const isSchedulerError = (error) => error?.name === "SchedulerError";

/** Also of other parts of the package, such as `serve`. @param {any} error */
const isUsageError = (error) => error?.name === "UsageError";

/** Errors about arguments name the method first. @param {any} error */
const isAboutArguments = (error) =>
  (error instanceof TypeError || error instanceof RangeError) && /^(new )?[\w.]+: /.test(error.message);

/** @param {unknown} error */
export function exitOf(error) {
  if (isUsageError(error) || isAboutArguments(error)) return EXIT.usage;
  if (error instanceof Interrupted) return error.exit;
  return isSchedulerError(error) ? (OF_CODE[error.code] ?? EXIT.failed) : EXIT.failed;
}

/** @param {any} error */
export function messageOf(error) {
  if (isUsageError(error)) return error.message;
  if (isAboutArguments(error)) return error.message.replace(/^(new )?[\w.]+: /, "");
  if (isSchedulerError(error) || error instanceof Refusal) return error.message;
  const isOfSystem = typeof error?.code === "string" && typeof error?.syscall === "string";
  if (isOfSystem) return error.message;
  return `unexpected error, please report it: ${error?.stack ?? error}`;
}
