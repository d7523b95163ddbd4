// @ts-check
// Performs what the user has confirmed: several replications at a time, until the server refuses the credentials or the
// user cancels.

import { SchedulerError } from "couchdb-scheduler";
import { isSameReplication, restartedText, updatedText } from "../model/actions.js";
import { requestOwn } from "./connection.js";
import { needsLogin } from "./trouble.js";

/**
 * @typedef {import("couchdb-scheduler").ReplicationChanges} ReplicationChanges
 * @typedef {import("./connection.js").Connection} Connection
 * @typedef {import("../model/row.js").Row} Row
 * @typedef {import("../model/actions.js").Report} Report
 *
 * @typedef {object} Editor
 * @property {(signal?: AbortSignal) => Promise<unknown>} check rejects if the server does not accept the credentials
 * @property {(id: string, signal?: AbortSignal) => Promise<import("couchdb-scheduler").Restarted>} restart
 * @property {(id: string, signal?: AbortSignal) => Promise<void>} stop
 * @property {(id: string, changes: ReplicationChanges, allowRewind: boolean, signal?: AbortSignal) => Promise<import("couchdb-scheduler").Updated>} update
 *
 * @typedef {object} Performing
 * @property {readonly Row[]} rows
 * @property {Report} report
 * @property {(key: string) => Row | undefined} current as the server reports it now
 * @property {AbortSignal} signal
 * @property {(result: import("../model/actions.js").Result) => unknown} onResult the next one waits for it
 * @property {(error: unknown) => import("./trouble.js").Trouble} troubleOf
 */

/** How many at a time: a job that hangs makes the others of its node wait. */
const CONCURRENCY = 4;
/** A restart waits until it is seen: up to a minute in the package, and its requests. In milliseconds. */
const EDIT_TIMEOUT = 120_000;

/**
 * The changes of replications at one server. The server of this page makes restarts and changes itself: it lets no
 * document with credentials through.
 *
 * @param {Connection} connection
 * @param {string} database
 * @returns {Editor}
 */
export function editorOf(connection, database) {
  const { api, client, replicator } = connection;
  /** @param {string} path @param {object} body @param {AbortSignal} [signal] */
  const post = (path, body, signal) =>
    requestOwn(connection, path, { body, timeout: EDIT_TIMEOUT, signal }, (result) => result !== null);
  return {
    check: (signal) => client.session({ signal }),
    stop: (id, signal) => replicator.stopReplication(id, { database, signal }),
    restart: (id, signal) =>
      api === null
        ? replicator.restartReplication(id, { database, signal })
        : post("restart", { database, id }, signal),
    update: (id, changes, allowRewind, signal) =>
      api === null
        ? replicator.updateReplication(id, changes, { database, allowRewind, signal })
        : post("update", { database, id, changes, allowRewind }, signal),
  };
}

/** @type {ReadonlySet<string>} */
const UNSURE = new Set(["network", "timeout", "truncated", "invalid_response", "server_error"]);

/** The fields whose change makes CouchDB start from the beginning; null: the error is another. @param {unknown} error */
export function rewindOf(error) {
  if (!(error instanceof SchedulerError) || ![error.code, error.error].includes("would_rewind")) return null;
  return /^a change of (.+?) makes this/.exec(error.reason ?? error.message)?.[1] ?? "these fields";
}

/** The document was deleted before. @param {unknown} error */
const isGone = (error) =>
  error instanceof SchedulerError && error.code === "not_found" && /^(missing|deleted)$/.test(error.reason ?? "");

/** In one sentence or two. @param {unknown} error @param {Performing["troubleOf"]} troubleOf */
function wordsOf(error, troubleOf) {
  const fields = rewindOf(error);
  if (fields !== null) return `Not changed: a change of ${fields} would make it start from the beginning.`;
  if (isGone(error)) return "Its document was deleted.";
  if (error instanceof SchedulerError && error.code === "conflict")
    return "Its document was changed at the same time. Try again.";
  const { message, remedy } = troubleOf(error);
  return [message, remedy[0] ?? ""].join(" ").trim();
}

/**
 * Stops, restarts or changes each row, and reports what became of it.
 *
 * @param {Editor} editor
 * @param {(id: string, signal: AbortSignal) => Promise<string>} work resolves to the words of the report
 * @param {Performing} performing
 */
export async function perform(editor, work, { rows, report, current, signal, onResult, troubleOf }) {
  report.halted = "";
  // A wrong password is sent once.
  await editor.check(signal).catch((error) => {
    report.halted = wordsOf(error, troubleOf);
  });
  const left = rows[Symbol.iterator]();
  const worker = async () => {
    for (const row of left) {
      if (signal.aborted || report.halted !== "") return;
      const result = { id: row.key, ...(await outcomeOf(row)) };
      report.add(result);
      await onResult(result);
    }
  };
  /** @param {Row} row @returns {Promise<Omit<import("../model/actions.js").Result, "id">>} */
  async function outcomeOf(row) {
    if (!isSameReplication(row, current(row.key))) {
      return {
        outcome: "failed",
        text: "It was deleted, or its id now belongs to another replication. Nothing was changed.",
      };
    }
    try {
      return { outcome: "done", text: await work(row.key, signal) };
    } catch (error) {
      if (signal.aborted) return { outcome: "unknown", text: "Canceled before the server responded." };
      const text = wordsOf(error, troubleOf);
      // A retry would not help, and could lock the account.
      if (needsLogin(error)) report.halted ||= text;
      return { outcome: error instanceof SchedulerError && UNSURE.has(error.code) ? "unknown" : "failed", text };
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  if (signal.aborted) report.halted = "Canceled.";
}

/**
 * The work of each kind, for `perform`.
 *
 * @param {Editor} editor
 * @param {import("../model/actions.js").ActionKind} kind
 * @param {ReplicationChanges} changes of `password` and `settings`
 * @param {boolean} allowRewind whether these may make a replication start from the beginning
 * @returns {(id: string, signal: AbortSignal) => Promise<string>}
 */
export const workOf = (editor, kind, changes, allowRewind) => async (id, signal) => {
  if (kind === "restart") return restartedText(await editor.restart(id, signal));
  if (kind !== "stop") return updatedText(await editor.update(id, changes, allowRewind, signal));
  try {
    await editor.stop(id, signal);
  } catch (error) {
    if (isGone(error)) return "Its document had already been deleted.";
    throw error;
  }
  return "Stopped.";
};
