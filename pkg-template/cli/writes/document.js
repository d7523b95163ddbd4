// @ts-check
// The replication that `start` creates, from its arguments and files.

import { createReadStream } from "node:fs";
import { bytesOf } from "../input.js";
import { passwordFromFile } from "../server/password.js";
import { refusePassword, userInfoOf } from "../server/server.js";
import { UsageError } from "../usage-error.js";

/** CouchDB accepts 8 MB by default. */
const MAX_BYTES = 2 ** 24;

/** The object in a JSON file, or on standard input. @param {string} path @param {string} option @param {AbortSignal} signal @returns {Promise<any>} */
export async function fieldsOfFile(path, option, signal) {
  let text;
  try {
    const bytes = await bytesOf(path === "-" ? process.stdin : createReadStream(path), MAX_BYTES, signal);
    if (bytes.length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    text = bytes.toString("utf8");
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new UsageError(`${option}: cannot read the file: ${/** @type {Error} */ (error).message}`);
  }
  try {
    const fields = JSON.parse(text);
    if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) return fields;
  } catch {
    // The message of the parser can quote a password.
  }
  throw new UsageError(`${option}: the file must contain a JSON object with fields of a replication`);
}

/** @param {string} url @param {string | undefined} file with the password @param {"source" | "target"} side */
function endOf(url, file, side) {
  const option = `--${side}-password-file`;
  refusePassword(url, `the ${side}`, `Name only the user in the URL, and the file with the password by ${option}.`);
  const info = userInfoOf(url);
  if (info === null && file === undefined) return url;
  if (info === null)
    throw new UsageError(`${option} needs a user name in the URL of the ${side}: https://NAME@HOST/DATABASE`);
  if (file === undefined) throw new UsageError(`the ${side} has a user name, but no password: use ${option}`);
  const password = passwordFromFile(file, option);
  return { url: info.bare, auth: { basic: { username: info.username, password } } };
}

/**
 * @param {Record<string, any>} options
 * @param {string[]} args
 * @param {AbortSignal} signal
 * @returns {Promise<import("couchdb-scheduler").NewReplication>}
 */
export async function newReplication(options, args, signal) {
  const { document, id, continuous } = options;
  const [source, target] = args;
  if (args.length === 1) throw new UsageError("start needs SOURCE and TARGET");
  if (args.length === 0 && document === undefined) {
    throw new UsageError("start needs SOURCE and TARGET, or --document with both");
  }
  const ends =
    source === undefined || target === undefined
      ? {}
      : {
          source: endOf(source, options["source-password-file"], "source"),
          target: endOf(target, options["target-password-file"], "target"),
        };
  return {
    ...(document === undefined ? {} : await fieldsOfFile(document, "--document", signal)),
    ...ends,
    ...(id === undefined ? {} : { id }),
    ...(continuous ? { continuous } : {}),
    ...(options["create-target"] ? { createTarget: true } : {}),
  };
}
