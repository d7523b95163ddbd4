// @ts-check
// Compares source and target, for `verify` and `start --verify`.

import { EXIT } from "./exit-codes.js";
import { printJson } from "./output/json.js";
import { plainLine, printTable } from "./output/table.js";
import { counted } from "./output/words.js";
import { UsageError } from "./usage-error.js";

/** @typedef {import("couchdb-scheduler").Verification} Verification */

/**
 * Returns the exit code: complete, or differs.
 *
 * @param {import("couchdb-scheduler").Scheduler} scheduler
 * @param {string} docId
 * @param {import("./command.js").Work} work
 * @param {Omit<import("couchdb-scheduler").VerifyOptions, "signal" | "onProgress">} asked
 */
export async function verifyTarget(scheduler, docId, { options, fields, out, signal }, asked) {
  const onProgress = (/** @type {number} */ checked, /** @type {number} */ total) =>
    out.progress.show(`${checked.toLocaleString("en")} of ${counted(total, "document")} compared`);
  const found = await scheduler.verify(docId, { ...asked, signal, onProgress }).catch((error) => {
    const [, where] = /^\w+: (.*): the option endpoints /.exec(error.message) ?? [];
    throw error instanceof RangeError && where
      ? new UsageError(`${where}: --stored asks it as the replication does`)
      : error;
  });
  if (options.json !== undefined) await printJson(out, found, fields);
  else if (options.plain)
    for (const { what, doc_id, revs } of found.docs) await out.line(plainLine([what, doc_id, ...revs]));
  else await printVerification(out, found);
  if (options.json === undefined) for (const caveat of found.caveats) out.note(caveat);
  return found.complete && !found.extra ? EXIT.done : EXIT.differs;
}

/** @param {import("./output/output.js").Output} out @param {Verification} found */
async function printVerification(out, { complete, checked, refused, in_flight, extra, docs }) {
  const parts = [`${counted(checked, "document")} compared`];
  if (refused > 0) parts.push(`${counted(refused, "revision")} refused or lost`);
  if (in_flight > 0) parts.push(`${counted(in_flight, "revision")} not replicated yet`);
  if (extra) parts.push(`${counted(extra, "revision")} only in the target`);
  await out.line(`${complete ? "✓ complete" : "✗ not complete"}: ${parts.join(", ")}`);
  if (docs.length === 0) return;
  await out.line("");
  const columns = [{ title: "WHAT" }, { title: "DOCUMENT" }, { title: "REVISIONS", cut: /** @type {const} */ ("end") }];
  await printTable(
    out,
    columns,
    docs.map(({ what, doc_id, revs }) => [what.replace("_", " "), doc_id, revs.join(" ")]),
  );
}
