// @ts-check
// What the page shows about a server's replications, and what the user can do with them.

import { html, nothing } from "lit";
import { SavedViews } from "../connection/saved-views.js";
import { counted, number } from "../model/format.js";
import { incidentKey } from "../model/incidents.js";
import { DEFAULT_DATABASE, fragmentOf, goTo, START } from "../model/location.js";
import "./action-dialogs.js";
import { announce } from "./announce.js";
import { announceChanges } from "./announce-changes.js";
import { announceIncidents } from "./announce-incidents.js";
import "./details/details.js";
import { narrowedTo } from "./incidents-panel.js";
import { insightBar, showsBacklogs } from "./insight/insight-bar.js";
import { LightElement } from "./light-element.js";
import { TITLE } from "./masthead.js";
import { overview } from "./overview/overview.js";
import { selectionBar } from "./selection-bar.js";
import { DEFAULT_COLUMNS, NOTHING_MORE } from "./table/columns.js";
import { orderBy, orderOf } from "./table/order.js";
import { ReplicationTable } from "./table/replication-table.js";
import { toolbar, whyEmpty } from "./toolbar.js";
import { tools } from "./tools.js";
import { otherView, viewTabs } from "./views.js";

/**
 * @typedef {import("../connection/fleet.js").Fleet} Fleet
 * @typedef {import("../model/filter.js").Filter} Filter
 * @typedef {import("../model/location.js").Place} Place
 * @typedef {import("../model/row.js").Row} Row
 */

const GONE = "The server no longer has this replication, or does not know its state yet.";

class ReplicationsDashboard extends LightElement {
  /** @override */
  static properties = {
    fleet: { attribute: false },
    place: { attribute: false },
    mayWrite: { attribute: false },
    databases: { state: true },
    selected: { state: true },
  };

  #saved = new SavedViews();
  #narrow = matchMedia("(max-width: 899px)");
  #redraw = () => this.requestUpdate();
  /** @type {() => void} */
  #unsubscribe = () => {};
  /** From the URL that was opened: scrolled into view once it is in the list. @type {string | null} */
  #toReveal = null;
  #order = orderOf(null);
  /** Another function for each place. @type {(key: string) => string} */
  #addressOf = () => "";
  /** Beyond its list: another function whenever more is known. @type {(row: Row) => import("./table/columns.js").Extra} */
  #extra = () => NOTHING_MORE;
  /** Keys of the rows in sight. @type {readonly string[]} */
  #inSight = [];
  /** Another object whenever the list is another one, not only changed. */
  #scope = {};
  /** The id of the replication that the user has stopped. @type {string | null} */
  #stopped = null;

  constructor() {
    super();
    this.fleet = /** @type {Fleet} */ (/** @type {unknown} */ (null));
    this.place = START;
    this.mayWrite = false;
    /** Known replicator databases. */
    this.databases = [DEFAULT_DATABASE];
    /** Keys of the rows that the user has selected. @type {ReadonlySet<string>} */
    this.selected = new Set();
    this.addEventListener("focus-lost", () => {
      if (this.place.key === null) this.focusRow();
      else this.find("replication-details")?.focusTitle();
    });
  }

  get #list() {
    return this.fleet[this.place.list];
  }

  // ------------------------------------------------------------------------------ life

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("fleet")) this.#listen();
    if (!changed.has("place")) return;
    const { place } = this;
    this.#order = orderOf(place.order);
    this.#addressOf = (key) => fragmentOf({ ...place, key });
    this.#toReveal = this.place.key;
    this.#stopped = null;
    this.#suggest([this.place.database]);
    const before = /** @type {Place | undefined} */ (changed.get("place"));
    if (!before) return;
    const isOtherList = this.place.list !== before.list || this.place.database !== before.database;
    if (isOtherList) {
      this.#scope = {};
      this.selected = new Set();
    }
    if (!isOtherList && this.place.key === before.key) return;
    this.#actions?.leavePlace(isOtherList);
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    const { unhealthy } = this.fleet.docs.rows.tally;
    // Visible in the title of a background tab.
    const title = `${unhealthy > 0 ? `(${number(unhealthy)}) ` : ""}${TITLE}`;
    if (document.title !== title) document.title = title;
    this.fleet.insight.show(showsBacklogs(this.place) ? this.#inSight : []);
    void this.#show(/** @type {Place | undefined} */ (changed.get("place")));
  }

  /** Brings the chosen replication into sight, or returns to the table. @param {Place | undefined} before */
  async #show(before) {
    const { place } = this;
    const table = this.find("replication-table");
    await table?.updateComplete;
    if (this.#toReveal !== null && table?.reveal(this.#toReveal)) this.#toReveal = null;
    if (!before || before.key === place.key || this.place !== place) return;
    if (place.key === null) return this.focusRow(before.key ?? undefined);
    const details = this.find("replication-details");
    await details?.updateComplete;
    details?.focusTitle();
  }

  /** The window outlives it. @override */
  connectedCallback() {
    super.connectedCallback();
    this.#saved.follow();
    this.#narrow.addEventListener("change", this.#redraw);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#saved.stop();
    this.#narrow.removeEventListener("change", this.#redraw);
    this.#unsubscribe();
  }

  #listen() {
    const { fleet } = this;
    this.#unsubscribe();
    this.#unsubscribe = fleet.subscribe({
      onChange: (list, isAnother) => {
        if (list !== this.place.list) return;
        if (isAnother) this.#scope = {};
        const { view, isKnown } = this.#list;
        if (isAnother && isKnown) announce(`${counted(view.list.length, "replication")} shown`);
        this.requestUpdate();
      },
      onRefresh: ({ list, delta, isFirst }) => {
        this.requestUpdate();
        if (list !== this.place.list) return;
        this.#actions?.check(this.#list.rows);
        if (!isFirst) announceChanges(delta);
      },
      onFailure: () => this.requestUpdate(),
      onIncidents: (events) => {
        this.requestUpdate();
        announceIncidents(events);
      },
      onInsight: () => {
        this.#extra = (row) => fleet.insight.extraOf(row);
        this.requestUpdate();
      },
    });
    this.#extra = (row) => fleet.insight.extraOf(row);
  }

  /** @param {string[]} databases */
  #suggest(databases) {
    this.databases = [...new Set([...this.databases, ...databases])].sort();
  }

  /** @param {string} [key] */
  focusRow(key) {
    const table = this.find("replication-table");
    if (table) return table.focusRow(key);
    // Other views link to it, too.
    const link = this.find(`.lists a[href="${CSS.escape(this.#addressOf(key ?? ""))}"]`);
    (link ?? this.find(".view-tabs button")).focus();
  }

  // ------------------------------------------------------------------------------ what the user does

  /** @param {Partial<Filter>} filter */
  #filter(filter) {
    goTo({ ...this.place, filter: { ...this.place.filter, ...filter } });
  }

  /** @param {CustomEvent<{ column: string }>} event */
  #sort({ detail: { column } }) {
    goTo({ ...this.place, order: orderBy(column, orderOf(this.place.order)) });
  }

  /** @param {CustomEvent<{ keys: readonly string[] }>} event */
  #see({ detail: { keys } }) {
    this.#inSight = keys;
    if (showsBacklogs(this.place)) this.fleet.insight.show(keys);
  }

  get #actions() {
    return this.find("action-dialogs");
  }

  /** @param {CustomEvent<{ action: "restart" | "stop" | "change", row: Row }>} event */
  #act({ detail: { action, row } }) {
    if (action === "change") this.#actions.change(row, this.fleet);
    else this.#actions.act(action, [row], this.fleet);
  }

  /** @param {CustomEvent<{ id: string, fleet: Fleet }>} event */
  #started({ detail: { id, fleet } }) {
    if (this.fleet === fleet) goTo({ ...this.place, list: "docs", key: id });
  }

  /** @param {CustomEvent<{ id: string, fleet: Fleet }>} event */
  #stoppedOne({ detail: { id, fleet } }) {
    if (this.fleet !== fleet || this.place.key !== id) return;
    this.#stopped = id;
    this.requestUpdate();
  }

  // ------------------------------------------------------------------------------ display

  /** @override */
  render() {
    const isCovered = this.#narrow.matches && this.place.key !== null;
    return html`
      <div class="lists" id="lists" ?inert=${isCovered}>
        ${this.#overview()} ${this.#incidents()}
        ${insightBar(this.fleet, this.place, (finding) => this.#filter({ finding }))} ${viewTabs(this.place)}
        ${
          this.place.view === "replications"
            ? html`${this.#toolbar()} ${this.#table()} ${this.#selection()}`
            : otherView(this.place, this.fleet, this.#addressOf)
        }
      </div>
      ${this.#details()}
      <action-dialogs @started=${this.#started} @stopped=${this.#stoppedOne}></action-dialogs>`;
  }

  #overview() {
    const { rows, pulse } = this.fleet.docs;
    return overview({ tally: rows.tally, pulse }, this.place.filter, (choice) => this.#filter(choice));
  }

  /** What fails together: above everything that is about single replications. */
  #incidents() {
    const { docs, incidents, timeline, clock } = this.fleet;
    const { incident } = this.place.filter;
    return html`<incidents-panel .incidents=${timeline.watched.length > 0 ? incidents.list : null}
      .chosen=${incident && incidentKey(incident)} .spells=${timeline.spells} .watched=${timeline.watched}
      .canRestart=${this.mayWrite} .retrying=${docs.rows.tally.retrying} .clock=${clock} @incident-chosen=${this.#chooseIncident}
      @incident-restart=${this.#restartIncident}></incidents-panel>`;
  }

  /** @param {CustomEvent<{ incident: import("../model/incidents.js").Incident }>} event */
  #restartIncident({ detail: { incident } }) {
    this.#actions.act("restart", this.fleet.incidents.rowsOf(incident), this.fleet);
  }

  /** @param {CustomEvent<{ incident: import("../model/filter.js").IncidentKey | null }>} event */
  #chooseIncident({ detail: { incident } }) {
    goTo(narrowedTo(this.place, incident));
  }

  /** What the user may select: the documents, where changes are allowed. */
  get #selectable() {
    return this.mayWrite && this.place.list === "docs" ? this.selected : null;
  }

  #selection() {
    return selectionBar(this.#selectable, this.#list.view.list, {
      onAct: (kind, rows) => this.#actions.act(kind, rows, this.fleet),
      onSelect: (rows) => {
        this.selected = new Set(rows.map(({ key }) => key));
        if (rows.length === 0) this.focusRow();
      },
    });
  }

  #toolbar() {
    const { place, databases, mayWrite } = this;
    return html`<div class="toolbar">
      ${toolbar(place, this.#list, databases, () => void this.fleet.findDatabases().then((found) => this.#suggest(found)))}
      ${tools({ place, rows: this.#list.view.list, extra: this.#extra, saved: this.#saved })}
      ${
        mayWrite && place.list === "docs"
          ? html`<button type="button" class="primary" id="start" @click=${() => this.#actions.start(this.fleet)}>Start a replication</button>`
          : nothing
      }
    </div>`;
  }

  #table() {
    const { place } = this;
    const { list } = this.#list.view;
    return html`<div class="table">
      <replication-table .rows=${list} .scope=${this.#scope} .columns=${place.columns ?? DEFAULT_COLUMNS} .order=${this.#order} .chosen=${place.key}
        .extra=${this.#extra} @rows-shown=${this.#see} .addressOf=${this.#addressOf} label="Replications" idTitle=${place.list === "docs" ? "Document" : "Job"}
        .selected=${this.#selectable} @sort=${this.#sort}
        @select=${(/** @type {CustomEvent<{ selected: ReadonlySet<string> }>} */ { detail }) => {
          this.selected = detail.selected;
        }}></replication-table>
      <p class="empty" id="empty" ?hidden=${list.length > 0}>${whyEmpty(place, this.#list)}</p>
    </div>`;
  }

  #details() {
    const { key } = this.place;
    if (key === null) return nothing;
    const { rows, isKnown } = this.#list;
    const isStopped = this.#stopped === key;
    const row = isStopped ? null : (rows.get(key) ?? null);
    return html`<replication-details class="details" id="details" role="region" aria-labelledby="details-title"
      .key=${key} .row=${row} .fleet=${this.fleet} .refreshedAt=${this.#list.refreshedAt} .mayWrite=${this.mayWrite}
      .missing=${isStopped ? "It was stopped: its document was deleted." : isKnown ? GONE : "Loading…"}
      @close=${() => goTo({ ...this.place, key: null })} @act=${this.#act}></replication-details>`;
  }
}

// Other pages register it under another name.
customElements.define("replication-table", ReplicationTable);
customElements.define("replications-dashboard", ReplicationsDashboard);
