// @ts-check
// Writes OpenMetrics 1.0 text. What is unknown has no sample.

/**
 * A metric family. The samples of a counter have the suffix `_total`.
 *
 * @typedef {object} Family
 * @property {"gauge" | "counter"} type
 * @property {string} help a sentence without quotes, backslashes and line breaks
 * @property {string} [unit] the last part of the name
 */

/** @type {Record<string, string>} */
const ESCAPED = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

/** UTF-8 has no halves of surrogate pairs. @param {string} value of a label */
const quoted = (value) =>
  `"${value.replace(/[\ud800-\udfff]/gu, "\ufffd").replace(/[\\"\n]/g, (character) => ESCAPED[character] ?? "")}"`;

/** Labels without a value are absent. @param {Record<string, string | null>} labels */
function labelsOf(labels) {
  const pairs = Object.entries(labels).filter(([, value]) => value !== null && value !== "");
  return pairs.length === 0 ? "" : `{${pairs.map(([name, value]) => `${name}=${quoted(String(value))}`).join(",")}}`;
}

/** Samples of metric families, each family once, and each set of labels once. @template {string} Name */
export class OpenMetrics {
  #prefix;
  #families;
  /** Values by labels. @type {Map<Name, Map<string, number>>} */
  #samples = new Map();

  /**
   * @param {string} prefix of all names
   * @param {Readonly<Record<Name, Family>>} families in their order
   */
  constructor(prefix, families) {
    this.#prefix = prefix;
    this.#families = families;
  }

  /** Sets the sample with these labels, unless the value is unknown. @param {Name} name @param {Record<string, string | null>} labels @param {unknown} value */
  set(name, labels, value) {
    if (typeof value !== "number" || !Number.isFinite(value)) return;
    if (this.#families[name].type === "counter" && value < 0) return;
    const samples = this.#samples.get(name) ?? new Map();
    this.#samples.set(name, samples.set(labelsOf(labels), value));
  }

  /** Counts one more. @param {Name} name @param {Record<string, string | null>} labels */
  count(name, labels) {
    this.set(name, labels, (this.#samples.get(name)?.get(labelsOf(labels)) ?? 0) + 1);
  }

  toString() {
    const families = /** @type {[Name, Family][]} */ (Object.entries(this.#families));
    return `${families.map(([name, family]) => this.#textOf(name, family)).join("")}# EOF\n`;
  }

  /** A family without samples is absent. @param {Name} name @param {Family} family */
  #textOf(name, { type, help, unit }) {
    const samples = this.#samples.get(name);
    if (samples === undefined) return "";
    const full = this.#prefix + name;
    const lines = [`# TYPE ${full} ${type}`, ...(unit ? [`# UNIT ${full} ${unit}`] : []), `# HELP ${full} ${help}`];
    const suffix = type === "counter" ? "_total" : "";
    for (const [labels, value] of samples) lines.push(`${full}${suffix}${labels} ${value}`);
    return `${lines.join("\n")}\n`;
  }
}
