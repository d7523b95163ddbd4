// @ts-check
// The history of a replication, newest first.

import { icon, make } from "../dom.js";
import { timeElement } from "../time.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("couchdb-scheduler").ReplicationJob} ReplicationJob
 * @typedef {{ type: string, timestamp: string, reason?: string }} Event
 */

/** @type {Record<string, string>} */
const ICONS = { added: "initializing", started: "running", stopped: "pending", crashed: "crashing" };

export class Timeline {
  element = make("ol", { className: "timeline" });
  #shown = "";

  reset() {
    this.#shown = "";
    this.element.replaceChildren();
  }

  /** @param {Row} row @param {ReplicationJob | null} job the row itself, if it is a job */
  show(row, job) {
    const history = "history" in row.given ? row.given.history : job?.history;
    const isWaitingForJob = history === undefined && row.given.id !== null;
    if (isWaitingForJob && this.#shown !== "") return;
    const events = history ?? eventsOf(row);
    const text = JSON.stringify(events);
    if (text === this.#shown) return;
    this.#shown = text;
    this.element.replaceChildren(...events.map(eventItem));
  }
}

/** A document without a job has little history. @param {Row} row @returns {Event[]} */
function eventsOf({ given, updated, state }) {
  const events = [];
  if (updated) events.push({ type: state, timestamp: updated });
  if (given.start_time) events.push({ type: "started", timestamp: given.start_time });
  return events;
}

/** @param {Event} event */
function eventItem({ type, timestamp, reason }) {
  const name = ICONS[type] ?? type;
  const item = make("li", { className: name }, icon(name), make("b", {}, type), timeElement(timestamp));
  if (reason) item.append(make("p", { className: "reason" }, reason));
  return item;
}
