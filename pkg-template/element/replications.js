// @ts-check
// <couchdb-replications>: the table of a database's replications, which refreshes itself.

import { css, html, nothing } from "lit";
import { orderBy, orderOf } from "../../www/src/components/table/order.js";
import { ReplicationTable } from "../../www/src/components/table/replication-table.js";
import { EVERYTHING } from "../../www/src/model/filter.js";
import { messageOf } from "../../www/src/model/format.js";
import { SHOWN_STATES } from "../../www/src/model/states.js";
import { View } from "../../www/src/model/view.js";
import { elementStyles } from "./element-styles.js";
import { WatchController } from "./watch-controller.js";

const styles = css`
  :host {
    grid-template-rows: auto auto minmax(0, 1fr);
    height: var(--couchdb-height, 32rem);
  }

  .search {
    justify-self: start;
    width: min(100%, 30rem);
    margin-bottom: 8px;
  }

  #grid {
    grid-row: 3;
  }

  .empty {
    z-index: 1;
    grid-area: 3 / 1;
    place-self: center;
    margin: 0;
    padding: 14px;
    color: var(--muted);
  }
`;

export class CouchdbReplications extends ReplicationTable {
  /** @override */
  static properties = {
    client: { attribute: false },
    database: {},
    states: { converter: (/** @type {string | null} */ words) => words?.split(/[\s,]+/).filter(Boolean) ?? [] },
    text: {},
    incident: { attribute: false },
    searchable: { type: Boolean },
    failure: { state: true },
    isKnown: { state: true },
  };

  /** @override */
  static styles = [elementStyles, ...ReplicationTable.styles, styles];

  /** @type {View | undefined} */
  #view;

  constructor() {
    super();
    /** @type {import("couchdb-scheduler").Client | null} */
    this.client = null;
    this.database = "_replicator";
    /** Empty: all. @type {readonly import("couchdb-scheduler").ReplicationState[]} */
    this.states = [];
    this.text = "";
    /** @type {import("../../www/src/model/filter.js").IncidentKey | null} */
    this.incident = null;
    this.searchable = false;
    /** Of the last refresh. @type {unknown} */
    this.failure = null;
    this.isKnown = false;
    this.addEventListener("sort", (event) => this.#sort(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("select", (event) => this.#select(/** @type {CustomEvent} */ (event).detail));
    new WatchController(this, {
      onBegin: (rows) => {
        const view = new View(rows, orderOf(this.order), (isAnother) => this.#show(view, isAnother));
        this.#view = view;
        this.isKnown = false;
        this.failure = null;
        this.rows = [];
        void view.filterBy(this.#filter);
      },
      onRefresh: (delta, isWhole) => {
        this.isKnown ||= isWhole;
        this.failure = null;
        void this.#view?.take(delta);
      },
      onFailure: (error) => {
        this.failure = error;
      },
    });
  }

  /** @param {{ column: string }} detail */
  #sort({ column }) {
    const { order } = this;
    this.order = orderBy(column, order);
  }

  /** @param {{ selected: ReadonlySet<string> }} detail */
  #select({ selected }) {
    this.selected = selected;
  }

  /** @param {View} view @param {boolean} isAnother */
  #show(view, isAnother) {
    if (view !== this.#view) return;
    this.rows = view.list;
    if (isAnother) this.scope = {};
  }

  get #filter() {
    const { text, incident } = this;
    const states = new Set(SHOWN_STATES.filter((state) => this.states.some((wanted) => wanted === state)));
    return { ...EVERYTHING, states, text, incident };
  }

  /** @override @param {import("lit").PropertyValues} changed */
  willUpdate(changed) {
    if (changed.has("order")) void this.#view?.orderBy(orderOf(this.order));
    if (["states", "text", "incident"].some((name) => changed.has(name))) void this.#view?.filterBy(this.#filter);
  }

  /** @override */
  render() {
    const why = this.rows.length > 0 ? "" : this.#whyEmpty();
    return html`
      ${this.searchable ? this.#renderSearch() : nothing}
      ${this.failure ? html`<p class="failure" part="failure" role="alert">${messageOf(this.failure)}</p>` : nothing}
      ${super.render()}
      <p class="empty" part="empty" ?hidden=${why === ""}>${why}</p>`;
  }

  #renderSearch() {
    return html`<input class="search" part="search" type="search" aria-label="Search" spellcheck="false" autocomplete="off"
      placeholder="id, source, target or error" .value=${this.text} @input=${this.#search} />`;
  }

  /** @param {Event} event */
  #search({ target }) {
    this.text = /** @type {HTMLInputElement} */ (target).value;
  }

  #whyEmpty() {
    if (!this.client || this.failure) return "";
    if (!this.isKnown) return "Loading…";
    const isFiltered = this.text.trim() !== "" || this.states.length > 0 || this.incident !== null;
    return isFiltered ? "No replication matches." : `No replication documents in ${this.database}.`;
  }
}
