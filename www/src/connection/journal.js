// @ts-check
// The journal of one list: what the page sees of it, kept on disk if the user wants this and the browser can, otherwise as long as
// the page is open.

import { Chronicle, incidentEvents } from "../model/journal.js";
import { DAY } from "../model/periods.js";
import { inSlices } from "../model/slices.js";
import { inMemory, onDisk } from "./journal-store.js";
import { store, stored } from "./local-storage.js";

const KEY = "couchdb-scheduler.journal";
/** Milliseconds between two notes that the list was seen without news. */
const BEAT = 30_000;
const MAX_PENDING = 1000;

/**
 * @typedef {import("../model/journal.js").Entry} Entry
 * @typedef {import("../model/rows.js").Delta} Delta
 * @typedef {import("../model/journal-hours.js").Count} Count
 */

/**
 * The journals of what is shown of a server. Without the user's word, they are on disk where the browser remembers the server
 * anyway: what a page leaves on a computer should not be a surprise.
 *
 * @param {import("./fleet.js").Fleet} fleet
 * @param {() => boolean} isRemembered
 * @returns {Record<import("./fleet.js").ListName, Journal>}
 */
export function journalsOf(fleet, isRemembered) {
  const { connection, database } = fleet;
  const isOnDisk = () => wantsDisk() ?? isRemembered();
  const begin = (/** @type {string} */ list) =>
    new Journal(connection.isTryOut ? null : { url: connection.client.url, list }, isOnDisk);
  // Jobs are those of all databases.
  const journals = { docs: begin(`docs ${database}`), jobs: begin("jobs") };
  /** What earlier pages saw. @type {ReturnType<Journal["read"]> | null} */
  let past = journals.docs.read(Date.now() - DAY);
  fleet.subscribe({
    onRefresh: ({ list, delta, isFirst }) => {
      const { isKnown, rows } = fleet[list];
      const { total, unhealthy } = rows.tally;
      if (isKnown) void journals[list].see(delta, isFirst, { total, unhealthy });
    },
    onFailure: ({ list }) => void journals[list].seeNothing(),
    onIncidents: (events) => {
      for (const event of events) void journals.docs.seeIncident(event);
      // Once, and after the first look.
      void past?.then(({ entries, sessions }) => {
        const watched = sessions.map(({ from, until }) => ({ from, to: until }));
        for (const event of fleet.timeline.fill(incidentEvents(entries), watched))
          void journals.docs.seeIncident(event);
      });
      past = null;
    },
  });
  return journals;
}

/** Whether the user wants it on disk; null: not said. */
function wantsDisk() {
  const said = stored(KEY);
  return said === undefined ? false : typeof said === "boolean" ? said : null;
}

/** `change`: there is something else to read. */
export class Journal extends EventTarget {
  #place;
  #chronicle = new Chronicle();
  #memory = inMemory();
  /** @type {import("./journal-store.js").JournalStore | null} */
  #disk = null;
  /** @type {Promise<unknown>} */
  #work = Promise.resolve();
  /** Of this tab, while another one writes. @type {Entry[]} */
  #pending = [];
  #beatAt = 0;
  /** @type {Count} */
  #count = { total: 0, unhealthy: 0 };

  /** @param {{ url: string, list: string } | null} place null: never on disk @param {() => boolean} isOnDisk */
  constructor(place, isOnDisk) {
    super();
    this.#place = place;
    void this.#then(async () => {
      if (isOnDisk()) this.#disk = await this.#open();
      this.#changed();
    });
  }

  get isOnDisk() {
    return this.#disk !== null;
  }

  /** Everything below happens one after the other. @template T @param {() => Promise<T>} step @returns {Promise<T>} */
  #then(step) {
    const result = this.#work.then(step);
    this.#work = result.catch(() => {});
    return result;
  }

  /** Resolves to null where it is never on disk; and in some private windows, where the browser keeps nothing. */
  async #open() {
    return this.#place && onDisk(this.#place.url, this.#place.list).catch(() => null);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** The list as the server reports it now. @param {Delta} delta @param {boolean} isFirst @param {Count} count */
  see(delta, isFirst, count) {
    const now = Date.now();
    return this.#then(async () => {
      this.#count = count;
      const entries = isFirst ? [] : await inSlices(this.#chronicle.take(delta, now));
      await this.#write(entries ?? [], now);
    });
  }

  /** @param {import("../model/journal.js").IncidentEvent} event */
  seeIncident(event) {
    return this.#then(() => this.#write([this.#chronicle.incident(event)], null));
  }

  /** The server does not respond: nothing is seen. */
  seeNothing() {
    return this.#then(async () => {
      if (this.#beatAt > 0) await this.#write([this.#chronicle.unreachable(Date.now())], null);
    });
  }

  /** @param {Entry[]} entries @param {number | null} seenAt when the list was seen; null: not now */
  async #write(entries, seenAt) {
    if (entries.length === 0 && seenAt !== null && seenAt - this.#beatAt < BEAT) return;
    const now = seenAt ?? this.#beatAt;
    this.#beatAt = now;
    await this.#memory.write(entries, now, this.#count);
    if (this.#disk) {
      this.#pending.push(...entries);
      try {
        const isWritten = await this.#disk.write(this.#pending, now, this.#count);
        this.#pending = isWritten ? [] : this.#pending.slice(-MAX_PENDING);
      } catch {
        // It is full, or was taken away.
        this.#disk = null;
        this.#pending = [];
      }
    }
    this.#changed();
  }

  /** What has happened since this time. @param {number} from */
  read(from) {
    return this.#then(async () => {
      try {
        if (this.#disk) return await this.#disk.read(from);
      } catch {
        this.#disk = null;
      }
      return this.#memory.read(from);
    });
  }

  /** Remembers the choice for all servers. @param {boolean} isOnDisk */
  async keep(isOnDisk) {
    store(KEY, isOnDisk);
    await this.#then(async () => {
      this.#disk = isOnDisk ? await this.#open() : null;
      const { entries, sessions } = await this.#memory.read(0);
      await this.#disk?.write(entries, this.#beatAt, this.#count, sessions.at(-1)?.from).catch(() => {});
    });
    this.#changed();
  }

  /** Deletes everything, of all servers. */
  async clear() {
    await this.#then(async () => {
      await this.#memory.clear();
      this.#pending = [];
      this.#beatAt = 0;
      await (this.#disk ?? (await this.#open()))?.clear();
    });
    this.#changed();
  }
}
