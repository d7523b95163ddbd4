// @ts-check
// `stop DOC…`: ends replications.

import { Replicator } from "couchdb-scheduler";
import { DATABASE, WRITES } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { counted } from "../output/words.js";
import { confirmed } from "../writes/confirm.js";
import { dryRun } from "../writes/dry-run.js";
import { changeEach, REPORT } from "../writes/each.js";

/** @type {import("../command.js").Command} */
export const stop = {
  name: "stop",
  summary: "ends replications by deleting their documents",
  args: "DOC…",
  count: [1, Number.POSITIVE_INFINITY],
  options: { ...WRITES, ...DATABASE },
  examples: [
    ["stop orders", "asks, and deletes the replication document orders"],
    ["stop orders invoices --yes", "does not ask"],
    ["stop orders --dry-run", "shows the request"],
  ],
  notes: ["The replicated data stay. Documents that are not replications are not deleted."],
  asks: "GET and DELETE /{database}/{doc}, four documents at a time",
  exits: { [EXIT.done]: "all were stopped", [EXIT.failed]: "at least one was not" },
  fields: REPORT,
  async run(work) {
    const { options, args, connect, interrupted: signal } = work;
    const { database = "_replicator" } = options;
    if (options["dry-run"]) {
      for (const id of args) await dryRun(work, (replicator) => replicator.stopReplication(id, { database, signal }));
      return EXIT.done;
    }
    const what = args.length === 1 ? args[0] : counted(args.length, "replication");
    const replicator = new Replicator(await connect());
    if (!(await confirmed(work, `Stop ${what} in ${database} of ${replicator.client.url}?`))) return EXIT.failed;
    return changeEach(work, args, "stopped", (id) => replicator.stopReplication(id, { database, signal }));
  },
};
