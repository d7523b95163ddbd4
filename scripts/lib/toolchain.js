// @ts-check
// Decides which Rust compiles for wasm and where the tools are, for build and tests.
//
// Everything native (cargo test, clippy, rustfmt) uses the Rust of `cargo` on the PATH. The same Rust
// compiles for wasm if it has the wasm32 target. If that target could not be downloaded, set-up made a
// rustup toolchain named "distro" from the distribution's packages (setup/offline), and that one compiles for wasm.

import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { wasmBindgenVersion } from "./cargo-files.js";
import { fromRoot } from "./paths.js";
import { run } from "./run.js";
import { isOldRust, rustVersion } from "./rust-version.js";

export const WASM_TARGET = "wasm32-unknown-unknown";
export const DISTRO = "distro";
/** The version that this checkout is tested with; older versions work down to the `rust-version` of Cargo.toml. */
export const RUST_VERSION = "1.95.0";
export const WASM_PACK_VERSION = "0.15.1";
export const GECKODRIVER_VERSION = "0.37.1";

/** Outside the checkout, so that other clones find them; one folder per version, so that projects do not conflict. */
const TOOLS = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "couchdb-scheduler");

/**
 * Where set-up installs a tool that is not on the PATH in the right version.
 *
 * @param {string} crate
 * @param {string} version
 */
export const toolFolder = (crate, version) => join(TOOLS, `${crate}-${version}`);

/** The environment of all child processes: our tools first, then npm's (wasm-opt), then the user's. */
export function toolEnv() {
  const folders = [
    join(toolFolder("wasm-pack", WASM_PACK_VERSION), "bin"),
    join(toolFolder("wasm-bindgen-cli", wasmBindgenVersion()), "bin"),
    join(toolFolder("geckodriver", GECKODRIVER_VERSION), "bin"),
    fromRoot("node_modules", ".bin"),
  ];
  return { ...process.env, PATH: [...folders, process.env.PATH].join(delimiter) };
}

/**
 * Compiles and links three words for wasm. This is more reliable than looking for files: it also detects a standard
 * library of another compiler, or a missing linker.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export async function compilesWasm(env) {
  const out = join(tmpdir(), `couchdb-scheduler-probe-${process.pid}.wasm`);
  const args = ["--target", WASM_TARGET, "--crate-type", "cdylib", "--crate-name", "probe", "-o", out, "-"];
  return (await run("rustc", args, { env, input: "pub fn probe() {}", seconds: 30 })).ok;
}

/** @type {Promise<NodeJS.ProcessEnv | undefined> | undefined} */
let found;

async function search() {
  const env = toolEnv();
  if (await compilesWasm(env)) return env;
  const distro = { ...env, RUSTUP_TOOLCHAIN: DISTRO };
  const version = await rustVersion("rustc", distro);
  return version && !isOldRust(version) && (await compilesWasm(distro)) ? distro : undefined;
}

/**
 * The environment that compiles for wasm; undefined if no toolchain on this machine can.
 *
 * @param {{ again?: boolean }} [options] `again`: checks again, after an installation
 */
export function findWasmEnv({ again = false } = {}) {
  if (again) found = undefined;
  found ??= search();
  return found;
}
