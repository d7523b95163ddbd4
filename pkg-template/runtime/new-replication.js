// @ts-check
// Turns the argument of createReplication() into a replication document. CouchDB ignores unknown fields: a misspelled
// `continuous` would start a different replication. So this file knows every field and its type, and accepts others only
// under `fields`. It is JavaScript because the values are, and smaller: 1.8 kB after gzip, where wasm took 5.8 kB.

/** @typedef {[names: string, expected: string, fits: (value: any) => boolean]} Kind */

/** Whether JSON shows the object's content: entries of a `Map`, for example, would be lost. @param {any} value */
const isRecord = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && typeof value.forEach !== "function";

/** @param {any} value */
const isText = (value) => typeof value === "string";

/** @param {any} value */
const isUrl = (value) => isText(value) || isText(value?.href);

const END = "a URL, the name of a database on this server, or an object with a url";

/** @type {Kind[]} */
const KINDS = [
  ["source target", END, (value) => isUrl(value) || isRecord(value)],
  ["url", END, isUrl],
  [
    "continuous createTarget useBulkGet useCheckpoints winningRevsOnly",
    "true or false",
    (value) => typeof value === "boolean",
  ],
  [
    "checkpointInterval connectionTimeout httpConnections workerBatchSize workerProcesses",
    "a whole number from 1 up",
    (value) => Number.isSafeInteger(value) && value > 0,
  ],
  ["retriesPerRequest", "a whole number from 0 up", (value) => Number.isSafeInteger(value) && value >= 0],
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
for (const kind of KINDS) {
  for (const name of kind[0].split(" ")) {
    const field = name === "id" ? "_id" : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    KNOWN.set(name, [field, kind]).set(field, [field, kind]);
  }
}

/** Fields that listings never mask, so asterisks in them come from the caller. */
const NEVER_MASKED = ["_id", "id", "docIds", "doc_ids", "selector"];

/** A mask, not encoded or percent-encoded once or several times. */
const MASK = /(\*|%(25)*2a){5}/i;

/** Shortens names and paths in messages, which can have any length. @param {string} name */
const shown = (name) => name.slice(0, 60);

/** @param {string} message @param {any} [Class] */
const wrong = (message, Class = RangeError) => new Class(`createReplication: ${message}`);

/** Does not show strings: they can be misplaced credentials. @param {string} name @param {string} expected @param {unknown} value */
function wrongType(name, expected, value) {
  const isShown = value === null || ["number", "boolean", "undefined"].includes(typeof value);
  return wrong(`${name} must be ${expected}, not ${isShown ? value : `this ${typeof value}`}`, TypeError);
}

/** Returns `value` of the field `name`, a `URL` as a string. @param {string} name @param {any} value @param {string} [path] */
function checked(name, value, path = name) {
  const [, expected, fits] = /** @type {[string, Kind]} */ (KNOWN.get(name))[1];
  if (!fits(value)) throw wrongType(path, expected, value);
  return fits !== isRecord && isText(value.href) ? value.href : value;
}

/**
 * Returns the document for a replication, with its endpoints as given.
 *
 * @param {any} replication the argument
 */
export function documentOf(replication) {
  if (!isRecord(replication)) throw wrongType("replication", "an object with source and target", replication);
  refuseMasks(replication);
  /** @type {Record<string, any>} */
  const document = {};
  for (const name of Object.keys(replication)) {
    const [field] = KNOWN.get(name) ?? [];
    if (!field || OF_END.includes(name)) throw unknownField(name);
    const given = replication[name];
    if (given === undefined) continue;
    if (field in document) throw wrong(`${field} is given twice, under both of its names`);
    const value = checked(name, given);
    if (name === "fields") addOwn(document, value);
    else document[field] = name === "source" || name === "target" ? endOf(name, value) : value;
  }
  for (const name of ["source", "target"]) checked(name, document[name]);
  return document;
}

/** @param {string} name @param {any} end of the right type */
function endOf(name, end) {
  if (!isRecord(end)) return end;
  /** @type {Record<string, any>} */
  const copy = {};
  for (const key of Object.keys(end)) {
    if (!OF_END.includes(key)) throw wrong(`${name}.${shown(key)} is unknown: an end has url, headers and auth`);
    const value = end[key];
    if (value !== undefined) copy[key] = checked(key, value, key === "url" ? name : `${name}.${key}`);
  }
  checked("url", copy.url, name);
  return copy;
}

/** @param {Record<string, any>} document @param {Record<string, any>} fields of the caller */
function addOwn(document, fields) {
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (OF_END.includes(name) || name.startsWith("_")) throw unknownField(name);
    if (KNOWN.has(name)) throw wrong(`${name} is a known field: move it out of \`fields\``);
    if (["function", "symbol"].includes(typeof value)) throw wrongType(`fields.${shown(name)}`, "JSON", value);
    document[name] = value;
  }
}

/** Returns advice about an unknown name. @param {string} name */
function unknownField(name) {
  if (name === "_rev") return wrong("_rev must be left out: an existing document is not overwritten, stop it first");
  const start = shown(name).toLowerCase();
  let [similar, length] = ["", start.length];
  for (; length > 3 && !similar; length--) {
    similar = [...KNOWN.keys()].find((known) => known.toLowerCase().startsWith(start.slice(0, length))) ?? "";
  }
  const hint = OF_END.includes(name)
    ? "it belongs to an end, as in source: { url, headers, auth }"
    : `${similar && `did you mean "${similar}"? `}fields of your own go into \`fields\`, and none begins with "_"`;
  return wrong(`${shown(name)} is not a field that can be written: ${hint}`);
}

/** Listed documents have `*****` for each secret, which would be used as a password. @param {object} replication */
function refuseMasks(replication) {
  const paths = new Map([[replication, ""]]);
  JSON.stringify(replication, function (key, value) {
    if (this === replication && NEVER_MASKED.includes(key)) return;
    const path = (paths.get(this) ?? "") + key;
    if (isText(value) && MASK.test(value)) {
      throw wrong(
        `${shown(path)} holds a masked value (*****), as listReplications() gives it: pass the real credentials. To replace a ` +
          "replication, use stopReplication(), then createReplication() with them",
      );
    }
    // Other values have no members.
    if (typeof value !== "object") return;
    if (key !== "") paths.set(value, `${path}.`);
    return value;
  });
}
