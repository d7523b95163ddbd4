// @ts-check
// Starts a replication and follows it to its end: node examples/start-replication.mjs [SOURCE] [TARGET]
// Both are URLs, or names of databases on this server. A missing target is created.

import { diagnose, progress, Replicator } from "couchdb-scheduler";
import { options, url } from "./server.mjs";

const [source = "orders", target = "orders-copy"] = process.argv.slice(2);
const replicator = new Replicator(url, options);

const { id } = await replicator.createReplication({ source, target, createTarget: true });
console.log(`${source} → ${target}, document ${id}`);

for await (const doc of replicator.followReplication(id, { interval: 250 })) {
  const problem = diagnose(doc);
  const news = problem ? problem.message : `${progress(doc).docs_written ?? 0} documents written`;
  console.log(`${doc.state ?? "no state yet"}: ${news}`);
  if (problem) console.log(`  ${problem.hint}`);
  if (problem?.permanent === false)
    console.log("  CouchDB will retry it. Ctrl-C stops this script, not the replication.");
}
