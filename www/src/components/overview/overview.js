// @ts-check
// The state of the whole fleet: counts by state, each of them a filter; totals; the last minutes.

import { html, nothing } from "lit";
import { number, rate, shortNumber } from "../../model/format.js";
import { HEALTHY, MEANING, SHOWN_STATES, UNHEALTHY } from "../../model/states.js";
import { badge } from "../icons.js";
import { chart } from "./chart.js";

/**
 * @typedef {import("../../model/states.js").ShownState} ShownState
 * @typedef {Pick<import("../../model/filter.js").Filter, "states" | "retrying">} Choice
 */

/**
 * @param {object} fleet
 * @param {import("../../model/tally.js").Tally} fleet.tally
 * @param {import("../../model/throughput.js").Pulse} fleet.pulse
 * @param {Choice} choice
 * @param {(choice: Choice) => void} onChoice
 */
export function overview({ tally, pulse }, { states, retrying }, onChoice) {
  const isExactly = (/** @type {readonly ShownState[]} */ group) =>
    states.size === group.length && group.every((state) => states.has(state));
  const toggle = (/** @type {ShownState} */ state) => {
    const next = new Set(states);
    if (!next.delete(state)) next.add(state);
    onChoice({ states: next, retrying: false });
  };
  const toggleAll = (/** @type {readonly ShownState[]} */ group) =>
    onChoice({ states: new Set(isExactly(group) ? [] : group), retrying: false });
  const words = (/** @type {string} */ value, /** @type {string} */ label) => html`
    <span class="value">${value}</span><span class="label">${label}</span>`;
  // Rows without a state are rare. The bar shows the same as the buttons, which are larger: screen readers skip it.
  const isRare = (/** @type {ShownState} */ state) =>
    state === "unknown" && tally.states[state] === 0 && !states.has(state);

  return html`<section class="overview" id="overview" aria-labelledby="overview-title">
    <h2 class="visually-hidden" id="overview-title">Overview</h2>
    <div class="tiles">
      <button type="button" class="tile box healthy" aria-pressed=${isExactly(HEALTHY)} @click=${() => toggleAll(HEALTHY)}>
        ${words(number(tally.healthy), "Healthy")}
      </button>
      <button type="button" class="tile box unhealthy ${tally.unhealthy > 0 ? "some" : ""}"
        aria-pressed=${isExactly(UNHEALTHY)} @click=${() => toggleAll(UNHEALTHY)}>
        ${words(number(tally.unhealthy), "Unhealthy")}
      </button>
      <button type="button" class="tile box retrying" title="Running or pending after a failure" aria-pressed=${retrying}
        @click=${() => onChoice({ states: new Set(), retrying: !retrying })}>
        ${words(number(tally.retrying), "Retrying")}
      </button>
      <div class="tile box waiting" title=${tally.pending === null ? "unknown" : number(tally.pending)}>
        ${words(shortNumber(tally.pending), "Pending changes")}
      </div>
      <div class="tile box written">${words(rate(pulse.rate), "Documents written/s")}${chart(pulse)}</div>
    </div>
    <div class="state-bar" aria-hidden="true">
      ${SHOWN_STATES.map(
        (state) => html`<span class="${state} ${states.size > 0 && !states.has(state) ? "faded" : ""}"
          title="${number(tally.states[state])} ${state}" ?hidden=${tally.states[state] === 0}
          .style=${`flex-grow:${tally.states[state]}`} @click=${() => toggle(state)}></span>`,
      )}
    </div>
    <div class="state-filters flow" role="group" aria-label="Show only these states">
      ${SHOWN_STATES.map((state) =>
        isRare(state)
          ? nothing
          : html`<button type="button" class="state-filter pill ${state} ${tally.states[state] === 0 ? "zero" : ""}"
              title=${MEANING[state]} aria-pressed=${states.has(state)} @click=${() => toggle(state)}>
              ${badge(state)}<span class="many">${number(tally.states[state])}</span>
            </button>`,
      )}
    </div>
  </section>`;
}
