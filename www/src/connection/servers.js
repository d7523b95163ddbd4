// @ts-check
// Several servers at once: how each of them is doing, refreshed while the start page is shown. Passwords are in the memory of the
// page only.

import { toStore, withServer, withStored } from "../model/servers.js";
import { AUDIT_MS } from "./insight.js";
import { store, stored } from "./local-storage.js";
import { Slots } from "./slots.js";
import { needsLogin } from "./trouble.js";

/**
 * @typedef {import("./connection.js").Connection} Connection
 * @typedef {import("../model/servers.js").Server} Server
 *
 * @typedef {object} Card
 * @property {Server} server
 * @property {"locked" | "waiting" | "known" | "failed"} status `locked`: it needs its password; `failed`: the last refresh did
 * @property {import("couchdb-scheduler").Summary | null} summary of all its replicator databases
 * @property {readonly import("couchdb-scheduler").Incident[]} incidents
 * @property {readonly import("couchdb-scheduler").Finding[] | null} findings null: unknown
 * @property {unknown} error of the last refresh
 * @property {number | null} refreshedAt ms since 1970
 */

/** Interval between two refreshes of a card in milliseconds. */
export const CARD_INTERVAL = 30_000;
/** A server that needs long is not asked all the time. */
const MIN_REST = 5;
const TIME_LIMIT = 60_000;
const AT_ONCE = 4;
/** Milliseconds after which a server counts as slow. */
const SLOW = 5000;
const ALL = { database: "all" };
const KEY = "couchdb-scheduler.servers";

/** What is known of a server before its first response. */
const NOTHING = { summary: null, incidents: [], findings: null, error: null };
const NO_AUDIT = { auditAt: Number.NEGATIVE_INFINITY, snapshot: undefined };

/**
 * @typedef {object} Entry
 * @property {Card} card
 * @property {Connection | null} connection
 * @property {ReturnType<typeof setTimeout>} [timer]
 * @property {AbortController} [attempt]
 * @property {number} dueAt
 * @property {number} auditAt when the last audit with this connection began
 * @property {import("couchdb-scheduler").AuditSnapshot | undefined} snapshot of that audit, which the next one can confirm
 */

export class Servers {
  /** @type {readonly Card[]} */
  cards = [];
  /** Whether cards are refreshed. */
  #isRunning = false;
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  #slots = new Slots(AT_ONCE, SLOW);
  #onChange;
  #connect;

  /**
   * @param {readonly Server[]} servers of the configuration
   * @param {(server: Server) => Connection} connect without a password
   * @param {(cards: readonly Card[]) => void} onChange
   */
  constructor(servers, connect, onChange) {
    this.#connect = connect;
    this.#onChange = onChange;
    this.#keep(withStored(servers, stored(KEY)));
  }

  get list() {
    return this.cards.map(({ server }) => server);
  }

  /** @param {string} url @returns {Connection | null} null: it needs its password */
  connectionTo(url) {
    return this.#entries.get(url)?.connection ?? null;
  }

  /**
   * Adds a server, or connects to a known one.
   *
   * @param {Connection} connection
   * @param {boolean} isRemembered whether the browser keeps it, without its password
   */
  add(connection, isRemembered) {
    const { how, username, client } = connection;
    this.#keep(withServer(this.list, { url: client.url, how, username, isRemembered }));
    const entry = this.#entries.get(client.url);
    if (!entry) return;
    this.#stop(entry);
    this.#forget(entry, connection, "waiting");
    keep(this.list);
    this.#schedule(entry, 0);
  }

  /** @param {string} url of a server that the user has added */
  remove(url) {
    this.disconnect(url);
    this.#keep(this.list.filter((server) => server.url !== url));
    keep(this.list);
  }

  /** Forgets the password. @param {string} url */
  disconnect(url) {
    const entry = this.#entries.get(url);
    if (!entry) return;
    this.#stop(entry);
    this.#forget(entry, null, "locked");
  }

  /** What another connection has found. @param {Entry} entry @param {Connection | null} connection @param {Card["status"]} status */
  #forget(entry, connection, status) {
    Object.assign(entry, { connection, ...NO_AUDIT });
    this.#set(entry, { ...NOTHING, status });
  }

  /** Refreshes the cards from now on, unless the page is hidden. */
  start() {
    document.addEventListener("visibilitychange", this.#show);
    this.#show();
  }

  stop() {
    document.removeEventListener("visibilitychange", this.#show);
    this.#run(false);
  }

  #show = () => this.#run(!document.hidden);

  /** @param {boolean} isRunning */
  #run(isRunning) {
    this.#isRunning = isRunning;
    for (const entry of this.#entries.values()) {
      this.#stop(entry);
      this.#schedule(entry, entry.dueAt - Date.now());
    }
  }

  /** @param {readonly Server[]} servers */
  #keep(servers) {
    const known = this.#entries;
    this.#entries = new Map();
    for (const server of servers) {
      const entry = known.get(server.url) ?? this.#entryOf(server);
      entry.card = { ...entry.card, server };
      this.#entries.set(server.url, entry);
    }
    this.#publish();
  }

  /** @param {Server} server @returns {Entry} */
  #entryOf(server) {
    const connection = server.how === "password" ? null : this.#connect(server);
    const status = connection ? "waiting" : "locked";
    return { card: { ...NOTHING, server, status, refreshedAt: null }, connection, dueAt: 0, ...NO_AUDIT };
  }

  /** @param {Entry} entry */
  #stop(entry) {
    clearTimeout(entry.timer);
    entry.attempt?.abort();
    entry.attempt = undefined;
  }

  /** @param {Entry} entry @param {number} ms */
  #schedule(entry, ms) {
    clearTimeout(entry.timer);
    if (!this.#isRunning || !entry.connection) return;
    const attempt = new AbortController();
    entry.attempt = attempt;
    const begin = () =>
      void this.#slots.run(async () => {
        const { connection } = entry;
        if (connection && !attempt.signal.aborted) await this.#refresh(entry, connection, attempt);
      });
    if (ms > 0) entry.timer = setTimeout(begin, ms);
    else begin();
  }

  /** @param {Entry} entry @param {Connection} connection @param {AbortController} attempt */
  async #refresh(entry, connection, attempt) {
    const { signal } = attempt;
    const limit = setTimeout(() => attempt.abort(new Error("The server did not respond within a minute.")), TIME_LIMIT);
    const begun = Date.now();
    try {
      const { inspector } = connection;
      // One after the other, so that a wrong password is sent once.
      const summary = await inspector.summary({ ...ALL, signal });
      if (entry.attempt !== attempt) return;
      // Shown at once, since the incidents need another list of all.
      this.#set(entry, { summary });
      const incidents = await inspector.incidents({ ...ALL, signal });
      if (entry.attempt !== attempt) return;
      this.#set(entry, { status: "known", incidents, error: null, refreshedAt: Date.now() });
      if (Date.now() - entry.auditAt < AUDIT_MS) return;
      entry.auditAt = Date.now();
      // Not the way to find out whether the server responds.
      const audit = await inspector.audit({ ...ALL, signal, previous: entry.snapshot }).catch(() => null);
      if (entry.attempt !== attempt) return;
      entry.snapshot = audit?.snapshot;
      this.#set(entry, { findings: audit?.findings ?? null });
    } catch (error) {
      if (entry.attempt !== attempt) return;
      const isLocked = needsLogin(error);
      // A second attempt could lock the account.
      if (isLocked) entry.connection = null;
      this.#set(entry, { status: isLocked ? "locked" : "failed", error: signal.aborted ? signal.reason : error });
    } finally {
      clearTimeout(limit);
      if (entry.attempt === attempt) {
        const pause = Math.max(CARD_INTERVAL, MIN_REST * (Date.now() - begun));
        entry.dueAt = Date.now() + pause;
        this.#schedule(entry, pause);
      }
    }
  }

  /** @param {Entry} entry @param {Partial<Card>} news */
  #set(entry, news) {
    entry.card = { ...entry.card, ...news };
    this.#publish();
  }

  #publish() {
    this.cards = [...this.#entries.values()].map(({ card }) => card);
    this.#onChange(this.cards);
  }
}

/** @param {readonly Server[]} servers */
function keep(servers) {
  const list = toStore(servers);
  store(KEY, list.length > 0 ? list : null);
}
