// @ts-check
// Where a replication really is: its checkpoints at both ends, its backlog, and where it would continue after a restart.

import { html, nothing } from "lit";
import { counted } from "../../model/format.js";
import { elsewhere } from "./elsewhere.js";
import { facts } from "./facts.js";
import { Inquiry } from "./inquiry.js";

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

/** @extends {Inquiry<Lag>} */
class CheckpointsSection extends Inquiry {
  /** @override */
  begin() {
    void this.#read();
  }

  #read() {
    return this.ask(({ key }, { insight }, signal) => insight.lagOf(key, signal));
  }

  /** @override */
  render() {
    const { row, fleet, found: lag, error, isBusy } = this;
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
        <button type="button" aria-disabled=${isBusy} @click=${() => !isBusy && this.#read()}>
          ${isBusy ? "Reading…" : "Read again"}
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
