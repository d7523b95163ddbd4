// @ts-check
// How many replications there are in each state; a click shows only those.

import { byId, icon, make, setText } from "./dom.js";
import { number } from "./format.js";
import { countStates, isUnhealthy, meaning, SHOWN_STATES } from "./states.js";

/** @typedef {import("./states.js").ShownState} ShownState */

export class Overview {
  #health = byId("health", HTMLElement);
  #proportions = byId("proportions", HTMLElement);
  #counts = byId("counts", HTMLElement);
  #all = makeCount("all", "every replication");
  /** @type {Map<ShownState, { button: HTMLButtonElement, count: HTMLElement, segment: HTMLElement }>} */
  #states = new Map();
  /** None: all. @type {Set<ShownState>} */
  chosen = new Set();

  /** @param {() => void} onChoice */
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.#counts.append(this.#all.button);
    this.#all.button.addEventListener("click", () => this.#choose(new Set()));
    for (const state of SHOWN_STATES) {
      const { button, count } = makeCount(state, meaning(state));
      button.addEventListener("click", () => this.#toggle(state));
      const segment = make("span", { className: state });
      this.#states.set(state, { button, count, segment });
      this.#counts.append(button);
      this.#proportions.append(segment);
    }
    this.#showChoice();
  }

  /** @param {ShownState} state */
  #toggle(state) {
    const states = new Set(this.chosen);
    if (!states.delete(state)) states.add(state);
    this.#choose(states);
  }

  /** @param {Set<ShownState>} states */
  #choose(states) {
    this.chosen = states;
    this.#showChoice();
    this.onChoice();
  }

  /** @param {readonly import("./couchdb-scheduler/index.js").ReplicationDoc[]} docs */
  show(docs) {
    setText(this.#all.count, number(docs.length));
    for (const [state, many] of countStates(docs)) {
      const shown = this.#states.get(state);
      if (!shown) continue;
      setText(shown.count, number(many));
      shown.button.classList.toggle("zero", many === 0);
      // The list of a server hardly ever has any.
      if (state === "unknown") shown.button.hidden = many === 0 && !this.chosen.has(state);
      shown.segment.style.flexGrow = String(many);
      shown.segment.hidden = many === 0;
    }
    this.#showHealth(docs);
  }

  /** @param {readonly import("./couchdb-scheduler/index.js").ReplicationDoc[]} docs */
  #showHealth(docs) {
    const unhealthy = docs.filter(({ state }) => isUnhealthy(state)).length;
    const words = unhealthy === 0 ? "none needs attention" : `${number(unhealthy)} need attention`;
    setText(this.#health, docs.length === 0 ? "No replications" : `${number(docs.length)} replications, ${words}`);
    // Seen in the tab while another is in front.
    const title = `${unhealthy > 0 ? `(${number(unhealthy)}) ` : ""}CouchDB replications`;
    if (document.title !== title) document.title = title;
  }

  #showChoice() {
    this.#all.button.ariaPressed = String(this.chosen.size === 0);
    for (const [state, { button }] of this.#states) button.ariaPressed = String(this.chosen.has(state));
  }
}

/**
 * @param {string} name
 * @param {string} title
 */
function makeCount(name, title) {
  const count = make("span", { className: "many" }, "0");
  const button = make("button", { type: "button", className: `count ${name}`, title });
  button.append(count, make("span", { className: "state-name" }, icon(name), name));
  return { button, count };
}
