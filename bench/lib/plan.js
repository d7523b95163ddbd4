// @ts-check
// What is measured, with which contestants, and the targets.

/**
 * @typedef {"couchdb-scheduler" | "fetch" | "cloudant" | "nano" | "drain"} ContestantName
 * @typedef {"listDocs" | "listJobs" | "summary" | "incidents" | "eachDoc" | "tick" | "firstJobs"} TaskName
 * @typedef {"docs1k" | "docs10k" | "docs10kEnded" | "docs10kInListsAlone" | "docs100k" | "docs100kInSmallChunks" | "unhealthy100k" | "jobs10k"} FleetName
 * @typedef {"time" | "cpu" | "first" | "memory" | "block"} Figure ms until the end, ms of CPU in
 *   Node, ms until the first row, bytes, ms
 *
 * @typedef {object} Measurement
 * @property {string} name
 * @property {string} title
 * @property {TaskName} task
 * @property {FleetName} fleet
 * @property {number} rows that every contestant must return
 * @property {Figure[]} figures
 * @property {ContestantName[]} contestants in Node, in the order of their turns
 *
 * @typedef {object} Target
 * @property {string} measurement
 * @property {Figure} figure
 * @property {ContestantName} against
 * @property {number} atMost ratio
 */

/** The measured client; all others are compared with it. */
export const OURS = "couchdb-scheduler";

/** Contestants in a page: the others need Node. @type {ContestantName[]} */
export const IN_BROWSERS = [OURS, "fetch", "drain"];

/** @type {ContestantName[]} */
const EVERYBODY = [OURS, "fetch", "cloudant", "nano"];

/** @type {Measurement[]} */
export const MEASUREMENTS = [
  {
    name: "listDocs",
    title: "listDocs() of 10,000 documents",
    task: "listDocs",
    fleet: "docs10k",
    rows: 10_000,
    figures: ["time"],
    contestants: EVERYBODY,
  },
  {
    name: "listJobs",
    title: "listJobs() of 10,000 jobs with 10 events each",
    task: "listJobs",
    fleet: "jobs10k",
    rows: 10_000,
    figures: ["time"],
    contestants: EVERYBODY,
  },
  {
    name: "summary",
    title: "summary() of 100,000 documents",
    task: "summary",
    fleet: "docs100k",
    rows: 100_000,
    figures: ["time", "memory", "block"],
    contestants: [...EVERYBODY, "drain"],
  },
  {
    name: "incidents",
    title: "incidents() of 100,000 unhealthy documents, compared with diagnose() of each",
    task: "incidents",
    fleet: "unhealthy100k",
    rows: 100_000,
    figures: ["time", "memory", "block"],
    contestants: [OURS, "fetch"],
  },
  {
    name: "docs",
    title: "docs(), all of 100,000 documents",
    task: "eachDoc",
    fleet: "docs100k",
    rows: 100_000,
    figures: ["time", "first", "memory", "block"],
    contestants: EVERYBODY,
  },
  {
    name: "summary-chunks",
    title: "summary() of 100,000 documents in chunks of 1,490 bytes, as CouchDB sends them",
    task: "summary",
    fleet: "docs100kInSmallChunks",
    rows: 100_000,
    figures: ["time"],
    contestants: [OURS, "fetch", "drain"],
  },
  {
    name: "docs-chunks",
    title: "docs(), all of 100,000 documents in chunks of 1,490 bytes",
    task: "eachDoc",
    fleet: "docs100kInSmallChunks",
    rows: 100_000,
    figures: ["time", "first"],
    contestants: [OURS, "fetch"],
  },
  {
    name: "watch",
    title: "a tick of watch() over 10,000 documents, 50 of them live, without changes",
    task: "tick",
    fleet: "docs10kEnded",
    rows: 10_000,
    figures: ["time", "block"],
    contestants: [OURS, "fetch"],
  },
  {
    name: "watch-jobs",
    title: "the first changes of watchJobs(), 10,000 jobs with 10 events each",
    task: "firstJobs",
    fleet: "jobs10k",
    rows: 10_000,
    figures: ["time", "block"],
    contestants: [OURS, "fetch"],
  },
  {
    name: "watch-lists",
    title: "the same in all states, without _changes: a list",
    task: "tick",
    fleet: "docs10kInListsAlone",
    rows: 10_000,
    figures: ["time", "block"],
    contestants: [OURS, "fetch"],
  },
];

/** @type {Target[]} */
export const TARGETS = [
  { measurement: "listDocs", figure: "time", against: "fetch", atMost: 1.25 },
  { measurement: "listDocs", figure: "time", against: "cloudant", atMost: 1 },
  { measurement: "listJobs", figure: "time", against: "fetch", atMost: 1.3 },
  { measurement: "summary", figure: "time", against: "fetch", atMost: 0.4 },
  { measurement: "summary", figure: "memory", against: "fetch", atMost: 0.15 },
  { measurement: "summary", figure: "time", against: "drain", atMost: 2 },
  { measurement: "summary", figure: "block", against: "fetch", atMost: 0.1 },
  { measurement: "incidents", figure: "time", against: "fetch", atMost: 0.4 },
  { measurement: "incidents", figure: "memory", against: "fetch", atMost: 0.15 },
  { measurement: "incidents", figure: "block", against: "fetch", atMost: 0.1 },
  { measurement: "docs", figure: "first", against: "fetch", atMost: 0.05 },
  { measurement: "docs", figure: "time", against: "fetch", atMost: 1.6 },
  { measurement: "docs", figure: "memory", against: "fetch", atMost: 0.15 },
  { measurement: "docs", figure: "block", against: "fetch", atMost: 0.1 },
  { measurement: "watch", figure: "time", against: "fetch", atMost: 0.4 },
  { measurement: "watch-jobs", figure: "block", against: "fetch", atMost: 0.25 },
  { measurement: "watch-lists", figure: "time", against: "fetch", atMost: 0.4 },
];

/** Fleets for which a complete walk by docs() is counted. @type {[FleetName, number][]} */
export const WALKS = [
  ["docs1k", 1_000],
  ["docs10k", 10_000],
  ["docs100k", 100_000],
];

/**
 * Rows transferred per returned row: one, and one more for the first of each page, which is the last of the preceding
 * page; the maximum is two, if every page has to be read again because it contains a design document.
 */
export const ROWS_TRANSFERRED_AT_MOST = 2.01;

/**
 * @typedef {object} Rounds
 * @property {number} warmUp rounds of tasks well below a second; a third of this for 100,000 rows
 * @property {number} small rounds of tasks well below a second
 * @property {number} large rounds of 100,000 rows
 * @property {number} memory new processes for each
 * @property {number} block
 */

/** @param {boolean} quick @returns {Rounds} */
export function roundsFor(quick) {
  return quick
    ? { warmUp: 6, small: 9, large: 3, memory: 1, block: 2 }
    : { warmUp: 12, small: 25, large: 7, memory: 3, block: 5 };
}
