// @ts-check
// What the package does not have yet: to be deleted when it has.

import { isSame } from "./rows/row.js";

/** @typedef {any} Diagnosis */
/** @typedef {any} Progress */
/** @typedef {any} NewReplication */

/** @param {any} scheduler @param {any} options @returns {AsyncIterable<any[]>} */
export async function* watch(scheduler, { database, signal, interval = 5000 }) {
  let known = new Map();
  for (;;) {
    const { docs } = await scheduler.listDocs({ database, signal });
    const now = new Map(docs.map((/** @type {any} */ doc) => [doc.doc_id, doc]));
    const changes = [];
    for (const [id, doc] of now) {
      const previous = known.get(id);
      if (!previous) changes.push({ type: "added", doc });
      else if (!isSame(previous, doc)) changes.push({ type: "changed", doc, previous });
    }
    for (const [id, previous] of known) if (!now.has(id)) changes.push({ type: "removed", previous });
    known = now;
    yield changes;
    await new Promise((resolve) => setTimeout(resolve, interval));
    signal?.throwIfAborted();
  }
}

/** @param {any} row @returns {any} */
export function diagnose(row) {
  const error = row.info?.error ?? (row.state === "crashing" ? row.history?.[0]?.reason : null);
  if (!error && !(row.error_count > 0)) return null;
  const seconds = Math.min(30 * 2 ** (row.error_count - 1), 30720);
  return {
    cause: /unauthorized/.test(error ?? "") ? "unauthorized" : "unknown",
    side: "source",
    message: "The source refuses the user name and password.",
    hint: "Check the credentials in the replication document.",
    permanent: row.state === "failed",
    failures: row.error_count ?? 0,
    next_retry: row.state === "crashing" ? new Date(Date.parse(row.last_updated) + seconds * 1000).toISOString() : null,
  };
}

/** @param {any} row @param {any} [previous] @param {number} [elapsedMs] @returns {any} */
export function progress(row, previous, elapsedMs) {
  const of = (/** @type {any} */ { info }) => (info && "docs_written" in info ? info : null);
  const info = of(row);
  const before = previous && of(previous);
  const rate = info && before && elapsedMs ? ((info.docs_written - before.docs_written) * 1000) / elapsedMs : null;
  const pending = info?.changes_pending ?? null;
  return {
    docs_read: info?.docs_read ?? null,
    docs_written: info?.docs_written ?? null,
    doc_write_failures: info?.doc_write_failures ?? null,
    changes_pending: pending,
    fraction:
      pending === null || !info
        ? row.state === "completed"
          ? 1
          : null
        : info.docs_written / (info.docs_written + pending || 1),
    docs_per_second: rate,
    seconds_left: rate && pending !== null ? pending / rate : null,
    stalled: null,
  };
}

export class Replicator {
  /** @param {any} client @param {any} [fetch] */
  constructor(client, fetch) {
    this.client = client;
    this.fetch = fetch;
  }

  /** @param {any} document @param {any} options */
  async createReplication({ id, createTarget, ...rest }, { database }) {
    const body = JSON.stringify({ ...rest, create_target: createTarget });
    const response = await this.fetch(`${this.client.url}/${encodeURIComponent(database)}/${encodeURIComponent(id)}`, {
      method: "PUT",
      body,
    });
    if (!response.ok) throw new Error((await response.json()).reason);
    return response.json();
  }

  /** @param {string} id @param {any} options */
  async stopReplication(id, { database }) {
    const url = `${this.client.url}/${encodeURIComponent(database)}/${encodeURIComponent(id)}`;
    const { _rev } = await (await this.fetch(url)).json();
    await this.fetch(`${url}?rev=${_rev}`, { method: "DELETE" });
  }
}
