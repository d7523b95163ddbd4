// @ts-check
// `metrics`: for Prometheus, for example by the textfile collector of its node exporter.

import { Scheduler } from "couchdb-scheduler";
import { inOldFormat } from "../../serve/exposition.js";
import { endpointsOf, METRICS, STORED } from "../command.js";
import { UsageError } from "../usage-error.js";

/** @type {import("../command.js").Command} */
export const metrics = {
  name: "metrics",
  summary: "prints metrics for Prometheus, once",
  options: {
    ...METRICS,
    ...STORED,
    openmetrics: { help: "print OpenMetrics 1.0 instead of Prometheus' text format 0.0.4" },
  },
  examples: [
    ["metrics -d all", "all databases"],
    ["metrics --per-replication unhealthy > /var/lib/node_exporter/couchdb.prom", "for the textfile collector"],
    ["metrics --per-replication all --lag", "how far behind each one is"],
  ],
  notes: ["`serve` has the same at /metrics. What is unknown is absent, never 0."],
  asks: "GET /_scheduler/docs/{database}, /_scheduler/jobs, /_membership, /_node/{node}/_config/replicator; with --lag what `lag` asks",
  exits: { 0: "done, also if the server does not respond or refuses: couchdb_scheduler_up is 0 then" },
  async run({ options, out, connect, signal }) {
    const { database: names } = options;
    if (names?.includes("all") && names.length > 1) throw new UsageError("--database: all includes the others");
    const scheduler = new Scheduler(await connect());
    out.progress.show("waiting for documents, jobs and nodes");
    const text = await scheduler.metrics({
      databases: names?.[0] === "all" ? "all" : names,
      perReplication: options["per-replication"],
      maxSeries: options["max-series"],
      lag: options.lag,
      endpoints: endpointsOf(options),
      signal,
    });
    out.progress.end();
    await out.write(options.openmetrics ? text : inOldFormat(text));
    return 0;
  },
};
