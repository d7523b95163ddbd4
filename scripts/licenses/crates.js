// @ts-check
// The crates of Cargo.lock, from `cargo metadata`. Downloads nothing.

import { run } from "../lib/run.js";
import { Stop } from "../lib/say.js";
import { findWasmEnv, toolEnv, WASM_TARGET } from "../lib/toolchain.js";

/**
 * @typedef {object} Crate
 * @property {string} id
 * @property {string} name
 * @property {string} version
 * @property {string | null} license an SPDX expression
 * @property {string[]} authors
 * @property {string | null} source `null` for a crate of this project
 * @property {string} manifest_path
 * @property {{ kind: string[] }[]} targets
 *
 * @typedef {object} Metadata
 * @property {Crate[]} packages
 * @property {{ root: string, nodes: { id: string, deps: { pkg: string, dep_kinds: { kind: string | null }[] }[] }[] }} resolve
 */

/**
 * @param {string[]} args
 * @returns {Promise<Metadata | string>} a string: the error
 */
async function metadata(...args) {
  const env = (await findWasmEnv()) ?? toolEnv();
  const all = ["metadata", "--locked", "--offline", "--format-version", "1", ...args];
  const { ok, stdout, output } = await run("cargo", all, { env, seconds: 60 });
  return ok ? JSON.parse(stdout) : output;
}

/** Returns the crates of other projects that are compiled into the wasm, sorted by name. */
export async function cratesInWasm() {
  const platform = ["--filter-platform", WASM_TARGET];
  let found = await metadata(...platform);
  // A build downloads the crates that it compiles. Cargo also needs the manifests of the tests' crates before it describes any.
  if (typeof found === "string") {
    const env = (await findWasmEnv()) ?? toolEnv();
    await run("cargo", ["fetch", "--locked"], { env, seconds: 300 });
    found = await metadata(...platform);
  }
  if (typeof found === "string") throw new Stop(`Cannot list the crates in the wasm:\n${found}`);
  const crates = new Map(found.packages.map((crate) => [crate.id, crate]));
  const nodes = new Map(found.resolve.nodes.map((node) => [node.id, node]));
  /** @type {Set<Crate>} */
  const reached = new Set();
  /** @param {string} id */
  const visit = (id) => {
    const crate = crates.get(id);
    // Macros run in the compiler: their output is ours, the macros are not compiled in.
    if (!crate || reached.has(crate) || crate.targets.some(({ kind }) => kind.includes("proc-macro"))) return;
    reached.add(crate);
    for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? []) {
      if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
    }
  };
  visit(found.resolve.root);
  return Array.from(reached)
    .filter(({ source }) => source !== null)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/**
 * Returns the crates of other projects in Cargo.lock, and whether the list is complete: Cargo downloads crates of
 * other systems only when they are needed.
 */
export async function cratesLocked() {
  const all = await metadata();
  if (typeof all !== "string") return { complete: true, crates: foreign([all]) };
  const env = (await findWasmEnv()) ?? toolEnv();
  const host = /^host: (.+)$/m.exec((await run("rustc", ["-vV"], { env })).stdout)?.[1] ?? "";
  const some = await Promise.all([host, WASM_TARGET].map((target) => metadata("--filter-platform", target)));
  const failed = some.find((found) => typeof found === "string");
  if (failed !== undefined)
    throw new Stop(`Cannot list the locked crates. \`cargo fetch --locked\` downloads them:\n${failed}`);
  return { complete: false, crates: foreign(/** @type {Metadata[]} */ (some)) };
}

/** @param {Metadata[]} found */
function foreign(found) {
  const crates = found.flatMap(({ packages }) => packages).filter(({ source }) => source !== null);
  return Array.from(new Map(crates.map((crate) => [crate.id, crate])).values());
}
