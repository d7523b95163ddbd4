// @ts-check
// How an incident is named on the command line: `timeout@couch.example.com`.

import { safe } from "./output/text.js";
import { didYouMean } from "./suggest.js";
import { UsageError } from "./usage-error.js";

/** @typedef {import("couchdb-scheduler").Incident} Incident */

/** @param {Pick<Incident, "cause" | "host">} incident */
export const referenceOf = ({ cause, host }) => (host === null ? cause : `${cause}@${host}`);

/** More ids than that are not restarted at once. */
const MAX_IDS = 100_000;

/**
 * The ids of the documents of an incident, from a list of all incidents.
 *
 * @param {import("couchdb-scheduler").Scheduler} scheduler
 * @param {string} reference
 * @param {{ database?: string, signal?: AbortSignal }} options
 */
export async function idsOf(scheduler, reference, options) {
  const incidents = await scheduler.incidents({ ...options, examples: MAX_IDS });
  const found = incidents.filter((incident) => referenceOf(incident) === reference);
  if (found.length > 0) return found.flatMap(({ doc_ids }) => doc_ids);
  const names = incidents.map(referenceOf);
  const known = names.length > 0 ? `the incidents are ${names.slice(0, 10).join(", ")}` : "nothing fails";
  throw new UsageError(
    `--incident: there is no incident "${safe(reference)}"${didYouMean(reference, names) || `; ${known}`}`,
  );
}
