// @ts-check
// Counting the documents of one replicator database, or of each of the server.

import { segment } from "./call.js";
import { DATABASES, namesOf } from "./replicator-databases.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {(rows: number, total: number) => void} OnProgress */

/** The kinds of the options of methods that count documents. @type {Record<string, import("../runtime/arguments.js").Kind>} */
export const COUNTING = { database: DATABASES, onProgress: "function" };

/**
 * Calls `count` for the list of each database, one after the other, with a function that reports its progress.
 *
 * @param {Call} call
 * @param {string} database a name, or "all"
 * @param {OnProgress | undefined} onProgress of the caller
 * @param {(path: string, onProgress?: OnProgress) => Promise<void>} count
 */
export async function countEach(call, database, onProgress, count) {
  const names = database === "all" ? await namesOf(call) : [database];
  let [rows, total] = [0, 0];
  for (const name of names) {
    let [rowsHere, totalHere] = [0, 0];
    /** @type {OnProgress | undefined} */
    const report =
      onProgress &&
      ((...counted) => {
        [rowsHere, totalHere] = counted;
        onProgress(rows + rowsHere, total + totalHere);
      });
    try {
      await count(`/_scheduler/docs/${segment(name)}`, report);
    } catch (error) {
      if (database !== "all" || !(await hasVanished(call, name, error))) throw error;
      continue;
    }
    rows += rowsHere;
    total += totalHere;
  }
}

/** Whether `error` means that a database was deleted after it was listed. @param {Call} call @param {string} name @param {any} error */
export async function hasVanished(call, name, error) {
  return error?.code === "not_found" && !(await namesOf(call)).includes(name);
}
