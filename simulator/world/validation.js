// @ts-check
/** Why a database refuses a document. */
import { functionFrom } from "./filters.js";
import { isDatabaseAdmin } from "./security.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Json} Json
 * @typedef {{ error: "forbidden" | "unauthorized", reason: string }} Refusal
 */

const DESIGN = "_design/";

/**
 * @param {Database} database @param {Json} document with `_id`
 * @param {import("./security.js").User} user
 * @returns {Refusal | null}
 */
export function refusalOf(database, document, user) {
  const { _id: id } = document;
  if (id.startsWith(DESIGN)) {
    if (isDatabaseAdmin(user, database.security)) return null;
    return { error: "forbidden", reason: "You are not a db or server admin." };
  }
  const reason = database.refuse?.(document);
  if (reason) return { error: "forbidden", reason };
  const previous = database.get(id);
  const oldDocument = previous ? { _id: id, _rev: previous.rev, ...previous.body } : null;
  const context = { db: database.name, name: user.name, roles: user.roles };
  for (const validate of validatorsOf(database)) {
    try {
      validate(document, oldDocument, context, database.security);
    } catch (/** @type {any} */ thrown) {
      if (thrown?.unauthorized !== undefined) return { error: "unauthorized", reason: String(thrown.unauthorized) };
      return { error: "forbidden", reason: String(thrown?.forbidden ?? thrown) };
    }
  }
  return null;
}

/** @type {WeakMap<Database, { seq: number, validators: Function[] }>} */
const known = new WeakMap();

/** The validate functions of a database, read again only when it has changed. @param {Database} database */
function validatorsOf(database) {
  let found = known.get(database);
  if (found?.seq !== database.designSeq) {
    const validators = [];
    for (const { id, deleted, body } of database.entries.values()) {
      if (!id.startsWith(DESIGN) || deleted || typeof body.validate_doc_update !== "string") continue;
      validators.push(functionFrom(body.validate_doc_update));
    }
    found = { seq: database.designSeq, validators };
    known.set(database, found);
  }
  return found.validators;
}
