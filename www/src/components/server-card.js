// @ts-check
// One server on the start page: states, incidents, findings, and whether it responds.

import { html, nothing } from "lit";
import { troubleOf } from "../connection/trouble.js";
import { Findings, kindInWords } from "../model/findings.js";
import { counted, number, timeOfDay } from "../model/format.js";
import { SHOWN_STATES } from "../model/states.js";
import { icon } from "./icons.js";
import { words } from "./words.js";

/** @typedef {import("../connection/servers.js").Card} Card */

/** Number of incidents in a card. */
const MAX_INCIDENTS = 3;

/** @param {Card} card @param {(type: "open-server" | "remove-server") => void} act */
export function serverCard(card, act) {
  const { server, status: how, summary } = card;
  return html`<article class="card box ${how}">
    <header>
      <h3><button type="button" class="link" @click=${() => act("open-server")}>${server.name}</button></h3>
      ${
        server.isConfigured
          ? nothing
          : html`<button type="button" class="copy remove" aria-label="Remove ${server.name}" title="Remove from this page"
              @click=${() => act("remove-server")}>${icon("failed")}</button>`
      }
    </header>
    ${server.url.endsWith(server.name) ? nothing : html`<p class="hint address">${server.url}</p>`}
    ${summary ? states(summary, how) : nothing}
    ${incidents(card)}
    ${findings(card)}
    ${status(card, act)}
  </article>`;
}

/** @param {import("couchdb-scheduler").Summary} summary @param {string} status */
function states({ states, unknown, total, unhealthy, retrying }, status) {
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

/** @param {Card} card */
function incidents({ incidents }) {
  if (incidents.length === 0) return nothing;
  const left = incidents.length - MAX_INCIDENTS;
  return html`<ul class="card-incidents" aria-label=${counted(incidents.length, "incident")}>
    ${incidents
      .slice(0, MAX_INCIDENTS)
      .map(
        ({ total, message }) => html`<li>${icon("error")} <span><b>${number(total)}</b> ${words(message)}</span></li>`,
      )}
    ${left > 0 ? html`<li class="hint">and ${counted(left, "more incident")}</li>` : nothing}
  </ul>`;
}

/** Those of documents that fail are incidents. @param {Card} card */
function findings({ findings }) {
  const { kinds } = new Findings(findings?.filter(({ severity }) => severity !== "info"));
  if (kinds.size === 0) return nothing;
  const words = [...kinds].map(([kind, many]) => `${number(many)} ${kindInWords(kind)}`);
  return html`<p class="audited">${icon("unknown")} First audit: ${words.join(", ")}</p>`;
}

/** @param {Card} card @param {Parameters<typeof serverCard>[1]} act */
function status({ server, status, error, refreshedAt }, act) {
  if (status === "waiting") return html`<p class="hint">Reading…</p>`;
  if (status === "locked") {
    const isRefused = error !== null && server.username !== "";
    return html`${
      isRefused
        ? html`<p class="fault">${troubleOf(error, { ...server, database: "" }).message}</p>`
        : html`<p class="hint">Enter its password to connect.</p>`
    }
      <p><button type="button" @click=${() => act("open-server")}>Connect</button></p>`;
  }
  const at = refreshedAt === null ? null : new Date(refreshedAt);
  const time = at && html`<time datetime=${at.toISOString()}>${timeOfDay(at)}</time>`;
  if (status === "failed") {
    return html`<p class="fault">${icon("failed")} ${troubleOf(error, { ...server, database: "" }).message}
      ${time ? html`Last refreshed at ${time}.` : nothing}</p>`;
  }
  return html`<p class="hint">Refreshed at ${time}</p>`;
}
