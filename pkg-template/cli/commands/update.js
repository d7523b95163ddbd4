// @ts-check
// `update DOC`: changes a replication without starting over.

import { Replicator } from "couchdb-scheduler";
import { DATABASE, WRITES } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { isSchedulerError, Refusal } from "../failures.js";
import { UPDATED } from "../fields.js";
import { text } from "../kinds.js";
import { printJson } from "../output/json.js";
import { safe } from "../output/text.js";
import { changesOf } from "../writes/changes.js";
import { confirmed } from "../writes/confirm.js";
import { dryRun } from "../writes/dry-run.js";

/** The remedy in the words of the command line. @template T @param {Promise<T>} updating */
const inOurWords = (updating) =>
  updating.catch((error) => {
    if (!isSchedulerError(error) || error.code !== "would_rewind") throw error;
    throw new Refusal(error.message.replace(/Pass \{ allowRewind: true \}/, "Add --allow-rewind"));
  });

/** @type {import("../command.js").Command} */
export const update = {
  name: "update",
  summary: "changes fields of a replication, which continues from its checkpoint",
  args: "DOC",
  count: [1, 1],
  options: {
    changes: { kind: text("FILE"), help: "JSON with the fields to change, null removes one; - reads standard input" },
    "source-user": { kind: text("NAME"), help: "user of the source; default: as it is" },
    "source-password-file": { kind: text("FILE"), help: "new password of the source" },
    "target-user": { kind: text("NAME"), help: "user of the target; default: as it is" },
    "target-password-file": { kind: text("FILE"), help: "new password of the target" },
    "allow-rewind": { help: "allow a change that makes it start from the beginning" },
    ...WRITES,
    ...DATABASE,
  },
  examples: [
    ["update orders --source-password-file FILE", "a new password; the replication goes on"],
    ["update orders --changes changes.json --dry-run", "shows the document that would be written"],
    ["update orders --changes changes.json --allow-rewind --yes", "even if it starts from the beginning"],
  ],
  notes: [
    "A change of an address, a user name, a header or a filter gives the replication another id, so that it reads its source again " +
      "from the beginning. It is refused without --allow-rewind.",
  ],
  asks: "GET and PUT /{database}/{doc}",
  exits: { [EXIT.done]: "changed, or as it was", [EXIT.failed]: "refused or failed" },
  fields: UPDATED,
  async run(work) {
    const {
      options,
      args: [id = ""],
      fields,
      out,
      connect,
      interrupted: signal,
    } = work;
    const { database = "_replicator" } = options;
    const replicator = new Replicator(await connect());
    const changes = await changesOf(options, () => replicator.getReplication(id, { database, signal }), signal);
    const asked = { database, allowRewind: options["allow-rewind"], signal };
    if (options["dry-run"]) {
      await dryRun(work, (dry) => inOurWords(dry.updateReplication(id, changes, asked)));
      return EXIT.done;
    }
    if (!(await confirmed(work, `Change ${id} in ${database} of ${replicator.client.url}?`))) return EXIT.failed;
    const updated = await inOurWords(replicator.updateReplication(id, changes, asked));
    if (options.json !== undefined) {
      await printJson(out, updated, fields);
    } else if (updated.changed.length === 0) {
      await out.line(safe(`${id}: nothing to change`));
    } else {
      const from = updated.rewinds ? ", starts from the beginning" : "";
      await out.line(safe(`${id}: changed ${updated.changed.join(", ")}${from}`));
    }
    return EXIT.done;
  },
};
