// @ts-check
// All counters of a replication.

import { number, spaced } from "../../model/format.js";
import { facts } from "./facts.js";

/** @param {import("../../model/row.js").Row} row */
export function counters({ given: { info }, errors }) {
  const counters = info && !("error" in info) ? Object.entries(info) : [];
  return facts("counters", [
    { name: "consecutive errors", value: number(errors) },
    ...counters.map(([name, value]) => ({
      name: spaced(name),
      value: typeof value === "number" ? number(value) : value === null ? "unknown" : shortened(String(value)),
    })),
  ]);
}

/** Sequences are long and opaque; people compare the number. @param {string} text */
const shortened = (text) => (text.length > 24 ? `${text.slice(0, 20)}…` : text);
