// @ts-check
// Which servers replicate with which: as a picture or as a table. Choosing a server shows its databases; choosing an arrow or a
// database narrows the list of replications.

import { html, nothing } from "lit";
import { isDatabase, nameOfEnd, zoomOf } from "../../model/ends.js";
import { EVERYTHING, fitting } from "../../model/filter.js";
import { counted } from "../../model/format.js";
import { fragmentOf, readFragment } from "../../model/location.js";
import { inSlices } from "../../model/slices.js";
import { gathered, topologyOf } from "../../model/topology.js";
import { isGathered, layout, neighbor } from "../../model/topology-layout.js";
import { fire } from "../fire.js";
import { icon } from "../icons.js";
import { LightElement } from "../light-element.js";
import { EdgeTable } from "./edge-table.js";
import { picture } from "./picture.js";

/** Maximum number of nodes in the picture. */
const MAX_DRAWN = 30;
/** Number of servers or databases that can be chosen next to the table: the largest. */
const MAX_CHOICES = 500;

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("../../model/filter.js").Ends} Ends
 * @typedef {import("../../model/topology.js").Topology} Topology
 */

class TopologyView extends LightElement {
  /** @override */
  static properties = {
    rows: { attribute: false },
    stamp: { attribute: false },
    filter: { attribute: false },
    findings: { attribute: false },
    isTable: { state: true },
    whole: { state: true },
    drawn: { state: true },
    width: { state: true },
    current: { state: true },
  };

  constructor() {
    super();
    /** All of the list. @type {{ values(): Iterable<Row> }} */
    this.rows = [];
    /** Another one after each change of the rows. @type {unknown} */
    this.stamp = null;
    /** @type {import("../../model/filter.js").Filter} */
    this.filter = EVERYTHING;
    /** Of the audit, for the filter. @type {{ has(row: Row, kind: string): boolean } | null} */
    this.findings = null;
    this.isTable = false;
    /** @type {Topology | null} */
    this.whole = null;
    /** @type {Topology | null} */
    this.drawn = null;
    this.width = 0;
    /** The node that Tab reaches. @type {string | undefined} */
    this.current = undefined;
    this.#resizes = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      // Drawn at once, the picture would change the size that is being reported: an error in the page's log.
      requestAnimationFrame(() => {
        this.width = width;
      });
    });
  }

  #resizes;
  #isOutdated = false;
  #isWorking = false;
  /** What had the focus may be gone after the next drawing. */
  #hadFocus = false;

  get #server() {
    return zoomOf(this.filter.ends);
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#resizes.observe(this);
    void this.#work();
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  /** @param {Map<string, unknown>} changed @override */
  willUpdate(changed) {
    if (["rows", "stamp", "filter", "findings"].some((name) => changed.has(name))) void this.#work();
  }

  /** Counts again. Changes that arrive meanwhile are counted afterwards. */
  async #work() {
    this.#isOutdated = true;
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (this.#isOutdated && this.isConnected) {
      this.#isOutdated = false;
      const { filter, findings } = this;
      const fits = fitting({ ...filter, ends: null }, (row, kind) => findings?.has(row, kind) ?? false);
      const whole = await inSlices(topologyOf(fittingOf(this.rows.values(), fits), this.#server));
      this.drawn = (whole && (await inSlices(gathered(whole, MAX_DRAWN)))) ?? null;
      this.whole = whole ?? null;
    }
    this.#isWorking = false;
  }

  /** @param {Map<string, unknown>} changed @override */
  updated(changed) {
    if (!changed.has("drawn") || !this.#hadFocus) return;
    this.#hadFocus = false;
    if (document.activeElement !== document.body) return;
    const first = this.querySelector(".picture [tabindex='0'], .edges button");
    if (first instanceof HTMLElement || first instanceof SVGElement) first.focus();
  }

  /** @param {Ends | null} ends */
  #choose(ends) {
    this.#hadFocus = this.contains(document.activeElement);
    fire(this, "choose-ends", ends);
  }

  /** The whole of what is shown. */
  get #all() {
    return this.#server === null ? null : { either: this.#server };
  }

  /** @param {import("../../model/topology.js").TopologyNode} node */
  #chooseNode(node) {
    if (isGathered(node)) this.isTable = true;
    else this.#choose(node.end === this.filter.ends?.either && isDatabase(node.end) ? this.#all : { either: node.end });
  }

  /** @param {{ source: string, target: string }} edge */
  #chooseArrow({ source, target }) {
    const { ends } = this.filter;
    if ([source, target].some((end) => isGathered({ end }))) this.isTable = true;
    else this.#choose(ends?.source === source && ends.target === target ? this.#all : { source, target });
  }

  /** @param {KeyboardEvent} event @param {import("../../model/topology-layout.js").PlacedNode} placed @param {readonly import("../../model/topology-layout.js").PlacedNode[]} nodes */
  #key(event, placed, nodes) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return this.#chooseNode(placed.node);
    }
    const next = neighbor(nodes, placed, event.key);
    if (event.key === "Escape" && this.#server !== null) this.#choose(null);
    if (!next) return;
    event.preventDefault();
    this.#focus(next.node.end);
  }

  /** @param {string} end */
  #focus(end) {
    this.current = end;
    const node = this.querySelector(`[data-end="${CSS.escape(end)}"] [role=button]`);
    if (node instanceof SVGElement) node.focus();
  }

  /** @override */
  render() {
    const server = this.#server;
    return html`
      <div class="topology-bar flow">
        <nav aria-label="Place in the topology">
          ${
            server === null
              ? html`<span aria-current="page">All servers</span>`
              : html`<button type="button" class="link" @click=${() => this.#choose(null)}>All servers</button>
                <span aria-hidden="true">›</span> <span aria-current="page">${nameOfEnd(server)}</span>`
          }
          ${this.#listLink()}
        </nav>
        ${this.isTable && this.whole ? this.#endChooser(this.whole) : nothing}
        <div class="tabs" role="group" aria-label="How to show it">
          ${["Picture", "Table"].map(
            (name, at) =>
              html`<button type="button" aria-pressed=${String(this.isTable === (at === 1))} @click=${() => {
                this.isTable = at === 1;
              }}>${name}</button>`,
          )}
        </div>
      </div>
      ${this.whole === null ? nothing : this.#content(this.whole)}`;
  }

  /** The way to the replications of what is chosen. */
  #listLink() {
    const { ends } = this.filter;
    const { nodes, edges } = this.whole ?? { nodes: [], edges: [] };
    const loads = edges.filter(({ source, target }) =>
      ends?.either === undefined
        ? source === ends?.source && target === ends?.target
        : !isDatabase(ends.either) || source === ends.either || target === ends.either,
    );
    const many = loads.reduce((sum, { load }) => sum + load.total, 0);
    if (!ends || nodes.length === 0) return nothing;
    return html`<a class="list-link" href=${fragmentOf({ ...readFragment(), view: "replications" })}>List
      ${counted(many, "replication")}</a>`;
  }

  /** @param {Topology} whole */
  #content(whole) {
    if (whole.edges.length === 0)
      return html`<p class="empty">There are no replications with a known source and target.</p>`;
    return html`${this.isTable ? this.#table(whole) : this.#picture()}
      <p class="hint">${counted(whole.nodes.length, this.#server === null ? "server" : "server or database", this.#server === null ? "servers" : "servers and databases")}.
        ${whole.unknown > 0 ? html`Not shown: ${counted(whole.unknown, "replication")} whose source or target is unknown.` : nothing}</p>`;
  }

  /** What the nodes of the picture are for: choosing a server shows its databases, choosing a database narrows. @param {Topology} whole */
  #endChooser({ nodes }) {
    const chosen = this.filter.ends?.either;
    const known = nodes.slice(0, MAX_CHOICES).map(({ end }) => end);
    // The topology may not have what is shown.
    const ends = [...new Set([this.#server, chosen, ...known])].filter((end) => typeof end === "string");
    const choose = (/** @type {Event} */ { target }) => {
      const end = ends[/** @type {HTMLSelectElement} */ (target).selectedIndex - 1];
      this.#choose(end === undefined ? null : { either: end });
    };
    return html`<div class="field">
      <label for="topology-end">Server or database</label>
      <select id="topology-end" @change=${choose}>
        <option .selected=${chosen === undefined}>All servers</option>
        ${ends.map((end) => html`<option .selected=${end === chosen}>${nameOfEnd(end)}</option>`)}
      </select>
    </div>`;
  }

  /** @param {Topology} whole */
  #table(whole) {
    return html`<edge-table .edges=${whole.edges} .ends=${this.filter.ends}
      @choose-arrow=${(/** @type {CustomEvent} */ { detail }) => this.#chooseArrow(detail)}></edge-table>`;
  }

  #picture() {
    const { drawn, width } = this;
    if (!drawn || width === 0) return nothing;
    const placed = layout(drawn, width);
    const isThere = placed.nodes.some(({ node }) => node.end === this.current);
    return html`${picture({
      ...placed,
      width,
      ends: this.filter.ends,
      server: this.#server,
      current: isThere ? this.current : placed.nodes[0]?.node.end,
      onNode: (node) => this.#chooseNode(node),
      onArrow: ({ edge }) => this.#chooseArrow(edge),
      onFocus: ({ node }) => {
        this.current = node.end;
      },
      onKey: (event, node) => this.#key(event, node, placed.nodes),
    })}
      <ul class="legend flow">
        <li class="unhealthy"><i></i>${icon("error")} unhealthy</li>
        <li class="retrying"><i></i>${icon("pending")} retrying</li>
        <li class="healthy"><i></i>healthy</li>
      </ul>`;
  }
}

/** @param {Iterable<Row>} rows @param {(row: Row) => boolean} fits */
function* fittingOf(rows, fits) {
  for (const row of rows) if (fits(row)) yield row;
}

customElements.define("edge-table", EdgeTable);
customElements.define("topology-view", TopologyView);
