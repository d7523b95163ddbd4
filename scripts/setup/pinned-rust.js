// @ts-check
// The Rust that this checkout is tested with. The size of the wasm and clippy's findings depend on it.
//
// A rust-toolchain.toml pins it. Set-up writes this file, and it is not checked in: if rustup's server cannot be reached and another
// Rust is installed, rustup would try to download the pinned one at each call of cargo, and fail. So it is written only once that Rust exists.

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromRoot, LOGS } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { rustVersion } from "../lib/rust-version.js";
import { progress, say, tail } from "../lib/say.js";
import { compilesWasm, RUST_VERSION, toolEnv, WASM_TARGET } from "../lib/toolchain.js";
import { which } from "../lib/which.js";

const RUSTUP_SECONDS = 120;
const DAY = 24 * 60 * 60 * 1000;

/** Identifies the file as ours. */
const HEAD = "# Written by scripts/setup/pinned-rust.js; delete it to use another Rust.";

/** Whether it is installed with all required components. Downloads nothing. */
async function isInstalled() {
  const env = { ...toolEnv(), RUSTUP_TOOLCHAIN: RUST_VERSION, RUSTUP_AUTO_INSTALL: "0" };
  return (await rustVersion("rustc", env)) === RUST_VERSION && (await compilesWasm(env));
}

/** @returns {Promise<string | undefined>} why it failed; undefined on success */
async function install() {
  const components = ["rustfmt", "clippy"].flatMap((component) => ["--component", component]);
  const args = ["toolchain", "install", RUST_VERSION, "--no-self-update", "--profile", "minimal"];
  const options = { seconds: RUSTUP_SECONDS, log: join(LOGS, "rustup-toolchain.log") };
  const result = await run("rustup", [...args, ...components, "--target", WASM_TARGET], options);
  if (result.ok) return undefined;
  return result.timedOut ? `rustup did not answer within ${RUSTUP_SECONDS} s` : tail(result.output, 3);
}

/**
 * Pins Rust for this checkout if rustup has or can download the pinned version; otherwise says so, once a day.
 *
 * @param {{ file?: string, failed?: string }} [files]
 */
export async function pinRust({
  file = fromRoot("rust-toolchain.toml"),
  failed = join(LOGS, "rustup-toolchain-failed"),
} = {}) {
  // The user's choice of a Rust has priority.
  if (!which("rustup") || process.env.RUSTUP_TOOLCHAIN) return;
  if (existsSync(file) && !readFileSync(file, "utf8").startsWith(HEAD)) return;
  const active = await rustVersion("rustc");
  if (active === RUST_VERSION) return;
  if (!(await isInstalled())) {
    const last = statSync(failed, { throwIfNoEntry: false });
    if (last && Date.now() - last.mtimeMs < DAY) return;
    const reason = await progress(`Rust ${RUST_VERSION}, which this checkout is tested with`, install);
    if (reason !== undefined) {
      mkdirSync(dirname(failed), { recursive: true });
      writeFileSync(failed, `${reason}\n`);
      say(
        `    not pinned: ${reason}\n    Rust ${active} is used instead. Sizes of the wasm and what clippy finds can differ.\n`,
      );
      return;
    }
  }
  rmSync(failed, { force: true });
  writeFileSync(file, `${HEAD}\n[toolchain]\nchannel = "${RUST_VERSION}"\n`);
  say(`Rust ${RUST_VERSION} is pinned by rust-toolchain.toml; the previous one was ${active}.\n`);
}
