// @ts-check
// Passwords from files and standard input.

import { closeSync, openSync, readSync } from "node:fs";
import { bytesOf } from "../input.js";
import { UsageError } from "../usage-error.js";

/** Larger files are not passwords. */
const MAX_BYTES = 65_536;

/** @param {Buffer} bytes @param {string} from @returns {string} without the line break at its end */
function passwordOf(bytes, from) {
  if (bytes.length > MAX_BYTES) throw new UsageError(`${from} is larger than a password: ${MAX_BYTES} bytes at most`);
  const password = bytes.toString("utf8").replace(/\r?\n$/, "");
  if (password === "") throw new UsageError(`${from} is empty: it must contain the password`);
  return password;
}

/** The beginning of a file or a device. @param {string} path */
function beginningOf(path) {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** @param {string} path @param {string} option that names it */
export function passwordFromFile(path, option) {
  let bytes;
  try {
    bytes = beginningOf(path);
  } catch (error) {
    throw new UsageError(`${option}: cannot read the file: ${/** @type {Error} */ (error).message}`);
  }
  return passwordOf(bytes, `${option}: the file`);
}

/** @param {NodeJS.ReadStream} stdin @param {AbortSignal} signal */
export async function passwordFromStdin(stdin, signal) {
  if (stdin.isTTY) {
    throw new UsageError(
      "--password-stdin reads a pipe, not the terminal: couchdb-scheduler … --password-stdin < FILE",
    );
  }
  return passwordOf(await bytesOf(stdin, MAX_BYTES, signal), "--password-stdin: standard input");
}
