// @ts-check
// `--json`: one document, or one line for each part of a stream, with all fields or some.

import { didYouMean } from "../suggest.js";
import { UsageError } from "../usage-error.js";
import { safeJson } from "./text.js";

/** @typedef {import("./output.js").Output} Output */

/**
 * The fields that `--json` names.
 *
 * @param {string} list separated by commas; empty: all
 * @param {readonly string[]} known
 * @returns {string[] | undefined}
 */
export function fieldsOf(list, known) {
  if (list === "") return undefined;
  const fields = list.split(",");
  for (const field of fields) {
    if (known.includes(field)) continue;
    throw new UsageError(
      `--json: unknown field "${field.slice(0, 60)}"${didYouMean(field, known)}\nThe fields are ${known.join(", ")}.`,
    );
  }
  return fields;
}

/** @param {any} value @param {readonly string[] | undefined} fields */
const chosen = (value, fields) =>
  fields ? Object.fromEntries(fields.map((field) => [field, value[field] ?? null])) : value;

/** One document. @param {Output} out @param {unknown} value @param {readonly string[] | undefined} fields */
export const printJson = (out, value, fields) => out.line(safeJson(chosen(value, fields), 2));

/** One document that is a list, a row a line. @param {Output} out @param {AsyncIterable<unknown> | Iterable<unknown>} rows @param {readonly string[] | undefined} fields */
export async function printJsonList(out, rows, fields) {
  let separator = "[\n";
  for await (const row of rows) {
    await out.write(separator + safeJson(chosen(row, fields)));
    separator = ",\n";
  }
  await out.write(separator === ",\n" ? "\n]\n" : "[]\n");
}

/** One line of a stream. @param {Output} out @param {unknown} value @param {readonly string[] | undefined} fields */
export const printJsonLine = (out, value, fields) => out.line(safeJson(chosen(value, fields)));
