// @ts-check
// Everybody does the same things under the same names.

/**
 * @typedef {object} Contestant what it can do; what it cannot is not there
 * @property {() => Promise<{ docs: object[] }>} [listDocs] all documents
 * @property {() => Promise<{ jobs: object[] }>} [listJobs] all jobs
 * @property {() => Promise<object>} [summary] documents counted by state
 * @property {(onRow: (row: object) => void) => Promise<void>} [eachDoc] all documents, one by one
 * @property {() => Promise<{ total: number, changes: number, time?: number }>} [tick] how many documents there are by now, and how many of them
 *   changed since the last call; ms that it took, where the call also waited for its time
 *
 * @callback Connect
 * @param {string} url
 * @param {{ username: string, password: string }} credentials
 * @param {string} entry the file of our package
 * @returns {Contestant | Promise<Contestant>}
 */

/** The simulator's admin. */
const CREDENTIALS = { username: "admin", password: "pass" };

/**
 * @param {import("../lib/plan.js").ContestantName} name
 * @param {string} url
 * @param {string} entry
 * @returns {Promise<Contestant>}
 */
export async function connectAs(name, url, entry) {
  /** @type {{ connect: Connect }} */
  const { connect } = await import(`./${name}.js`);
  return connect(url, CREDENTIALS, entry);
}
