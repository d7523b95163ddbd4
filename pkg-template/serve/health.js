// @ts-check
// Whether CouchDB responds, and lists its replications to this server. The texts are for everyone: they name nothing.

import { Client } from "couchdb-scheduler";
import { LoginRefusal, refusalOf } from "./upstream-errors.js";

/** Time limit in milliseconds. */
const TIMEOUT = 3000;

/**
 * @param {import("./upstream.js").Upstream} upstream
 * @param {import("./credentials.js").Own | null} own null: visitors use their own credentials
 * @param {AbortSignal} signal
 * @returns {Promise<import("./upstream.js").Answer>}
 */
export async function readiness({ url, fetch }, own, signal) {
  let client;
  try {
    client = new Client(url, { ...(await own?.get()), fetch, retries: 0, timeout: TIMEOUT });
    if (!own) {
      await client.info({ signal });
      return plain(200, "ready");
    }
    const { userCtx } = await client.session({ signal });
    const isAdmin = userCtx.roles.includes("_admin");
    return plain(isAdmin ? 200 : 503, isAdmin ? "ready" : "not ready: CouchDB does not see a server admin");
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal instanceof LoginRefusal) own?.refused(refusal);
    return plain(503, "not ready: CouchDB does not respond as it should");
  } finally {
    client?.free();
  }
}

/** @param {number} status @param {string} text @returns {import("./upstream.js").Answer} */
const plain = (status, text) => ({ status, headers: {}, body: Buffer.from(`${text}\n`) });
