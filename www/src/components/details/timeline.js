// @ts-check
// The history of a replication, newest first.

import { html, nothing } from "lit";
import { icon } from "../icons.js";
import { time } from "../time.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {{ type: string, timestamp: string, reason?: string }} Event
 */

/** @type {Record<string, import("../icons.js").IconName>} */
const ICONS = { added: "initializing", started: "running", stopped: "pending", crashed: "crashing" };

/** @param {Row} row @param {import("couchdb-scheduler").ReplicationJob | null} job */
export function timeline(row, job) {
  /** @type {readonly Event[]} */
  const events = "history" in row.given ? row.given.history : (job?.history ?? eventsOf(row));
  return html`<ol class="timeline">${events.map(item)}</ol>`;
}

/** A document without a job has little history. @param {Row} row @returns {Event[]} */
function eventsOf({ given, updated, state }) {
  const events = [];
  if (updated) events.push({ type: state, timestamp: updated });
  if (given.start_time) events.push({ type: "started", timestamp: given.start_time });
  return events;
}

/** @param {Event} event */
function item({ type, timestamp, reason }) {
  const name = ICONS[type] ?? /** @type {import("../icons.js").IconName} */ (type);
  return html`<li class=${name}>
    ${icon(name)}<b>${type}</b>${time(timestamp)}${reason ? html`<p class="reason hint">${reason}</p>` : nothing}
  </li>`;
}
