// @ts-check
// Confirms once, with the number and the first names, then acts on one replication after the other, and reports what became
// of each. What it confirms belongs to the server and the database that were shown when it opened.

import { html, nothing } from "lit";
import { editorOf, perform, workOf } from "../../connection/perform.js";
import { endsOf, isSameReplication, planOf, questionOf, Report, timeLeft } from "../../model/actions.js";
import { announce } from "../announce.js";
import { fire } from "../fire.js";
import { NO_FORM, passwordForm, SETTINGS_FORM } from "./bulk-forms.js";
import { FormModal } from "./form-modal.js";
import { reportView } from "./report-view.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("../../model/actions.js").ActionKind} ActionKind
 *
 * @typedef {import("./modal.js").Task & { kind: ActionKind, rows: readonly Row[] }} Acting
 *
 * @typedef {object} Run
 * @property {import("../../connection/perform.js").Editor} editor
 * @property {ReturnType<typeof workOf>} work has the password of a change
 * @property {Report} report
 * @property {AbortController} controller
 * @property {number} done results of this attempt
 * @property {number} of all that this attempt is about
 * @property {number} begun ms since 1970, of this attempt
 * @property {boolean} isOver
 * @property {string} spoken for screen readers, a few times
 */

/** How often screen readers hear of the progress. */
const STEPS = 4;

/**
 * @extends {FormModal<Acting, Record<string, any>>}
 * @fires stopped {id, fleet}: one, alone
 */
class BulkDialog extends FormModal {
  /** @override */
  name = "bulk";
  /** @override */
  isNarrow = true;
  /** Null: it is not confirmed. @type {Run | null} */
  #run = null;
  /** What was drawn last. */
  #phase = "";
  /** The servers whose passwords can be changed. @type {ReturnType<typeof endsOf>} */
  #ends = [];

  /** @override */
  form = NO_FORM;

  /** @override */
  begin() {
    const { kind, rows = [] } = this.task ?? {};
    this.#run = null;
    this.#ends = kind === "password" ? endsOf(rows) : [];
    this.form = kind === "settings" ? SETTINGS_FORM : this.#ends.length > 0 ? passwordForm(this.#ends) : NO_FORM;
    super.begin();
  }

  get #end() {
    return this.#ends[Number(this.typed.end)];
  }

  /** @param {Acting} task */
  #plan({ kind, rows, fleet }) {
    return planOf(kind, this.#end?.rows ?? rows, fleet.database);
  }

  /** Ends what is under way: the server is not shown any more. @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#run?.controller.abort();
  }

  /** Another list or row is shown now: closes a question, and what is about one; it goes on in the background. */
  leavePlace() {
    if (this.#run && this.#run.report.total > 1) return;
    this.close();
  }

  /** Closes a question about a replication that is gone, or whose name another one has. @param {{ get(key: string): Row | undefined }} rows */
  check(rows) {
    const [row, ...others] = this.task?.rows ?? [];
    if (this.#run || !row || others.length > 0) return;
    if (!isSameReplication(row, rows.get(row.key))) this.close();
  }

  /** Ends what is under way; the report follows. @override @param {Event} event */
  cancel(event) {
    if (!this.#run || this.#run.isOver) return super.cancel(event);
    event.preventDefault();
    this.#run.controller.abort();
  }

  /** The answer to the question. @override @param {(task: Acting) => Promise<unknown>} act */
  async perform(act) {
    if (this.task && !this.#run) await act(this.task);
  }

  /** @param {Acting} task */
  async #start(task) {
    const { connection, database } = task.fleet;
    const plan = this.#plan(task);
    const editor = editorOf(connection, database);
    this.#run = {
      editor,
      work: workOf(editor, task.kind, this.form.changesOf(this.typed), this.typed.allowRewind === true),
      report: new Report(plan),
      controller: new AbortController(),
      done: 0,
      of: 0,
      begun: 0,
      isOver: false,
      spoken: "",
    };
    await this.#act(task, this.#run, plan.rows);
  }

  /** @param {Acting} task @param {Run} run @param {readonly Row[]} rows */
  async #act(task, run, rows) {
    const { kind, fleet } = task;
    const { report, controller } = run;
    Object.assign(run, {
      done: 0,
      of: rows.length,
      begun: Date.now(),
      isOver: false,
      spoken: report.progress(0, rows.length),
    });
    this.requestUpdate();
    await perform(run.editor, run.work, {
      rows,
      report,
      current: (key) => fleet.docs.rows.get(key),
      signal: controller.signal,
      onResult: async ({ id, outcome }) => {
        if (kind !== "stop") await fleet.look(id);
        else if (outcome === "done") await fleet.docs.drop(id);
        run.done++;
        if (run.done % Math.ceil(run.of / STEPS) === 0) run.spoken = report.progress(run.done, run.of);
        this.requestUpdate();
      },
      troubleOf: fleet.troubleOf,
    });
    run.isOver = true;
    run.spoken = "";
    const [first] = report.results;
    if (kind === "stop" && report.total === 1 && first?.outcome === "done")
      fire(this, "stopped", { id: first.id, fleet });
    const isDone = report.total === 1 && report.rest.length === 0;
    if (this.#run === run && !isDone) return this.requestUpdate();
    if (this.#run === run) this.close();
    // Nothing else says so.
    if (this.isConnected) announce(report.announcement);
  }

  /** @param {Acting} task @param {Run} run */
  #retry(task, run) {
    run.controller = new AbortController();
    void this.#act(task, run, run.report.rest);
  }

  /** What had the focus is gone. @override */
  updated() {
    const phase = this.#run ? (this.#run.isOver ? "report" : "progress") : "";
    if (phase !== this.#phase && phase !== "") {
      this.find(".starts-here")?.focus();
    }
    this.#phase = phase;
  }

  /** @override @param {Acting} task */
  contents(task) {
    const run = this.#run;
    if (!run) return this.#question(task);
    const { report, done, of, spoken, isOver } = run;
    const progress = report.progress(done, of);
    return html`
      <p class="visually-hidden" role="status">${spoken}</p>
      ${
        isOver
          ? reportView(report, { onRetry: () => this.#retry(task, run), onClose: () => this.close() })
          : html`<h2 id="bulk-title">${report.total === 1 ? questionOf(this.#plan(task)).title : progress}</h2>
            <progress max=${of} value=${of === 1 ? nothing : done} aria-label=${progress}></progress>
            <p class="hint">${timeLeft(done, of, Date.now() - run.begun)}</p>
            <div class="buttons">
              <button type="button" class="starts-here" @click=${() => run.controller.abort()}>Cancel</button>
            </div>`
      }`;
  }

  /** @param {Acting} task */
  #question(task) {
    const { title, notes, ids, more, confirm } = questionOf(this.#plan(task));
    const isStop = task.kind === "stop";
    const isForm = this.form.fields.length > 0;
    const isPossible = this.#plan(task).rows.length > 0 && (isForm || task.kind !== "password");
    return html`<form novalidate @input=${this.input} @focusout=${this.leave}
      @submit=${(/** @type {SubmitEvent} */ event) => this.submit(event, () => this.#start(task))}>
      <h2 id="bulk-title">${title}</h2>
      ${isForm ? this.rows() : nothing} ${notes.map((note) => html`<p>${note}</p>`)}
      ${
        ids.length === 0
          ? nothing
          : html`<ul class="ids">${ids.map((id) => html`<li>${id}</li>`)}${more && html`<li class="hint">${more}</li>`}</ul>`
      }
      <div class="buttons">
        <button type="button" ?autofocus=${!isForm} @click=${this.close}>${isStop ? "Keep it" : "Cancel"}</button>
        ${isPossible ? html`<button type="submit" class=${isStop ? "danger" : "primary"}>${confirm}</button>` : nothing}
      </div>
    </form>`;
  }
}

customElements.define("bulk-dialog", BulkDialog);
