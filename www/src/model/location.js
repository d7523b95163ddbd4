// @ts-check
// The URL's fragment: what the page shows. Users send it to colleagues and save it as a view, so it is readable, and contains
// neither the server's URL nor the user: #/docs/_replicator/ID?state=crashing,failed&search=orders&sort=-updated

import { decoded } from "./ends.js";
import { EVERYTHING } from "./filter.js";
import { SHOWN_STATES } from "./states.js";

export const DEFAULT_DATABASE = "_replicator";

/** More than any version of the page has: each row's link names them again. */
const MAX_COLUMNS = 50;

/** The first one is shown unless the fragment names another. */
export const VIEWS = /** @type {const} */ (["replications", "topology", "journal"]);

/**
 * @typedef {import("./filter.js").Filter} Filter
 * @typedef {import("./filter.js").IncidentKey} IncidentKey
 * @typedef {typeof VIEWS[number]} ViewName
 *
 * @typedef {object} Place
 * @property {string | null} server its name in the configuration of the page; null: the only one
 * @property {ViewName} view
 * @property {"docs" | "jobs"} list
 * @property {string} database of `docs`
 * @property {string | null} key the id of a document, or of a job
 * @property {Filter} filter
 * @property {{ column: string, descending: boolean } | null} order null: the default
 * @property {readonly string[] | null} columns names of the columns to show; null: the default. This version of the page may not
 *   know all of them
 */

/** @type {Place} */
export const START = {
  server: null,
  view: VIEWS[0],
  list: "docs",
  database: DEFAULT_DATABASE,
  key: null,
  filter: EVERYTHING,
  order: null,
  columns: null,
};

/** Equal places have equal fragments. @param {Place} place */
export function fragmentOf({ server, view, list, database, key, filter, order, columns }) {
  const path = list === "jobs" ? ["jobs"] : ["docs", database];
  if (key !== null) path.push(key);
  const { states, retrying, text, incident, finding, ends } = filter;
  /** @type {[string, string | false | null | undefined][]} null, false or empty: not written */
  const parts = [
    ["server", server],
    ["view", view !== VIEWS[0] && view],
    ["state", SHOWN_STATES.filter((state) => states.has(state)).join()],
    ["retrying", retrying && "yes"],
    ["search", text],
    ["incident", incident && wordOf(incident)],
    ["finding", finding],
    ...ENDS.map(
      ([name, end]) => /** @type {[string, string | undefined]} */ ([name, ends?.[end] === "" ? HERE : ends?.[end]]),
    ),
    ["sort", order && (order.descending ? "-" : "") + order.column],
    ["columns", columns?.join()],
  ];
  const given = parts.flatMap(([name, value]) => (value ? [[name, value]] : []));
  // What needs no escape keeps its sign.
  const query = `${new URLSearchParams(given)}`.replaceAll("%2C", ",").replaceAll("%3A", ":");
  return `#/${path.map(encoded).join("/")}${query && `?${query}`}`;
}

/** Parts that it does not understand are ignored. @param {string} [fragment] @returns {Place} */
export function readFragment(fragment = location.hash) {
  const [, path = "", query] = /^#?\/?([^?]*)(?:\?(.*))?$/s.exec(fragment) ?? [];
  const [list, ...rest] = path.split("/").map(decoded);
  const isJobs = list === "jobs";
  const parts = new URLSearchParams(query);
  const words = (/** @type {string} */ name) => parts.get(name)?.split(",") ?? [];
  const [, minus, column] = /^(-?)(\w+)$/.exec(parts.get("sort") ?? "") ?? [];
  const columns = [...new Set(words("columns").filter(isWord))].slice(0, MAX_COLUMNS);
  const [finding = ""] = words("finding");
  return {
    server: parts.get("server") || null,
    view: VIEWS.find((view) => view === parts.get("view")) ?? VIEWS[0],
    list: isJobs ? "jobs" : "docs",
    database: (!isJobs && rest.shift()) || DEFAULT_DATABASE,
    key: rest[0] || null,
    filter: {
      states: new Set(SHOWN_STATES.filter((state) => words("state").includes(state))),
      retrying: parts.get("retrying") === "yes",
      text: parts.get("search") ?? "",
      incident: incidentOf(parts.get("incident") ?? ""),
      finding: isWord(finding) ? finding : null,
      ends: endsOf(parts),
    },
    order: column ? { column, descending: minus === "-" } : null,
    columns: columns.length > 0 ? columns : null,
  };
}

/** Names in the fragment. @type {readonly [string, keyof import("./filter.js").Ends][]} */
const ENDS = [
  ["source", "source"],
  ["target", "target"],
  ["between", "either"],
];
/** The end that has no name: the server itself. */
const HERE = "-";

/** @param {URLSearchParams} parts @returns {Filter["ends"]} */
function endsOf(parts) {
  const known = ENDS.filter(([name]) => parts.get(name)).map(([name, end]) => [end, parts.get(name)]);
  return known.length === 0 ? null : Object.fromEntries(known.map(([end, text]) => [end, text === HERE ? "" : text]));
}

/** Names of causes, findings and columns. @param {string} text */
const isWord = (text) => /^\w+$/.test(text);

/** `timeout`, `timeout:source` or `timeout:source:host:port`. @param {IncidentKey} incident */
const wordOf = ({ cause, side, host }) => [cause, ...(side ? [side, ...(host ? [host] : [])] : [])].join(":");

/** @param {string} word @returns {IncidentKey | null} */
function incidentOf(word) {
  const [, cause, side = null, host = null] = /^([a-z_]+)(?::(source|target)(?::(.+))?)?$/s.exec(word) ?? [];
  return cause ? /** @type {IncidentKey} */ ({ cause, side, host }) : null;
}

/** Halves of characters that a cut text can have would be an error. @param {string} text */
const encoded = (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));

/**
 * Takes the user there; `hashchange` reports the new place.
 *
 * @param {Place} place
 * @param {{ replaces?: boolean }} [options] whether "Back" skips the present place, as while typing
 */
export function goTo(place, { replaces = false } = {}) {
  const fragment = fragmentOf(place);
  if (location.hash === fragment) return;
  if (!replaces) {
    location.hash = fragment;
    return;
  }
  try {
    history.replaceState(null, "", fragment);
    // At once: a field that shows the place must not fall behind what is typed.
    dispatchEvent(new HashChangeEvent("hashchange"));
  } catch {
    // Browsers limit how often a page may do this.
  }
}
