// @ts-check
// Finds which lines of JavaScript the tests in Node run. V8 writes this at the end of each process, including those that a
// test starts. Lines of the package are reported as lines of pkg-template/, by the source maps of pkg/.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fromRoot, LOGS, PKG, ROOT } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { toolEnv } from "../lib/toolchain.js";
import { placesOf } from "./source-map.js";

/** The measured folders. Set-up and build are not among them: `npm test` runs but does not test them. */
const COUNTED = /^(pkg-template|simulator|scripts\/server)\//;

/**
 * @typedef {{ startOffset: number, endOffset: number, count: number }} Range
 * @typedef {{ url: string, functions: { ranges: Range[] }[] }} Script what V8 writes for each file of a process
 * @typedef {Map<number, boolean>} Lines whether each line that has code was run
 */

/**
 * Marks the parts of a file that one process ran. Outer ranges come first, and inner ranges correct them.
 *
 * @param {Script} script
 * @param {number} length
 */
function ranIn({ functions }, length) {
  const ran = new Uint8Array(length);
  for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
    ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return ran;
}

/** The offset of the first character of each line. @param {string} text */
const startsOf = (text) => [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];

/** @param {string} text @param {Uint8Array} ran @returns {[file: string, lines: Lines][]} */
function linesOf(text, ran) {
  /** @type {Lines} */
  const lines = new Map();
  let offset = 0;
  for (const [i, line] of text.split("\n").entries()) {
    // Lines with only comments or brackets are not code.
    if (/^\s*[^\s/*})\]]/.test(line)) lines.set(i + 1, ran[offset + line.search(/\S/)] === 1);
    offset += line.length + 1;
  }
  return [["", lines]];
}

/** @param {string} file @param {string} text @param {Uint8Array} ran @returns {[file: string, lines: Lines][]} */
function linesOfSources(file, text, ran) {
  const map = JSON.parse(readFileSync(`${file}.map`, "utf8"));
  const starts = startsOf(text);
  /** @type {Lines[]} */
  const lines = map.sources.map(() => new Map());
  for (const { generatedLine, column, source, line } of placesOf(map)) {
    const known = lines[source];
    const there = ran[(starts[generatedLine] ?? 0) + column] === 1;
    known?.set(line + 1, there || known.get(line + 1) === true);
  }
  return lines.map((found, i) => [resolve(dirname(file), map.sources[i]), found]);
}

/**
 * Sums up what V8 has written into a folder.
 *
 * @param {string} folder
 * @returns {import("./report.js").Row[]}
 */
export function readCoverage(folder) {
  /** @type {Map<string, Uint8Array>} */
  const byFile = new Map();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
    /** @type {{ result: Script[] }} */
    const { result } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    for (const script of result.filter(({ url }) => url.startsWith("file:"))) {
      const file = fileURLToPath(script.url.replace(/[?#].*/, ""));
      const inside = relative(ROOT, file).replaceAll("\\", "/");
      if (!(COUNTED.test(inside) || dirname(file) === PKG) || /\.test\.js$/.test(inside) || !existsSync(file)) continue;
      const ran = ranIn(script, readFileSync(file, "utf8").length);
      const before = byFile.get(file);
      byFile.set(file, before ? before.map((there, i) => there | (ran[i] ?? 0)) : ran);
    }
  }

  /** @type {Map<string, Lines>} */
  const all = new Map();
  for (const [file, ran] of byFile) {
    const text = readFileSync(file, "utf8");
    const found = existsSync(`${file}.map`) ? linesOfSources(file, text, ran) : linesOf(text, ran);
    for (const [source, lines] of found) {
      const name = relative(ROOT, source || file).replaceAll("\\", "/");
      if (!COUNTED.test(name)) continue;
      const known = all.get(name) ?? new Map();
      for (const [line, there] of lines) known.set(line, there || known.get(line) === true);
      all.set(name, known);
    }
  }
  return Array.from(all, ([file, lines]) => ({
    file,
    lines: lines.size,
    covered: Array.from(lines.values()).filter(Boolean).length,
  }));
}

/**
 * Runs tests and returns what they cover, and how they failed, if they did: measuring slows them down.
 *
 * @param {string[]} files
 * @returns {Promise<{ rows: import("./report.js").Row[], failure: string | undefined }>}
 */
export async function javascriptCoverage(files) {
  const folder = fromRoot("target", "coverage", "javascript");
  const log = join(LOGS, "coverage-javascript.log");
  rmSync(folder, { recursive: true, force: true });
  const { ok, output } = await run(process.execPath, ["--test", "--test-reporter=spec", ...files], {
    env: { ...toolEnv(), NODE_V8_COVERAGE: folder },
    seconds: 1800,
    log,
  });
  const failed = Array.from(output.matchAll(/^ *✖ .+$/gm), ([line]) => line);
  const failure = ok ? undefined : `Not all of the tests in Node passed; ${log} has it all:\n${failed.join("\n")}`;
  return { rows: readCoverage(folder), failure };
}
