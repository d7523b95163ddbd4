// @ts-check
// Documents that one replication has written in each minute of the last hour.

import { html } from "lit";
import { counted, number } from "../../model/format.js";
import { MINUTES, RateHistory } from "../../model/rate-history.js";
import { LightElement } from "../light-element.js";
import { Ticks } from "../ticks.js";

/** Of a minute in the `viewBox` below, and of the highest bar. */
const WIDTH = 5;
const HEIGHT = 40;

class RateChart extends LightElement {
  /** @override */
  static properties = { row: { attribute: false }, rates: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../../model/row.js").Row | null} */
    this.row = null;
    this.rates = new RateHistory();
    new Ticks(this);
  }

  /** @override */
  render() {
    const minutes = this.rates.of(this.row?.key ?? "", Date.now());
    const known = minutes.filter((written) => written !== null);
    const top = Math.max(...known, 0);
    const sum = Math.round(known.reduce((sum, written) => sum + written, 0));
    const bars = minutes.map((written, at) =>
      written
        ? `M${at * WIDTH},${HEIGHT}v${-Math.max(1, Math.round((written / top) * (HEIGHT - 2)))}h${WIDTH - 1}V${HEIGHT}z`
        : "",
    );
    const words =
      known.length === 0
        ? "Not measured yet."
        : `${counted(sum, "document")} written in ${known.length < MINUTES ? `${counted(known.length, "observed minute")}` : "the last hour"}` +
          `${sum > 0 ? `; at most ${number(Math.ceil(top))} in one minute` : ""}.`;
    return html`<div class="rate-chart">
      <svg viewBox="0 0 300 40" preserveAspectRatio="none" role="img" aria-label="Documents written per minute: ${words}">
        <rect class="unwatched" width=${(MINUTES - known.length) * WIDTH} height=${HEIGHT}></rect>
        <path class="bars" d=${bars.join("") || "M0,0"}></path>
      </svg>
      <p class="scale" aria-hidden="true"><span>1 h ago</span><span>now</span></p>
      <p class="caption" aria-hidden="true">${words}</p>
    </div>`;
  }
}

customElements.define("rate-chart", RateChart);
