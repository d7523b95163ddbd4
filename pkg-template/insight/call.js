// @ts-check
// The requests of one call of a method of this folder. What ends the call ends all of them.

import { optionsOf } from "../runtime/arguments.js";
import { attempt, offAbort, onAbort, sleep } from "../runtime/http.js";
import { SchedulerError } from "../runtime/scheduler-error.js";

/** @typedef {import("#glue").Client} Client */

/** What a response must be to be believed; caches, proxies and other servers respond with 200, too. @typedef {(json: any) => boolean} Fits */

/** A text as a segment of a path, or a value of a query. Half a surrogate pair has no UTF-8. @param {string} name */
export const segment = (name) => encodeURIComponent(name.replace(/\p{Surrogate}/gu, "\ufffd"));

/** A document of a database. Only the prefix of design and local documents keeps its slash. @param {string} id */
export const documentPath = (id) =>
  id.replace(/^(_design\/|_local\/)?(.*)$/s, (_, prefix = "", name) => prefix + segment(name));

/** The path of a document. @param {string} database @param {string} id */
export const pathOf = (database, id) => `/${segment(database)}/${documentPath(id)}`;

/**
 * The path of a document as the newest of all its copies in a cluster: `r` is limited to their number. CouchDB writes the end of a
 * replication into one copy, and the others have it seconds later. Until then, a majority of the copies returns the revision before it,
 * and an edit of that is a conflict which can win over the end, or lose against it. While a node hangs, the request fails, so only
 * edits use it.
 *
 * @param {string} database @param {string} id
 */
export const newestPathOf = (database, id) => `${pathOf(database, id)}?r=99`;

export class Call {
  /** The client that the method was called with: a handle of its own, since the caller may free the other at any time. */
  client;
  #controller = new AbortController();
  #signal;
  #onAbort = () => this.#controller.abort(this.#signal?.reason);

  /**
   * @param {Client} client
   * @param {AbortSignal | undefined} signal of the caller
   */
  constructor(client, signal) {
    this.client = client.__share();
    this.#signal = signal;
    if (signal?.aborted) this.#onAbort();
    else if (signal) onAbort(signal, this.#onAbort);
  }

  /** Aborted when the call ends, for whatever reason. */
  get signal() {
    return this.#controller.signal;
  }

  /** The reason of the caller's abort, whichever of the requests has failed first; otherwise `error`. @param {unknown} error */
  reasonOr(error) {
    return this.signal.aborted ? this.signal.reason : error;
  }

  /** The call is over: what is still under way is aborted. */
  end() {
    if (this.#signal) offAbort(this.#signal, this.#onAbort);
    this.#controller.abort();
    this.client.free();
  }

  /**
   * The JSON of a request that changes nothing: `GET path`, or `POST path` with a body.
   *
   * @param {string} path
   * @param {Fits} fits
   * @param {Client} [client]
   * @param {string} [body] JSON
   */
  async get(path, fits, client, body) {
    return (await this.#ask(body === undefined ? "GET" : "POST", path, body, true, fits, client)).json;
  }

  /**
   * `GET path`: also the text, for what must be written back unchanged, and the server's time where it can be read.
   *
   * @param {string} path
   * @param {Fits} fits
   * @param {Client} [client]
   */
  async read(path, fits, client) {
    return this.#ask("GET", path, undefined, true, fits, client);
  }

  /** `POST path`, which changes something: it is sent once. @param {string} path @param {string} body JSON @param {Fits} fits @param {Client} client */
  async post(path, body, fits, client) {
    return (await this.#ask("POST", path, body, false, fits, client)).json;
  }

  /**
   * `PUT path`: replaces the revision that is in `body`. A second one would be a conflict, so it is sent again after transient
   * errors, and what a conflict means is for the caller.
   *
   * @param {string} path
   * @param {string} body JSON
   * @param {Fits} fits
   */
  async replace(path, body, fits) {
    return (await this.#ask("PUT", path, body, true, fits)).json;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string | undefined} body
   * @param {boolean} isRepeated after transient errors
   * @param {Fits} fits
   * @param {Client} [client]
   */
  async #ask(method, path, body, isRepeated, fits, client = this.client) {
    // Clients of other servers are freed when the call ends.
    this.signal.throwIfAborted();
    const url = client.url + path;
    const [text, date] = await client.__ask(method, path, body, isRepeated, this.signal);
    // The error of JSON.parse would quote the response, which may contain secrets.
    const json = attempt(() => JSON.parse(text));
    if (!fits(json)) throw faultOf(method, url, "invalid_response", "this is not CouchDB's response", 200);
    return { json, text, date: timeIn(date) };
  }

  /** Rejects if the call ends meanwhile. @param {number} milliseconds */
  async sleep(milliseconds) {
    await sleep(milliseconds, false, this.signal);
    this.signal.throwIfAborted();
  }

  /**
   * The error of a request. Any other is thrown, and if the call has ended, the reason of it, which can be an error of another call.
   *
   * @param {unknown} error
   * @returns {import("../index.js").SchedulerError}
   */
  failureOf(error) {
    if (this.signal.aborted || !(error instanceof SchedulerError)) throw error;
    return /** @type {any} */ (error);
  }
}

/**
 * An error that the package finds in what requests have returned.
 *
 * @param {string} method
 * @param {string} url
 * @param {string} code
 * @param {string} message
 * @param {number | null} [status]
 */
export function faultOf(method, url, code, message, status = null) {
  return new SchedulerError(`${message} (${method} ${url})`, {
    code,
    status,
    error: null,
    reason: null,
    method,
    url,
    requestId: null,
    attempts: 1,
    retryAfter: null,
  });
}

/** The time of a header `Date`; null if it is missing, or is not a time. @param {string | undefined} date */
function timeIn(date) {
  const time = Date.parse(date ?? "");
  return time >= 0 ? time : null;
}

/**
 * The promise of a method: checks its options, does the work, and ends the call.
 *
 * @template T
 * @param {Client} client
 * @param {string} name
 * @param {unknown} options of the caller
 * @param {Record<string, import("../runtime/arguments.js").Kind>} kinds of the options other than `signal`
 * @param {(call: Call, given: Record<string, any>) => Promise<T>} work
 */
export async function method(client, name, options, kinds, work) {
  const given = optionsOf(name, options, { ...kinds, signal: "signal" });
  return during(client, given.signal, (call) => work(call, given));
}

/**
 * The promise of a method: ends the call with the work.
 *
 * @template T
 * @param {Client} client
 * @param {AbortSignal | undefined} signal of the caller
 * @param {(call: Call) => Promise<T>} work
 */
export async function during(client, signal, work) {
  const call = new Call(client, signal);
  try {
    return await work(call);
  } catch (error) {
    throw call.reasonOr(error);
  } finally {
    call.end();
  }
}

/**
 * The source of a method's iterator (runtime/row-iterator.js). The call begins with the first `next()`; errors about arguments
 * come then, too.
 *
 * @param {Client} client
 * @param {() => { signal?: AbortSignal, work: (call: Call) => AsyncGenerator<unknown> }} begin
 * @returns {import("../runtime/row-iterator.js").RowSource}
 */
export function iterating(client, begin) {
  // The caller may free the other handle before the first `next()`.
  const handle = client.__share();
  /** @type {Call | undefined} */
  let call;
  /** @type {AsyncGenerator<unknown> | undefined} */
  let rows;
  return {
    fetchesAhead: false,
    async next() {
      if (rows === undefined) {
        const { signal, work } = begin();
        call = new Call(handle, signal);
        rows = work(call);
      }
      try {
        const { done, value } = await rows.next();
        return done ? undefined : [value];
      } catch (error) {
        throw call?.reasonOr(error);
      }
    },
    stop() {
      call?.end();
      // Ends what the rows are made of, such as an iterator of the caller.
      rows?.return(undefined).catch(() => {});
    },
    free: () => handle.free(),
  };
}

/**
 * Yields what `work` returns for each item, in the order in which it is ready. At most `limit` are worked on at a time.
 *
 * @template Item, Result
 * @param {number} limit
 * @param {Iterable<Item> | AsyncIterable<Item>} items
 * @param {(item: Item) => Promise<Result>} work
 * @param {AbortSignal} [signal] of the call; `items` of the caller may wait longer
 * @returns {AsyncGenerator<Result>}
 */
export async function* concurrently(limit, items, work, signal) {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  /** @type {Set<Promise<() => Result[]>>} each says what it yields when it is the first to be ready */
  const working = new Set();
  const add = (/** @type {Promise<Result[]>} */ results) => {
    /** @type {Promise<() => Result[]>} */
    const promise = results.then((values) => () => {
      working.delete(promise);
      return values;
    });
    working.add(promise);
    // The caller ends at the first error; the others are of no interest.
    promise.catch(() => {});
  };
  let isOver = false;
  let isWaiting = false;
  /** Starts with the next item. @returns {Promise<Result[]>} */
  const begin = async () => {
    const { done, value } = await unlessAborted(iterator.next(), signal);
    if (done) isOver = true;
    else {
      // An array can contain promises, which a loop would wait for, too.
      const item = await unlessAborted(value, signal);
      add(work(item).then((result) => [result]));
    }
    isWaiting = false;
    return [];
  };
  try {
    for (;;) {
      if (!isOver && !isWaiting && working.size < limit) {
        isWaiting = true;
        add(begin());
      }
      if (working.size === 0) return;
      const ready = await Promise.race(working);
      yield* ready();
    }
  } finally {
    // As a loop would end it; nothing waits for it.
    if (!isOver) (async () => iterator.return?.())().catch(() => {});
  }
}

/** Rejects when `signal` is aborted, even if the promise never settles. @template T @param {T | PromiseLike<T>} promise @param {AbortSignal | undefined} signal @returns {Promise<T>} */
export async function unlessAborted(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    const done = () => signal.removeEventListener("abort", abort);
    Promise.resolve(promise).then(resolve, reject).finally(done);
    if (signal.aborted) abort();
  });
}
