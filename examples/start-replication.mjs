// @ts-check
// Starts a replication and follows it to its end: node examples/start-replication.mjs [SOURCE] [TARGET]
// Both are URLs, or names of databases on this server. A target that is not there is made.

import { diagnose, progress, Replicator } from "couchdb-scheduler";
import { options, url } from "./server.mjs";

const [source = "orders", target = "orders-copy"] = process.argv.slice(2);
const replicator = new Replicator(url, options);

const { id } = await replicator.createReplication({ source, target, createTarget: true });
console.log(`${source} → ${target}, by the document ${id}`);

for await (const doc of replicator.followReplication(id, { interval: 250 })) {
  const problem = diagnose(doc);
  const news = problem ? problem.message : `${progress(doc).docs_written ?? 0} documents written`;
  console.log(`${doc.state ?? "not seen yet"}: ${news}`);
  if (problem) console.log(`  ${problem.hint}`);
  if (problem?.permanent === false)
    console.log("  The server tries it again. Ctrl-C ends following it, and nothing else.");
}
