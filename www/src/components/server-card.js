// @ts-check
// One server on the start page: states, incidents, findings, and whether it responds.

import { html, nothing } from "lit";
import { troubleOf } from "../connection/trouble.js";
import { Findings, kindInWords } from "../model/findings.js";
import { counted, number, timeOfDay } from "../model/format.js";
import { SHOWN_STATES } from "../model/states.js";
import { fire } from "./fire.js";
import { icon } from "./icons.js";
import { LightElement } from "./light-element.js";
import { words } from "./words.js";

/** Number of incidents in a card. */
const MAX_INCIDENTS = 3;

/** Fires `open-server` and `remove-server`, each with the URL as its detail. */
class ServerCard extends LightElement {
  /** @override */
  static properties = { card: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../connection/servers.js").Card | null} */
    this.card = null;
  }

  /** @param {string} type */
  #fire(type) {
    fire(this, type, this.card?.server.url);
  }

  /** @override */
  render() {
    const { card } = this;
    if (!card) return nothing;
    const { server, status, summary } = card;
    return html`<article class="card box ${status}">
      <header>
        <h3><button type="button" class="link" @click=${() => this.#fire("open-server")}>${server.name}</button></h3>
        ${
          server.isConfigured
            ? nothing
            : html`<button type="button" class="copy remove" aria-label="Remove ${server.name}" title="Remove from this page"
                @click=${() => this.#fire("remove-server")}>${icon("failed")}</button>`
        }
      </header>
      ${server.url.endsWith(server.name) ? nothing : html`<p class="hint address">${server.url}</p>`}
      ${summary ? this.#states(summary, status) : nothing}
      ${this.#incidents(card)}
      ${this.#findings(card)}
      ${this.#status(card)}
    </article>`;
  }

  /** @param {import("couchdb-scheduler").Summary} summary @param {string} status */
  #states({ states, unknown, total, unhealthy, retrying }, status) {
    const many = (/** @type {import("../model/states.js").ShownState} */ state) =>
      state === "unknown" ? unknown : states[state];
    const some = SHOWN_STATES.filter((state) => many(state) > 0);
    return html`
      <div class="state-bar" aria-hidden="true">${some.map(
        (state) => html`<span class=${state} title="${number(many(state))} ${state}"
          .style=${`flex-grow: ${many(state)}`}></span>`,
      )}</div>
      <p><b>${counted(total, "replication")}</b>${some.map((state) => html`, ${number(many(state))} ${state}`)}${
        retrying > 0 ? `; ${number(retrying)} retrying` : nothing
      }</p>
      ${unhealthy === 0 && total > 0 && status === "known" ? html`<p class="well">${icon("completed")} None is unhealthy</p>` : nothing}`;
  }

  /** @param {import("../connection/servers.js").Card} card */
  #incidents({ incidents }) {
    if (incidents.length === 0) return nothing;
    const left = incidents.length - MAX_INCIDENTS;
    return html`<ul class="card-incidents" aria-label=${counted(incidents.length, "incident")}>
      ${incidents
        .slice(0, MAX_INCIDENTS)
        .map(
          ({ total, message }) =>
            html`<li>${icon("error")} <span><b>${number(total)}</b> ${words(message)}</span></li>`,
        )}
      ${left > 0 ? html`<li class="hint">and ${counted(left, "more incident")}</li>` : nothing}
    </ul>`;
  }

  /** Those of documents that fail are incidents. @param {import("../connection/servers.js").Card} card */
  #findings({ findings }) {
    const { kinds } = new Findings(findings?.filter(({ severity }) => severity !== "info"));
    if (kinds.size === 0) return nothing;
    const words = [...kinds].map(([kind, many]) => `${number(many)} ${kindInWords(kind)}`);
    return html`<p class="audited">${icon("unknown")} First audit: ${words.join(", ")}</p>`;
  }

  /** @param {import("../connection/servers.js").Card} card */
  #status({ server, status, error, refreshedAt }) {
    if (status === "waiting") return html`<p class="hint">Reading…</p>`;
    if (status === "locked") {
      const isRefused = error !== null && server.username !== "";
      return html`${
        isRefused
          ? html`<p class="fault">${troubleOf(error, { ...server, database: "" }).message}</p>`
          : html`<p class="hint">Enter its password to connect.</p>`
      }
        <p><button type="button" @click=${() => this.#fire("open-server")}>Connect</button></p>`;
    }
    const at = refreshedAt === null ? null : new Date(refreshedAt);
    const time = at && html`<time datetime=${at.toISOString()}>${timeOfDay(at)}</time>`;
    if (status === "failed") {
      return html`<p class="fault">${icon("failed")} ${troubleOf(error, { ...server, database: "" }).message}
        ${time ? html`Last refreshed at ${time}.` : nothing}</p>`;
    }
    return html`<p class="hint">Refreshed at ${time}</p>`;
  }
}

customElements.define("server-card", ServerCard);
