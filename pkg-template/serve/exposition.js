// @ts-check
// The two text formats of metrics: OpenMetrics 1.0, and Prometheus' older 0.0.4 for those that do not accept it.

import { accepts } from "./accepts.js";

const OPEN = "application/openmetrics-text";

/** @param {string} text OpenMetrics */
export function inOldFormat(text) {
  /** @type {Set<string>} */
  const counters = new Set();
  const lines = text.split("\n").flatMap((line) => {
    const [, word = "", name = "", rest = ""] = /^# (TYPE|HELP|UNIT|EOF) ?(\S*) ?(.*)$/.exec(line) ?? [];
    if (word === "UNIT" || word === "EOF") return [];
    if (word === "TYPE" && rest === "counter") counters.add(name);
    // There, a counter is called as its samples are.
    return [word !== "" && counters.has(name) ? `# ${word} ${name}_total ${rest}` : line];
  });
  return lines.join("\n");
}

/**
 * @param {string} text OpenMetrics
 * @param {string | undefined} accept header of the request
 * @returns {{ type: string, body: Buffer }}
 */
export function exposed(text, accept) {
  return accepts(accept, OPEN)
    ? { type: `${OPEN}; version=1.0.0; charset=utf-8`, body: Buffer.from(text) }
    : { type: "text/plain; version=0.0.4; charset=utf-8", body: Buffer.from(inOldFormat(text)) };
}
