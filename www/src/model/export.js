// @ts-check
// The shown rows as files. The package has masked the secrets in them.

/**
 * @typedef {import("./row.js").Row} Row
 *
 * @typedef {object} Format
 * @property {string} extension
 * @property {string} type of the file
 * @property {(rows: readonly Row[], columns: readonly string[], extra?: Extra) => Generator<string>} text in pieces, so that it
 *   can be interrupted
 *
 * @typedef {string | number | null | undefined} Value
 * @typedef {{ backlog: number | null, lastProgress: string | null, finding: { text: string } | null }} ExtraValues
 * @typedef {(row: Row) => Partial<ExtraValues>} Extra what is known about a row in addition
 */

/** Rows per piece. */
const STEP = 200;

/** In every file, since they say which replication it is and what happened. @type {Record<string, (row: Row) => Value>} */
const ALWAYS = {
  database: ({ given }) => given.database,
  doc_id: ({ given }) => given.doc_id,
  id: ({ given }) => given.id,
  source: ({ source }) => source,
  target: ({ target }) => target,
  error: ({ error }) => error,
};

/** The values of the table's columns. @type {Record<string, (row: Row, extra: Partial<ExtraValues>) => Value>} */
const VALUES = {
  state: ({ state, given }) => given.state ?? state,
  progress: ({ progress }) => progress.fraction,
  pending: ({ pending }) => pending,
  errors: ({ errors }) => errors,
  updated: ({ updated }) => updated,
  node: ({ node }) => node,
  backlog: (_, { backlog }) => backlog,
  last_progress: (_, { lastProgress }) => lastProgress,
  finding: (_, { finding }) => finding?.text,
};

/** @type {Format["text"]} */
function* csv(rows, columns, extra = () => ({})) {
  const names = columns.filter((name) => Object.hasOwn(VALUES, name));
  const values = names.map((name) => /** @type {typeof VALUES[string]} */ (VALUES[name]));
  // For spreadsheets, which would read UTF-8 without this mark as something else.
  yield `\ufeff${line([...Object.keys(ALWAYS), ...names])}`;
  for (const some of slices(rows)) {
    yield some
      .map((row) => {
        const more = extra(row);
        return line([...Object.values(ALWAYS).map((value) => value(row)), ...values.map((value) => value(row, more))]);
      })
      .join("");
  }
}

/** RFC 4180. @param {Value[]} cells */
const line = (cells) => `${cells.map(cell).join(",")}\r\n`;

/** @param {Value} value */
function cell(value) {
  if (typeof value !== "string") return value ?? "";
  const text = harmless(value);
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const STARTS_FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/**
 * Spreadsheets run a cell that begins like this as a formula, and in other countries a semicolon begins a cell, too.
 *
 * @param {string} text
 */
const harmless = (text) =>
  (STARTS_FORMULA.test(text) ? `'${text}` : text).replace(/[;\t\r\n](?=[=+\-@\t\r＝＋－＠])/g, "$&'");

/** The rows of the package as they are. @type {Format["text"]} */
function* ndjson(rows) {
  for (const some of slices(rows)) yield some.map(({ given }) => `${JSON.stringify(given)}\n`).join("");
}

/** @param {readonly Row[]} rows */
function* slices(rows) {
  for (let from = 0; from < rows.length; from += STEP) yield rows.slice(from, from + STEP);
}

export const FORMATS = {
  CSV: /** @type {Format} */ ({ extension: "csv", type: "text/csv;charset=utf-8", text: csv }),
  NDJSON: /** @type {Format} */ ({ extension: "ndjson", type: "application/x-ndjson", text: ndjson }),
};

/** @typedef {keyof typeof FORMATS} FormatName */

/**
 * A name that every system allows.
 *
 * @param {import("./location.js").Place} place
 * @param {Format} format
 * @param {Date} now
 */
export function fileName({ list, database }, { extension }, now) {
  const of = list === "jobs" ? "transient-jobs" : database.replace(/[^\w.-]+/g, "-").slice(0, 80);
  return `${of}-${now.toISOString().slice(0, 16).replace(/:/g, "")}.${extension}`;
}
