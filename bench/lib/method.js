// @ts-check
// The method of measurement: printed with every result, as figures mean nothing without it.

import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { CAN_MEASURE_MEMORY } from "./peak-memory.js";

/**
 * @param {import("./plan.js").Rounds} rounds
 * @param {string | undefined} chromium its version
 */
export function method(rounds, chromium) {
  return {
    machine: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    load: loadavg().map((load) => Math.round(load * 10) / 10),
    node: process.version,
    chromium: chromium ?? "none found",
    rounds,
    notes: [
      "The simulator runs in a separate process and sends prepared bytes.",
      "Each contestant runs in its own process (in Chromium: in its own page and process). All take turns, round by round, with a garbage collection in between; the figure is the median.",
      "time: until the end. cpu: CPU time of all threads of the contestant's process. first: until the first row.",
      CAN_MEASURE_MEMORY
        ? "memory: how far the highest resident set of a fresh process (in Chromium: of all renderers) rises above where it was after 1,000 rows, as the kernel keeps it."
        : "memory: not measured, as this system does not keep the highest resident set of a process so that it can be set back.",
      "block: the longest pause between two turns of the event loop, in separate rounds.",
      "fetch: fetch, json() and plain JavaScript that fills the rows in as ours are; it leaves secrets in them, which ours masks. cloudant and nano: their rows as they come, nothing filled in. drain: the body received and thrown away.",
    ],
  };
}
