// @ts-check
// Compares a feed of one database with the revisions of another, page by page, in bounded memory.

import { SchedulerError } from "../runtime/scheduler-error.js";
import { concurrently } from "./call.js";
import { hideParams, idsBody, lookupQuery, pageQuery } from "./feed.js";
import { common, isDifference, isPage, missingOf, revisionsOf } from "./revisions.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./feed.js").Feed} Feed */
/** @typedef {import("./feed.js").Seq} Seq */
/** @typedef {import("./replication.js").Database} Database */
/** @typedef {import("./revisions.js").Page} Page */
/** @typedef {import("./revisions.js").Revisions} Revisions */

/** CouchDB looks up this many ids at most, and reads the whole feed for more. */
const MAX_LOOKUP = 100;

/** Lookups at a time. */
const LOOKUPS = 4;

/** Pages after which a feed ends in an error unless fewer changes are left: its server repeats itself. */
const MAX_IDLE_PAGES = 100;

/**
 * Yields the pages of a feed. The next one is requested while the caller works on this one.
 *
 * @param {Call} call
 * @param {Database} database
 * @param {Feed} feed
 * @param {number} limit
 * @returns {AsyncGenerator<Page>}
 */
async function* pagesOf(call, database, feed, limit) {
  let fewest = Infinity;
  let idle = 0;
  /** @param {Seq} since @returns {Promise<Page>} */
  const read = (since) => {
    const leadsOn = (/** @type {Page} */ { pending, last_seq }) => {
      idle = pending < fewest ? 0 : idle + 1;
      fewest = Math.min(fewest, pending);
      return pending === 0 || (last_seq !== since && idle < MAX_IDLE_PAGES);
    };
    const fits = (/** @type {any} */ json) => isPage(json, limit) && leadsOn(json);
    return changes(call, database, pageQuery(feed, since, limit), feed.body, fits);
  };
  let next = read(feed.since);
  for (;;) {
    const page = await next;
    if (page.pending > 0) {
      next = read(page.last_seq);
      // Reported when it is awaited.
      next.catch(() => {});
    }
    yield page;
    if (page.pending === 0) return;
  }
}

/**
 * `_changes`.
 *
 * @param {Call} call
 * @param {Database} database
 * @param {string} query
 * @param {string | undefined} body
 * @param {import("./call.js").Fits} fits
 * @returns {Promise<Page>}
 */
async function changes(call, { client, path }, query, body, fits) {
  const feed = `${path}/_changes${query}`;
  try {
    return await call.get(feed, fits, client, body);
  } catch (error) {
    if (error instanceof SchedulerError) hideParams(error, query, body);
    throw error;
  }
}

/** What `database` has never seen of these. @param {Call} call @param {Database} database @param {Revisions} revisions @returns {Promise<Revisions>} */
async function missingAt(call, { client, path }, revisions) {
  if (revisions.size === 0) return revisions;
  const body = JSON.stringify(Object.fromEntries(revisions));
  const fits = (/** @type {any} */ json) => isDifference(json, revisions);
  return missingOf(await call.get(`${path}/_revs_diff`, fits, client, body));
}

/** The current revisions of those documents that changed after `since`. @param {Call} call @param {Database} database @param {Feed["style"]} style @param {Seq} since @param {Iterable<string>} ids @returns {Promise<Revisions>} */
export async function changedSince(call, database, style, since, ids) {
  const asked = new Set(ids);
  /** @type {Revisions} */
  const changed = new Map();
  const fits = (/** @type {any} */ json) =>
    isPage(json, Infinity) && json.results.every((/** @type {{ id: string }} */ { id }) => asked.has(id));
  /** @param {string[]} some */
  const look = async (some) =>
    revisionsOf(await changes(call, database, lookupQuery(style, since), idsBody(some), fits));
  for await (const some of concurrently(LOOKUPS, chunks([...asked]), look)) {
    for (const [id, revs] of some) changed.set(id, revs);
  }
  return changed;
}

/** @param {string[]} ids */
function* chunks(ids) {
  for (let start = 0; start < ids.length; start += MAX_LOOKUP) yield ids.slice(start, start + MAX_LOOKUP);
}

/**
 * Compares `feed` of `from` with what `to` has. What is missing is requested again, at both ends: `from` can have replaced
 * it since it was read, and `to` can have got it.
 *
 * @param {Call} call
 * @param {Database} from
 * @param {Database} to
 * @param {Feed} feed
 * @param {number} batchSize
 * @param {(missing: Revisions, page: Page) => Promise<void> | void} visit gets what is missing, page by page
 */
export async function walk(call, from, to, feed, batchSize, visit) {
  for await (const page of pagesOf(call, from, feed, batchSize)) {
    const missing = await missingAt(call, to, revisionsOf(page));
    const current = common(missing, await changedSince(call, from, feed.style, 0, missing.keys()));
    await visit(await missingAt(call, to, current), page);
  }
}
