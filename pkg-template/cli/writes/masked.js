// @ts-check
// Replication documents that are shown before they are sent.

import { Client, Replicator } from "couchdb-scheduler";

/** A document with its credentials masked as everywhere: by the package, as if it were read from a server. @param {any} document */
export async function masked(document) {
  const { _id: id = "new", _rev: rev = "1-0" } = document;
  const fetch = async () => Response.json({ ...document, _id: id, _rev: rev });
  const replicator = new Replicator(new Client("http://dry-run.invalid", { fetch }));
  const { _id, _rev, ...fields } = await replicator.getReplication(id);
  return { ...("_id" in document ? { _id } : {}), ...("_rev" in document ? { _rev } : {}), ...fields };
}
