// @ts-check
// What can be done to replications, the questions before it, and the report of what became of each.

import { hostOf } from "./ends.js";
import { counted, duration, number } from "./format.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {"restart" | "stop" | "password" | "settings"} ActionKind
 * @typedef {"source" | "target"} Side
 *
 * @typedef {object} Plan
 * @property {ActionKind} kind
 * @property {string} database
 * @property {readonly Row[]} rows as they were shown when it was made
 * @property {number} leftOut rows without a document
 *
 * @typedef {object} Question
 * @property {string} title
 * @property {string[]} notes what the user must know, one sentence or two per item
 * @property {readonly string[]} ids the first of them
 * @property {string} more how many others there are; empty: none
 * @property {string} confirm words of the button
 *
 * @typedef {object} Result
 * @property {string} id
 * @property {"done" | "failed" | "unknown"} outcome `unknown`: no response says whether it was done
 * @property {string} text a sentence
 */

/** How many ids a question shows. */
const MAX_IDS = 10;

/** A transient job has no document: only the client that started it can stop it. @param {Row} row */
const hasDocument = ({ given }) => typeof given.doc_id === "string";

/** @param {ActionKind} kind @param {readonly Row[]} rows @param {string} database @returns {Plan} */
export function planOf(kind, rows, database) {
  const possible = rows.filter(hasDocument);
  return { kind, database, rows: possible, leftOut: rows.length - possible.length };
}

/** @type {Record<ActionKind, [title: string, confirm: string, doing: string, done: string]>} */
const WORDS = {
  restart: ["Restart", "Restart", "Restarting", "restarted"],
  stop: ["Stop", "Stop", "Stopping", "stopped"],
  password: ["Change the password of", "Change", "Changing", "changed"],
  settings: ["Change the settings of", "Change", "Changing", "changed"],
};

/** @param {number} many */
const replications = (many) => counted(many, "replication");

/** @param {Plan} plan @returns {Question} */
export function questionOf(plan) {
  const { kind, rows, leftOut } = plan;
  const ids = rows.map(({ key }) => key);
  const [verb, confirm] = WORDS[kind];
  const isOne = ids.length === 1;
  return {
    title: `${verb} ${isOne ? `“${ids[0]}”` : replications(ids.length)}?`,
    notes: [...NOTES[kind](plan), ...(leftOut > 0 ? [leftOutNote(leftOut)] : [])],
    ids: isOne ? [] : ids.slice(0, MAX_IDS),
    more: ids.length > MAX_IDS ? `and ${counted(ids.length - MAX_IDS, "other")}` : "",
    confirm: isOne ? `${confirm} it` : `${confirm} ${number(ids.length)}`,
  };
}

/** @param {number} many */
const leftOutNote = (many) =>
  `${counted(many, "job")} without a document ${many === 1 ? "is" : "are"} left out: only the client that started ` +
  "one can stop it.";

/** @type {Record<ActionKind, (plan: Plan) => string[]>} */
const NOTES = {
  restart: (plan) => [
    "CouchDB starts each again now, from its last checkpoint. Documents are written with a neutral setting, nothing else changes.",
    ...stateNote(plan, "running", "is interrupted for a moment", "are interrupted for a moment"),
    ...stateNote(plan, "completed", "begins a new run", "begin a new run"),
    ...stateNote(plan, "pending", "waits for a slot again", "wait for a slot again"),
  ],
  stop: ({ rows, database }) => [
    `This deletes ${rows.length === 1 ? "its document" : "their documents"} from ${database}. Replicated data stays in the target.`,
  ],
  password: (plan) => [
    "Each continues from its checkpoint. One that has another user name would start from the beginning: it is not changed.",
    ...stateNote(plan, "completed", "begins a new run", "begin a new run"),
  ],
  settings: (plan) => [
    "Each continues from its checkpoint, except that another choice of documents makes CouchDB start from the beginning, " +
      "and read all changes of the source again. Without your consent, such ones are not changed.",
    ...stateNote(plan, "completed", "begins a new run", "begin a new run"),
  ],
};

/** @param {Plan} plan @param {Row["state"]} which @param {string} one @param {string} several @returns {string[]} */
function stateNote({ rows }, which, one, several) {
  const many = rows.filter(({ state }) => state === which).length;
  if (many === 0) return [];
  if (rows.length === 1) return [`It is ${which}: it ${one}.`];
  return [`${number(many)} of them ${many === 1 ? `is ${which}: it ${one}` : `are ${which}: these ${several}`}.`];
}

/**
 * The servers whose passwords can be changed, those of most replications first.
 *
 * @param {readonly Row[]} rows
 * @returns {{ side: Side, host: string, rows: Row[] }[]}
 */
export function endsOf(rows) {
  /** @type {Map<string, { side: Side, host: string, rows: Row[] }>} */
  const ends = new Map();
  for (const row of rows.filter(hasDocument)) {
    for (const side of /** @type {const} */ (["source", "target"])) {
      const host = hostOf(row[side]);
      if (host === null) continue;
      const key = `${side} ${host}`;
      const end = ends.get(key) ?? { side, host, rows: [] };
      end.rows.push(row);
      ends.set(key, end);
    }
  }
  return [...ends.values()].sort((a, b) => b.rows.length - a.rows.length);
}

/** Whether the replication of a plan is still the one that was shown. @param {Row} before @param {Row | undefined} now */
export const isSameReplication = (before, now) => now?.source === before.source && now.target === before.target;

/** What became of each replication of a plan so far. */
export class Report {
  /** Of the last attempt each. @type {Map<string, Result>} */
  #results = new Map();
  #rows;
  /** Why it ended early; empty: it has not. */
  halted = "";

  /** @param {Plan} plan */
  constructor({ kind, rows }) {
    this.kind = kind;
    this.total = rows.length;
    this.#rows = rows;
  }

  /** @param {Result} result */
  add(result) {
    this.#results.set(result.id, result);
  }

  /** The results, in the order in which they came. */
  get results() {
    return [...this.#results.values()];
  }

  get successes() {
    return this.results.filter(({ outcome }) => outcome === "done");
  }

  /** What was not done, or may not have been. */
  get failures() {
    return this.results.filter(({ outcome }) => outcome !== "done");
  }

  /** The number of results. */
  get settled() {
    return this.#results.size;
  }

  /** The rows of what was not done, or not tried. */
  get rest() {
    return this.#rows.filter(({ key }) => this.#results.get(key)?.outcome !== "done");
  }

  /** In words: 28 of 30 restarted, 2 failed. */
  get summary() {
    const many = (/** @type {Result["outcome"]} */ wanted) =>
      this.results.filter(({ outcome }) => outcome === wanted).length;
    const rest = { failed: many("failed"), unknown: many("unknown"), "not tried": this.total - this.settled };
    return [
      `${number(many("done"))} of ${replications(this.total)} ${WORDS[this.kind][3]}`,
      ...Object.entries(rest).flatMap(([words, many]) => (many > 0 ? [`${number(many)} ${words}`] : [])),
    ].join(", ");
  }

  /** For screen readers, when it is over: of one, with its id. */
  get announcement() {
    const [first] = this.results;
    if (this.total !== 1 || !first) return this.summary;
    const done = WORDS[this.kind][3];
    return first.outcome === "done" ? `${first.id} was ${done}` : `${first.id} was not ${done}: ${first.text}`;
  }

  /** While it runs. @param {number} done results of this attempt @param {number} of all that it is about */
  progress(done, of) {
    return `${WORDS[this.kind][2]}: ${number(done)} of ${number(of)}`;
  }

  /** For the clipboard: a line each. @param {readonly Result[]} results */
  textOf(results) {
    const lines = results.map(({ id, outcome, text }) => [id, outcome, text].map(oneLine).join("\t"));
    const untried = this.#rows.filter(({ key }) => !this.#results.has(key));
    return [this.summary, ...lines, ...untried.map(({ key }) => `${oneLine(key)}\tnot tried`)].join("\n");
  }
}

/** Fewer say little about how long one takes. */
const MIN_DONE = 8;

/**
 * How long the others take at the same pace, in words; empty: not known yet, or about to end.
 *
 * @param {number} done
 * @param {number} of
 * @param {number} ms since the first began
 */
export function timeLeft(done, of, ms) {
  const seconds = ((ms / done) * (of - done)) / 1000;
  return done >= MIN_DONE && seconds >= 1 ? `about ${duration(seconds)} left` : "";
}

/** @param {string} text */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these would be other columns or lines
const oneLine = (text) => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");

/** @param {import("couchdb-scheduler").Restarted} restarted */
export const restartedText = ({ from, resumes }) =>
  `Restarted${from === null ? "" : `; it was ${from}`}. ${continuation(resumes)}`;

/** @param {import("couchdb-scheduler").Updated} updated */
export const updatedText = ({ changed, rewinds }) =>
  changed.length === 0
    ? "Nothing was written: it already had these settings."
    : `Changed: ${changed.join(", ")}. ${continuation(rewinds ? "beginning" : "checkpoint")}`;

/** @param {"beginning" | "checkpoint"} from */
const continuation = (from) =>
  from === "beginning" ? "It starts from the beginning." : "It continues from its checkpoint.";
