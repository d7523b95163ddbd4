// @ts-check
// Where the journal is kept: in this browser's IndexedDB, for all tabs, or in the memory of the page. Both are bounded. A list is
// named by a hash, so the storage shows no server.

import { continued } from "../model/journal-hours.js";
import { DAY } from "../model/periods.js";
import { putLast } from "../model/put-last.js";

const NAME = "couchdb-scheduler-journal";
const VERSION = 1;
export const MAX_ENTRIES = 20_000;
const MAX_IN_MEMORY = 2000;
export const MAX_AGE = 14 * DAY;
const MAX_SESSIONS = 1000;
/** Entries that are written before old ones are looked for again. */
const PRUNING = 500;

/**
 * @typedef {import("../model/journal.js").Entry} Entry
 * @typedef {import("../model/journal-hours.js").Session} Session
 * @typedef {import("../model/journal-hours.js").Count} Count
 * @typedef {{ entries: Entry[], sessions: Session[] }} Kept sessions in their order
 *
 * @typedef {object} JournalStore
 * @property {(entries: readonly Entry[], now: number, count: Count, since?: number) => Promise<boolean>} write the list was seen
 *   now, and `since` this time if the session is a new one; false: another tab writes what happened, so these entries may be needed only if it ends
 * @property {(from: number) => Promise<Kept>} read what has ended at this time or later
 * @property {() => Promise<unknown>} clear removes everything, of all servers
 */

/** 53 bits suffice to tell a few lists from each other. @param {string} text */
function hash(text) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x9e3779b1);
    b = Math.imul(b ^ text.charCodeAt(i), 0x5f356495);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return ((b & 0x1fffff) * 2 ** 32 + (a >>> 0)).toString(36);
}

/** @returns {JournalStore} */
export function inMemory() {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** By begin. @type {Map<number, Session>} */
  const sessions = new Map();
  return {
    async write(news, now, count, since) {
      const session = continued([...sessions.values()].at(-1), "", now, count, since);
      if (session) putLast(sessions, session.from, session, MAX_SESSIONS);
      for (const entry of news) putLast(entries, entry.id, entry, MAX_IN_MEMORY);
      return true;
    },
    read: async (from) => ({
      entries: [...entries.values()].filter(({ until }) => until >= from),
      sessions: [...sessions.values()],
    }),
    async clear() {
      entries.clear();
      sessions.clear();
    },
  };
}

/**
 * @param {string} url of the server
 * @param {string} list
 * @returns {Promise<JournalStore>} rejects where the browser keeps nothing, as in some private windows
 */
export async function onDisk(url, list) {
  const { origin, pathname } = new URL(url);
  const of = hash(`${origin}${pathname} ${list}`);
  const all = IDBKeyRange.bound([of], [of, []]);
  const me = `${Math.random()}`;
  const db = await opened();
  let unpruned = PRUNING;

  /** @param {IDBTransactionMode} mode */
  function begin(mode) {
    const transaction = db.transaction(["entries", "sessions"], mode);
    const end = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    // Its requests fail, too, and may be the only ones that are waited for.
    end.catch(() => {});
    return { entries: transaction.objectStore("entries"), sessions: transaction.objectStore("sessions"), end };
  }

  /** @param {number} now */
  async function prune(now) {
    const { entries, sessions, end } = begin("readwrite");
    const old = IDBKeyRange.upperBound(now - MAX_AGE);
    for (const store of [entries, sessions]) {
      each(store.index("until").openKeyCursor(old), ({ primaryKey }) => store.delete(primaryKey));
    }
    let excess = (await answerOf(entries.index("time").count(all))) - MAX_ENTRIES;
    each(entries.index("time").openKeyCursor(all), ({ primaryKey }) => excess-- > 0 && entries.delete(primaryKey));
    await end;
  }

  return {
    async write(news, now, count, since) {
      const { entries, sessions, end } = begin("readwrite");
      const latest = (await answerOf(sessions.openCursor(all, "prev")))?.value;
      const session = continued(latest, me, now, count, since);
      if (session) {
        sessions.put({ ...session, of });
        for (const entry of news) {
          // The tab that wrote before has written what it has seen.
          if (latest?.writer === me || !(entry.until <= latest?.until)) entries.put({ ...entry, of });
        }
        unpruned += news.length;
      }
      await end;
      if (unpruned >= PRUNING) {
        await prune(now);
        unpruned = 0;
      }
      return session !== null;
    },
    async read(from) {
      const { entries, sessions } = begin("readonly");
      const some = IDBKeyRange.bound([of, from], [of, []]);
      const [found, sessionsFound] = await Promise.all([
        answerOf(entries.index("time").getAll(some)),
        answerOf(sessions.getAll(all)),
      ]);
      return { entries: found, sessions: sessionsFound };
    },
    clear() {
      const { entries, sessions, end } = begin("readwrite");
      entries.clear();
      sessions.clear();
      return end;
    },
  };
}

/** One for all journals of the page: the browser keeps each that is open. @type {Promise<IDBDatabase> | null} */
let shared = null;

function opened() {
  const mine = shared ?? open();
  shared = mine;
  mine.catch(forget);
  return mine;
}

const forget = () => {
  shared = null;
};

/** @returns {Promise<IDBDatabase>} */
function open() {
  const request = indexedDB.open(NAME, VERSION);
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    // An older version of the page in another tab, which does not let go.
    request.onblocked = () => reject(new Error("in use"));
    request.onupgradeneeded = () => {
      const entries = request.result.createObjectStore("entries", { keyPath: ["of", "id"] });
      entries.createIndex("time", ["of", "until"]);
      entries.createIndex("until", "until");
      request.result.createObjectStore("sessions", { keyPath: ["of", "from"] }).createIndex("until", "until");
    };
    request.onsuccess = () => {
      const db = request.result;
      // A newer version of the page may need another format.
      db.onversionchange = () => {
        forget();
        db.close();
      };
      // The user has deleted it.
      db.onclose = forget;
      resolve(db);
    };
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answerOf = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {IDBRequest<IDBCursor | null>} request @param {(cursor: IDBCursor) => unknown} act false: enough */
function each(request, act) {
  request.onsuccess = () => {
    if (request.result && act(request.result) !== false) request.result.continue();
  };
}
