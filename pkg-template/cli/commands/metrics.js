// @ts-check
// `metrics`: for Prometheus, for example by the textfile collector of its node exporter.

import { Scheduler } from "couchdb-scheduler";
import { METRICS } from "../command.js";
import { UsageError } from "../usage-error.js";

/** @type {import("../command.js").Command} */
export const metrics = {
  name: "metrics",
  summary: "prints metrics for Prometheus, once",
  options: METRICS,
  examples: [
    ["metrics -d all", "all databases"],
    ["metrics --per-replication unhealthy > /var/lib/node_exporter/couchdb.prom", "for the textfile collector"],
  ],
  notes: ["`serve` has the same at /metrics. What is unknown is absent, never 0."],
  asks: "GET /_scheduler/docs/{database}, /_scheduler/jobs, /_membership, /_node/{node}/_config/replicator",
  exits: { 0: "done, also if the server does not respond: couchdb_scheduler_up is 0 then" },
  async run({ options, out, connect, signal }) {
    const { database: names } = options;
    if (names?.includes("all") && names.length > 1) throw new UsageError("--database: all includes the others");
    const text = await new Scheduler(await connect()).metrics({
      databases: names?.[0] === "all" ? "all" : names,
      perReplication: options["per-replication"],
      maxSeries: options["max-series"],
      signal,
    });
    await out.write(text);
    return 0;
  },
};
