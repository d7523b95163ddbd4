// @ts-check
// Reads that are equal, within a second, share one response: many open pages cost CouchDB little more than one.

import { Refusal } from "./refusal.js";

/** @typedef {import("./upstream.js").Answer} Answer */

/** How long a response is used again, in milliseconds. */
const FRESH_MS = 1000;
/** Maximum number of requests to CouchDB at the same time, and of those that wait for their turn. */
const MAX_AT_ONCE = 16;
const MAX_WAITING = 1000;
/** Maximum size of all kept responses in bytes; others are returned only to the requests that wait for them. */
const MAX_KEPT = 64 * 1024 * 1024;

/**
 * @typedef {object} Shared
 * @property {Promise<Answer>} answer
 * @property {AbortController} controller
 * @property {number} waiting number of requests that wait for it
 */

/** @typedef {(key: string, signal: AbortSignal, read: (signal: AbortSignal) => Promise<Answer>, isKept?: boolean) => Promise<Answer>} Share */

/**
 * @param {() => number} now monotonic clock in milliseconds
 * @returns {{ share: Share, forget: () => void }} `forget`: what was read is out of date
 */
export function createSharing(now) {
  /** @type {Map<string, Shared>} */
  const underWay = new Map();
  /** In the order in which they expire. @type {Map<string, { answer: Answer, at: number }>} */
  const kept = new Map();
  let size = 0;
  let running = 0;
  /** Those that wait for their turn, in order. @type {Set<(value?: unknown) => void>} */
  const queue = new Set();

  /** @param {string} key */
  function drop(key) {
    size -= kept.get(key)?.answer.body.length ?? 0;
    kept.delete(key);
  }

  function dropOld() {
    for (const [key, { at }] of kept) {
      if (now() - at < FRESH_MS) break;
      drop(key);
    }
  }

  /** @param {string} key @param {Answer} answer */
  function keep(key, answer) {
    drop(key);
    if (size + answer.body.length > MAX_KEPT) return;
    size += answer.body.length;
    kept.set(key, { answer, at: now() });
    // Memory is not held longer than the response is used.
    setTimeout(dropOld, FRESH_MS + 1).unref();
  }

  /** @param {AbortSignal} signal @param {(signal: AbortSignal) => Promise<Answer>} read */
  async function inTurn(signal, read) {
    if (running < MAX_AT_ONCE) running++;
    else {
      if (queue.size >= MAX_WAITING) {
        throw new Refusal(503, "busy", "Too many requests to CouchDB are under way.", { "Retry-After": "1" });
      }
      await new Promise((resolve, reject) => {
        queue.add(resolve);
        signal.addEventListener("abort", () => queue.delete(resolve) && reject(signal.reason), { once: true });
      });
    }
    try {
      return await read(signal);
    } finally {
      const [next] = queue;
      if (next) {
        // It takes this place.
        queue.delete(next);
        next();
      } else running--;
    }
  }

  /** @param {string} key @param {(signal: AbortSignal) => Promise<Answer>} read @param {boolean} isKept @returns {Shared} */
  function begin(key, read, isKept) {
    const controller = new AbortController();
    /** @type {Shared} */
    const shared = { answer: inTurn(controller.signal, read), controller, waiting: 0 };
    underWay.set(key, shared);
    const isCurrent = () => underWay.get(key) === shared && underWay.delete(key);
    shared.answer.then((answer) => {
      if (isCurrent() && isKept) keep(key, answer);
    }, isCurrent);
    return shared;
  }

  /** @type {Share} `isKept`: for a second; otherwise only those who ask meanwhile share it */
  const share = async (key, signal, read, isKept = true) => {
    signal.throwIfAborted();
    dropOld();
    const ready = kept.get(key);
    if (ready) return ready.answer;
    const shared = underWay.get(key) ?? begin(key, read, isKept);
    shared.waiting++;
    try {
      return await raced(shared.answer, signal);
    } finally {
      shared.waiting--;
      // No request waits for it any more.
      if (shared.waiting === 0 && underWay.get(key) === shared) {
        underWay.delete(key);
        shared.controller.abort();
      }
    }
  };

  return {
    share,
    forget() {
      underWay.clear();
      for (const key of [...kept.keys()]) drop(key);
    },
  };
}

/** @template T @param {Promise<T>} promise @param {AbortSignal} signal @returns {Promise<T>} */
function raced(promise, signal) {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
