// @ts-check
// `verify DOC`: whether the target has everything.

import { Scheduler } from "couchdb-scheduler";
import { DATABASE, endpointsOf, STORED } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { VERIFICATION } from "../fields.js";
import { count } from "../kinds.js";
import { verifyTarget } from "../verifying.js";

/** @type {import("../command.js").Command} */
export const verify = {
  name: "verify",
  summary: "compares the target with what the replication was to bring",
  args: "DOC",
  count: [1, 1],
  options: {
    list: { kind: count(0), help: "revisions to list; all are counted; default: 100" },
    extra: { help: "look for what only the target has, too" },
    ...STORED,
    ...DATABASE,
  },
  examples: [
    ["verify orders && echo complete", "the exit code says whether the target is complete"],
    ["verify orders --stored --extra", "both directions; the databases may be on other servers"],
    ["verify orders --json refused,in_flight,docs", "for programs"],
  ],
  notes: [
    "Refused: the replication has passed the revision, and a restart does not bring it. Not replicated yet: it is still to come. " +
      "Nothing is written.",
  ],
  asks: "GET /{source}/_changes and POST /{target}/_revs_diff, in batches of 1,000 documents; before it the checkpoints",
  exits: { [EXIT.done]: "complete", [EXIT.differs]: "differs" },
  fields: VERIFICATION,
  plain: "what, doc_id, revisions",
  async run(work) {
    const { options, args, connect } = work;
    const { database, list, extra } = options;
    const asked = { database, list, extra, endpoints: endpointsOf(options) };
    return verifyTarget(new Scheduler(await connect()), args[0] ?? "", work, asked);
  },
};
