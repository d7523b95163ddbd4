// @ts-check
// Gives what the wasm imports and exports names of one or two letters, in the wasm and in the glue alike. wasm-bindgen's
// names end in hashes, which no compressor makes shorter: they were 2.5 kB of the wasm as gzip, and 1 kB of the glue.

import { readFileSync, writeFileSync } from "node:fs";
import { run } from "../lib/run.js";
import { Stop } from "../lib/say.js";
import { toolEnv } from "../lib/toolchain.js";

/**
 * @typedef {object} Names what wasm-opt prints
 * @property {[module: string, name: string, short: string][]} imports
 * @property {[name: string, short: string][]} exports
 */

/**
 * @param {string} wasm file
 * @param {string} glue file
 */
export async function shortenNames(wasm, glue) {
  const args = ["--minify-imports-and-exports-and-modules", wasm, "-o", wasm];
  const result = await run("wasm-opt", args, { env: toolEnv(), seconds: 60 });
  if (!result.ok) throw new Stop(`wasm-opt cannot shorten names:\n${result.output}`);
  /** @type {Names} */
  const names = JSON.parse(result.stdout);
  writeFileSync(glue, withShortNames(readFileSync(glue, "utf8"), names));
}

/**
 * @param {string} glue
 * @param {Names} names
 */
function withShortNames(glue, { imports, exports }) {
  const imported = new Map(imports.map(([, name, short]) => [name, short]));
  const exported = new Map(exports);
  const modules = new Set(imports.map(([module]) => JSON.stringify(module)));
  return (
    glue
      // Keys of the object of imports, as wasm-bindgen writes them.
      .replace(/^( {8})(\w+)(?=: )/gm, (line, indent, name) => indent + (imported.get(name) ?? line.trim()))
      .replace(/\bwasm\.(\w+)/g, (access, name) => (exported.has(name) ? `wasm.${exported.get(name)}` : access))
      .replace(/"\.\/[\w.]+"(?=: import)/g, (module) => (modules.has(module) ? '"a"' : module))
  );
}
