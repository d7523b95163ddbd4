// @ts-check
// The state of the whole fleet: counts by state, each of them a filter; totals; the last minutes.

import { number, rate, shortNumber } from "../../model/format.js";
import { HEALTHY, MEANING, SHOWN_STATES, UNHEALTHY } from "../../model/states.js";
import { byId, icon, make, setAttribute, setText } from "../dom.js";
import { Chart } from "./chart.js";

/**
 * @typedef {import("../../model/states.js").ShownState} ShownState
 *
 * @typedef {object} Choice
 * @property {ReadonlySet<ShownState>} states empty: all
 * @property {boolean} retrying
 */

export class Overview {
  /** @type {Choice} */
  #choice = { states: new Set(), retrying: false };
  #onChoice;
  #healthy = tile("Healthy", "healthy", () => this.#toggleStates(HEALTHY));
  #unhealthy = tile("Unhealthy", "unhealthy", () => this.#toggleStates(UNHEALTHY));
  #retrying = tile("Retrying", "retrying", () => this.#choose({ states: new Set(), retrying: !this.#choice.retrying }));
  #pending = tile("Pending changes", "waiting");
  #written = tile("Documents written/s", "written");
  #chart = new Chart();
  #bar = make("div", { className: "state-bar" });
  #states = make("div", { className: "state-filters" });
  /** @type {Map<ShownState, { button: HTMLButtonElement, count: HTMLElement, segment: HTMLElement }>} */
  #parts = new Map();

  /** @param {(choice: Choice) => void} onChoice */
  constructor(onChoice) {
    this.#onChoice = onChoice;
    this.#retrying.element.title = "Running or pending after a failure";
    this.#written.element.append(this.#chart.element);
    // The buttons below show the same, larger.
    this.#bar.ariaHidden = "true";
    this.#states.role = "group";
    this.#states.ariaLabel = "Show only these states";
    for (const state of SHOWN_STATES) this.#addState(state);
    const tiles = [this.#healthy, this.#unhealthy, this.#retrying, this.#pending, this.#written];
    byId("overview", HTMLElement).append(
      make("div", { className: "tiles" }, ...tiles.map(({ element }) => element)),
      this.#bar,
      this.#states,
    );
    this.#showChoice();
  }

  /** @param {ShownState} state */
  #addState(state) {
    const count = make("span", { className: "many" }, "0");
    const word = make("span", { className: "state-name" }, icon(state), state);
    const button = make("button", { type: "button", className: `state-filter ${state}`, title: MEANING[state] });
    button.append(word, count);
    const segment = make("span", { className: state, title: state });
    for (const element of [button, segment]) element.addEventListener("click", () => this.#toggleState(state));
    this.#parts.set(state, { button, count, segment });
    this.#states.append(button);
    this.#bar.append(segment);
  }

  get choice() {
    return this.#choice;
  }

  /** Shows all states. */
  reset() {
    this.#choice = { states: new Set(), retrying: false };
    this.#showChoice();
  }

  /** @param {ShownState} state */
  #toggleState(state) {
    const states = new Set(this.#choice.states);
    if (!states.delete(state)) states.add(state);
    this.#choose({ states, retrying: false });
  }

  /** @param {readonly ShownState[]} group */
  #toggleStates(group) {
    const isChosen = isExactly(this.#choice.states, group);
    this.#choose({ states: new Set(isChosen ? [] : group), retrying: false });
  }

  /** @param {Choice} choice */
  #choose(choice) {
    this.#choice = choice;
    this.#showChoice();
    this.#onChoice(choice);
  }

  #showChoice() {
    const { states, retrying } = this.#choice;
    for (const [state, { button, segment }] of this.#parts) {
      setAttribute(button, "aria-pressed", String(states.has(state)));
      segment.classList.toggle("faded", states.size > 0 && !states.has(state));
    }
    setAttribute(this.#healthy.element, "aria-pressed", String(isExactly(states, HEALTHY)));
    setAttribute(this.#unhealthy.element, "aria-pressed", String(isExactly(states, UNHEALTHY)));
    setAttribute(this.#retrying.element, "aria-pressed", String(retrying));
  }

  /** @param {import("../../model/tally.js").Tally} tally @param {import("../../model/throughput.js").Pulse} pulse */
  show(tally, pulse) {
    setText(this.#healthy.value, number(tally.healthy));
    setText(this.#unhealthy.value, number(tally.unhealthy));
    this.#unhealthy.element.classList.toggle("some", tally.unhealthy > 0);
    setText(this.#retrying.value, number(tally.retrying));
    setText(this.#pending.value, shortNumber(tally.pending));
    setAttribute(this.#pending.element, "title", tally.pending === null ? "unknown" : number(tally.pending));
    setText(this.#written.value, rate(pulse.rate));
    this.#chart.draw(pulse);
    for (const [state, { button, count, segment }] of this.#parts) {
      const many = tally.states[state];
      setText(count, number(many));
      button.classList.toggle("zero", many === 0);
      // Rows without a state are rare.
      if (state === "unknown") button.hidden = many === 0 && !this.#choice.states.has(state);
      segment.style.flexGrow = String(many);
      segment.hidden = many === 0;
      setAttribute(segment, "title", `${number(many)} ${state}`);
    }
    // Visible in the title of a background tab.
    const title = `${tally.unhealthy > 0 ? `(${number(tally.unhealthy)}) ` : ""}CouchDB replications`;
    if (document.title !== title) document.title = title;
  }
}

/**
 * @param {ReadonlySet<ShownState>} states
 * @param {readonly ShownState[]} group
 */
const isExactly = (states, group) => states.size === group.length && group.every((state) => states.has(state));

/**
 * A figure with its name; a filter, if a click does something.
 *
 * @param {string} name
 * @param {string} className
 * @param {() => void} [onClick]
 */
function tile(name, className, onClick) {
  const value = make("span", { className: "value" }, "–");
  const label = make("span", { className: "label" }, name);
  const element = onClick ? make("button", { type: "button" }) : make("div");
  element.className = `tile ${className}`;
  element.append(value, label);
  if (onClick) element.addEventListener("click", onClick);
  return { element, value };
}
