// @ts-check
// The names, node, source and target of a replication.

import { facts } from "./facts.js";

/**
 * @param {import("../../model/row.js").Row} row
 * @param {import("couchdb-scheduler").ReplicationJob | null} job
 */
export function identity({ given }, job) {
  const ofJob = "pid" in given ? given : job;
  const proxies = "source_proxy" in given ? given : null;
  return facts("identity", [
    { name: "Document id", value: given.doc_id, how: "copy" },
    { name: "Database", value: given.database },
    { name: "Replication id", value: given.id, how: "copy" },
    { name: "Source", value: given.source, how: "copy" },
    { name: "Target", value: given.target, how: "copy" },
    { name: "Source proxy", value: proxies?.source_proxy ?? null },
    { name: "Target proxy", value: proxies?.target_proxy ?? null },
    { name: "Node", value: given.node },
    { name: "Process", value: ofJob?.pid ?? null },
    { name: "User", value: ofJob?.user ?? null },
    { name: "Started", value: given.start_time, how: "time" },
    { name: "Last change", value: "last_updated" in given ? given.last_updated : null, how: "time" },
  ]);
}
