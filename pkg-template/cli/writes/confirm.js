// @ts-check
// Nothing is written unless the user says so: on a terminal when asked, elsewhere by `--yes`.

import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { safe } from "../output/text.js";
import { UsageError } from "../usage-error.js";

/**
 * @param {import("../command.js").Work} work
 * @param {string} question
 * @returns {Promise<boolean>}
 */
export async function confirmed({ options, out, interrupted: signal }, question) {
  if (options.yes || options["dry-run"]) return true;
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY || stdin.readableEnded) {
    throw new UsageError(
      "this changes something, and nobody can be asked here: add --yes, or --dry-run to see what it is",
    );
  }
  // Without `terminal`, Ctrl-C is the signal that it always is.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  // Ctrl-D is no answer.
  const noAnswer = once(lines, "close").then(() => "");
  try {
    const asking = lines.question(`${safe(question)} [y/N] `, { signal }).catch((error) => {
      throw signal.aborted ? signal.reason : error;
    });
    const answer = await Promise.race([asking, noAnswer]);
    if (/^y(es)?$/i.test(answer.trim())) return true;
  } finally {
    lines.close();
  }
  out.note("Nothing was changed.");
  return false;
}
