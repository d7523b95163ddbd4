// @ts-check
// What the table shows of a row that is not in its list.

import { kindInWords } from "./findings.js";

/**
 * @param {import("./row.js").Row} row
 * @param {import("./backlogs.js").Backlogs} backlogs
 * @param {import("./findings.js").Findings} findings
 */
export function extraOf(row, backlogs, findings) {
  const measured = backlogs.of(row);
  const backlog = backlogs.backlog(row);
  const found = findings.of(row);
  const [worst] = found;
  return {
    backlog,
    lastProgress: backlogs.lastProgress(row),
    finding: worst
      ? {
          text: kindInWords(worst.kind) + (found.length > 1 ? ` +${found.length - 1}` : ""),
          title: found.map(({ message, hint }) => `${message} ${hint}`).join("\n"),
        }
      : null,
    note:
      measured?.isUpperBound && backlog === measured.backlog
        ? "at most: with a filter, the source counts all changes"
        : backlog === null
          ? (measured?.why ?? null)
          : null,
  };
}
