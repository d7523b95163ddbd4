// @ts-check
/** Local documents: in no list of changes, under no validation, and never replicated. */

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Json} Json
 *
 * @typedef {{ rev: number, body: Json }} LocalDocument its revision is written `0-N`
 */

const PREFIX = "_local/";

/**
 * Writes a local document. CouchDB counts on from the revision that it is given, whatever is stored.
 * @param {Database} database @param {string} id with `_local/` @param {Json} body @param {number} [rev] N of the previous one
 * @returns {LocalDocument}
 */
export function writeLocal(database, id, body, rev = database.locals.get(id)?.rev ?? 0) {
  const local = { rev: rev + 1, body };
  database.locals.set(id, local);
  return local;
}

/** @param {Database} database @param {string} id @returns {Json | undefined} as a reader sees it */
export function readLocal(database, id) {
  const local = database.locals.get(id);
  return local && { _id: id, _rev: `0-${local.rev}`, ...local.body };
}

/** The id of a checkpoint. @param {string} jobId */
export function checkpointId(jobId) {
  return PREFIX + jobId.split("+")[0];
}
