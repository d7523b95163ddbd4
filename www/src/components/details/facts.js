// @ts-check
// Names and values of a replication.

import { html, nothing } from "lit";
import { dateOf, number, spaced } from "../../model/format.js";
import "../copy-button.js";
import { time } from "../time.js";

/**
 * @typedef {object} Fact
 * @property {string} name
 * @property {string | null} value null: omitted
 * @property {"copy" | "time"} [how] with a copy button; as a time
 */

/** @param {string} className @param {Fact[]} list */
export const facts = (className, list) => html`<dl class="facts ${className}">${list.map(fact)}</dl>`;

/** @param {Fact} fact */
function fact({ name, value, how }) {
  if (value === null) return nothing;
  const shown = how === "time" && dateOf(value) ? time(value) : value;
  return html`<dt>${name}</dt>
    <dd><span>${shown}</span>${how === "copy" ? html`<copy-button .name=${name}></copy-button>` : nothing}</dd>`;
}

/**
 * @param {import("../../model/row.js").Row} row
 * @param {import("couchdb-scheduler").ReplicationJob | null} job
 */
export function identity({ given }, job) {
  const ofJob = "pid" in given ? given : job;
  const proxies = "source_proxy" in given ? given : null;
  return facts("identity", [
    { name: "Document id", value: given.doc_id, how: "copy" },
    { name: "Database", value: given.database },
    { name: "Replication id", value: given.id, how: "copy" },
    { name: "Source", value: given.source, how: "copy" },
    { name: "Target", value: given.target, how: "copy" },
    { name: "Source proxy", value: proxies?.source_proxy ?? null },
    { name: "Target proxy", value: proxies?.target_proxy ?? null },
    { name: "Node", value: given.node },
    { name: "Process", value: ofJob?.pid ?? null },
    { name: "User", value: ofJob?.user ?? null },
    { name: "Started", value: given.start_time, how: "time" },
    { name: "Last change", value: "last_updated" in given ? given.last_updated : null, how: "time" },
  ]);
}

/** @param {import("../../model/row.js").Row} row */
export function counters({ given: { info }, errors }) {
  const counters = info && !("error" in info) ? Object.entries(info) : [];
  return facts("counters", [
    { name: "consecutive errors", value: number(errors) },
    ...counters.map(([name, value]) => ({
      name: spaced(name),
      value: typeof value === "number" ? number(value) : value === null ? "unknown" : shortened(String(value)),
    })),
  ]);
}

/** Sequences are long and opaque; people compare the number. @param {string} text */
const shortened = (text) => (text.length > 24 ? `${text.slice(0, 20)}…` : text);
