// @ts-check
// Decides whether a Rust is new enough for the crate.

import { oldestRust } from "./cargo-files.js";
import { ask } from "./run.js";

export const OLDEST_RUST = oldestRust();

/**
 * Returns the version of a rustc: "1.95.0"; undefined if it does not run.
 *
 * @param {string} rustc
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function rustVersion(rustc, env) {
  return /^rustc (\d+\.\d+\.\d+)/.exec((await ask(rustc, ["--version"], { env })) ?? "")?.[1];
}

/** @param {string} version */
export function isOldRust(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_RUST.split(".").map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
