// @ts-check
// Whether CouchDB responds, and lists its replications to this server. The texts are for everyone: they name nothing.

import { Client } from "couchdb-scheduler";
import { LoginRefusal, refusalOf } from "./upstream-errors.js";

/** Time limit in milliseconds. */
const TIMEOUT = 3000;

/** As whom CouchDB sees a session that has ended, unless it refuses everyone without a name. @type {{ name: string | null, roles: string[] }} */
const ANONYMOUS = { name: null, roles: [] };

/**
 * @param {import("./upstream.js").Upstream} upstream
 * @param {import("./credentials.js").Own | null} own null: visitors use their own credentials
 * @param {AbortSignal} signal
 * @returns {Promise<import("./upstream.js").Answer>}
 */
export async function readiness(upstream, own, signal) {
  try {
    if (!own) {
      await asked(upstream, {}, (client) => client.info({ signal }));
      return plain(200, "ready");
    }
    const used = await own.get();
    const userAs = (/** @type {import("./credentials.js").Credentials} */ credentials) =>
      asked(upstream, credentials, async (client) => (await client.session({ signal })).userCtx);
    let user = await userAs(used).catch((error) => {
      if (own.isRenewable && refusalOf(error) instanceof LoginRefusal) return ANONYMOUS;
      throw error;
    });
    if (user.name === null && own.isRenewable) {
      // The session has ended. Other requests may wait until this server is ready.
      await own.renew(used);
      user = await userAs(await own.get());
    }
    const isAdmin = user.roles.includes("_admin");
    return plain(isAdmin ? 200 : 503, isAdmin ? "ready" : "not ready: CouchDB does not see a server admin");
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal instanceof LoginRefusal) own?.refused(refusal);
    return plain(503, "not ready: CouchDB does not respond as it should");
  }
}

/**
 * @template T
 * @param {import("./upstream.js").Upstream} upstream
 * @param {import("./credentials.js").Credentials} credentials
 * @param {(client: Client) => Promise<T>} work
 */
async function asked({ url, fetch }, credentials, work) {
  const client = new Client(url, { ...credentials, fetch, retries: 0, timeout: TIMEOUT });
  try {
    return await work(client);
  } finally {
    client.free();
  }
}

/** @param {number} status @param {string} text @returns {import("./upstream.js").Answer} */
const plain = (status, text) => ({ status, headers: {}, body: Buffer.from(`${text}\n`) });
