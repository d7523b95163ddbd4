// @ts-check
// `restart DOC… | --incident …`: tries replications again now, from their checkpoints.

import { Replicator, Scheduler } from "couchdb-scheduler";
import { DATABASE, WRITES } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { idsOf } from "../incident.js";
import { text } from "../kinds.js";
import { counted } from "../output/words.js";
import { UsageError } from "../usage-error.js";
import { confirmed } from "../writes/confirm.js";
import { dryRun } from "../writes/dry-run.js";
import { changeEach, REPORT } from "../writes/each.js";

/** @type {import("../command.js").Command} */
export const restart = {
  name: "restart",
  summary: "tries replications again now, from their checkpoints",
  args: "DOC… | --incident INCIDENT",
  count: [0, Number.POSITIVE_INFINITY],
  options: {
    incident: { kind: text("INCIDENT"), help: "all documents of an incident, as `incidents` names it" },
    ...WRITES,
    ...DATABASE,
  },
  examples: [
    ["restart orders", "asks, and restarts the replication orders"],
    ["restart --incident timeout@couch.example.com --yes", "all that wait because this host timed out"],
    ["restart orders --dry-run", "shows the request"],
  ],
  notes: ["No replication begins again from the start, unless it writes no checkpoints."],
  asks: "GET and PUT /{database}/{doc}, GET /_scheduler/docs/{database}/{doc}, four documents at a time",
  exits: { [EXIT.done]: "all were restarted", [EXIT.failed]: "at least one was not" },
  fields: REPORT,
  async run(work) {
    const { options, args, connect, interrupted: signal } = work;
    const { incident, database = "_replicator" } = options;
    if (args.length > 0 === (incident !== undefined)) throw new UsageError("restart needs either DOC… or --incident");
    const client = await connect();
    const ids = incident === undefined ? args : await idsOf(new Scheduler(client), incident, { database, signal });
    if (options["dry-run"]) {
      for (const id of ids) await dryRun(work, (replicator) => replicator.restartReplication(id, { database, signal }));
      return EXIT.done;
    }
    const what = ids.length === 1 ? ids[0] : counted(ids.length, "replication");
    if (!(await confirmed(work, `Restart ${what} in ${database} of ${client.url}?`))) return EXIT.failed;
    const replicator = new Replicator(client);
    return changeEach(work, ids, "restarted", (id) => replicator.restartReplication(id, { database, signal }));
  },
};
