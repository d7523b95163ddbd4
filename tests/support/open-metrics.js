// @ts-check
// A strict reader of OpenMetrics 1.0 text: whatever the standard does not allow is an error.

import assert from "node:assert/strict";

/**
 * @typedef {{ name: string, labels: Record<string, string>, value: number }} Sample
 * @typedef {{ type: string, unit?: string, help?: string, samples: Sample[] }} Family
 */

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/y;
const METADATA = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.+)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, "s");
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** What a sample's name has after that of its family. @type {Record<string, string>} */
const SUFFIXES = { gauge: "", counter: "_total" };

/** @param {string} text @returns {Record<string, string>} */
function labelsOf(text) {
  /** @type {Record<string, string>} */
  const labels = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < text.length; at = LABEL.lastIndex + 1) {
    LABEL.lastIndex = at;
    const [, name = "", value = ""] = LABEL.exec(text) ?? assert.fail(`no label: ${text.slice(at)}`);
    assert.ok(!(name in labels), `the label ${name} is there twice`);
    assert.ok(!name.startsWith("__"), `${name} is reserved`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped));
    assert.ok(LABEL.lastIndex === text.length || text[LABEL.lastIndex] === ",", text);
    assert.ok(LABEL.lastIndex + 1 !== text.length, `nothing follows the last comma: ${text}`);
  }
  return labels;
}

/** @param {string} text @returns {Record<string, Family>} */
export function readOpenMetrics(text) {
  assert.equal(Buffer.from(text).toString(), text, "half a surrogate pair");
  assert.ok(text.endsWith("\n"), "the last line has no end");
  const lines = text.slice(0, -1).split("\n");
  assert.equal(lines.pop(), "# EOF");
  /** @type {Record<string, Family>} */
  const families = {};
  /** @type {string | undefined} */
  let current;
  const seen = new Set();
  for (const line of lines) {
    const metadata = METADATA.exec(line);
    if (metadata) {
      const [, kind = "", name = "", value = ""] = metadata;
      if (name !== current) {
        assert.ok(!(name in families), `${name} is not in one piece`);
        assert.equal(kind, "TYPE", `${line}: the type of ${name} is unknown`);
        assert.ok(value in SUFFIXES, line);
        families[name] = { type: value, samples: [] };
        current = name;
        continue;
      }
      const family = families[name];
      assert.equal(family.samples.length, 0, `${line} follows samples`);
      const key = kind.toLowerCase();
      assert.ok(["unit", "help"].includes(key) && !(key in family), `${line} is there twice`);
      if (key === "unit") assert.ok(name.endsWith(`_${value}`), line);
      Object.assign(family, { [key]: value });
      continue;
    }
    const [, name, labels = "", value = ""] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
    const family = families[current ?? ""] ?? assert.fail(`no family: ${line}`);
    assert.equal(name, `${current}${SUFFIXES[family.type]}`);
    assert.match(value, NUMBER, line);
    if (family.type === "counter") assert.ok(Number(value) >= 0, line);
    const sample = { name, labels: labelsOf(labels), value: Number(value) };
    const identity = JSON.stringify([name, Object.entries(sample.labels).sort()]);
    assert.ok(!seen.has(identity), `${line} is there twice`);
    seen.add(identity);
    family.samples.push(sample);
  }
  return families;
}
