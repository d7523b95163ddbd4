// @ts-check
// The parts of the wasm: crates and their modules. The published file has no names of functions, so this makes another one, by the
// same tools with the same options, that keeps them.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wasmOptFlags } from "../../scripts/lib/cargo-files.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { run } from "../../scripts/lib/run.js";
import { toolEnv, WASM_TARGET } from "../../scripts/lib/toolchain.js";

/** @typedef {import("./parts.js").Range} Range */

/** The wasm with the names of its functions, from the last `npm run build`. */
export async function namedWasm() {
  const folder = mkdtempSync(join(tmpdir(), "couchdb-scheduler-size-"));
  try {
    const compiled = fromRoot("target", WASM_TARGET, "release", "couchdb_scheduler.wasm");
    const [bound, named] = [join(folder, "couchdb_scheduler_bg.wasm"), join(folder, "named.wasm")];
    await tool("wasm-bindgen", [compiled, "--target", "web", "--no-typescript", "--out-dir", folder]);
    await tool("wasm-opt", [bound, ...wasmOptFlags(), "--debuginfo", "-o", named]);
    return readFileSync(named);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} name @param {string[]} args */
async function tool(name, args) {
  const { ok, output } = await run(name, args, { env: toolEnv(), seconds: 120 });
  if (!ok) throw new Error(`${name} failed:\n${output}`);
}

const [CUSTOM, CODE] = [0, 10];
const SECTIONS = "custom type import function table memory global export start element code data count tag".split(" ");
const FUNCTION_NAMES = 1;

/**
 * The functions by module, and the other sections; without the names.
 *
 * @param {Uint8Array} wasm
 * @returns {Range[]}
 */
export function rangesOfWasm(wasm) {
  const reader = new Reader(wasm, 8);
  /** @type {{ start: number, end: number }[]} */
  let functions = [];
  /** @type {Range[]} */
  const others = [];
  /** @type {string[]} */
  let names = [];
  while (reader.at < wasm.length) {
    const start = reader.at;
    const id = reader.byte();
    const length = reader.number();
    const end = reader.at + length;
    if (id === CODE) functions = reader.items();
    else if (id !== CUSTOM) others.push({ part: `section: ${SECTIONS[id]}`, start, end });
    else if (reader.string() === "name") names = namesOf(reader, end);
    reader.at = end;
  }
  // Imported functions have the first numbers.
  const imported = names.length - functions.length;
  const ranges = functions.map((range, index) => ({ part: moduleOf(names[imported + index] ?? ""), ...range }));
  return [...ranges, ...others];
}

/** @param {Reader} reader @param {number} end of the section of names */
function namesOf(reader, end) {
  /** @type {string[]} */
  const names = [];
  while (reader.at < end) {
    const kind = reader.byte();
    const length = reader.number();
    const next = reader.at + length;
    for (let left = kind === FUNCTION_NAMES ? reader.number() : 0; left > 0; left--) {
      const index = reader.number();
      names[index] = reader.string();
    }
    reader.at = next;
  }
  return names;
}

/**
 * Crate and module of a function; for the code that drops a value, of its type; for the code of a trait, of the type that has it.
 *
 * @param {string} name
 */
function moduleOf(name) {
  if (/ shim$/.test(name)) return "exported to JavaScript";
  const path = name.replace(/::h[0-9a-f]{16}/g, "");
  const [ours] = /couchdb_scheduler(_[a-z]+)?::[a-z_]+(::[a-z_]+(?=::))?/.exec(path) ?? [];
  if (ours) return ours.replace(/^couchdb_scheduler(_([a-z]+))?/, (_, __, crate) => crate ?? "src");
  return `library: ${/([a-z_]\w*)(\[\w+\])?::/.exec(path)?.[1] ?? "other"}`;
}

class Reader {
  #bytes;

  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.#bytes[this.at++] ?? 0;
  }

  /** LEB128 */
  number() {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte & 128);
    return value;
  }

  string() {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at));
  }

  /** A count, and as many items with their lengths. */
  items() {
    return Array.from({ length: this.number() }, () => {
      const start = this.at;
      const length = this.number();
      this.at += length;
      return { start, end: this.at };
    });
  }
}
