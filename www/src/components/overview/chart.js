// @ts-check
// Documents written per second in the last ten minutes.

import { rate } from "../../model/format.js";
import { SPAN } from "../../model/throughput.js";
import { make, makeSvg, setAttribute, setText } from "../dom.js";

/** Initial time span in milliseconds; it gets compressed as more samples arrive. */
const FIRST_SPAN = 120_000;
const WIDTH = 300;
const HEIGHT = 40;

export class Chart {
  #area = makeSvg("path", { class: "area" });
  #line = makeSvg("path", { class: "line" });
  #svg = makeSvg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  #caption = make("span", { className: "caption" });
  element = make("div", { className: "chart" });

  constructor() {
    this.#svg.append(this.#area, this.#line);
    this.element.append(/** @type {any} */ (this.#svg), this.#caption);
  }

  /** @param {import("../../model/throughput.js").Pulse} pulse */
  draw({ samples }) {
    const rates = samples.map(({ written, seconds }) => written / seconds);
    const top = Math.max(...rates, 0);
    const end = samples.at(-1)?.at ?? 0;
    const span = Math.min(SPAN, Math.max(FIRST_SPAN, end - (samples[0]?.at ?? end)));
    const x = (/** @type {number} */ at) => round(WIDTH * (1 - (end - at) / span));
    const points = samples.map(
      ({ at }, i) => `${x(at)},${round(HEIGHT - ((rates[i] ?? 0) / (top || 1)) * (HEIGHT - 3))}`,
    );
    const first = samples[0] ? x(samples[0].at) : 0;
    const isDrawable = samples.length > 1;
    setAttribute(this.#line, "d", isDrawable ? `M${points.join("L")}` : "M0,0");
    setAttribute(this.#area, "d", isDrawable ? `M${first},${HEIGHT}L${points.join("L")}L${WIDTH},${HEIGHT}Z` : "M0,0");
    const minutes = samples[0] ? Math.max(1, Math.round((end - samples[0].at) / 60_000)) : 0;
    const words = isDrawable ? `${minutes} min, maximum ${rate(top)}/s` : "not enough data yet";
    setText(this.#caption, words);
    setAttribute(this.#svg, "aria-label", `Documents written per second: ${words}`);
  }
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
