// @ts-check
// What `update` changes, from its options and files.

import { passwordFromFile } from "../server/password.js";
import { userInfoOf } from "../server/server.js";
import { UsageError } from "../usage-error.js";
import { fieldsOfFile } from "./document.js";

/** The user that the document names for one end. @param {any} end */
function userOf(end) {
  const inUrl = userInfoOf(String(end?.url ?? end ?? ""))?.username;
  return end?.auth?.basic?.username ?? (inUrl || undefined);
}

/** @param {"source" | "target"} side @param {Record<string, any>} options @param {any} document as it is */
function credentialsOf(side, options, document) {
  const [user, file] = [options[`${side}-user`], options[`${side}-password-file`]];
  if (user === undefined && file === undefined) return {};
  if (file === undefined) throw new UsageError(`--${side}-user needs --${side}-password-file`);
  const username = user ?? userOf(document[side]);
  if (username === undefined) throw new UsageError(`the document names no user of the ${side}: use --${side}-user`);
  return { [side]: { auth: { basic: { username, password: passwordFromFile(file, `--${side}-password-file`) } } } };
}

/**
 * @param {Record<string, any>} options
 * @param {() => Promise<any>} readDocument the replication document, masked
 * @param {AbortSignal} signal
 * @returns {Promise<import("couchdb-scheduler").ReplicationChanges>}
 */
export async function changesOf(options, readDocument, signal) {
  const { changes } = options;
  const names = ["source-user", "source-password-file", "target-user", "target-password-file"];
  const areCredentials = names.some((name) => options[name] !== undefined);
  if (changes === undefined && !areCredentials) {
    throw new UsageError("update needs --changes FILE, --source-password-file or --target-password-file");
  }
  const fields = changes === undefined ? {} : await fieldsOfFile(changes, "--changes", signal);
  if (!areCredentials) return fields;
  const document = await readDocument();
  return { ...fields, ...credentialsOf("source", options, document), ...credentialsOf("target", options, document) };
}
