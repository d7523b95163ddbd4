// @ts-check
// All counters of a replication.

import { number } from "../../model/format.js";
import { Facts } from "./facts.js";

export class Counters {
  #facts = new Facts("facts counters");
  element = this.#facts.element;

  /** @param {import("../../model/row.js").Row} row */
  show({ given: { info }, errors }) {
    const counters = info && !("error" in info) ? Object.entries(info) : [];
    this.#facts.show([
      { name: "consecutive errors", value: number(errors) },
      ...counters.map(([name, value]) => ({
        name: name.replaceAll("_", " "),
        value: typeof value === "number" ? number(value) : value === null ? "unknown" : shortened(String(value)),
      })),
    ]);
  }
}

/** Sequences are long and opaque; people compare the number. @param {string} text */
const shortened = (text) => (text.length > 24 ? `${text.slice(0, 20)}…` : text);
