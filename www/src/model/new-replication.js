// @ts-check
// A replication as entered in the form: its errors, and the document it makes. No DOM in this file.

import { choiceFaults, choiceOf } from "./choice.js";

/**
 * @typedef {import("./choice.js").TypedChoice & TypedEnds} Typed
 *
 * @typedef {object} TypedEnds
 * @property {string} id
 * @property {string} source
 * @property {string} sourceUser
 * @property {string} sourcePassword
 * @property {string} target
 * @property {string} targetUser
 * @property {string} targetPassword
 * @property {boolean} continuous
 * @property {boolean} createTarget
 *
 * @typedef {Partial<Record<keyof Typed, string>>} Faults the errors, by field
 */

const DATABASE = /^(_users|_replicator|[a-z][a-z0-9_$()+/-]*)$/;

/** @param {Typed} typed @param {(id: string) => boolean} isTaken @returns {Faults} */
export function faultsOf(typed, isTaken) {
  /** @type {Faults} */
  const faults = {};
  const id = typed.id.trim();
  if (id.startsWith("_")) faults.id = "Ids that start with an underscore are reserved by CouchDB.";
  else if (isTaken(id)) faults.id = "A document with this id exists.";
  for (const side of /** @type {const} */ (["source", "target"])) {
    const fault = endpointFault(typed[side].trim());
    if (fault) faults[side] = fault;
    if (typed[`${side}Password`] !== "" && typed[`${side}User`].trim() === "") {
      faults[`${side}User`] = "A password needs a user name.";
    }
  }
  if (!faults.target && sameEnd(typed.source) === sameEnd(typed.target))
    faults.target = "The target is the same as the source.";
  return { ...faults, ...choiceFaults(typed) };
}

/** @param {string} text */
function endpointFault(text) {
  if (text === "") return "Enter a URL, or the name of a database on this server.";
  if (!text.includes(":")) {
    return DATABASE.test(text)
      ? undefined
      : "Database names start with a lowercase letter, and contain only lowercase letters, digits and _ $ ( ) + - /";
  }
  if (!URL.canParse(text)) return "This is not a URL.";
  const { protocol, pathname } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return "The URL must begin with http:// or https://";
  if (pathname === "/") return "The URL has no database name at its end.";
  return undefined;
}

/** @param {string} text */
const sameEnd = (text) => text.trim().replace(/\/+$/, "");

/**
 * @param {Typed} typed without errors
 * @returns {import("couchdb-scheduler").NewReplication}
 */
export function replicationOf(typed) {
  const { continuous, createTarget } = typed;
  const id = typed.id.trim();
  return {
    ...(id !== "" && { id }),
    source: endpointOf(typed.source, typed.sourceUser, typed.sourcePassword),
    target: endpointOf(typed.target, typed.targetUser, typed.targetPassword),
    ...(continuous && { continuous }),
    ...(createTarget && { createTarget }),
    ...choiceOf(typed),
  };
}

/** @param {string} text @param {string} user @param {string} password */
function endpointOf(text, user, password) {
  const url = text.trim();
  const username = user.trim();
  return username === "" ? url : { url, auth: { basic: { username, password } } };
}

const MASK = "*****";

/** An endpoint without its password, and without its query and fragment, which may be tokens. @param {string} text */
function masked(text) {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  for (const part of /** @type {const} */ (["password", "search", "hash"])) if (url[part] !== "") url[part] = MASK;
  return url.href;
}

/** The document for display: without passwords and tokens. @param {Typed} typed */
export function preview(typed) {
  const starred = (/** @type {string} */ password) => (password === "" ? "" : MASK);
  const replication = replicationOf({
    ...typed,
    source: masked(typed.source),
    target: masked(typed.target),
    sourcePassword: starred(typed.sourcePassword),
    targetPassword: starred(typed.targetPassword),
  });
  const { id: _id, createTarget: create_target, docIds: doc_ids, ...rest } = replication;
  return JSON.stringify({ _id, ...rest, create_target, doc_ids }, null, 2);
}
