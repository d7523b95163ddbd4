// @ts-check
// Changes several replications, a few at a time, and reports each.

import { EXIT } from "../exit-codes.js";
import { exitOf, isSchedulerError, messageOf } from "../failures.js";
import { coloured } from "../output/colours.js";
import { printJsonLine } from "../output/json.js";
import { safe } from "../output/text.js";

/** The fields of a report for `--json`. */
export const REPORT = ["id", "ok", "error"];

const AT_A_TIME = 4;

/** Wrong credentials are not tried again and again: CouchDB locks an account after five failures. @param {unknown} error */
const endsAll = (error) => isSchedulerError(error) && ["unauthorized", "locked_out"].includes(error.code);

/**
 * Returns the exit code: that of the error if there is one document only, `failed` if any of several failed.
 *
 * @param {import("../command.js").Work} work
 * @param {string[]} ids
 * @param {string} done in the past tense: "stopped"
 * @param {(id: string) => Promise<unknown>} action
 */
export async function changeEach({ options, fields, out, interrupted }, ids, done, action) {
  const waiting = [...new Set(ids)];
  const total = waiting.length;
  let finished = 0;
  let code = /** @type {number} */ (EXIT.done);
  const report = async (/** @type {string} */ id, /** @type {any} */ error) => {
    out.progress.show(`${++finished} of ${total} ${done}`);
    if (options.json !== undefined) {
      const reason = error ? { code: error.code ?? null, message: messageOf(error) } : null;
      return printJsonLine(out, { id, ok: !error, error: reason }, fields);
    }
    const paint = (/** @type {string} */ sign, /** @type {"red" | "green"} */ colour) =>
      out.hasColours ? coloured(sign, colour) : sign;
    if (!error) return out.line(`${paint("✓", "green")} ${safe(id)}: ${done}`);
    return out.line(`${paint("✗", "red")} ${safe(id)}: not ${done}: ${safe(messageOf(error))}`);
  };
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      interrupted.throwIfAborted();
      try {
        await action(id);
        await report(id, undefined);
      } catch (error) {
        if (endsAll(error) || error === interrupted.reason) {
          waiting.length = 0;
          throw error;
        }
        code = total === 1 ? exitOf(error) : EXIT.failed;
        await report(id, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, total) }, work));
  return code;
}
