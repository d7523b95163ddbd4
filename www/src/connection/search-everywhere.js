// @ts-check
// Searches all servers: their lists are read as they arrive, and only what matches is kept.

import { EVERYTHING, fitting } from "../model/filter.js";
import { DEFAULT_DATABASE } from "../model/location.js";
import { docRow } from "../model/row.js";
import { Slots } from "./slots.js";

/** Maximum number of results of one server. */
export const MAX_FOUND = 50;
const AT_ONCE = 4;
/** Milliseconds after which a server counts as slow. */
const SLOW = 10_000;
/** Number of rows between two reports. */
const STEP = 500;

/**
 * @typedef {import("./connection.js").Connection} Connection
 *
 * @typedef {object} Found the results of one server
 * @property {import("../model/servers.js").Server} server
 * @property {readonly import("../model/row.js").Row[]} rows
 * @property {number} read number of replications that were compared
 * @property {"reading" | "done" | "full"} status `full`: there may be more
 * @property {unknown} error why it ended early
 */

/**
 * @param {readonly { server: import("../model/servers.js").Server, connection: Pick<Connection, "scheduler" | "inspector"> }[]} servers
 * @param {string} text
 * @param {AbortSignal} signal
 * @param {(found: Found) => void} onFound again for each new state of one server
 */
export async function searchEverywhere(servers, text, signal, onFound) {
  const slots = new Slots(AT_ONCE, SLOW);
  const fits = fitting({ ...EVERYTHING, text });
  await Promise.all(servers.map((target) => slots.run(() => searchOne(target, fits, signal, onFound))));
}

/**
 * @param {{ server: import("../model/servers.js").Server, connection: Pick<Connection, "scheduler" | "inspector"> }} target
 * @param {(row: import("../model/row.js").Row) => boolean} fits
 * @param {AbortSignal} signal
 * @param {(found: Found) => void} onFound
 */
async function searchOne({ server, connection: { scheduler, inspector } }, fits, signal, onFound) {
  /** @type {import("../model/row.js").Row[]} */
  const rows = [];
  let read = 0;
  const report = (/** @type {Found["status"]} */ status, /** @type {unknown} */ error = null) => {
    if (!signal.aborted) onFound({ server, rows: [...rows], read, status, error });
  };
  report("reading");
  try {
    // Not every user may read their names.
    const databases = await inspector.replicatorDatabases({ signal }).catch(() => [DEFAULT_DATABASE]);
    for (const database of databases) {
      for await (const doc of scheduler.docs({ database, signal })) {
        const row = docRow(doc);
        if (fits(row)) rows.push(row);
        if (rows.length === MAX_FOUND) return report("full");
        if (++read % STEP === 0) report("reading");
      }
    }
    report("done");
  } catch (error) {
    report("done", error);
  }
}
