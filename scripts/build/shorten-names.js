// @ts-check
// Shortens the names of imports and exports to one or two letters, in the wasm and in the glue. wasm-bindgen's names end
// in hashes, which do not compress. Measured on 2026-11-25, after gzip: 2.5 kB of the wasm and 1.9 kB of the glue, together
// 4.3 kB of the default entry.

import { readFileSync, writeFileSync } from "node:fs";
import { run } from "../lib/run.js";
import { Stop } from "../lib/say.js";
import { toolEnv } from "../lib/toolchain.js";

/**
 * @typedef {object} Names the output of wasm-opt
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
