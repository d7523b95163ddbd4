// @ts-check
// Compiles the crate to wasm and wasm-bindgen's glue, with wasm-pack.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { LOGS, RAW } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { Stop } from "../lib/say.js";
import { findWasmEnv } from "../lib/toolchain.js";
import { shortenNames } from "./shorten-names.js";

/**
 * Panics name their source file; for dependencies this would be a path of this machine.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withoutPathsOfThisMachine(env) {
  const sources = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "registry", "src");
  const folders = existsSync(sources) ? readdirSync(sources) : [];
  // Flags in the environment replace those of .cargo/config.toml.
  const flags = [
    "-Ctarget-feature=+simd128",
    ...folders.map((folder) => `--remap-path-prefix=${join(sources, folder)}=`),
  ];
  return { ...env, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
}

export async function buildWasm() {
  // Next to the last build, which stays in use until this one is complete.
  const next = `${RAW}-next`;
  rmSync(next, { recursive: true, force: true });
  // --no-pack: pkg-template/ has the manifest. no-install: set-up has installed the tools, so wasm-pack must not
  // download any. wasm-opt is the one in node_modules; its flags are in Cargo.toml.
  const args = ["build", "--release", "--target", "web", "--no-pack", "--mode", "no-install"];
  const result = await run("wasm-pack", [...args, "--out-dir", next], {
    env: withoutPathsOfThisMachine((await findWasmEnv()) ?? process.env),
    seconds: 900,
    log: join(LOGS, "wasm-pack.log"),
  });
  if (!result.ok) throw new Stop(`The crate does not compile to wasm:\n${result.output}`);
  await shortenNames(join(next, "couchdb_scheduler_bg.wasm"), join(next, "couchdb_scheduler.js"));
  rmSync(RAW, { recursive: true, force: true });
  renameSync(next, RAW);
}
