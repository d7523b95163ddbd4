// @ts-check
// One finding of an audit: what is wrong, and what to do about it.

import { html, nothing } from "lit";
import { kindInWords } from "../../model/findings.js";
import { icon } from "../icons.js";
import { time } from "../time.js";
import { words } from "../words.js";

/** @typedef {import("couchdb-scheduler").Finding} Finding */

/** The hint of the package names its methods. */
const LOST = "“Verify” in the details of the replication lists the documents that are missing.";

/** Which replication, node or job it is about. @param {Finding} finding @param {(docId: string) => string} addressOf */
const subject = ({ kind, doc_id, job_id, node }, addressOf) =>
  doc_id !== null && kind !== "orphan_task"
    ? html`<a href=${addressOf(doc_id)}>${doc_id}</a>`
    : html`<b>${job_id ?? node}</b>`;

/** @param {Finding} finding @param {((docId: string) => string) | null} addressOf null: its replication is already shown */
export function findingItem(finding, addressOf) {
  const { kind, severity, confirmed, message, hint, since } = finding;
  return html`<li class="finding ${severity}">
    ${icon(severity === "info" ? "unknown" : "error")}
    <p>
      <b>${kindInWords(kind)}</b> ${addressOf && subject(finding, addressOf)}
      ${confirmed ? nothing : html`<span class="tag" title="Found by one audit. The next one, in two minutes, confirms it or not.">suspected</span>`}
      ${since === null ? nothing : html`<span class="hint">since ${time(since)}</span>`}
      ${words(message)} <span class="hint">${words(kind === "write_failures" ? LOST : hint)}</span>
    </p>
  </li>`;
}
