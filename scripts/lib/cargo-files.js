// @ts-check
// Values that Cargo.toml and Cargo.lock define: our version, the minimum Rust version, the exact
// wasm-bindgen.

import { readFileSync } from "node:fs";
import { fromRoot } from "./paths.js";

/**
 * @param {RegExp} pattern
 * @param {string} file
 */
function find(pattern, file) {
  const value = pattern.exec(readFileSync(fromRoot(file), "utf8"))?.[1];
  if (!value) throw new Error(`${file}: nothing matches ${pattern}`);
  return value;
}

export const crateVersion = () => find(/^version = "(.+)"/m, "Cargo.toml");

export const oldestRust = () => find(/^rust-version = "(.+)"/m, "Cargo.toml");

/** The command-line tool must have exactly the version of the crate. */
export const wasmBindgenVersion = () => find(/^name = "wasm-bindgen"\nversion = "(.+)"/m, "Cargo.lock");

/** The options of wasm-opt, which wasm-pack passes to it. @returns {string[]} */
export const wasmOptFlags = () => JSON.parse(find(/^wasm-opt = (\[.+\])/m, "Cargo.toml"));
