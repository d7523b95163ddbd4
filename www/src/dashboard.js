// @ts-check
// The page while it is connected: what it shows about a server's replications, and the actions.

import { announce } from "./components/announce.js";
import { announceChanges } from "./components/announce-changes.js";
import { Details } from "./components/details/details.js";
import { Actions } from "./components/dialogs/actions.js";
import { byId, make, setAttribute, setText } from "./components/dom.js";
import { Freshness } from "./components/overview/freshness.js";
import { Overview } from "./components/overview/overview.js";
import { COLUMNS, ID } from "./components/table/columns.js";
import { Grid } from "./components/table/grid.js";
import { docSource, transientSource } from "./connection/feed.js";
import { ReplicationList } from "./connection/replication-list.js";
import { needsLogin, troubleAt } from "./connection/trouble.js";
import { EVERYTHING } from "./model/filter.js";
import { counted, number } from "./model/format.js";
import { DEFAULT_DATABASE, fragmentOf, goTo, readFragment } from "./model/location.js";
import { docRow, jobRow } from "./model/row.js";

/**
 * @typedef {import("./model/row.js").Row} Row
 * @typedef {import("./model/rows.js").Delta} Delta
 * @typedef {import("./connection/connection.js").Connection} Connection
 * @typedef {import("./model/location.js").Place} Place
 *
 * @typedef {object} DashboardOptions
 * @property {(connection: Connection) => void} onConnected
 * @property {(connection: Connection, error: unknown) => void} onLost a retry would not help
 */

/** Replications that need attention come first. */
const FIRST_ORDER = orderBy(/** @type {import("./components/table/columns.js").Column} */ (COLUMNS[0]), false);

export class Dashboard {
  #options;
  #element = byId("dashboard", HTMLElement);
  #matches = byId("matches", HTMLElement);
  #empty = byId("empty", HTMLElement);
  #search = byId("search", HTMLInputElement);
  #databaseField = byId("database", HTMLInputElement);
  #narrow = matchMedia("(max-width: 899px)");
  /** @type {Connection | null} */
  connection = null;
  #isConnected = false;
  /** @type {Place} */
  #place = { list: "docs", database: DEFAULT_DATABASE, key: null };
  /** The database whose documents are watched. */
  #followed = DEFAULT_DATABASE;
  #isAskingForJob = false;
  /** From the URL that was opened: scrolled into view once it is in the list. @type {string | null} */
  #toReveal = null;
  #freshness;
  #overview;
  #docs;
  #jobs;
  #grid;
  #details;
  #actions;

  /** @param {DashboardOptions} options */
  constructor(options) {
    this.#options = options;
    this.#freshness = new Freshness(() => this.#list.hurry());
    this.#overview = new Overview(() => this.#filter());
    this.#docs = new ReplicationList(docRow, FIRST_ORDER, this.#listener("docs"));
    this.#jobs = new ReplicationList(jobRow, FIRST_ORDER, this.#listener("jobs"));
    this.#grid = new Grid(byId("grid", HTMLElement), {
      columns: COLUMNS,
      heading: ID,
      addressOf: (key) => fragmentOf({ ...this.#place, key }),
      onSort: (column) => this.#sort(column),
    });
    this.#details = new Details({
      onClose: () => goTo({ ...this.#place, key: null }),
      onStop: (row) => this.#actions.openStop(row),
    });
    this.#actions = new Actions({
      shown: () => ({ connection: this.connection, place: this.#place, documents: this.#docs.rows }),
      onAllow: (mayStop) => this.#details.allowStop(mayStop),
      onStopped: () => this.#details.showGone("It was stopped: its document was deleted."),
    });
    this.#grid.showOrder(FIRST_ORDER);
    this.#listen();
  }

  #listen() {
    this.#search.addEventListener("input", () => this.#filter());
    this.#databaseField.addEventListener("change", () => {
      if (this.#databaseField.reportValidity()) goTo({ list: "docs", database: this.#databaseField.value, key: null });
    });
    byId("docs-tab", HTMLElement).addEventListener("click", () => goTo({ ...this.#place, list: "docs", key: null }));
    byId("jobs-tab", HTMLElement).addEventListener("click", () => goTo({ ...this.#place, list: "jobs", key: null }));
    byId("skip", HTMLElement).addEventListener("click", (event) => {
      // The fragment has another meaning here.
      event.preventDefault();
      if (this.#element.hidden) byId("content", HTMLElement).focus();
      else this.#grid.focusFirst();
    });
    addEventListener("hashchange", () => this.#go(readFragment()));
    this.#narrow.addEventListener("change", () => this.#showCover());
  }

  /** On narrow screens the details cover everything else. */
  #showCover() {
    setAttribute(byId("lists", HTMLElement), "inert", this.#narrow.matches && this.#details.isOpen ? "" : null);
  }

  /** @param {"docs" | "jobs"} list */
  #listener(list) {
    return {
      isKnown: () => this.#isConnected,
      onChange: (/** @type {boolean} */ isAnother) => {
        if (this.#place.list === list) this.#draw(isAnother);
      },
      onPreview: () => {
        if (!this.#isConnected && this.connection) this.#enter(this.connection);
      },
      onRefresh: (/** @type {Delta} */ delta, /** @type {boolean} */ isFirst) => this.#refreshed(list, delta, isFirst),
      onFailure: (/** @type {unknown} */ error, /** @type {number | null} */ retryAt) =>
        this.#failed(list, error, retryAt),
    };
  }

  get database() {
    return this.#place.database;
  }

  get #list() {
    return this.#place.list === "docs" ? this.#docs : this.#jobs;
  }

  /** @param {Connection} connection */
  open(connection) {
    this.close();
    this.connection = connection;
    this.#place = readFragment();
    this.#showPlace();
    this.#startDocs(connection);
  }

  /** The documents are always watched, because the overview is about them. @param {Connection} connection */
  #startDocs(connection) {
    this.#followed = this.database;
    this.#docs.start(docSource(connection, this.database));
  }

  /**
   * Watches the shown lists. The first request is for the documents only, so that a wrong password is sent
   * once.
   *
   * @param {Connection} connection
   * @param {boolean} wasJobs whether the jobs are watched
   */
  #followLists(connection, wasJobs) {
    const { list, database } = this.#place;
    if (database !== this.#followed) {
      void this.#docs.forget();
      this.#overview.show(this.#docs.rows.tally, this.#docs.pulse);
      this.#freshness.reset();
      this.#startDocs(connection);
    }
    if (list === "jobs" && !wasJobs) this.#jobs.start(transientSource(connection));
    if (list === "docs" && wasJobs) this.#jobs.stop();
  }

  /** Stops showing the server. */
  close() {
    this.connection = null;
    this.#isConnected = false;
    this.#element.hidden = true;
    this.#actions.close();
    this.#overview.reset();
    this.#search.value = "";
    void this.#docs.forget();
    void this.#jobs.forget();
    this.#details.close();
    this.#freshness.reset();
    this.#filter();
  }

  /** @param {Place} asked */
  #go(asked) {
    const before = this.#place;
    // Jobs belong to no database: keep the present one.
    const place = asked.list === "jobs" ? { ...asked, database: before.database } : asked;
    this.#place = place;
    if (!this.connection) return;
    const isOtherList = place.list !== before.list || place.database !== before.database;
    // A dialog belongs to the list or row it was opened for.
    if (isOtherList) this.#actions.closeStart();
    if (isOtherList || place.key !== before.key) this.#actions.closeStop();
    if (this.#isConnected) this.#followLists(this.connection, before.list === "jobs");
    this.#showPlace();
    if (isOtherList) this.#draw(true);
    if (place.key !== null) this.#details.focus();
    else if (before.key !== null) this.#grid.focus(before.key);
  }

  #showPlace() {
    const { list, database, key } = this.#place;
    setAttribute(byId("docs-tab", HTMLElement), "aria-pressed", String(list === "docs"));
    setAttribute(byId("jobs-tab", HTMLElement), "aria-pressed", String(list === "jobs"));
    byId("database-field", HTMLElement).hidden = list === "jobs";
    this.#databaseField.value = database;
    this.#grid.setTitle("id", list === "docs" ? "Document" : "Job");
    this.#suggest([DEFAULT_DATABASE, database]);
    this.#actions.update();
    this.#grid.choose(key);
    this.#toReveal = key;
    if (key === null) this.#details.close();
    else this.#details.open(key, "Loading…");
    this.#showDetails();
    this.#showCover();
  }

  // ------------------------------------------------------------------------------ from the server

  /** @param {"docs" | "jobs"} list @param {Delta} delta @param {boolean} isFirst */
  #refreshed(list, delta, isFirst) {
    if (!this.#isConnected && this.connection) this.#enter(this.connection);
    if (list === "docs") this.#overview.show(this.#docs.rows.tally, this.#docs.pulse);
    if (list !== this.#place.list) return;
    this.#freshness.succeed();
    this.#actions.check(this.#list.rows);
    this.#showCounts();
    if (!isFirst) announceChanges(delta);
    this.#showDetails();
  }

  /** @param {Connection} connection */
  #enter(connection) {
    this.#isConnected = true;
    this.#element.hidden = false;
    this.#options.onConnected(connection);
    this.#followLists(connection, false);
    void this.#findDatabases(connection);
  }

  /** CouchDB has no list of replicator databases, but jobs name theirs. @param {Connection} connection */
  async #findDatabases({ scheduler }) {
    try {
      const { jobs } = await scheduler.listJobs({ limit: 500 });
      this.#suggest(jobs.flatMap(({ database }) => database ?? []));
    } catch {
      // The user can type them.
    }
  }

  /** @param {string[]} databases */
  #suggest(databases) {
    const list = byId("databases", HTMLDataListElement);
    const known = [...list.options].map(({ value }) => value);
    const all = [...new Set([...known, ...databases])].sort();
    if (all.length > known.length) list.replaceChildren(...all.map((value) => make("option", { value })));
  }

  /** @param {"docs" | "jobs"} list @param {unknown} error @param {number | null} retryAt */
  #failed(list, error, retryAt) {
    if (!this.connection) return;
    if (!this.#isConnected || needsLogin(error)) return this.#options.onLost(this.connection, error);
    if (list !== this.#place.list) return;
    const { message, remedy } = troubleAt(this.connection, this.database)(error);
    this.#freshness.fail([message, ...remedy].join(" "), retryAt);
    if (!this.#list.isKnown) this.#draw(true);
  }

  // ------------------------------------------------------------------------------ display

  #filter() {
    const filter = { ...EVERYTHING, ...this.#overview.choice, text: this.#search.value };
    void this.#docs.view.filterBy(filter);
    void this.#jobs.view.filterBy(filter);
  }

  /** @param {import("./components/table/columns.js").Column} column */
  #sort(column) {
    const { order } = this.#docs.view;
    const isSame = order.column === column.name;
    const next = orderBy(column, isSame ? !order.descending : (column.descendingFirst ?? false));
    this.#grid.showOrder(next);
    void this.#docs.view.orderBy(next);
    void this.#jobs.view.orderBy(next);
  }

  /** @param {boolean} isAnother whether it is another list */
  #draw(isAnother) {
    const { list } = this.#list.view;
    this.#grid.show(list, isAnother);
    if (this.#toReveal !== null && this.#grid.reveal(this.#toReveal)) this.#toReveal = null;
    this.#showCounts();
    if (isAnother && this.#isConnected && this.#list.isKnown) announce(`${counted(list.length, "replication")} shown`);
  }

  #showCounts() {
    const { rows, view, isKnown } = this.#list;
    const some = view.list.length;
    const ofAll = some === rows.size ? number(some) : `${number(some)} of ${number(rows.size)}`;
    setText(this.#matches, isKnown || some === 0 ? ofAll : `the first ${ofAll}, loading the others`);
    setAttribute(this.#empty, "hidden", some > 0 ? "" : null);
    if (some === 0) setText(this.#empty, isKnown ? this.#whyEmpty(rows.size) : "Loading…");
  }

  /** @param {number} all number of rows without the filter */
  #whyEmpty(all) {
    if (all > 0) return "No replication matches the search and the filters.";
    return this.#place.list === "jobs"
      ? "No transient jobs. They are started by requests to /_replicate."
      : `No replication documents in ${this.database}.`;
  }

  #showDetails() {
    const { key } = this.#place;
    if (key === null || !this.connection) return;
    const row = this.#list.rows.get(key);
    if (row) {
      this.#details.show(row, this.connection);

      void this.#askForJob(row, this.connection);
    } else if (this.#list.isKnown) {
      this.#details.showGone("The server no longer has this replication, or does not know its state yet.");
    }
  }

  /** The history of a document's replication is in its job. @param {Row} row @param {Connection} connection */
  async #askForJob({ given }, { scheduler }) {
    if (this.#isAskingForJob || given.doc_id === null || given.id === null) return;
    this.#isAskingForJob = true;
    const { connection } = this;
    const place = this.#place;
    try {
      const job = await scheduler.getJob(given.id);
      if (this.#place === place && this.connection === connection) this.#details.showJob(job);
    } catch {
      // It has ended, or the server does not respond: the list reports this, too.
    } finally {
      this.#isAskingForJob = false;
    }
    // Another one was selected in the meantime.
    if (this.#place !== place) this.#showDetails();
  }
}

/** @param {import("./components/table/columns.js").Column} column @param {boolean} descending */
function orderBy({ name, key }, descending) {
  return { column: name, key, descending };
}
