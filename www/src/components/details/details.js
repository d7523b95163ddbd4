// @ts-check
// All details of one replication. Changes are written into existing elements, so that text stays
// selected, buttons keep the focus, and nothing moves.

import { curlFor } from "../../model/curl.js";
import { MEANING } from "../../model/states.js";
import { copyButton } from "../copy.js";
import { byId, icon, make, setAttribute, setIcon, setText } from "../dom.js";
import { Counters } from "./counters.js";
import { DiagnosisBox } from "./diagnosis-box.js";
import { Identity } from "./identity.js";
import { ProgressBox } from "./progress-box.js";
import { Timeline } from "./timeline.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("couchdb-scheduler").ReplicationJob} ReplicationJob
 * @typedef {import("../../model/location.js").Place} Place
 *
 * @typedef {object} DetailsOptions
 * @property {() => void} onClose
 * @property {(row: Row) => void} onStop
 */

export class Details {
  #element = byId("details", HTMLElement);
  #title = make("h2", { id: "details-title", tabIndex: -1 });
  #picture = icon("unknown");
  #word = make("span");
  #badge = make("span", { className: "badge" }, /** @type {any} */ (this.#picture), this.#word);
  #meaning = make("span", { className: "meaning" });
  #stop = make("button", { type: "button", className: "danger", hidden: true }, "Stop…");
  #missing = make("p", { className: "missing", hidden: true });
  #parts = make("div", { className: "parts" });
  #diagnosis = new DiagnosisBox();
  #progress = new ProgressBox();
  #timeline = new Timeline();
  #counters = new Counters();
  #identity = new Identity();
  #request = make("code");
  /** @type {Row | null} */
  #row = null;
  #mayStop = false;

  /** @param {DetailsOptions} options */
  constructor({ onClose, onStop }) {
    const close = make("button", { type: "button", className: "close", title: "Close (Esc)" }, "Close");
    close.addEventListener("click", onClose);
    this.#stop.addEventListener("click", () => this.#row && onStop(this.#row));
    this.#element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") onClose();
    });
    const request = make("div", { className: "code-line" }, make("pre", {}, this.#request));
    request.append(copyButton(this.#request, "The request"));
    this.#parts.append(
      this.#diagnosis.element,
      section("Progress", this.#progress.element),
      section("History", this.#timeline.element),
      section("Counters", this.#counters.element),
      section("Identity", this.#identity.element),
      section("The request as curl", request),
    );
    this.#element.append(
      make(
        "div",
        { className: "details-head" },
        make("div", { className: "details-title" }, this.#title, close),
        make("p", { className: "details-state" }, this.#badge, this.#meaning, this.#stop),
      ),
      this.#missing,
      this.#parts,
    );
    setInterval(() => this.#diagnosis.countDown(), 1000);
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  /** @param {string} key shown once the server reports it @param {string} words meanwhile */
  open(key, words) {
    this.#row = null;
    setText(this.#title, key);
    this.#progress.reset();
    this.#timeline.reset();
    this.#showMissing(words);
    this.#element.hidden = false;
    this.#element.scrollTop = 0;
  }

  focus() {
    this.#title.focus();
  }

  /** @param {boolean} isAllowed */
  allowStop(isAllowed) {
    this.#mayStop = isAllowed;
    this.#showStop();
  }

  #showStop() {
    // A job without a document ends with another request to /_replicate, which only the user who started it can send.
    this.#stop.hidden = !this.#mayStop || this.#row === null || this.#row.given.doc_id === null;
  }

  /** @returns {boolean} whether the focus was inside */
  close() {
    const hadFocus = this.#element.contains(document.activeElement);
    this.#element.hidden = true;
    this.#row = null;
    return hadFocus;
  }

  /** @param {string} words why there is nothing to show */
  #showMissing(words) {
    setText(this.#missing, words);
    this.#missing.hidden = words === "";
    this.#parts.hidden = words !== "";
    setAttribute(this.#badge, "hidden", words === "" ? null : "");
    setAttribute(this.#meaning, "hidden", words === "" ? null : "");
    this.#showStop();
  }

  /** It is not in the list any more, or never was. @param {string} words */
  showGone(words) {
    this.#row = null;
    this.#showMissing(words);
  }

  /**
   * @param {Row} row
   * @param {import("../../connection/connection.js").Connection} connection
   */
  show(row, connection) {
    this.#row = row;
    this.#showMissing("");
    setText(this.#title, row.key);
    setIcon(this.#picture, row.state);
    setAttribute(this.#badge, "class", `badge ${row.state}`);
    setText(this.#word, row.given.state ?? row.state);
    setText(this.#meaning, row.isRetrying ? "it is being retried after a failure" : MEANING[row.state]);
    this.#diagnosis.show(row);
    this.#progress.show(row, Date.now());
    this.#timeline.show(row, null);
    this.#counters.show(row);
    this.#identity.show(row, null);
    setText(this.#request, curlFor(row, connection));
  }

  /** Shows what only the job has. @param {ReplicationJob | null} job */
  showJob(job) {
    if (this.#row === null) return;
    this.#timeline.show(this.#row, job);
    this.#identity.show(this.#row, job);
  }
}

/** @param {string} title @param {HTMLElement} content */
const section = (title, content) => make("section", {}, make("h3", {}, title), content);
