// @ts-check
// Everything the page knows about one server and one of its replicator databases, while it is shown.

import { ServerClock } from "../model/clock.js";
import { EVERYTHING } from "../model/filter.js";
import { Findings } from "../model/findings.js";
import { IncidentTimeline } from "../model/incident-timeline.js";
import { Incidents } from "../model/incidents.js";
import { RateHistory } from "../model/rate-history.js";
import { docRow, jobRow } from "../model/row.js";
import { docSource, transientSource } from "./feed.js";
import { Insight } from "./insight.js";
import { ReplicationList } from "./replication-list.js";
import { troubleOf } from "./trouble.js";

/**
 * @typedef {"docs" | "jobs"} ListName
 * @typedef {import("../model/filter.js").Filter} Filter
 * @typedef {import("../model/row.js").Row} Row
 * @typedef {import("../model/view.js").Order} Order
 *
 * @typedef {object} FleetListener
 * @property {(list: ListName, isAnother: boolean) => void} [onChange] other rows are shown; `isAnother`: by filter or order
 * @property {(refresh: { list: ListName } & import("./replication-list.js").Refresh) => void} [onRefresh]
 * @property {(events: import("../model/incident-timeline.js").IncidentEvent[]) => void} [onIncidents] after each refresh of the
 *   documents, with what has begun and ended
 * @property {(failure: { list: ListName } & import("./replication-list.js").Failure) => void} [onFailure]
 * @property {() => void} [onInsight] more is known about the documents than their list says
 *
 * @typedef {object} FleetOptions
 * @property {string} database
 * @property {Filter} filter
 * @property {Order} order
 * @property {boolean} [hasResponded] whether the server has accepted the credentials before
 */

export class Fleet {
  clock = new ServerClock();
  /** Of the documents. */
  incidents = new Incidents();
  timeline = new IncidentTimeline();
  rates = new RateHistory();
  #filter = EVERYTHING;
  /** By which the rows are placed. */
  #findings = new Findings();
  #backlogs = 0;
  /** @type {Set<FleetListener>} */
  #listeners = new Set();
  /** Of the fleet that is shown. @type {Record<ListName, import("./journal.js").Journal> | null} */
  journals = null;
  #wantsJobs = false;
  /** @type {Promise<string[]> | null} */
  #databases = null;
  #isStopped = false;
  /** The single document that is watched besides the list. @type {{ key: string, end: AbortController } | null} */
  #watched = null;

  /** @param {import("./connection.js").Connection} connection @param {FleetOptions} options */
  constructor(connection, { database, filter, order, hasResponded = false }) {
    this.connection = connection;
    this.database = database;
    this.hasResponded = hasResponded;
    /** The documents of the database, which are always watched. */
    this.docs = new ReplicationList(docRow, docSource(connection, database), order, this.#listener("docs"));
    /** The jobs without a document, of all databases. */
    this.jobs = new ReplicationList(jobRow, transientSource(connection), order, this.#listener("jobs"));
    this.insight = new Insight({ inspector: connection.inspector, database, rows: this.docs.rows }, () => {
      this.#placeFindings();
      for (const { onInsight } of this.#listeners) onInsight?.();
    });
    const { client, username } = connection;
    const requested = { url: client.url, username, database };
    this.troubleOf = (/** @type {unknown} */ error) => troubleOf(error, requested);
    this.filterBy(filter);
  }

  /** @param {ListName} list */
  #listener(list) {
    return {
      mayRetry: () => this.hasResponded,
      onChange: (/** @type {boolean} */ isAnother) => {
        for (const { onChange } of this.#listeners) onChange?.(list, isAnother);
      },
      onRefresh: (/** @type {import("./replication-list.js").Refresh} */ refresh) => {
        this.hasResponded = true;
        this.clock.take(refresh.delta);
        if (list === "docs" && refresh.isWhole) {
          this.rates.beat(refresh.sinceWhole, Date.now());
          this.insight.refreshed(refresh.sinceWhole, this.docs.rows.tally.states.pending > 0);
          this.#placeBacklogs();
        }
        for (const { onRefresh } of this.#listeners) onRefresh?.({ list, ...refresh });
        if (list === "docs") void this.#findIncidents(refresh);
        this.#startJobs();
      },
      onFailure: (/** @type {import("./replication-list.js").Failure} */ failure) => {
        for (const { onFailure } of this.#listeners) onFailure?.({ list, ...failure });
      },
    };
  }

  /** @param {import("./replication-list.js").Refresh} refresh */
  async #findIncidents({ delta, isWhole }) {
    await this.incidents.take(delta);
    if (!isWhole || this.#isStopped) return;
    const events = this.timeline.look(this.incidents, this.clock.now());
    for (const { onIncidents } of this.#listeners) onIncidents?.(events);
  }

  /** @param {FleetListener} listener @returns {() => void} ends the subscription */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start() {
    this.docs.start();
    this.#startJobs();
  }

  /** The first request is for the documents only, so that a wrong password is sent once. */
  #startJobs() {
    if (this.#wantsJobs && this.hasResponded && !this.jobs.isStarted && !this.#isStopped) this.jobs.start();
  }

  /** Jobs are watched only while they are shown. @param {boolean} areShown */
  watchJobs(areShown) {
    this.#wantsJobs = areShown;
    if (areShown) this.#startJobs();
    else if (this.jobs.isStarted) this.jobs.stop();
  }

  /**
   * Watches a single document besides the list: on a large server, one list comes minutes after the other.
   *
   * @param {string | null} key null: none any more
   */
  watchOne(key) {
    if (key === (this.#watched?.key ?? null) || this.#isStopped) return;
    this.#watched?.end.abort();
    this.#watched = key === null ? null : { key, end: new AbortController() };
    if (this.#watched) void this.#follow(this.#watched);
  }

  /** @param {{ key: string, end: AbortController }} watched */
  async #follow(watched) {
    const { key, end } = watched;
    try {
      const options = { database: this.database, docIds: [key], signal: end.signal };
      for await (const batch of this.connection.scheduler.watch(options)) {
        // Whether it was deleted, the list says.
        for (const change of batch) if (change.type !== "removed") await this.docs.put(change.doc);
      }
    } catch {
      // The lists report what is wrong with the server.
      if (this.#watched === watched) this.#watched = null;
    }
  }

  /** Requests a document again that was changed. @param {string} key */
  async look(key) {
    try {
      const doc = await this.connection.scheduler.getDoc(key, { database: this.database });
      // It has none for a moment.
      if (doc.state !== null) await this.docs.put(doc);
    } catch {
      // The list will have it.
    }
  }

  stop() {
    this.watchOne(null);
    this.#isStopped = true;
    this.#listeners.clear();
    this.insight.stop();
    this.docs.stop();
    this.jobs.stop();
  }

  /** @param {Filter} filter */
  filterBy(filter) {
    this.#filter = filter;
    const hasFinding = (/** @type {Row} */ row, /** @type {string} */ kind) => this.insight.findings.has(row, kind);
    for (const { view } of [this.docs, this.jobs]) void view.filterBy(filter, hasFinding);
  }

  get #column() {
    return this.docs.view.order.column;
  }

  /** Other rows have findings now. */
  #placeFindings() {
    const { findings } = this.insight;
    if (findings === this.#findings) return;
    this.#findings = findings;
    if (this.#filter.finding === null && this.#column !== "finding") return;
    for (const { view } of [this.docs, this.jobs]) void view.rebuild(false);
  }

  /** They arrive one by one: the rows move once for each refresh. */
  #placeBacklogs() {
    const { version } = this.insight.backlogs;
    if (version === this.#backlogs || !["backlog", "last_progress"].includes(this.#column)) return;
    this.#backlogs = version;
    void this.docs.view.rebuild(false);
  }

  /** @param {Order} order */
  orderBy(order) {
    for (const { view } of [this.docs, this.jobs]) void view.orderBy(order);
  }

  /** The replicator databases of the server: it is asked once. @returns {Promise<string[]>} */
  findDatabases() {
    this.#databases ??= this.#listDatabases();
    return this.#databases;
  }

  async #listDatabases() {
    try {
      return await this.connection.inspector.replicatorDatabases({});
    } catch {
      // The user can type them, and the server is asked again.
      this.#databases = null;
      return [];
    }
  }
}
