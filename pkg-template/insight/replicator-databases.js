// @ts-check
// replicatorDatabases(): which databases hold replications.

import { argument, REPLICATOR } from "../runtime/arguments.js";
import { areTexts } from "../runtime/checks.js";
import { method } from "./call.js";

/** @typedef {import("./call.js").Call} Call */

/** @param {import("#glue").Client} client @param {unknown} [options] */
export async function replicatorDatabases(client, options) {
  return method(client, "replicatorDatabases", options, {}, namesOf);
}

/** `GET /_all_dbs`: the names of the replicator databases. @param {Call} call @returns {Promise<string[]>} */
export async function namesOf(call) {
  const names = await call.get("/_all_dbs", areTexts);
  return names.filter((/** @type {string} */ name) => REPLICATOR.test(name));
}

/** The kind of the option `database` where "all" is allowed. @type {import("../runtime/arguments.js").Kind} */
export const DATABASES = (value, call, name) => (value === "all" ? value : argument(call, name, "database", value));
