// @ts-check
// Named servers: $XDG_CONFIG_HOME/couchdb-scheduler/config.json.

import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { didYouMean } from "../suggest.js";
import { UsageError } from "../usage-error.js";

/**
 * @typedef {object} NamedServer
 * @property {string} url
 * @property {string} [user]
 * @property {string} [password]
 * @property {string} [password_file]
 * @property {string} [iam_api_key]
 */

const FIELDS = ["url", "user", "password", "password_file", "iam_api_key"];

/** @param {NodeJS.ProcessEnv} env */
export function configPath(env) {
  const base = env.XDG_CONFIG_HOME;
  // A relative path is ignored, as the specification wants.
  if (base && isAbsolute(base)) return join(base, "couchdb-scheduler", "config.json");
  const home = homedir();
  // The working folder can be of another user, who must not name servers.
  if (!isAbsolute(home)) throw new UsageError("--server: the configuration is in $HOME, which is not an absolute path");
  return join(home, ".config", "couchdb-scheduler", "config.json");
}

/** The text, and whether other users may read it: of the same file, even if it is replaced meanwhile. @param {string} path */
function readPrivately(path) {
  // To open a FIFO waits for its writer, and no signal ends that.
  if (!statSync(path).isFile()) throw new Error(`${path} is not a regular file`);
  const file = openSync(path, "r");
  try {
    return {
      text: readFileSync(file, "utf8"),
      isOpen: process.platform !== "win32" && (fstatSync(file).mode & 0o077) !== 0,
    };
  } finally {
    closeSync(file);
  }
}

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} server */
const holdsSecret = ({ url, password, iam_api_key }) =>
  password !== undefined || iam_api_key !== undefined || /\/\/[^/?#]*:[^/?#]*@/.test(url);

/** @param {string} name @param {NodeJS.ProcessEnv} env @returns {NamedServer} */
export function namedServer(name, env) {
  const path = configPath(env);
  let read;
  try {
    read = readPrivately(path);
  } catch (error) {
    throw new UsageError(`--server: cannot read the configuration: ${/** @type {Error} */ (error).message}`);
  }
  let servers;
  try {
    ({ servers } = JSON.parse(read.text));
  } catch {
    // The message of the parser can quote a password.
    throw new UsageError(`--server: ${path} is not valid JSON`);
  }
  if (!isObject(servers) || !Object.values(servers).every(isObject)) {
    throw new UsageError(`--server: ${path} must be { "servers": { "NAME": { "url": "…" } } }`);
  }
  if (read.isOpen && Object.values(servers).some(holdsSecret)) {
    throw new UsageError(`--server: other users may read ${path}, which holds a secret: chmod 600 '${path}'`);
  }
  if (!Object.hasOwn(servers, name)) {
    const names = Object.keys(servers);
    const known = names.length > 0 ? `it has ${names.slice(0, 20).join(", ")}` : "it has no servers";
    throw new UsageError(`--server: ${path} has no server "${name}"${didYouMean(name, names) || `; ${known}`}`);
  }
  return checked(servers[name], `${path}: server "${name}"`);
}

/** @param {any} server @param {string} where @returns {NamedServer} */
function checked(server, where) {
  for (const [field, value] of Object.entries(server)) {
    if (!FIELDS.includes(field)) {
      throw new UsageError(`${where}: unknown field "${field.slice(0, 60)}"${didYouMean(field, FIELDS)}`);
    }
    if (typeof value !== "string" || value === "") throw new UsageError(`${where}: ${field} must be a text`);
  }
  if (server.url === undefined) throw new UsageError(`${where} has no url`);
  const secrets = ["password", "password_file", "iam_api_key"].filter((field) => field in server);
  if (secrets.length > 1) throw new UsageError(`${where} has both ${secrets.join(" and ")}`);
  return server;
}
