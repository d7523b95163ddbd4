// @ts-check
// `--state FILE`: what an audit must know of the preceding one. The file belongs to one server and database.

import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { UsageError } from "./usage-error.js";

/**
 * @typedef {import("couchdb-scheduler").AuditSnapshot} AuditSnapshot
 */

/**
 * The snapshot in the file; undefined if there is none of this server yet.
 *
 * @param {string | undefined} path
 * @param {string} server
 * @param {string} database
 * @returns {AuditSnapshot | undefined}
 */
export function readState(path, server, database) {
  if (path === undefined) return undefined;
  let text;
  try {
    // A pipe would never end; a device would be replaced.
    if (!statSync(path).isFile()) throw new Error(`${path} is not a file`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw new UsageError(`--state: cannot read the file: ${/** @type {Error} */ (error).message}`);
  }
  try {
    const state = JSON.parse(text);
    if (state.server === server && state.database === database) return state.snapshot;
    if (typeof state.server === "string") return undefined;
  } catch {
    // Reported below, so that no file of another kind is overwritten.
  }
  if (text.trim() === "") return undefined;
  throw new UsageError(`--state: ${path} is not a file that this program wrote; name another one`);
}

/**
 * Replaces the file at once, so that a run that is killed leaves the preceding one.
 *
 * @param {string | undefined} path
 * @param {string} server
 * @param {string} database
 * @param {AuditSnapshot} snapshot
 */
export function writeState(path, server, database, snapshot) {
  if (path === undefined) return;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, JSON.stringify({ server, database, snapshot }), { mode: 0o600, flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`--state: cannot write the file: ${/** @type {Error} */ (error).message}`);
  }
}
