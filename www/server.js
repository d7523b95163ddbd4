// @ts-check
// The one module that talks to CouchDB: through the package, as any user would.

import { Client, Scheduler } from "./couchdb-scheduler/index.js";

/**
 * @typedef {object} Login
 * @property {string} url
 * @property {string} username empty: nobody, or whoever a proxy says we are
 * @property {string} password
 *
 * @typedef {object} Snapshot
 * @property {import("./couchdb-scheduler/index.js").ReplicationDoc[]} docs
 * @property {import("./couchdb-scheduler/index.js").ReplicationJob[]} jobs
 */

export class Server {
  #client;
  #scheduler;

  /**
   * Sends nothing yet.
   *
   * @param {Login} login
   * @throws {TypeError} where the URL is not one
   */
  constructor({ url, username, password }) {
    const auth = username === "" ? undefined : { username, password };
    // With cookies or the browser's own passwords a refusal would open the browser's password dialog.
    // The page asks again anyway, and says meanwhile what went wrong.
    this.#client = new Client(url, { auth, credentials: "omit", retries: 0 });
    this.#scheduler = new Scheduler(this.#client);
  }

  get url() {
    return this.#client.url;
  }

  /**
   * One after the other, so that a wrong password is sent once: five lock the account.
   *
   * @param {string} database
   * @param {AbortSignal} signal
   * @returns {Promise<Snapshot>}
   */
  async load(database, signal) {
    const { docs } = await this.#scheduler.listDocs({ database, signal });
    const { jobs } = await this.#scheduler.listJobs({ signal });
    return { docs, jobs };
  }

  /** What the server is called, in words; nothing where it does not say. @returns {Promise<string>} */
  async name() {
    try {
      const { vendor, version } = await this.#client.info();
      return vendor?.name.includes("IBM") ? "IBM Cloudant" : `CouchDB ${version}`;
    } catch {
      return "";
    }
  }
}
