// @ts-check
// Waits for the end of a replication, for `wait` and `start --wait`.

import { diagnose, progress } from "couchdb-scheduler";
import { EXIT } from "./exit-codes.js";
import { inAFewWords } from "./explain.js";
import { isSchedulerError } from "./failures.js";
import { printJson } from "./output/json.js";
import { safe } from "./output/text.js";
import { lasting } from "./output/words.js";

/** @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc */

class TimeIsUp extends Error {}

/** "running, 40 %, 1,234 written" @param {ReplicationDoc} doc */
function wordsOf(doc) {
  const { fraction } = progress(doc);
  const percent = fraction === null ? "" : `${Math.floor(fraction * 100)} %`;
  return [doc.state ?? "no state yet", percent, inAFewWords(doc)].filter(Boolean).join(", ");
}

/**
 * Returns the exit code: reached, ended otherwise, or out of time.
 *
 * @param {import("couchdb-scheduler").Scheduler} scheduler
 * @param {string} docId
 * @param {import("./command.js").Work} work
 */
export async function waitForEnd(scheduler, docId, { options, fields, out, signal }) {
  const { database, until, timeout } = options;
  const waiting = new AbortController();
  const timer = timeout && setTimeout(() => waiting.abort(new TimeIsUp()), timeout);
  const onAbort = () => waiting.abort(signal.reason);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  /** @type {ReplicationDoc | undefined} */
  let last;
  const onUpdate = (/** @type {ReplicationDoc} */ doc) => {
    last = doc;
    out.progress.show(`${docId}: ${wordsOf(doc)}`);
  };
  const show = async (/** @type {ReplicationDoc} */ doc) => {
    if (options.json !== undefined) await printJson(out, doc, fields);
    else await out.line(safe(`${docId}: ${wordsOf(doc)}`));
  };
  try {
    await show(await scheduler.waitFor(docId, { database, until, onUpdate, signal: waiting.signal }));
    return EXIT.done;
  } catch (error) {
    if (error instanceof TimeIsUp) {
      out.note(`${docId}: not reached within ${lasting(timeout)}; last seen: ${last ? wordsOf(last) : "nothing"}`);
      return EXIT.timeout;
    }
    if (!isSchedulerError(error) || error.code !== "replication_failed" || !error.doc) throw error;
    await show(error.doc);
    const hint = diagnose(error.doc)?.hint;
    if (hint) out.note(hint);
    return EXIT.failed;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
