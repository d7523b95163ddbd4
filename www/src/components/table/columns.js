// @ts-check
// The columns of the table.

import { html, nothing } from "lit";
import { endpoint, NOTHING, number, percent, shortNumber, spaced, startAndEnd } from "../../model/format.js";
import { meaningOf } from "../../model/states.js";
import { badge } from "../icons.js";
import { time } from "../time.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 *
 * @typedef {object} Extra what is known about a row from elsewhere than its list; null: unknown
 * @property {number | null} backlog number of changes that are not replicated yet
 * @property {string | null} lastProgress ISO 8601
 * @property {{ text: string, title: string } | null} finding
 * @property {string | null} note why backlog and last progress are unknown, or how exact they are
 *
 * @typedef {object} Column
 * @property {string} name also its class and part
 * @property {string} title
 * @property {number} width the least that it needs in one line with the others, in pixels
 * @property {number} [grow] its share of the remaining width; default: none
 * @property {(row: Row, extra: Extra) => string | number | null} key what it is sorted by; null is last in both directions
 * @property {boolean} [descendingFirst] the largest values are the interesting ones
 * @property {(row: Row, extra: Extra) => unknown} render
 * @property {(row: Row) => string} [label] for assistive technology, where the content is divided within words
 */

/** @type {Extra} */
export const NOTHING_MORE = { backlog: null, lastProgress: null, finding: null, note: null };

/** Replications that need attention come first, completed ones last. @type {readonly import("../../model/states.js").ShownState[]} */
const URGENCY = ["crashing", "error", "failed", "unknown", "initializing", "pending", "running", "completed"];

/** A name that is cut in its middle where there is no room for it. @param {string} name */
function cut(name) {
  const [start, end] = startAndEnd(name);
  return html`<span class="start">${start}</span><span class="end">${end}</span>`;
}

/** Host and database have the same room; what the one does not need, the other has. @param {string | null} url */
function place(url) {
  const [, host = "", database = ""] = /^([^/]*)(.*)$/s.exec(endpoint(url)) ?? [];
  return html`<span class="host">${host}</span><span class="path">${cut(database)}</span>`;
}

/** @type {Column} */
const state = {
  name: "state",
  title: "State",
  width: 126,
  key: (row) => URGENCY.indexOf(row.state),
  render(row) {
    const { state, given, isRetrying } = row;
    return badge(state, `${given.state ?? state}${isRetrying ? " · retry" : ""}`, meaningOf(row));
  },
};

/** The column that names the row: its cell is the link to the details. @type {Column} */
const id = {
  name: "id",
  title: "Document",
  width: 160,
  grow: 3,
  key: (row) => row.key,
  render: ({ key }) => cut(key),
};

/** @type {Column} */
const endpoints = {
  name: "endpoints",
  title: "Source → target",
  width: 400,
  grow: 6,
  key: (row) => (row.source === null ? null : `${endpoint(row.source)} ${endpoint(row.target)}`),
  label: ({ source, target }) => `${endpoint(source)} → ${endpoint(target)}`,
  render({ source, target }) {
    const isKnown = source !== null || target !== null;
    return html`<span class="ends" title=${isKnown ? `${source ?? NOTHING} → ${target ?? NOTHING}` : "unknown"}
      ><span class="source">${place(source)}</span><span class="arrow">${isKnown ? " → " : ""}</span
      ><span class="target">${isKnown ? place(target) : nothing}</span></span
    >`;
  },
};

/** The full message begins with a URL, which is already in the row. @param {import("couchdb-scheduler").Diagnosis} diagnosis */
const inShort = ({ cause, side }) => spaced(cause) + (side === null ? "" : ` · ${side}`);

/** Progress, or why there is none. @type {Column} */
const progress = {
  name: "progress",
  title: "Progress",
  width: 150,
  grow: 1,
  key: (row) => (row.error === null ? (row.progress.fraction ?? -1) : null),
  descendingFirst: true,
  render(row) {
    const why = row.error === null ? null : row.diagnosis;
    if (why) {
      return html`<span class="far trouble" title=${`${why.message} ${why.hint}`}
        ><span class="words">${inShort(why)}</span></span
      >`;
    }
    // A completed replication has no progress to measure.
    const fraction = row.state === "completed" ? null : row.progress.fraction;
    const written = row.written === null ? NOTHING : `${shortNumber(row.written)} written`;
    const far = row.pending === 0 && fraction === null ? "up to date" : percent(fraction);
    return html`<span class="far"
      ><span class="words">${[written, far].filter(Boolean).join(" · ")}</span
      >${fraction === null ? nothing : html`<span class="bar"><svg aria-hidden="true"><rect width=${`${(fraction * 100).toFixed(1)}%`} height="4" /></svg></span>`}</span
    >`;
  },
};

/**
 * @param {Pick<Column, "name" | "title" | "width">} names
 * @param {(row: Row, extra: Extra) => number | null} key
 * @param {(row: Row, extra: Extra) => string | null} explain
 * @returns {Column}
 */
const numeric = (names, key, explain) => ({
  ...names,
  key,
  descendingFirst: true,
  render(row, extra) {
    const value = key(row, extra);
    return html`<span class=${value ? nothing : "none"} title=${explain(row, extra) ?? nothing}>${shortNumber(value)}</span>`;
  },
});

/** @param {number | null} value */
const changes = (value) => (value === null ? "unknown" : `${number(value)} changes`);

/** @type {Column} */
const updated = {
  name: "updated",
  title: "Last change",
  width: 118,
  key: (row) => (row.updated ? Date.parse(row.updated) : null),
  descendingFirst: true,
  render: (row) => time(row.updated),
};

/** @type {Column} */
const lastProgress = {
  name: "last_progress",
  title: "Last progress",
  width: 118,
  key: (_, extra) => (extra.lastProgress ? Date.parse(extra.lastProgress) : null),
  render: (_, extra) => time(extra.lastProgress, extra.note),
};

/** @type {Column} */
const finding = {
  name: "finding",
  title: "Finding",
  width: 120,
  grow: 1,
  key: (_, extra) => extra.finding?.text ?? null,
  render: (_, extra) =>
    html`<span class=${extra.finding ? nothing : "none"} title=${extra.finding?.title ?? nothing}>${extra.finding?.text ?? NOTHING}</span>`,
};

/** @type {Column} */
const node = {
  name: "node",
  title: "Node",
  width: 60,
  grow: 1,
  key: (row) => row.node,
  render: (row) => html`<span title=${row.node ?? nothing}>${row.node?.replace(/^couchdb@/, "") ?? NOTHING}</span>`,
};

export const COLUMNS = [
  state,
  id,
  endpoints,
  progress,
  numeric(
    { name: "pending", title: "Pending", width: 66 },
    (row) => row.pending,
    (row) => changes(row.pending),
  ),
  numeric(
    { name: "backlog", title: "Backlog", width: 70 },
    (_, extra) => extra.backlog,
    (_, extra) => [changes(extra.backlog), extra.note].filter(Boolean).join(" · "),
  ),
  numeric(
    { name: "errors", title: "Errors", width: 58 },
    (row) => row.errors,
    ({ errors }) => (errors === 0 ? null : `${number(errors)} in a row`),
  ),
  updated,
  lastProgress,
  finding,
  node,
];

/** Those whose values are not in the list itself. */
export const EXTRA = ["backlog", "last_progress", "finding"];

export const DEFAULT_COLUMNS = COLUMNS.map(({ name }) => name).filter((name) => !EXTRA.includes(name));

/**
 * @param {readonly string[] | null} columns null: the default
 * @param {readonly string[]} names
 * @param {boolean} areShown
 * @returns {readonly string[] | null} `columns` with `names`, or without them
 */
export function withColumns(columns, names, areShown) {
  const shown = COLUMNS.map(({ name }) => name).filter((name) =>
    names.includes(name) ? areShown : (columns ?? DEFAULT_COLUMNS).includes(name),
  );
  return shown.join() === DEFAULT_COLUMNS.join() ? null : shown;
}

/** The columns of these names, in their own order; the one that names the row is always there. @param {readonly string[]} names */
export const columnsOf = (names) => COLUMNS.filter((column) => column === id || names.includes(column.name));
