// @ts-check
// A change of one replication as entered in the form: its errors, and what is sent. Only what differs is sent.

import { choiceFaults, choiceOf, NO_CHOICE } from "./choice.js";
import { withoutUserInfo } from "./user-info.js";

/**
 * @typedef {import("couchdb-scheduler").ReplicationChanges} ReplicationChanges
 * @typedef {import("./choice.js").TypedChoice} TypedChoice
 * @typedef {keyof TypedChoice} Choice
 * @typedef {keyof typeof NUMBERS} NumberName
 *
 * @typedef {Required<TypedChoice> & Record<NumberName, string> & TypedUsers & { continuous: boolean }} Typed an empty number is
 *   CouchDB's default
 *
 * @typedef {object} TypedUsers
 * @property {string} sourceUser
 * @property {string} sourcePassword empty: it stays
 * @property {string} targetUser
 * @property {string} targetPassword empty: it stays
 *
 * @typedef {Partial<Record<keyof Typed, string>>} Faults the errors, by field
 */

/** Settings that are numbers: their names in the document, the smallest value and CouchDB's default. */
export const NUMBERS = /** @type {const} */ ({
  workerProcesses: ["worker_processes", 1, 4],
  workerBatchSize: ["worker_batch_size", 1, 500],
  httpConnections: ["http_connections", 1, 20],
  connectionTimeout: ["connection_timeout", 1, 30_000],
  retriesPerRequest: ["retries_per_request", 0, 5],
  checkpointInterval: ["checkpoint_interval", 1, 30_000],
});

export const NAMES = /** @type {NumberName[]} */ (Object.keys(NUMBERS));
const SIDES = /** @type {const} */ (["source", "target"]);

/** @param {unknown} value */
const jsonOf = (value) => (value === undefined || value === null ? "" : JSON.stringify(value, null, 2));

/**
 * The form for a document, whose passwords are masked: they are not in the form.
 *
 * @param {import("couchdb-scheduler").ReplicatorDocument} document
 * @returns {Typed}
 */
export function typedOf(document) {
  const { source, target, continuous, filter, query_params, selector, doc_ids } = document;
  const numbers = NAMES.map((name) => [name, String(document[NUMBERS[name][0]] ?? "")]);
  return {
    sourceUser: userOf(source),
    sourcePassword: "",
    targetUser: userOf(target),
    targetPassword: "",
    continuous: continuous === true,
    which: filter ? "filter" : selector ? "selector" : doc_ids ? "docIds" : "all",
    filter: typeof filter === "string" ? filter : "",
    queryParams: jsonOf(query_params),
    selector: jsonOf(selector),
    docIds: Array.isArray(doc_ids) ? doc_ids.join("\n") : "",
    .../** @type {Record<NumberName, string>} */ (Object.fromEntries(numbers)),
  };
}

/** The user name of an end, where it is not in a header. @param {any} end */
function userOf(end) {
  const name = end?.auth?.basic?.username;
  return typeof name === "string" ? name : withoutUserInfo(String(end?.url ?? end)).username;
}

/** @param {Typed} before @param {Typed} typed @returns {Faults} */
export function faultsIn(before, typed) {
  const faults = settingFaults(typed, "nothing for CouchDB's default");
  for (const side of SIDES) {
    const [user, password] = /** @type {const} */ ([`${side}User`, `${side}Password`]);
    if (typed[password] !== "" && typed[user].trim() === "") faults[user] = "A password needs a user name.";
    if (typed[password] === "" && typed[user].trim() !== before[user]) {
      faults[password] = "Another user name needs its password.";
    }
  }
  return faults;
}

/**
 * The errors of all but users and passwords.
 *
 * @param {TypedChoice & Record<NumberName, string>} typed
 * @param {string} otherwise what may be entered instead of a number
 * @returns {Faults}
 */
export function settingFaults(typed, otherwise) {
  /** @type {Faults} */
  const faults = choiceFaults(typed);
  for (const name of NAMES) {
    const [, least] = NUMBERS[name];
    const text = typed[name].trim();
    const isRight = text === "" || (/^\d{1,9}$/.test(text) && Number(text) >= least);
    if (!isRight) faults[name] = `Enter a whole number of at least ${least}, or ${otherwise}.`;
  }
  return faults;
}

/**
 * @param {Typed} before
 * @param {Typed} typed without errors
 * @returns {ReplicationChanges} empty if nothing differs
 */
export function changesIn(before, typed) {
  /** @type {Record<string, any>} */
  const changes = {};
  for (const side of SIDES) {
    const password = typed[`${side}Password`];
    if (password !== "") changes[side] = { auth: { basic: { username: typed[`${side}User`].trim(), password } } };
  }
  if (typed.continuous !== before.continuous) changes.continuous = typed.continuous || null;
  /** @type {Record<string, any>} */
  const old = { ...NO_CHOICE, ...choiceOf(before) };
  for (const [name, now] of Object.entries({ ...NO_CHOICE, ...choiceOf(typed) })) {
    if (JSON.stringify(old[name]) !== JSON.stringify(now)) changes[name] = now;
  }
  for (const name of NAMES) {
    const text = typed[name].trim();
    if (text !== before[name]) changes[name] = text === "" ? null : Number(text);
  }
  return changes;
}
