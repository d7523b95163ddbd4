// @ts-check
// The sections of the details, from top to bottom.

import { html, nothing } from "lit";
import { hasJob } from "../../model/backlogs.js";
import { commandFor, curlFor } from "../../model/curl.js";
import { codeLine } from "../copy-button.js";
import { findingItem } from "../insight/finding-item.js";
import "./checkpoints-section.js";
import { diagnosis } from "./diagnosis.js";
import { counters, identity } from "./facts.js";
import "./progress-section.js";
import "./rate-chart.js";
import { timeline } from "./timeline.js";
import "./verify-section.js";

/**
 * @typedef {object} Shown what a section is about
 * @property {import("../../model/row.js").Row} row
 * @property {import("couchdb-scheduler").ReplicationJob | null} job the row's job, once the server has reported it
 * @property {import("../../connection/fleet.js").Fleet} fleet
 * @property {number | null} at ms since 1970, of the last refresh
 *
 * @typedef {(shown: Shown) => unknown} Section
 */

/** @type {readonly Section[]} */
const SECTIONS = [
  diagnosis,
  ({ row, fleet }) => {
    const found = fleet.insight.findings.of(row);
    return found.length > 0
      ? section("Findings", html`<ul class="finding-list">${found.map((finding) => findingItem(finding, null))}</ul>`)
      : nothing;
  },
  ({ row, at, fleet }) =>
    section("Progress", html`<progress-section .row=${row} .at=${at} .fleet=${fleet}></progress-section>`),
  ({ row, fleet }) =>
    row.given.doc_id !== null && row.written !== null
      ? section("Last hour", html`<rate-chart .row=${row} .rates=${fleet.rates}></rate-chart>`)
      : nothing,
  ({ row, fleet }) =>
    hasJob(row)
      ? section("Checkpoints", html`<checkpoints-section .row=${row} .fleet=${fleet}></checkpoints-section>`)
      : nothing,
  ({ row, fleet }) =>
    row.given.doc_id === null
      ? nothing
      : section("Verify", html`<verify-section .row=${row} .fleet=${fleet}></verify-section>`),
  ({ row, job }) => section("History", timeline(row, job)),
  ({ row }) => section("Counters", counters(row)),
  ({ row, job }) => section("Identity", identity(row, job)),
  ({ row, fleet: { connection } }) =>
    section(
      "In a terminal",
      html`${codeLine(curlFor(row, connection), "Request")}
      ${codeLine(commandFor("show", row, connection), "Command line")}`,
    ),
];

/** @param {string} title @param {unknown} content */
const section = (title, content) => html`<section><h3>${title}</h3>${content}</section>`;

/** @param {Shown} shown */
export const sections = (shown) => html`<div class="parts">${SECTIONS.map((show) => show(shown))}</div>`;
