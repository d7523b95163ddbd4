// @ts-check
// A server with one replication whose ends respond as a test says.

import { Client, Replicator, Scheduler } from "couchdb-scheduler";

export const ORIGIN = "http://couch.test:5984";

/**
 * @typedef {{ method: string, path: string, query: URLSearchParams, text: string, body: any, url: string, headers: Headers }} Asked
 * @typedef {(asked: Asked) => unknown} Answer JSON, or a Response
 */

/**
 * The replication `r` from `source` to `target`. `answers` has the end of a path, such as `source/_changes`, of what
 * responds to it; all else is a 404.
 *
 * @param {Record<string, Answer>} answers
 * @param {{ row?: Record<string, unknown>, document?: Record<string, unknown> }} [replication]
 */
export function replicationAnswering(answers, { row, document } = {}) {
  const ends = { source: `${ORIGIN}/source/`, target: `${ORIGIN}/target/` };
  /** @type {Record<string, Answer>} */
  const all = {
    "_scheduler/docs/_replicator/r": () => ({
      database: "_replicator",
      doc_id: "r",
      id: "0a+continuous",
      state: "running",
      info: null,
      ...ends,
      ...row,
    }),
    "_replicator/r": () => ({ _id: "r", ...ends, ...document }),
    "source/_local_docs": ({ body }) => ({
      rows: body.keys.map((/** @type {string} */ key) => ({ key, error: "not_found" })),
    }),
    "target/_local_docs": (asked) => all["source/_local_docs"]?.(asked),
    ...answers,
  };
  /** @type {Asked[]} */
  const asked = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (input, init = {}) => {
    const url = new URL(String(input));
    const path = decodeURIComponent(url.pathname.slice(1));
    const text = init.body ? await new Response(init.body).text() : "";
    const one = {
      method: init.method ?? "GET",
      path,
      query: url.searchParams,
      text,
      body: text && JSON.parse(text),
      url: url.href,
      headers: new Headers(init.headers),
    };
    asked.push(one);
    const answer = await all[path]?.(one);
    if (answer instanceof Response) return answer;
    return answer === undefined ? json({ error: "not_found", reason: "missing" }, 404) : json(answer, 200);
  };
  const client = new Client(ORIGIN, { auth: { username: "admin", password: "pass" }, retries: 0, fetch });
  return { asked, fetch, client, scheduler: new Scheduler(client), replicator: new Replicator(client) };
}

/** @param {unknown} body @param {number} status */
export const json = (body, status) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });

/** A page of changes. @param {Record<string, string[]>} revisions by id @param {string} last_seq @param {number} [pending] */
export const changesPage = (revisions, last_seq, pending = 0) => ({
  results: Object.entries(revisions).map(([id, revs]) => ({ seq: null, id, changes: revs.map((rev) => ({ rev })) })),
  last_seq,
  pending,
});
