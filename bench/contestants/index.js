// @ts-check
// All contestants do the same tasks under the same names.

/**
 * @typedef {object} Contestant its tasks; those that it cannot do are missing
 * @property {() => Promise<{ docs: object[] }>} [listDocs] all documents
 * @property {() => Promise<{ jobs: object[] }>} [listJobs] all jobs
 * @property {() => Promise<{ jobs: object[] }>} [firstJobs] all jobs, as a watch begins
 * @property {() => Promise<object>} [summary] documents counted by state
 * @property {() => Promise<{ total: number, incidents: object[] }>} [incidents] unhealthy documents by cause, end and host
 * @property {(onRow: (row: object) => void) => Promise<void>} [eachDoc] all documents, one at a time
 * @property {() => Promise<{ total: number, changes: number, time?: number }>} [tick] number of documents, and how many of them
 *   changed since the previous call; duration in ms, if the call also waited for its interval
 *
 * @callback Connect
 * @param {string} url
 * @param {{ username: string, password: string }} credentials
 * @param {string} entry the entry file of our package
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
