// @ts-check
// `start SOURCE TARGET`: creates a replication.

import { Replicator, Scheduler } from "couchdb-scheduler";
import { DATABASE, TIMEOUT, WRITES } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { text } from "../kinds.js";
import { printJson } from "../output/json.js";
import { safe } from "../output/text.js";
import { UsageError } from "../usage-error.js";
import { verifyTarget } from "../verifying.js";
import { waitForEnd } from "../waiting.js";
import { confirmed } from "../writes/confirm.js";
import { newReplication } from "../writes/document.js";
import { dryRun } from "../writes/dry-run.js";
import { masked } from "../writes/masked.js";

/** @param {any} end */
const addressOf = (end) => String(end?.url ?? end);

/** @type {import("../command.js").Command} */
export const start = {
  name: "start",
  summary: "starts a replication",
  args: "SOURCE TARGET",
  count: [0, 2],
  options: {
    id: { kind: text("DOC"), help: "id of the document; default: the server chooses one" },
    continuous: { short: "c", help: "go on with later changes" },
    "create-target": { help: "create the target if it is missing" },
    "source-password-file": { kind: text("FILE"), help: "password of the user in the URL of the source" },
    "target-password-file": { kind: text("FILE"), help: "password of the user in the URL of the target" },
    document: { kind: text("FILE"), help: "JSON with any other fields, or all; - reads standard input" },
    verify: { help: "with --wait: compare the databases afterwards, as `verify --stored` does" },
    wait: { short: "w", help: "wait until it has completed; with --continuous until it runs" },
    ...TIMEOUT,
    ...WRITES,
    ...DATABASE,
  },
  examples: [
    ["start orders orders-copy --create-target --wait", "copies a database and waits for the end"],
    [
      "start https://reader@other.example/orders orders --source-password-file FILE -c",
      "replicates from another server",
    ],
    ["start orders archive --document selector.json --dry-run", "shows what would be sent, with the fields of a file"],
  ],
  notes: [
    "SOURCE and TARGET are URLs, or names of databases of this server. For a name, the credentials of this command are stored " +
      "in the document. Passwords of other servers come from files. Options win over the fields of --document.",
  ],
  asks: "PUT /{database}/{doc}, or POST /{database} without --id; with --wait GET /_scheduler/docs/{database}/{doc}",
  exits: {
    [EXIT.done]: "created; with --wait completed",
    [EXIT.failed]: "not created; with --wait ended otherwise",
    [EXIT.differs]: "completed, but --verify found a difference",
    [EXIT.timeout]: "time-out of --wait",
  },
  fields: ["id", "rev"],
  async run(work) {
    const { options, args, fields, out, connect, interrupted: signal } = work;
    if (options.timeout !== undefined && !options.wait)
      throw new UsageError("--timeout is the limit of --wait, which is missing");
    if (options.verify && !options.wait) throw new UsageError("--verify compares after --wait, which is missing");
    const replication = await newReplication(options, args, signal);
    const { database = "_replicator" } = options;
    if (options["dry-run"]) {
      await dryRun(work, (replicator) => replicator.createReplication(replication, { database, signal }));
      return EXIT.done;
    }
    const client = await connect();
    const { source, target } = await masked(replication);
    const [from, to] = [addressOf(source), addressOf(target)];
    if (!(await confirmed(work, `Start a replication from ${from} to ${to} in ${database} of ${client.url}?`))) {
      return EXIT.failed;
    }
    const created = await new Replicator(client).createReplication(replication, { database, signal });
    if (options.json === undefined) await out.line(safe(created.id));
    else await printJson(out, { id: created.id, rev: created.rev }, fields);
    if (!options.wait) return EXIT.done;
    const scheduler = new Scheduler(client);
    const reached = await waitForEnd(scheduler, created.id, {
      ...work,
      options: { ...options, until: replication.continuous ? ["running"] : undefined, json: undefined },
    });
    if (!options.verify || reached !== EXIT.done) return reached;
    const plainly = { ...work, options: { ...options, json: undefined } };
    return verifyTarget(scheduler, created.id, plainly, { database, endpoints: "stored" });
  },
};
