// @ts-check
// Turns the argument of createReplication() into a replication document, and that of updateReplication() into changes of one.
// CouchDB ignores unknown fields: a misspelled `continuous` would start a different replication. So this file knows every field
// and its type, and accepts others only under `fields`. It is JavaScript because the values are, and smaller: 1.8 kB after gzip, where wasm took 5.8 kB.

import { argument, isRecord, kind } from "./arguments.js";
import { isCount, isText } from "./checks.js";
import { ENCODED, hasPasswordCutOff } from "./server-address.js";

/** @typedef {[names: string, expected: string, fits: (value: any) => boolean]} Kind */
/** The method whose argument is read. @typedef {"createReplication" | "updateReplication"} Call */

/** @param {any} value */
const isUrl = (value) => isText(value) || isText(value?.href);

/** @param {any} value */
const fitsEnd = (value) => isUrl(value) || isRecord(value);

const END = "a URL, the name of a database on this server, or an object with a url";

/** @type {Kind[]} */
const KINDS = [
  ["source target", END, fitsEnd],
  ["url", END, isUrl],
  [
    "continuous createTarget useBulkGet useCheckpoints winningRevsOnly",
    "true or false",
    (value) => typeof value === "boolean",
  ],
  [
    "checkpointInterval connectionTimeout httpConnections workerBatchSize workerProcesses",
    "a whole number from 1 up",
    (value) => isCount(value) && value > 0,
  ],
  ["retriesPerRequest", "a whole number from 0 up", isCount],
  ["filter ibrowseOptions owner socketOptions", "a string", isText],
  ["proxy sourceProxy targetProxy", "a URL", isUrl],
  ["createTargetParams fields headers queryParams selector userCtx", "a plain object", isRecord],
  ["docIds", "an array of strings", (value) => Array.isArray(value) && Array.from(value).every(isText)],
  ["sinceSeq", "a string or a number", (value) => isText(value) || Number.isFinite(value) || Array.isArray(value)],
  [
    "auth",
    "{ basic: { username, password } } or { iam: { api_key } }",
    (value) => isRecord(value) && Object.values(value).every(isRecord),
  ],
  ["id", "", () => true],
];

/** The fields of an endpoint. */
const OF_END = ["url", "headers", "auth"];

/** Each name, in JavaScript's and in CouchDB's spelling, with CouchDB's name and the kind of its value. @type {Map<string, [string, Kind]>} */
const KNOWN = new Map();
for (const known of KINDS) {
  for (const name of known[0].split(" ")) {
    const field = name === "id" ? "_id" : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    KNOWN.set(name, [field, known]).set(field, [field, known]);
  }
}

/** Whether CouchDB knows a field by this name. @param {string} name */
export const isCouchdbField = (name) => KNOWN.get(name)?.[0] === name;

/** Fields that listings never mask, so asterisks in them come from the caller. */
const NEVER_MASKED = ["_id", "id", "docIds", "doc_ids", "selector"];

/** A mask, not encoded or percent-encoded once or several times. */
const MASK = /(\*|%(25)*2a){5}/i;

/** Shortens names and paths in messages, which can have any length. @param {string} name */
const shown = (name) => name.slice(0, 60);

/** @param {Call} call @param {string} message */
const wrong = (call, message) => new RangeError(`${call}: ${message}`);

/** A value of the wrong type. Strings are not shown: they can be misplaced credentials. @param {unknown} value */
const withoutTexts = (value) =>
  value === null || ["number", "boolean", "undefined"].includes(typeof value) ? String(value) : `this ${typeof value}`;

/** Returns `value` of the field `name`, a `URL` as a string. @param {Call} call @param {string} name @param {any} value @param {string} [path] */
function checked(call, name, value, path = name) {
  const [, expected, fits] = /** @type {[string, Kind]} */ (KNOWN.get(name))[1];
  if (!fits(value)) argument(call, path, expected, value, withoutTexts);
  if (fits !== isUrl && fits !== fitsEnd) return value;
  const url = isText(value.href) ? value.href : value;
  // CouchDB would send the beginning of the password to another host.
  if (isText(url) && hasPasswordCutOff(url)) throw wrong(call, `${path} must be ${ENCODED}`);
  return url;
}

const REPLICATION = kind("an object with source and target", isRecord);
const CHANGES = kind("an object with the fields to change", isRecord);

/**
 * Returns the document for a replication, with its endpoints as given.
 *
 * @param {any} replication the argument
 */
export function documentOf(replication) {
  const call = "createReplication";
  argument(call, "replication", REPLICATION, replication, withoutTexts);
  const document = fieldsOf(call, replication);
  for (const name of ["source", "target"]) checked(call, name, document[name]);
  if (document._id !== undefined) argument(call, "id", "replication", document._id);
  return document;
}

/**
 * Returns the fields that are changed, under CouchDB's names. `null` removes a field; an end without a `url` has the members that
 * are changed.
 *
 * @param {any} changes the argument of updateReplication()
 */
export function changesOf(changes) {
  const call = "updateReplication";
  argument(call, "changes", CHANGES, changes, withoutTexts);
  return fieldsOf(call, changes);
}

/** @param {Call} call @param {any} given */
function fieldsOf(call, given) {
  refuseMasks(call, given);
  /** @type {Record<string, any>} */
  const document = {};
  for (const name of Object.keys(given)) {
    const [field = ""] = KNOWN.get(name) ?? [];
    const isFixed = call === "updateReplication" && field === "_id";
    if (!field || OF_END.includes(name) || isFixed) throw unknownField(call, name);
    const value = given[name];
    if (value === undefined) continue;
    if (field in document) throw wrong(call, `${field} is given twice, under both of its names`);
    const isEnd = name === "source" || name === "target";
    if (isRemoved(call, value) && !isEnd && name !== "fields") {
      document[field] = null;
      continue;
    }
    const accepted = checked(call, name, value);
    if (name === "fields") addOwn(call, document, accepted);
    else document[field] = isEnd ? endOf(call, name, accepted) : accepted;
  }
  return document;
}

/** @param {Call} call @param {unknown} value */
const isRemoved = (call, value) => call === "updateReplication" && value === null;

/** @param {Call} call @param {string} name @param {any} end of the right type */
function endOf(call, name, end) {
  if (!isRecord(end)) return end;
  /** @type {Record<string, any>} */
  const copy = {};
  for (const key of Object.keys(end)) {
    if (!OF_END.includes(key)) throw wrong(call, `${name}.${shown(key)} is unknown: an end has url, headers and auth`);
    const value = end[key];
    if (value === undefined) continue;
    copy[key] =
      isRemoved(call, value) && key !== "url"
        ? null
        : checked(call, key, value, key === "url" ? name : `${name}.${key}`);
  }
  if (call === "createReplication") checked(call, "url", copy.url, name);
  return copy;
}

/** @param {Call} call @param {Record<string, any>} document @param {Record<string, any>} fields of the caller */
function addOwn(call, document, fields) {
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (OF_END.includes(name) || name.startsWith("_")) throw unknownField(call, name);
    if (KNOWN.has(name)) throw wrong(call, `${name} is a known field: move it out of \`fields\``);
    if (["function", "symbol"].includes(typeof value))
      argument(call, `fields.${shown(name)}`, "JSON", value, withoutTexts);
    document[name] = value;
  }
}

/** What to do instead of writing a field that CouchDB or the package writes. @type {Record<Call, Record<string, string>>} */
const WRITTEN_OTHERWISE = {
  createReplication: { _rev: "an existing document is not overwritten, stop it first" },
  updateReplication: {
    _rev: "the current revision is changed",
    _id: "a document keeps its id",
    id: "a document keeps its id",
  },
};

/** Returns advice about an unknown name. @param {Call} call @param {string} name */
function unknownField(call, name) {
  const instead = Object.hasOwn(WRITTEN_OTHERWISE[call], name) && WRITTEN_OTHERWISE[call][name];
  if (instead) return wrong(call, `${name} must be left out: ${instead}`);
  if (name.startsWith("_replication_")) {
    const advice = "CouchDB alone writes it, and a wrong value makes it restart all jobs of a node again and again";
    return wrong(call, `${shown(name)} must be left out: ${advice}. To try again, use restartReplication()`);
  }
  const start = shown(name).toLowerCase();
  let [similar, length] = ["", start.length];
  for (; length > 3 && !similar; length--) {
    similar = [...KNOWN.keys()].find((known) => known.toLowerCase().startsWith(start.slice(0, length))) ?? "";
  }
  const hint = OF_END.includes(name)
    ? "it belongs to an end, as in source: { url, headers, auth }"
    : `${similar && `did you mean "${similar}"? `}fields of your own go into \`fields\`, and none begins with "_"`;
  return wrong(call, `${shown(name)} is not a field that can be written: ${hint}`);
}

/** @type {Record<Call, string>} */
const REAL_CREDENTIALS = {
  createReplication:
    "To replace a replication, use stopReplication(), then createReplication() with them, or updateReplication()",
  updateReplication: "Leave out what does not change",
};

/** Listed documents have `*****` for each secret, which would be used as a password. @param {Call} call @param {object} given */
function refuseMasks(call, given) {
  const paths = new Map([[given, ""]]);
  JSON.stringify(given, function (key, value) {
    if (this === given && NEVER_MASKED.includes(key)) return;
    const path = (paths.get(this) ?? "") + key;
    if (isText(value) && MASK.test(value)) {
      throw wrong(
        call,
        `${shown(path)} holds a masked value (*****), as listReplications() gives it: pass the real credentials. ` +
          REAL_CREDENTIALS[call],
      );
    }
    // Other values have no members.
    if (typeof value !== "object") return;
    if (key !== "") paths.set(value, `${path}.`);
    return value;
  });
}
