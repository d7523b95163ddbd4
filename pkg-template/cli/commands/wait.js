// @ts-check
// `wait DOC`: waits until a replication has completed.

import { Scheduler } from "couchdb-scheduler";
import { DATABASE, TIMEOUT } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { DOC } from "../fields.js";
import { states } from "../kinds.js";
import { waitForEnd } from "../waiting.js";

/** @type {import("../command.js").Command} */
export const wait = {
  name: "wait",
  summary: "waits until a replication has completed",
  args: "DOC",
  count: [1, 1],
  options: {
    until: { kind: states, help: "wait for one of these states; default: completed" },
    ...TIMEOUT,
    ...DATABASE,
  },
  examples: [
    ["wait nightly --timeout 1h", "waits for the end of the replication, at most an hour"],
    ["wait orders --until running,pending", "waits until a continuous one has started"],
  ],
  notes: ["A replication that crashes is waited for, too: CouchDB tries it again."],
  asks: "GET /_scheduler/docs/{database}/{doc}, every 2 to 30 s",
  exits: { [EXIT.done]: "reached", [EXIT.failed]: "ended otherwise, or failed to ask", [EXIT.timeout]: "time-out" },
  fields: DOC,
  async run(work) {
    return waitForEnd(new Scheduler(await work.connect()), work.args[0] ?? "", work);
  },
};
