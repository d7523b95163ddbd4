// @ts-check
// Why it fails, what to do about it, and when CouchDB tries again.

import { serverNow } from "../../model/clock.js";
import { counted, dateOf, duration, exactTime, localTime } from "../../model/format.js";
import { make, setAttribute, setText } from "../dom.js";

export class DiagnosisBox {
  element = make("section", { className: "diagnosis" });
  #message = make("h3");
  #hint = make("p");
  #cause = make("span", { className: "tag" });
  #side = make("span", { className: "tag" });
  #failures = make("span", { className: "tag" });
  #retry = make("p", { className: "retry" });
  #raw = make("pre", { tabIndex: 0 });
  #more = make("details", {}, make("summary", {}, "The server's own message"), this.#raw);
  /** @type {string | null} */
  #nextRetry = null;

  constructor() {
    this.element.append(
      this.#message,
      this.#hint,
      make("p", { className: "tags" }, this.#cause, this.#side, this.#failures),
      this.#retry,
      this.#more,
    );
  }

  /** @param {import("../../model/row.js").Row} row */
  show(row) {
    const { diagnosis, error } = row;
    this.element.hidden = diagnosis === null;
    this.#nextRetry = diagnosis?.next_retry ?? null;
    if (diagnosis === null) return;
    setText(this.#message, diagnosis.message);
    setText(this.#hint, diagnosis.hint);
    setText(this.#cause, diagnosis.cause.replaceAll("_", " "));
    this.#side.hidden = diagnosis.side === null;
    setText(this.#side, `at the ${diagnosis.side}`);
    this.#failures.hidden = diagnosis.failures === 0;
    setText(this.#failures, `${counted(diagnosis.failures, "failure")} in a row`);
    this.#more.hidden = error === null;
    setText(this.#raw, error ?? "");
    this.#raw.ariaLabel = "The server's own error message";
    this.#raw.role = "region";
    this.#retry.classList.toggle("permanent", diagnosis.permanent);
    if (diagnosis.permanent) setText(this.#retry, "CouchDB will not retry it.");
    else if (diagnosis.next_retry === null)
      setText(this.#retry, "CouchDB will retry it; the server does not report when.");
    else this.countDown();
  }

  countDown() {
    const at = dateOf(this.#nextRetry);
    if (!at || this.element.hidden) return;
    const seconds = (at.getTime() - serverNow()) / 1000;
    const when = localTime(this.#nextRetry);
    setAttribute(this.#retry, "title", exactTime(this.#nextRetry));
    setText(
      this.#retry,
      seconds > 0
        ? `Next retry in ${duration(seconds)}, at ${when} or shortly after.`
        : `Retry due since ${when}: the scheduler checks once a minute.`,
    );
  }
}
