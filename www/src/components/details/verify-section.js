// @ts-check
// Compares the target with what the replication was to bring, and lists what is missing and why.

import { html, nothing } from "lit";
import { counted, number } from "../../model/format.js";
import { announce } from "../announce.js";
import { words } from "../words.js";
import { elsewhere } from "./elsewhere.js";
import { Inquiry } from "./inquiry.js";

/**
 * @typedef {import("couchdb-scheduler").Verification} Verification
 * @typedef {import("couchdb-scheduler").UnequalDoc} UnequalDoc
 */

/** @type {Record<UnequalDoc["what"], string>} */
const WHY = {
  refused: "refused by the target, or lost: a restart does not replicate it",
  in_flight: "not replicated yet",
  extra: "only at the target",
};

/** @extends {Inquiry<Verification>} */
class VerifySection extends Inquiry {
  /** @override */
  static properties = { ...Inquiry.properties, checked: { state: true } };

  constructor() {
    super();
    /** Documents compared so far, and in all; null: unknown. @type {{ many: number, total: number } | null} */
    this.checked = null;
  }

  async #verify() {
    this.checked = null;
    this.found = null;
    const isDone = await this.ask(({ key }, { connection, database }, signal) =>
      connection.inspector.verify(key, {
        database,
        signal,
        onProgress: (many, total) => {
          this.checked = { many, total };
        },
      }),
    );
    if (isDone && this.found) announce(inWords(this.found));
  }

  #stop() {
    this.cancel();
    announce("The comparison was canceled");
  }

  /** @override */
  render() {
    const { row, fleet, checked, found, error, isBusy } = this;
    if (!row || !fleet) return nothing;
    const isElsewhere = /\bendpoints\b/.test(error);
    return html`
      ${isBusy ? progress(checked) : nothing}
      ${found ? result(found) : nothing}
      ${
        isElsewhere
          ? elsewhere("verify", row, fleet)
          : error && html`<p class="fault" role="alert">The comparison failed: ${error}</p>`
      }
      ${
        found || isBusy || error
          ? nothing
          : html`<p class="hint">Reads all documents of the source, and compares their revisions with the target.
              Nothing is written.</p>`
      }
      <p class="buttons">
        <button type="button" @click=${isBusy ? this.#stop : this.#verify}>
          ${isBusy ? "Cancel" : found || error ? "Compare again" : "Compare source and target"}
        </button>
      </p>`;
  }
}

customElements.define("verify-section", VerifySection);

/** @param {{ many: number, total: number } | null} checked */
const progress = (checked) => html`
  <progress max=${checked?.total || nothing} value=${checked?.many ?? nothing} aria-label="Compared documents"></progress>
  <p>${checked ? `${number(checked.many)} of ${counted(checked.total, "document")} compared` : "Comparing…"}</p>`;

/** @param {Verification} found */
function inWords({ complete, checked, refused, in_flight }) {
  if (complete) return `Complete: the target has all of ${counted(checked, "document")}.`;
  const parts = [
    refused > 0 && `${number(refused)} refused`,
    in_flight > 0 && `${number(in_flight)} not replicated yet`,
  ];
  return `Of ${counted(checked, "document")}, the target lacks ${counted(refused + in_flight, "revision")}: ${parts.filter(Boolean).join(", ")}.`;
}

/** @param {Verification} found */
function result(found) {
  const { complete, refused, in_flight, docs, caveats } = found;
  const listed = docs.reduce((sum, { revs }) => sum + revs.length, 0);
  const more = refused + in_flight - listed;
  return html`
    <p class="verdict ${complete ? "good" : "fault"}">${inWords(found)}</p>
    ${caveats.map((caveat) => html`<p class="hint">${words(caveat)}</p>`)}
    ${
      docs.length > 0
        ? html`<ul class="missing-docs box" tabindex="0" aria-label="Missing documents">${docs.map(missing)}</ul>`
        : nothing
    }
    ${more > 0 ? html`<p class="hint">And ${counted(more, "other revision")}.</p>` : nothing}`;
}

/** @param {UnequalDoc} doc */
const missing = ({ doc_id, revs, what, reason }) => html`<li class=${what}>
  <b>${doc_id}</b> <span class="hint">${revs.map((rev) => rev.replace(/^(\d+-.{6}).+/, "$1…")).join(", ")}</span>
  <span class="why hint">${reason?.reason ?? WHY[what]}</span>
</li>`;
