// @ts-check
// Finds the result of a promise, also without waiting for one that never settles.

import assert from "node:assert/strict";
import { SchedulerError } from "couchdb-scheduler";

/**
 * @typedef {{ status: "fulfilled", value: any } | { status: "rejected", reason: any } | { status: "pending" }} Outcome
 */

/**
 * The result of `promise` after a few turns of the event loop: enough for everything that needs no network.
 *
 * @param {Promise<unknown>} promise
 * @param {number} [turns]
 * @returns {Promise<Outcome>}
 */
export async function outcomeOf(promise, turns = 20) {
  /** @type {Outcome} */
  let outcome = { status: "pending" };
  promise.then(
    (value) => {
      outcome = { status: "fulfilled", value };
    },
    (reason) => {
      outcome = { status: "rejected", reason };
    },
  );
  for (let i = 0; i < turns && outcome.status === "pending"; i++) await nextTurn();
  return outcome;
}

/**
 * The error with which `promise` rejects, however long that takes.
 *
 * @param {Promise<unknown>} promise
 * @returns {Promise<SchedulerError>}
 */
export async function errorOf(promise) {
  const error = await promise.then(
    () => assert.fail("it succeeded"),
    (reason) => reason,
  );
  assert.ok(error instanceof SchedulerError, String(error));
  return error;
}

/** Waits until every task that was ready has run. */
export function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The rows of an iterator, and the error that ended it.
 *
 * @template T
 * @param {AsyncIterable<T>} iterable
 * @returns {Promise<{ rows: T[], error: any }>}
 */
export async function rowsAndError(iterable) {
  /** @type {T[]} */
  const rows = [];
  try {
    for await (const row of iterable) rows.push(row);
  } catch (error) {
    return { rows, error };
  }
  return { rows, error: undefined };
}

/**
 * @template T
 * @param {AsyncIterable<T>} iterable
 * @returns {Promise<T[]>}
 */
export async function all(iterable) {
  const rows = [];
  for await (const row of iterable) rows.push(row);
  return rows;
}
