// @ts-check
// The tasks of `--real`, by this package, by `fetch`, and by nano. Each returns the number of its rows.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { comparing } from "../contestants/fetch.js";
import { tally, wholeDoc } from "../contestants/rows.js";
import { BENCH } from "../lib/paths.js";

/**
 * @typedef {"list" | "docs" | "summary" | "failing" | "tick" | "skip"} RealTask
 * @typedef {Partial<Record<RealTask, () => Promise<number>>>} Tasks
 * @typedef {import("./fleet.js").RealServer} RealServer
 */

/** Rows of a page of a walk by `skip`. */
const PAGE = 1000;
/** @type {import("couchdb-scheduler").ReplicationState[]} */
const FAILING = ["crashing", "error", "failed"];

/**
 * @param {RealServer} server
 * @param {string} database
 * @param {typeof globalThis.fetch} fetch
 * @param {string} entry of the package
 * @returns {Promise<Tasks>}
 */
export async function byPackage({ url, credentials }, database, fetch, entry) {
  /** @type {typeof import("couchdb-scheduler")} */
  const { Scheduler } = await import(pathToFileURL(entry).href);
  const scheduler = new Scheduler(url, { auth: credentials, fetch, timeout: 0 });
  let known = 0;
  const ticks = scheduler.watch({ database, interval: 1 });
  return {
    list: async () => (await scheduler.listDocs({ database })).docs.length,
    async docs() {
      let rows = 0;
      for await (const _ of scheduler.docs({ database })) rows++;
      return rows;
    },
    summary: async () => (await scheduler.summary({ database })).total,
    failing: async () => (await scheduler.listDocs({ database, states: FAILING })).docs.length,
    async tick() {
      const { value: batch = [] } = await ticks.next();
      for (const { type } of batch) known += type === "added" ? 1 : type === "removed" ? -1 : 0;
      return known;
    },
    async skip() {
      let rows = 0;
      for (let more = 1; more > 0; rows += more) {
        more = (await scheduler.listDocs({ database, limit: PAGE, skip: rows })).docs.length;
      }
      return rows;
    },
  };
}

/** @param {RealServer} server @param {string} database @param {typeof globalThis.fetch} fetch @returns {Tasks} */
export function byFetch({ url, headers }, database, fetch) {
  const path = `${url}/_scheduler/docs/${encodeURIComponent(database)}`;
  /** @param {string} [query] @returns {Promise<any[]>} */
  const rows = async (query = "") => (await (await fetch(path + query, { headers })).json()).docs;
  const compare = comparing();
  return {
    list: async () => (await rows()).map(wholeDoc).length,
    docs: async () => (await rows()).map(wholeDoc).length,
    summary: async () => tally(await rows()).total,
    failing: async () => (await rows(`?states=${FAILING.join()}`)).map(wholeDoc).length,
    tick: async () => compare(await rows()).total,
    async skip() {
      let all = 0;
      for (let more = 1; more > 0; all += more) {
        more = (await rows(`?limit=${PAGE}&skip=${all}`)).map(wholeDoc).length;
      }
      return all;
    },
  };
}

/** Its rows stay as they are, and it cannot be observed. @param {RealServer} server @param {string} database @returns {Promise<Tasks>} */
export async function byNano({ url, credentials: { username, password } }, database) {
  const require = createRequire(new URL("package.json", pathToFileURL(`${BENCH}/`)));
  const login = `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  const server = require("nano")({ url: url.replace("://", login), parseUrl: false });
  const path = `_scheduler/docs/${encodeURIComponent(database)}`;
  const rows = async (/** @type {object} */ qs = {}) => (await server.request({ path, qs })).docs;
  return {
    list: async () => (await rows()).length,
    docs: async () => (await rows()).length,
    summary: async () => tally(await rows()).total,
    failing: async () => (await rows({ states: FAILING.join() })).length,
  };
}
