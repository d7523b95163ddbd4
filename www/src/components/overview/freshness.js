// @ts-check
// Whether the shown data is current: the time of the last refresh, and the error if it failed.

import { duration, exactTime, timeOfDay } from "../../model/format.js";
import { announce } from "../announce.js";
import { byId, icon, make, setAttribute, setIcon, setText } from "../dom.js";

export class Freshness {
  #element = byId("freshness", HTMLElement);
  #notice = byId("notice", HTMLElement);
  #text = byId("notice-text", HTMLElement);
  #picture = icon("completed");
  #words = make("span");
  #time = make("time");
  /** @type {number | null} ms since 1970 */
  #lastAt = null;
  /** @type {{ words: string, retryAt: number | null } | null} */
  #failure = null;

  /** @param {() => void} onHurry */
  constructor(onHurry) {
    this.#element.append(/** @type {any} */ (this.#picture), this.#words, " ", this.#time);
    byId("hurry", HTMLButtonElement).addEventListener("click", onHurry);
    setInterval(() => this.#draw(), 1000);
  }

  /** Another list: nothing is known about it yet. */
  reset() {
    this.#lastAt = null;
    this.#failure = null;
    this.#draw();
  }

  succeed() {
    if (this.#failure) announce("The server responds again");
    this.#lastAt = Date.now();
    this.#failure = null;
    this.#draw();
  }

  /** @param {string} words @param {number | null} retryAt ms since 1970; null: unknown */
  fail(words, retryAt) {
    this.#failure = { words, retryAt };
    this.#draw();
  }

  #draw() {
    const isFresh = this.#failure === null;
    this.#element.hidden = this.#lastAt === null;
    this.#element.classList.toggle("stale", !isFresh);
    setIcon(this.#picture, isFresh ? "completed" : "error");
    setText(this.#words, isFresh ? "Refreshed" : "Not refreshed since");
    if (this.#lastAt !== null) {
      const date = new Date(this.#lastAt);
      setText(this.#time, timeOfDay(date));
      setAttribute(this.#time, "datetime", date.toISOString());
      setAttribute(this.#time, "title", exactTime(date.toISOString()));
    }
    this.#notice.hidden = this.#failure === null;
    setText(this.#text, this.#failure?.words ?? "");
    const button = byId("hurry", HTMLButtonElement);
    const { retryAt } = this.#failure ?? { retryAt: null };
    const seconds = retryAt === null ? 0 : (retryAt - Date.now()) / 1000;
    setAttribute(button, "title", seconds > 0 ? `Next attempt in ${duration(seconds)}` : null);
    setText(button, seconds >= 0.5 ? `Try now (or in ${duration(seconds)})` : "Try now");
  }
}
