// @ts-check
// Where a replication really is: its checkpoints at both ends, its backlog, and where it would continue after a restart.

import { html, nothing } from "lit";
import { counted, messageOf } from "../../model/format.js";
import { LightElement } from "../light-element.js";
import { elsewhere } from "./elsewhere.js";
import { facts } from "./facts.js";

/**
 * @typedef {import("couchdb-scheduler").Lag} Lag
 * @typedef {import("couchdb-scheduler").EndpointCheckpoint} EndpointCheckpoint
 */

/** @type {Record<Lag["resume"]["from"], string>} */
const RESUME = {
  checkpoint: "It continues from the common checkpoint.",
  common_session: "It continues from the newest session that both ends have, since their checkpoints differ.",
  beginning:
    "It starts from the beginning: it checks all changes again, and copies only what the target does not have.",
  unknown: "Unknown: the checkpoint of an end could not be read.",
};

class CheckpointsSection extends LightElement {
  /** @override */
  static properties = {
    row: { attribute: false },
    fleet: { attribute: false },
    lag: { state: true },
    error: { state: true },
    isReading: { state: true },
  };

  #end = new AbortController();
  #shown = "";

  constructor() {
    super();
    /** With a job. @type {import("../../model/row.js").Row | null} */
    this.row = null;
    /** @type {import("../../connection/fleet.js").Fleet | null} */
    this.fleet = null;
    /** @type {Lag | null} */
    this.lag = null;
    this.error = "";
    this.isReading = false;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#end.abort();
    this.#shown = "";
  }

  /** Once for each replication, and when the user wants it. @override */
  willUpdate() {
    const { row, fleet } = this;
    if (!row || !fleet || row.key === this.#shown) return;
    this.#shown = row.key;
    this.lag = null;
    void this.#read();
  }

  async #read() {
    const { row, fleet } = this;
    if (!row || !fleet) return;
    this.#end.abort();
    this.#end = new AbortController();
    const { signal } = this.#end;
    this.isReading = true;
    this.error = "";
    try {
      const lag = await fleet.insight.lagOf(row.key, signal);
      if (signal.aborted) return;
      this.lag = lag;
    } catch (error) {
      if (signal.aborted) return;
      this.error = messageOf(error);
    }
    this.isReading = false;
  }

  /** @override */
  render() {
    const { row, fleet, lag, error, isReading } = this;
    if (!row || !fleet) return nothing;
    return html`
      ${lag ? lagFacts(lag, fleet.insight.backlogs.backlog(row)) : nothing}
      ${
        lag && (lag.source.status === "not_asked" || lag.target.status === "not_asked")
          ? elsewhere("lag", row, fleet)
          : nothing
      }
      ${error ? html`<p class="hint">${error}</p>` : nothing}
      <p class="buttons">
        <button type="button" aria-disabled=${isReading} @click=${() => !isReading && this.#read()}>
          ${isReading ? "Reading…" : "Read again"}
        </button>
      </p>`;
  }
}

customElements.define("checkpoints-section", CheckpointsSection);

/** @param {Lag} lag @param {number | null} pending according to the row */
function lagFacts(lag, pending) {
  const { backlog_is_upper_bound, last_progress, resume, doc_write_failures, source, target } = lag;
  const backlog = lag.backlog ?? pending;
  const atMost = lag.backlog !== null && backlog_is_upper_bound ? "at most " : "";
  return facts("checkpoints", [
    { name: "Backlog", value: backlog === null ? "unknown" : atMost + counted(backlog, "change") },
    { name: "Last progress", value: last_progress, how: "time" },
    { name: "After a restart", value: RESUME[resume.from] },
    { name: "From sequence", value: resume.seq === null ? null : String(resume.seq), how: "copy" },
    {
      name: "Refused by the target",
      value: doc_write_failures ? counted(doc_write_failures, "document revision") : null,
    },
    { name: "At the source", value: inWords(source) },
    { name: "Its database", value: urlOf(source), how: "copy" },
    { name: "At the target", value: inWords(target) },
    { name: "Its database", value: urlOf(target), how: "copy" },
  ]);
}

/** Where it was looked for. @param {EndpointCheckpoint} end */
const urlOf = ({ status, url }) => (status === "not_asked" ? null : url);

/** @param {EndpointCheckpoint} end */
function inWords({ status, sessions, error }) {
  const why = error ? `: ${error.reason ?? error.message}` : "";
  if (status === "found") return `Checkpoint found, of ${counted(sessions ?? 0, "session")}`;
  if (status === "missing") return "No checkpoint yet";
  if (status === "not_asked") return "Not requested: on another server";
  return status === "refused" ? `Refused${why}` : `No valid response${why}`;
}
