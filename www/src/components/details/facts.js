// @ts-check
// Names and values, updated in place.

import { dateOf, exactTime, localTime } from "../../model/format.js";
import { copyButton } from "../copy.js";
import { make, setText } from "../dom.js";

/**
 * @typedef {object} Fact
 * @property {string} name
 * @property {string | null} value null: omitted
 * @property {"copy" | "time"} [how] with a copy button; as a time
 */

export class Facts {
  element;
  /** @type {Map<string, { term: HTMLElement, value: HTMLElement, box: HTMLElement }>} */
  #shown = new Map();

  /** @param {string} className */
  constructor(className) {
    this.element = make("dl", { className });
  }

  /** @param {Fact[]} facts */
  show(facts) {
    const known = facts.filter(({ value }) => value !== null);
    const names = new Set(known.map(({ name }) => name));
    for (const [name, { term, box }] of this.#shown) {
      if (names.has(name)) continue;
      term.remove();
      box.remove();
      this.#shown.delete(name);
    }
    for (const { name, value, how } of known) this.#put(name, value ?? "", how);
  }

  /** @param {string} name @param {string} text @param {Fact["how"]} how */
  #put(name, text, how) {
    let shown = this.#shown.get(name);
    if (!shown) {
      const value = make("span");
      const box = make("dd", {}, value);
      if (how === "copy") box.append(copyButton(value, name));
      shown = { term: make("dt", {}, name), value, box };
      this.#shown.set(name, shown);
      this.element.append(shown.term, box);
    }
    const isTime = how === "time" && dateOf(text) !== null;
    setText(shown.value, isTime ? localTime(text) : text);
    if (isTime) shown.value.title = exactTime(text);
  }
}
