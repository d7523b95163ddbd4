// @ts-check
// The crate becomes wasm and wasm-bindgen's glue, by wasm-pack.

import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOGS, RAW } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { Stop } from "../lib/say.js";
import { findWasmEnv } from "../lib/toolchain.js";
import { shortenNames } from "./shorten-names.js";

export async function buildWasm() {
  // Beside the last one, which stays in use until this one is whole.
  const next = `${RAW}-next`;
  rmSync(next, { recursive: true, force: true });
  // --no-pack: the package is put together from pkg-template/. no-install: set-up has the tools ready, nothing
  // is to be downloaded behind its back. wasm-opt is the one in node_modules; its flags are in Cargo.toml.
  const args = ["build", "--release", "--target", "web", "--no-pack", "--mode", "no-install"];
  const result = await run("wasm-pack", [...args, "--out-dir", next], {
    env: await findWasmEnv(),
    seconds: 900,
    log: join(LOGS, "wasm-pack.log"),
  });
  if (!result.ok) throw new Stop(`The crate does not compile to wasm:\n${result.output}`);
  await shortenNames(join(next, "couchdb_scheduler_bg.wasm"), join(next, "couchdb_scheduler.js"));
  rmSync(RAW, { recursive: true, force: true });
  renameSync(next, RAW);
}
