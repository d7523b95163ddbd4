// @ts-check
// Rust's standard library for wasm32: from rustup, or, if rustup's server cannot be reached, from the
// distribution's packages (offline/).

import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LOGS } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { Stop, tail } from "../lib/say.js";
import { findWasmEnv, WASM_TARGET } from "../lib/toolchain.js";
import { which } from "../lib/which.js";
import { haveApt, installDistroToolchain } from "./offline/index.js";

const RUSTUP_SECONDS = 60;
const DAY = 24 * 60 * 60 * 1000;

// After a failure, rustup is not tried again the same day if there is the other way: set-up may have been interrupted
// later.
const FAILED = join(LOGS, "rustup-target-failed");

function failedToday() {
  const failed = statSync(FAILED, { throwIfNoEntry: false });
  return failed !== undefined && Date.now() - failed.mtimeMs < DAY;
}

/** @returns {Promise<string | undefined>} why it failed; undefined on success */
async function tryRustup() {
  if (!which("rustup")) return "rustup is not installed";
  if (failedToday() && (await haveApt())) return "rustup could not download it earlier today";
  const args = ["target", "add", WASM_TARGET];
  const result = await run("rustup", args, { seconds: RUSTUP_SECONDS, log: join(LOGS, "rustup-target.log") });
  if (result.ok) {
    rmSync(FAILED, { force: true });
    return undefined;
  }
  mkdirSync(dirname(FAILED), { recursive: true });
  writeFileSync(FAILED, `${result.output}\n`);
  return result.timedOut ? `rustup did not answer within ${RUSTUP_SECONDS} s` : tail(result.output, 3);
}

async function install() {
  const reason = await tryRustup();
  if (reason === undefined) {
    if (await findWasmEnv({ again: true })) return;
    throw new Stop(`rustup installed the ${WASM_TARGET} target, but rustc still cannot compile for it.`);
  }
  const hint = `\`rustup target add ${WASM_TARGET}\` where there is a network, then run this again.`;
  if (!which("rustup")) {
    throw new Stop(
      `The Rust here has no ${WASM_TARGET} target, and ${reason} to add it: install Rust with rustup (https://rustup.rs).`,
    );
  }
  await installDistroToolchain(reason, hint);
}

/** @type {import("../setup.js").Check} */
export async function wasmTarget() {
  if (await findWasmEnv()) return undefined;
  return {
    name: "Rust's wasm32 target",
    why: `rustup target add ${WASM_TARGET} (up to ${RUSTUP_SECONDS} s), or the distribution's packages`,
    install,
  };
}
