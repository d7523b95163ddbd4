// @ts-check
// The one place that decides which Rust compiles for wasm and where the tools are; build and tests ask here.
//
// Everything native (cargo test, clippy, rustfmt) uses the Rust that `cargo` on the PATH stands for. The same
// one compiles for wasm when it has the wasm32 target. Where that target could not be downloaded, set-up made a
// rustup toolchain named "distro" from the distribution's packages (setup/offline), and that one compiles for wasm.

import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { wasmBindgenVersion } from "./cargo-files.js";
import { fromRoot } from "./paths.js";
import { run } from "./run.js";
import { isOldRust, rustVersion } from "./rust-version.js";

export const WASM_TARGET = "wasm32-unknown-unknown";
export const DISTRO = "distro";
/** The one this checkout is tested with; an older one will do down to the `rust-version` of Cargo.toml. */
export const RUST_VERSION = "1.95.0";
export const WASM_PACK_VERSION = "0.15.1";
export const GECKODRIVER_VERSION = "0.37.1";

/** Outside the checkout, so that a second clone finds them; a folder a version, so that no project gets in another's way. */
const TOOLS = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "couchdb-scheduler");

/**
 * Where set-up installs a tool that is not on the PATH in the right version.
 *
 * @param {string} crate
 * @param {string} version
 */
export const toolFolder = (crate, version) => join(TOOLS, `${crate}-${version}`);

/** The environment for everything we start: our tools first, then npm's (wasm-opt), then the user's. */
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
 * Compiles and links three words for wasm: truer than looking for files, as it also notices a standard library
 * that another compiler left behind, or a missing linker.
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
 * The environment that compiles for wasm; undefined when no toolchain here can.
 *
 * @param {{ again?: boolean }} [options] `again`: look once more, something has been installed
 */
export function findWasmEnv({ again = false } = {}) {
  if (again) found = undefined;
  found ??= search();
  return found;
}
