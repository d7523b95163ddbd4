// @ts-check
// What is failing, by cause: the largest incidents first. One click filters the table.

import { html, LitElement, nothing, unsafeCSS } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { counted, dateOf, duration, exactTime, number, spaced } from "../model/format.js";
import { incidentKey } from "../model/incidents.js";
import incidentStyles from "../style/incident-list.css" with { type: "text" };
import sharedStyles from "../style/shared.css" with { type: "text" };
import { fire } from "./fire.js";
import { icon } from "./icons.js";
import { Ticks } from "./ticks.js";
import { time } from "./time.js";
import { words } from "./words.js";

/**
 * @typedef {import("couchdb-scheduler").Incident & { began?: string | null }} Incident
 */

/** Number of incidents that are shown at first. */
const INITIAL_LIMIT = 3;
/** Maximum number of incidents that are shown. */
const MAX_SHOWN = 100;

/** The cause in words. @param {Pick<Incident, "cause">} incident */
export function causeOf({ cause }) {
  if (cause === "tls") return "TLS";
  return spaced(cause.charAt(0).toUpperCase() + cause.slice(1));
}

/** Where: "source at couch.example.com". @param {Pick<Incident, "side" | "host">} incident */
export const whereOf = ({ side, host }) => [side, host].filter((part) => part !== null).join(" at ");

/** @param {string | null} key `incidentKey` @param {readonly Incident[]} incidents */
function incidentOf(key, incidents) {
  if (key === null) return undefined;
  // Compared without the keys of all: there can be a hundred thousand.
  const [cause, side, host] = JSON.parse(key);
  return incidents.find((one) => one.cause === cause && one.side === side && one.host === host);
}

/** Its children stand at the end of the first line. */
export class IncidentList extends LitElement {
  /** @override @type {import("lit").PropertyDeclarations} */
  static properties = {
    incidents: { attribute: false },
    chosen: { attribute: false },
    canRestart: { type: Boolean },
    retrying: { attribute: false },
    clock: { attribute: false },
    beganOf: { attribute: false },
    isWhole: { state: true },
  };

  /** @override */
  static styles = [unsafeCSS(sharedStyles), unsafeCSS(incidentStyles)];

  /** The incident whose button has the focus. @type {string | null} */
  #focused = null;

  constructor() {
    super();
    /** null: not known yet. @type {readonly Incident[] | null} */
    this.incidents = null;
    /** `incidentKey` of the one that filters. @type {string | null} */
    this.chosen = null;
    this.canRestart = false;
    /** Number of replications that are not failing at this moment, because CouchDB retries them. */
    this.retrying = 0;
    /** The server's. @type {{ now(): number }} */
    this.clock = Date;
    /** When an incident began (ISO 8601), as far as its replications say. @type {(incident: Incident) => string | null} */
    this.beganOf = ({ began, since }) => began ?? since;
    this.isWhole = false;
    new Ticks(this);
  }

  /** @override */
  willUpdate() {
    const active = this.shadowRoot?.activeElement;
    this.#focused = active instanceof HTMLElement ? (active.dataset.key ?? null) : null;
  }

  /** @override */
  render() {
    const { incidents } = this;
    if (!incidents) return nothing;
    if (incidents.length === 0 && this.chosen === null) {
      return html`
        <div class="head calm flow" part="calm">
          <p>${icon("completed")} Nothing is failing${
            this.retrying > 0
              ? ` now; CouchDB retries ${counted(this.retrying, "replication")} after a failure`
              : nothing
          }</p>
          <div class="tools"><slot></slot></div>
        </div>`;
    }
    const total = incidents.reduce((sum, incident) => sum + incident.total, 0);
    const hidden = this.isWhole ? incidents.length - MAX_SHOWN : 0;
    const chosen = incidentOf(this.chosen, incidents);
    return html`
      <div class="head flow">
        <h2 id="title" part="title">${counted(incidents.length, "incident")}</h2>
        <p>${total === 1 ? "1 replication is failing" : `${number(total)} replications are failing`}</p>
        <div class="tools">${this.#renderMore(incidents.length)}<slot></slot></div>
      </div>
      <ul role="list" aria-labelledby="title" class="box ${this.isWhole ? "whole" : ""}">
        ${this.chosen !== null && !chosen ? this.#renderOver() : nothing}
        ${repeat(this.#shown(incidents, chosen), incidentKey, (incident) => this.#renderIncident(incident))}
      </ul>
      ${hidden > 0 ? html`<p class="rest">and ${counted(hidden, "smaller incident")}</p>` : nothing}
    `;
  }

  /** @param {readonly Incident[]} incidents @param {Incident | undefined} chosen shown in any case */
  #shown(incidents, chosen) {
    const limit = this.isWhole ? MAX_SHOWN : incidents.length === INITIAL_LIMIT + 1 ? INITIAL_LIMIT + 1 : INITIAL_LIMIT;
    const shown = incidents.slice(0, limit);
    return chosen && !shown.includes(chosen) ? [...shown, chosen] : shown;
  }

  /** @param {Incident} incident */
  #renderIncident(incident) {
    const key = incidentKey(incident);
    const isChosen = key === this.chosen;
    const { crashing, error } = incident.states;
    const state = crashing > 0 ? "crashing" : error > 0 ? "error" : "failed";
    return html`
      <li class="incident ${state}" part="incident">
        <button class="choose" data-key=${key} aria-pressed=${isChosen} @click=${() => this.#choose(incident, isChosen)}
          title=${isChosen ? "Show all replications" : "Show only these replications"}>
          ${icon(state)}
          <span class="total">${number(incident.total)}<span class="visually-hidden"> replications: </span></span>
          <span class="cause">${causeOf(incident)}</span>
          <span class="where">${whereOf(incident)}</span>
        </button>
        <p class="times">${this.#renderTimes(incident)}</p>
        ${isChosen ? html`<p class="message">${words(incident.message)}</p>` : nothing}
        <p class="hint">${words(incident.hint)}</p>
        ${
          this.canRestart
            ? html`<button class="restart" data-key=${`restart ${key}`} part="restart"
                aria-label=${`Restart these: ${causeOf(incident)} ${whereOf(incident)}…`}
                @click=${() => fire(this, "incident-restart", { incident })}>Restart these…</button>`
            : nothing
        }
      </li>`;
  }

  /** @param {Incident} incident */
  #renderTimes(incident) {
    const { next_retry, states, total } = incident;
    const since = this.beganOf(incident);
    const at = dateOf(next_retry)?.getTime();
    const seconds = at === undefined ? 0 : (at - this.clock.now()) / 1000;
    const retry =
      at === undefined
        ? states.failed === total
          ? "not retried"
          : "retried automatically"
        : seconds >= 0.5
          ? `next retry in ${duration(seconds)}`
          : "next retry is due";
    return html`${
      since === null ? nothing : html`<span class="since">since ${time(since)}</span>`
    }<span class="next" title=${exactTime(next_retry) || nothing}>${retry}</span>`;
  }

  /** The filter remains, so that the table does not change under the user's hands. */
  #renderOver() {
    return html`
      <li class="over flow" part="over">${icon("completed")} No replication of the chosen incident is failing now.
        <button @click=${() => fire(this, "incident-chosen", { incident: null })}>Remove the filter</button>
      </li>`;
  }

  /** @param {number} many */
  #renderMore(many) {
    if (many <= INITIAL_LIMIT + 1) return nothing;
    const toggle = () => {
      this.isWhole = !this.isWhole;
    };
    return html`<button class="pill low" part="more" aria-expanded=${this.isWhole} @click=${toggle}>
      ${this.isWhole ? "Fewer" : `${number(many - INITIAL_LIMIT)} more`}</button>`;
  }

  /** @override */
  updated() {
    // The browser takes the focus from an element that moves.
    if (this.#focused === null || this.shadowRoot?.activeElement) return;
    const selector = `[data-key="${CSS.escape(this.#focused)}"]`;
    /** @type {HTMLElement | null | undefined} */ (this.shadowRoot?.querySelector(selector))?.focus();
  }

  /** @param {Incident} incident @param {boolean} isChosen */
  #choose(incident, isChosen) {
    fire(this, "incident-chosen", { incident: isChosen ? null : incident });
  }
}
