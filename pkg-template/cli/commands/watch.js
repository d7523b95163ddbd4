// @ts-check
// `watch`: reports changes while they happen.

import { Scheduler } from "couchdb-scheduler";
import { DATABASE } from "../command.js";
import { inAFewWords } from "../explain.js";
import { CHANGE } from "../fields.js";
import { watchIncidents } from "../hooks/watch-incidents.js";
import { duration, states, text } from "../kinds.js";
import { coloured } from "../output/colours.js";
import { printJsonLine } from "../output/json.js";
import { stateCell } from "../output/states.js";
import { plainLine } from "../output/table.js";
import { safe } from "../output/text.js";
import { UsageError } from "../usage-error.js";

/** @typedef {import("couchdb-scheduler").Change} Change */

/** Counters are changes, too, but not news. @param {Change} change */
const isNews = ({ type, doc, previous }) => type !== "changed" || doc.state !== previous.state;

/** @param {import("../output/output.js").Output} out @param {Change} change */
function lineOf(out, { type, doc_id, doc, previous }) {
  const time = new Date().toISOString().slice(11, 19);
  const before = type === "changed" ? `${previous.state} → ` : "";
  const { text: shownState, colour } =
    type === "removed" ? { text: "- removed", colour: /** @type {const} */ ("gray") } : stateCell(doc.state);
  const shown = out.hasColours && colour ? coloured(safe(shownState), colour) : safe(shownState);
  const details = doc ? inAFewWords(doc) : "";
  return `${time}  ${before}${shown}  ${safe(doc_id)}${details && `  ${safe(details)}`}`;
}

/** @type {import("../command.js").Command} */
export const watch = {
  name: "watch",
  summary: "reports changes of state while they happen, until Ctrl-C",
  args: "[DOC…]",
  count: [0, Number.POSITIVE_INFINITY],
  options: {
    state: { kind: states, short: "s", help: "only documents in these states; others are removed ones" },
    interval: { kind: duration, help: "time between two looks; default: 5s, of incidents 30s" },
    exec: {
      kind: text("COMMAND"),
      help: "watch incidents; run this in a shell when one opens or closes, JSON on its input",
    },
    webhook: { kind: text("URL"), help: "watch incidents; POST the JSON to this URL" },
    for: { kind: duration, help: "incidents: how long one must last, or be gone; default: 1m" },
    ...DATABASE,
  },
  examples: [
    ["watch --state crashing,error,failed", "reports what gets a problem, and what recovers"],
    ["watch orders invoices", "watches two documents"],
    [
      "watch --exec 'mail -s incident ops@example.com' --for 5m",
      "calls when an incident has lasted for 5 minutes, and when it is over",
    ],
    ["watch --json", "one JSON object per line for each change, counters included"],
  ],
  notes: [
    "With --exec or --webhook it reports incidents, as `incidents` shows them, instead of documents: { event, at, server, database, " +
      "incident }, the event is opened or closed. A hook that fails is tried again up to 8 times, and never blocks the watch.",
    "The first lines are the present states. If the server does not respond, the watch says so, and goes on when it does.",
  ],
  asks:
    "GET /_scheduler/jobs and /{database}/_changes at each look, /_scheduler/docs/{database} at the start and every 5 min; of " +
    "incidents /_scheduler/docs/{database} at each look",
  exits: { 0: "never, unless the reader of the output has gone" },
  fields: [...CHANGE, "event", "at", "server", "incident"],
  plain: "time, type, doc_id, previous state, state, details",
  async run(work) {
    const { options, args, fields, out, connect, signal } = work;
    const scheduler = new Scheduler(await connect());
    const { database, interval, state } = options;
    if (options.exec !== undefined || options.webhook !== undefined) {
      if (args.length > 0 || state)
        throw new UsageError("--exec and --webhook watch incidents, not single documents or states");
      return watchIncidents(scheduler, work);
    }
    if (options.for !== undefined) throw new UsageError("--for is about --exec and --webhook, which are missing");
    const docIds = args.length > 0 ? args : undefined;
    const onRetry = (/** @type {Error} */ { message }, /** @type {number} */ retryAt) =>
      out.note(`${message}; next attempt in ${Math.max(0, Math.round((retryAt - Date.now()) / 1000))} s`);
    for await (const changes of scheduler.watch({ database, interval, states: state, docIds, onRetry, signal })) {
      for (const change of changes) {
        if (options.json !== undefined) {
          await printJsonLine(out, change, fields);
        } else if (isNews(change)) {
          const { type, doc_id, doc, previous } = change;
          const time = new Date().toISOString();
          const details = doc ? inAFewWords(doc) : "";
          await out.line(
            options.plain ? plainLine([time, type, doc_id, previous?.state, doc?.state, details]) : lineOf(out, change),
          );
        }
      }
    }
    return 0;
  },
};
