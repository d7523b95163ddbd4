// @ts-check
// Documents written per second in the last ten minutes.

import { html } from "lit";
import { rate } from "../../model/format.js";
import { SPAN } from "../../model/throughput.js";

/** Initial time span in milliseconds; it gets compressed as more samples arrive. */
const FIRST_SPAN = 120_000;
/** As in the `viewBox` below. */
const WIDTH = 300;
const HEIGHT = 40;

/** @param {import("../../model/throughput.js").Pulse} pulse */
export function chart({ samples }) {
  const rates = samples.map(({ written, seconds }) => written / seconds);
  const top = Math.max(...rates, 0);
  const end = samples.at(-1)?.at ?? 0;
  const begin = samples[0]?.at ?? end;
  const span = Math.min(SPAN, Math.max(FIRST_SPAN, end - begin));
  const x = (/** @type {number} */ at) => round(WIDTH * (1 - (end - at) / span));
  const y = (/** @type {number} */ value) => round(HEIGHT - (value / (top || 1)) * (HEIGHT - 3));
  const points = samples.map(({ at }, i) => `${x(at)},${y(rates[i] ?? 0)}`).join("L");
  const isDrawable = samples.length > 1;
  const minutes = Math.max(1, Math.round((end - begin) / 60_000));
  const words = isDrawable ? `${minutes} min, maximum ${rate(top)}/s` : "not enough data yet";
  return html`<div class="chart">
    <svg viewBox="0 0 300 40" preserveAspectRatio="none" role="img"
      aria-label="Documents written per second: ${words}">
      <path class="area" d=${isDrawable ? `M${x(begin)},${HEIGHT}L${points}L${WIDTH},${HEIGHT}Z` : "M0,0"}></path>
      <path class="line" d=${isDrawable ? `M${points}` : "M0,0"}></path>
    </svg>
    <span class="caption">${words}</span>
  </div>`;
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
