// @ts-check
// The requests that reach CouchDB: those that the page sends. Everything else is refused, so that no document with
// credentials is read, and nothing but a replication is written.

import { Refusal } from "./refusal.js";

/**
 * @typedef {"welcome" | "session" | "jobs" | "job" | "docs" | "doc" | "changes" | "ids" | "document"} ReadKind
 * @typedef {"put" | "post" | "delete"} WriteKind
 *
 * @typedef {object} Allowed
 * @property {ReadKind | WriteKind} kind
 * @property {boolean} isWrite
 * @property {string} path written again from its decoded parts, with the query
 * @property {string} database empty: of no database
 * @property {string} id of the document or job; empty: none
 */

const READS = ["GET", "HEAD"];
const WRITES = ["POST", "PUT", "DELETE"];

const REPLICATOR = /^(?:[a-z][a-z0-9_$()+/-]*\/)?_replicator$/;
/** Maximum length of the id of a document or job. */
export const MAX_ID = 1024;
const MAX_SEQUENCE = 8192;

export const READ_ONLY = "This server passes on reads only: `couchdb-scheduler serve --allow-writes` allows changes.";

/** Whether a database of this name has replications. @param {string} name */
export const isReplicator = (name) => REPLICATOR.test(name);

/** Whether a text is the JSON of a string. @param {string} text */
function isJsonString(text) {
  try {
    return typeof JSON.parse(text) === "string";
  } catch {
    return false;
  }
}

/** @type {Record<string, (value: string) => boolean>} */
const PARAMETERS = {
  limit: (value) => /^\d{1,10}$/.test(value),
  skip: (value) => /^\d{1,10}$/.test(value),
  startkey: isJsonString,
  endkey: isJsonString,
  inclusive_end: (value) => value === "true" || value === "false",
  since: (value) => value !== "" && value.length <= MAX_SEQUENCE,
  r: (value) => /^\d{1,2}$/.test(value),
  rev: (value) => /^\d{1,10}-[0-9a-f]{1,64}$/.test(value),
};

/** @type {Record<string, (value: string) => boolean>} */
const SEGMENTS = {
  ID: (id) => id.length <= MAX_ID && !id.startsWith("_"),
  JOB: (id) => id.length <= MAX_ID,
};

/**
 * A parameter with an exclamation mark is required.
 *
 * @type {[methods: string[], path: string[], parameters: string[], kind: ReadKind | WriteKind][]}
 */
const ROUTES = [
  [READS, [], [], "welcome"],
  [READS, ["_session"], [], "session"],
  [READS, ["_scheduler", "jobs"], ["limit", "skip"], "jobs"],
  [READS, ["_scheduler", "jobs", "JOB"], [], "job"],
  [READS, ["_scheduler", "docs", "DATABASE"], ["startkey", "endkey", "inclusive_end"], "docs"],
  [READS, ["_scheduler", "docs", "DATABASE", "ID"], [], "doc"],
  [READS, ["DATABASE", "_changes"], ["since!"], "changes"],
  [READS, ["DATABASE", "_all_docs"], ["limit!", "skip", "startkey"], "ids"],
];

/** Only where changes are allowed. The page reads a document before it deletes it. @type {typeof ROUTES} */
const ROUTES_OF_CHANGES = [
  [READS, ["DATABASE", "ID"], ["r"], "document"],
  [["PUT"], ["DATABASE", "ID"], [], "put"],
  [["POST"], ["DATABASE"], [], "post"],
  [["DELETE"], ["DATABASE", "ID"], ["rev!"], "delete"],
];

/** @param {string} reason */
const bad = (reason) => new Refusal(400, "bad_request", reason);

/** The decoded segments of a path. @param {string} path */
function segmentsOf(path) {
  if (!/^(?:\/(?:[A-Za-z0-9\-_.~!*'()$+,:;=@]|%[0-9A-Fa-f]{2})*)+$/.test(path))
    throw bad("The path has characters that must be percent-encoded.");
  if (path === "/") return [];
  return path
    .slice(1)
    .split("/")
    .map((part) => {
      const segment = decoded(part);
      // Intermediate servers may resolve dots, and leave the path of CouchDB.
      if (segment === "" || segment === "." || segment === "..")
        throw bad("The path has an empty segment or dot segments.");
      return segment;
    });
}

/** @param {string} text */
function decoded(text) {
  let plain;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw bad("The request target is not percent-encoded UTF-8.");
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are refused
  if (/[\u0000-\u001f\u007f]/.test(plain)) throw bad("The request target has control characters.");
  return plain;
}

/** @param {string | undefined} query @param {string[]} known @returns {string} the query, written again */
function queryOf(query, known) {
  /** @type {Map<string, string>} */
  const given = new Map();
  for (const pair of query ? query.split("&") : []) {
    const [name = "", value = ""] = pair.split(/=(.*)/s).map((part) => decoded(part.replaceAll("+", " ")));
    const isKnown = known.includes(name) || known.includes(`${name}!`);
    if (!isKnown || given.has(name)) throw notAllowed("a parameter that is unknown, or given twice");
    if (!PARAMETERS[name]?.(value)) throw bad(`The parameter ${name} has a value that is not allowed.`);
    given.set(name, value);
  }
  for (const name of known.filter((name) => name.endsWith("!"))) {
    if (!given.has(name.slice(0, -1))) throw notAllowed(`no parameter ${name.slice(0, -1)}`);
  }
  const pairs = [...given].map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

/** @param {string} what */
const notAllowed = (what) =>
  new Refusal(
    403,
    "forbidden",
    `This request has ${what}. Only the requests of the dashboard are passed on to CouchDB: its lists of replications and jobs.`,
  );

/** @param {string[]} segments @param {string[]} pattern @param {(name: string) => boolean} [isDatabase] */
const fits = (segments, pattern, isDatabase = isReplicator) =>
  segments.length === pattern.length &&
  pattern.every((part, at) => {
    const segment = segments[at] ?? "";
    return part === "DATABASE" ? isDatabase(segment) : (SEGMENTS[part]?.(segment) ?? part === segment);
  });

/** @param {string} name */
const isUsualName = (name) => !name.startsWith("_");

/**
 * @param {string} method
 * @param {string} target path and query below CouchDB's URL
 * @param {boolean} allowWrites
 * @returns {Allowed}
 * @throws {Refusal}
 */
export function allowed(method, target, allowWrites) {
  const methods = allowWrites ? [...READS, ...WRITES] : READS;
  if (!methods.includes(method)) {
    const reason = allowWrites ? `${method} is not passed on.` : READ_ONLY;
    throw new Refusal(405, "method_not_allowed", reason, { Allow: methods.join(", ") });
  }
  const [path = "", query] = target.split(/\?(.*)/s);
  const segments = segmentsOf(path);
  const routes = allowWrites ? [...ROUTES, ...ROUTES_OF_CHANGES] : ROUTES;
  const route = routes.find(([methods, pattern]) => methods.includes(method) && fits(segments, pattern));
  if (!route) {
    // A typing error of the visitor.
    if (routes.some(([methods, pattern]) => methods.includes(method) && fits(segments, pattern, isUsualName))) {
      throw new Refusal(
        404,
        "not_found",
        "Database is not a replicator database: its name does not end in _replicator.",
      );
    }
    throw notAllowed("a path that is not on the list");
  }
  const [, pattern, parameters, kind] = route;
  const part = (/** @type {string} */ name) => segments[pattern.indexOf(name)] ?? "";
  return {
    kind,
    isWrite: !READS.includes(method),
    path: `/${segments.map(encodeURIComponent).join("/")}${queryOf(query, parameters)}`,
    database: part("DATABASE"),
    id: part("ID") || part("JOB"),
  };
}
