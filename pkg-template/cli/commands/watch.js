// @ts-check
// `watch`: reports changes while they happen.

import { Scheduler } from "couchdb-scheduler";
import { DATABASE } from "../command.js";
import { inAFewWords } from "../explain.js";
import { CHANGE } from "../fields.js";
import { duration, states } from "../kinds.js";
import { coloured } from "../output/colours.js";
import { printJsonLine } from "../output/json.js";
import { stateCell } from "../output/states.js";
import { plainLine } from "../output/table.js";
import { safe } from "../output/text.js";

/** @typedef {import("couchdb-scheduler").Change} Change */

/** Counters are changes, too, but not news. @param {Change} change */
const isNews = ({ type, doc, previous }) => type !== "changed" || doc.state !== previous.state;

/** @param {import("../output/output.js").Output} out @param {Change} change */
function lineOf(out, { type, doc_id, doc, previous }) {
  const time = new Date().toISOString().slice(11, 19);
  const before = type === "changed" ? `${previous.state} → ` : "";
  const { text, colour } =
    type === "removed" ? { text: "- removed", colour: /** @type {const} */ ("gray") } : stateCell(doc.state);
  const shown = out.hasColours && colour ? coloured(safe(text), colour) : safe(text);
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
    interval: { kind: duration, help: "time between two looks; default: 5s" },
    ...DATABASE,
  },
  examples: [
    ["watch --state crashing,error,failed", "reports what gets a problem, and what recovers"],
    ["watch orders invoices", "watches two documents"],
    ["watch --json", "one JSON object per line for each change, counters included"],
  ],
  notes: [
    "The first lines are the present states. If the server does not respond, the watch says so, and goes on when it does.",
  ],
  asks: "GET /_scheduler/jobs and /{database}/_changes at each look; GET /_scheduler/docs/{database} at the start and every 5 min",
  exits: { 0: "never, unless the reader of the output has gone" },
  fields: CHANGE,
  plain: "time, type, doc_id, previous state, state, details",
  async run({ options, args, fields, out, connect, signal }) {
    const scheduler = new Scheduler(await connect());
    const { database, interval, state } = options;
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
