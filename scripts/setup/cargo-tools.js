// @ts-check
// wasm-pack, wasm-bindgen's command line and Firefox's driver, each in the exact version that this checkout requires. A tool
// with this version on the PATH is used; others are installed into a cache folder and replace nothing.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { wasmBindgenVersion } from "../lib/cargo-files.js";
import { fromRoot, LOGS } from "../lib/paths.js";
import { ask, run } from "../lib/run.js";
import { Stop, say, tail } from "../lib/say.js";
import { GECKODRIVER_VERSION, toolEnv, toolFolder, WASM_PACK_VERSION } from "../lib/toolchain.js";

// Kept until the tool is installed, so that an interrupted installation continues.
const WORK = fromRoot("target", "cargo-tools");

/**
 * @param {string} crate
 * @param {string} version
 */
async function install(crate, version) {
  const args = ["install", crate, "--version", version, "--root", toolFolder(crate, version)];
  const env = { ...process.env, CARGO_TARGET_DIR: join(WORK, crate) };
  const options = { env, seconds: 1200, log: join(LOGS, `${crate}.log`) };
  let result = await run("cargo", [...args, "--locked"], options);
  // A lock file can name a version that was yanked later, or that a registry's mirror lacks; then the newest matching versions work, too.
  if (!result.ok && !result.timedOut) {
    const reason = tail(result.output, 3).replace(/^/gm, "      ");
    say(`    ${crate} ${version} cannot be installed with the versions of its Cargo.lock:\n${reason}`);
    say("    Trying without --locked: with the newest matching versions, which are not tested together.");
    result = await run("cargo", args, options);
  }
  if (!result.ok) throw new Stop(`Installing ${crate} ${version} failed:\n${tail(result.output)}`);
  rmSync(join(WORK, crate), { recursive: true, force: true });
}

/**
 * @param {string} program
 * @param {string} crate
 * @param {string} version
 * @param {string} purpose
 */
async function check(program, crate, version, purpose) {
  const found = await ask(program, ["--version"], { env: toolEnv() });
  if (found?.split(/\s/)[1] === version) return undefined;
  return {
    name: `${crate} ${version}`,
    why: `${purpose}; compiled with cargo install, a few minutes`,
    install: () => install(crate, version),
  };
}

/** @type {import("../setup.js").Check} */
export const wasmPack = () => check("wasm-pack", "wasm-pack", WASM_PACK_VERSION, "builds and tests the crate as wasm");

/** @type {import("../setup.js").Check} */
export const wasmBindgen = () =>
  check("wasm-bindgen", "wasm-bindgen-cli", wasmBindgenVersion(), "writes the JavaScript around the wasm");

/** @type {import("../setup.js").Check} */
export const geckodriver = () =>
  check("geckodriver", "geckodriver", GECKODRIVER_VERSION, "drives Firefox for its tests");
