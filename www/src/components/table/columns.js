// @ts-check
// The columns of the table.

import { endpoint, NOTHING, number, percent, shortNumber } from "../../model/format.js";
import { MEANING } from "../../model/states.js";
import { icon, make, setAttribute, setIcon, setText } from "../dom.js";
import { setTime } from "../time.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 *
 * @typedef {object} Cell
 * @property {HTMLElement} element
 * @property {(row: Row) => boolean} update returns whether the visible content has changed
 *
 * @typedef {object} Column
 * @property {string} name also its class
 * @property {string} title
 * @property {import("../../model/view.js").SortKey} key what it is sorted by
 * @property {boolean} [descendingFirst] the largest values are the interesting ones
 * @property {() => Cell} make
 */

/** Limited to a length that the eye can follow. @param {number | null} fraction */
const inPercent = (fraction) => (fraction === null ? "0" : `${(fraction * 100).toFixed(1)}%`);

/** Replications that need attention come first, completed ones last. @type {readonly import("../../model/states.js").ShownState[]} */
const URGENCY = ["crashing", "error", "failed", "unknown", "initializing", "pending", "running", "completed"];

/** @type {Column} */
const state = {
  name: "state",
  title: "State",
  key: (row) => URGENCY.indexOf(row.state),
  make() {
    const picture = icon("unknown");
    const word = make("span");
    const badge = make("span", {}, picture, word);
    return {
      element: badge,
      update({ state, given, isRetrying }) {
        setIcon(picture, state);
        setAttribute(badge, "class", `badge ${state}`);
        setAttribute(badge, "title", isRetrying ? "it is being retried after a failure" : MEANING[state]);
        return setText(word, (given.state ?? state) + (isRetrying ? " · retry" : ""));
      },
    };
  },
};

/** @type {Column} */
const endpoints = {
  name: "endpoints",
  title: "Source → target",
  key: (row) => (row.source === null ? null : `${endpoint(row.source)} ${endpoint(row.target)}`),
  make() {
    const source = make("span", { className: "source" });
    const target = make("span", { className: "target" });
    const arrow = make("span", { className: "arrow" });
    const element = make("span", { className: "ends" }, source, arrow, target);
    return {
      element,
      update(row) {
        const isKnown = row.source !== null || row.target !== null;
        setText(arrow, isKnown ? " → " : "");
        setAttribute(element, "title", isKnown ? `${row.source ?? NOTHING} → ${row.target ?? NOTHING}` : "unknown");
        const isOther = setText(source, endpoint(row.source));
        return setText(target, isKnown ? endpoint(row.target) : "") || isOther;
      },
    };
  },
};

/** The full message begins with a URL, which is already in the row. @param {import("couchdb-scheduler").Diagnosis} diagnosis */
const inShort = ({ cause, side }) => cause.replaceAll("_", " ") + (side === null ? "" : ` · ${side}`);

/** Progress, or why there is none. @type {Column} */
const progress = {
  name: "progress",
  title: "Progress",
  key: (row) => (row.error === null ? (row.progress.fraction ?? -1) : null),
  descendingFirst: true,
  make() {
    const words = make("span", { className: "words" });
    const filled = make("span", { className: "filled" });
    const bar = make("span", { className: "bar" }, filled);
    const element = make("span", { className: "far" }, words, bar);
    return {
      element,
      update(row) {
        const why = row.error === null ? null : row.diagnosis;
        // A completed replication has no progress to measure.
        const fraction = row.state === "completed" ? null : row.progress.fraction;
        element.classList.toggle("trouble", why !== null);
        bar.hidden = why !== null || fraction === null;
        filled.style.width = inPercent(fraction);
        setAttribute(element, "title", why ? `${why.message} ${why.hint}` : null);
        if (why) return setText(words, inShort(why));
        const written = row.written === null ? NOTHING : `${shortNumber(row.written)} written`;
        return setText(
          words,
          [written, row.pending === 0 && fraction === null ? "up to date" : percent(fraction)]
            .filter(Boolean)
            .join(" · "),
        );
      },
    };
  },
};

/**
 * @param {string} name
 * @param {string} title
 * @param {(row: Row) => number | null} key
 * @param {(row: Row) => string | null} explain
 * @returns {Column}
 */
const numeric = (name, title, key, explain) => ({
  name,
  title,
  key,
  descendingFirst: true,
  make() {
    const element = make("span");
    return {
      element,
      update(row) {
        const value = key(row);
        setAttribute(element, "title", explain(row));
        setAttribute(element, "class", value === 0 || value === null ? "none" : null);
        return setText(element, shortNumber(value));
      },
    };
  },
});

const pending = numeric(
  "pending",
  "Pending",
  (row) => row.pending,
  ({ pending }) => (pending === null ? "unknown" : `${number(pending)} changes`),
);
const errors = numeric(
  "errors",
  "Errors",
  (row) => row.errors,
  ({ errors }) => (errors === 0 ? null : `${number(errors)} in a row`),
);

/** @type {Column} */
const updated = {
  name: "updated",
  title: "Last change",
  key: (row) => (row.updated ? Date.parse(row.updated) : null),
  descendingFirst: true,
  make() {
    const element = make("time");
    return { element, update: (row) => setTime(element, row.updated) };
  },
};

/** @type {Column} */
const node = {
  name: "node",
  title: "Node",
  key: (row) => row.node,
  make() {
    const element = make("span");
    return {
      element,
      update(row) {
        setAttribute(element, "title", row.node);
        return setText(element, row.node?.replace(/^couchdb@/, "") ?? NOTHING);
      },
    };
  },
};

/** The column that names the row: its cell is the link to the details. @type {Column} */
const id = {
  name: "id",
  title: "Document",
  key: (row) => row.key,
  make() {
    const element = make("a");
    return {
      element,
      update(row) {
        setAttribute(element, "title", row.key);
        return setText(element, row.key);
      },
    };
  },
};

export const ID = id;
export const COLUMNS = [state, id, endpoints, progress, pending, errors, updated, node];
