// @ts-check
// What the server answers itself, by the methods of the package, for programs that watch.

import { Client, Scheduler } from "couchdb-scheduler";
import { Refusal } from "./refusal.js";
import { refusalOf } from "./upstream-errors.js";

/**
 * @typedef {import("./credentials.js").Credentials} Credentials
 * @typedef {import("./upstream.js").Answer} Answer
 * @typedef {import("./upstream.js").Upstream} Upstream
 *
 * @typedef {object} Question
 * @property {string} type of the content
 * @property {(scheduler: Scheduler, options: { database: string | undefined, signal: AbortSignal }) => Promise<string>} answer
 */

const JSON_TYPE = "application/json";

/** @param {unknown} value */
const json = (value) => `${JSON.stringify(value)}\n`;

/** @type {Record<string, Question>} */
export const QUESTIONS = {
  "/api/summary": {
    type: JSON_TYPE,
    answer: async (scheduler, options) => json(await scheduler.summary(options)),
  },
};

/** The database of a query; there are no other parameters. @param {string | undefined} query */
function databaseIn(query) {
  const parameters = new URLSearchParams(query);
  const names = [...parameters.keys()];
  if (names.length > 1 || (names.length === 1 && names[0] !== "database")) {
    throw new Refusal(400, "bad_request", "The only parameter is database, once.");
  }
  return parameters.get("database") ?? undefined;
}

/**
 * @param {Upstream} upstream
 * @param {string} target path and query
 * @returns {{ key: string, type: string, ask: (credentials: Credentials, signal: AbortSignal) => Promise<Answer> } | null}
 *   null: not a question
 */
export function questionOf({ url, fetch }, target) {
  const [path = "", query] = target.split(/\?(.*)/s);
  const question = Object.hasOwn(QUESTIONS, path) ? QUESTIONS[path] : undefined;
  if (!question) return null;
  const database = databaseIn(query);
  return {
    key: JSON.stringify([path, database]),
    type: question.type,
    async ask(credentials, signal) {
      const client = new Client(url, { ...credentials, fetch, retries: 1 });
      const scheduler = new Scheduler(client);
      try {
        const body = await question.answer(scheduler, { database, signal });
        return { status: 200, headers: {}, body: Buffer.from(body) };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof TypeError || error instanceof RangeError) {
          throw new Refusal(400, "bad_request", error.message);
        }
        throw refusalOf(error);
      } finally {
        scheduler.free();
        client.free();
      }
    },
  };
}
