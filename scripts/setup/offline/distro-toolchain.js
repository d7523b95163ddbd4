// @ts-check
// A Rust that compiles for wasm without rustup's servers: the distribution's rustc and cargo, and the standard
// library built for wasm32 from the matching source package. Linked into rustup as "distro".

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot, LOGS } from "../../lib/paths.js";
import { ask, run } from "../../lib/run.js";
import { isOldRust, OLDEST_RUST, rustVersion } from "../../lib/rust-version.js";
import { Stop, tail } from "../../lib/say.js";
import { DISTRO, WASM_TARGET } from "../../lib/toolchain.js";
import { isExecutable } from "../../lib/which.js";
import { aptInstall, runAsRoot } from "./apt.js";

const RUSTC = "/usr/bin/rustc";
const CARGO = "/usr/bin/cargo";
const RUSTLIB = "/usr/lib/rustlib";
const WORK = fromRoot("target", "std-for-wasm");

/**
 * @param {string} what
 * @param {Promise<import("../../lib/run.js").RunResult>} running
 */
async function must(what, running) {
  const result = await running;
  if (!result.ok) throw new Stop(`${what} failed:\n${tail(result.output)}`);
}

/** Builds std in an empty crate and returns the libraries. */
async function buildStd() {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(join(WORK, "src"), { recursive: true });
  writeFileSync(
    join(WORK, "Cargo.toml"),
    '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n',
  );
  writeFileSync(join(WORK, "src", "lib.rs"), "#![no_std]\n");

  // Without bitcode in the libraries, `lto = true` fails later: "no .llvmbc section".
  // RUSTC_BOOTSTRAP: -Zbuild-std is unstable; this compiler and this source match.
  const args = [
    ["build", "--release", "--target", WASM_TARGET],
    ["-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro"],
  ].flat();
  const env = {
    ...process.env,
    RUSTC,
    RUSTC_BOOTSTRAP: "1",
    RUSTFLAGS: "-Cembed-bitcode=yes",
    CARGO_TARGET_DIR: join(WORK, "target"),
  };
  const log = join(LOGS, "std-for-wasm.log");
  await must("Building Rust's standard library for wasm32", run(CARGO, args, { cwd: WORK, env, seconds: 900, log }));
  const deps = join(WORK, "target", WASM_TARGET, "release", "deps");
  return readdirSync(deps)
    .filter((file) => file.endsWith(".rlib") && !file.startsWith("libempty-"))
    .map((file) => join(deps, file));
}

/** @param {string[]} libraries */
async function installStd(libraries) {
  // Cleared first: libraries of an older compiler would be found as duplicates.
  const folder = join(RUSTLIB, WASM_TARGET, "lib");
  await must(`Clearing ${folder}`, runAsRoot("rm", ["-rf", folder]));
  await must(`Making ${folder}`, runAsRoot("mkdir", ["-p", folder]));
  await must(`Filling ${folder}`, runAsRoot("cp", [...libraries, folder]));
}

/** rustup's toolchains include a linker for wasm; the distribution's does not. */
async function linkLinker() {
  const sysroot = await ask("rustc", ["--print", "sysroot"]);
  const host = /^host: (.+)$/m.exec((await ask(RUSTC, ["-vV"])) ?? "")?.[1];
  if (!sysroot || !host) throw new Stop("rustc does not report its sysroot.");
  const linker = join(RUSTLIB, host, "bin", "rust-lld");
  if (isExecutable(linker)) return;
  await must("Making the linker's folder", runAsRoot("mkdir", ["-p", join(RUSTLIB, host, "bin")]));
  const rustups = join(sysroot, "lib", "rustlib", host, "bin", "rust-lld");
  await must("Linking the linker", runAsRoot("ln", ["-sfn", rustups, linker]));
}

export async function buildDistroToolchain() {
  await aptInstall("rust", ["rustc-web", "cargo-web", "rust-web-src"]);
  const version = await rustVersion(RUSTC);
  if (!version || isOldRust(version)) {
    throw new Stop(
      `The distribution's Rust is ${version ?? "not there"}, and ${OLDEST_RUST} or newer is needed. ` +
        `Could apt-get update read all its lists? See ${join(LOGS, "apt-update.log")}.`,
    );
  }
  await installStd(await buildStd());
  await linkLinker();
  await must("rustup toolchain link", run("rustup", ["toolchain", "link", DISTRO, "/usr"], { seconds: 60 }));
  // Libraries of the other compiler only use space.
  rmSync(fromRoot("target", WASM_TARGET), { recursive: true, force: true });
  rmSync(WORK, { recursive: true, force: true });
}
