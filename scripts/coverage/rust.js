// @ts-check
// Finds which lines of Rust the tests on the host run, with the compiler's instrumentation.

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fromRoot, LOGS, ROOT } from "../lib/paths.js";
import { ask, run } from "../lib/run.js";
import { Stop, tail } from "../lib/say.js";
import { toolEnv } from "../lib/toolchain.js";
import { isExecutable, which } from "../lib/which.js";

const FOLDER = fromRoot("target", "coverage", "rust");

/**
 * LLVM's tools must match the compiler's version: those of its toolchain, or the distribution's.
 *
 * @returns {Promise<{ host: string, profdata: string, cov: string }>}
 */
async function findTools() {
  const about = (await ask("rustc", ["-vV"])) ?? "";
  const host = /^host: (.+)$/m.exec(about)?.[1] ?? "";
  const llvm = /^LLVM version: (\d+)/m.exec(about)?.[1] ?? "";
  const sysroot = (await ask("rustc", ["--print", "sysroot"])) ?? "";
  const suffix = process.platform === "win32" ? ".exe" : "";
  const own = (/** @type {string} */ name) => join(sysroot, "lib", "rustlib", host, "bin", name + suffix);
  const [profdata, cov] = ["llvm-profdata", "llvm-cov"].map((name) =>
    isExecutable(own(name)) ? own(name) : which(`${name}-${llvm}`),
  );
  if (profdata && cov) return { host, profdata, cov };
  throw new Stop(
    `llvm-profdata and llvm-cov of LLVM ${llvm} are missing, which read the coverage of Rust. ` +
      `\`rustup component add llvm-tools\` installs them; on Debian and Ubuntu also \`apt-get install llvm-${llvm}\`.`,
  );
}

/**
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function must(what, command, args, env) {
  const log = join(LOGS, `coverage-${what.replaceAll(" ", "-")}.log`);
  const result = await run(command, args, { env, log, seconds: 1200 });
  if (!result.ok) throw new Stop(`${what} failed:\n${tail(result.output, 50)}`);
  return result.stdout;
}

/** Runs the Rust tests and returns what they cover. @returns {Promise<import("./report.js").Row[]>} */
export async function rustCoverage() {
  const { host, profdata, cov } = await findTools();
  const profiles = join(FOLDER, "profiles");
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles, { recursive: true });
  const env = {
    ...toolEnv(),
    CARGO_TARGET_DIR: FOLDER,
    LLVM_PROFILE_FILE: join(profiles, "%p-%m.profraw"),
    RUSTFLAGS: "-Cinstrument-coverage",
  };
  // With a target, build scripts and macros are not instrumented.
  const test = ["test", "--locked", "--target", host];
  const built = await must("cargo test --no-run", "cargo", [...test, "--no-run", "--message-format=json"], env);
  await must("cargo test", "cargo", test, env);

  const programs = built
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => JSON.parse(line).executable ?? []);
  const merged = join(FOLDER, "merged.profdata");
  const raw = readdirSync(profiles).map((name) => join(profiles, name));
  await must("llvm-profdata", profdata, ["merge", "--sparse", "--output", merged, ...raw]);
  const args = ["export", "--summary-only", `--instr-profile=${merged}`];
  const objects = programs.flatMap((program) => ["--object", program]);
  /** @type {{ data: { files: { filename: string, summary: { lines: { count: number, covered: number } } }[] }[] }} */
  const { data } = JSON.parse(await must("llvm-cov", cov, [...args, ...objects]));
  return data
    .flatMap(({ files }) => files)
    .map(({ filename, summary }) => ({
      file: relative(ROOT, filename).replaceAll("\\", "/"),
      lines: summary.lines.count,
      covered: summary.lines.covered,
    }))
    .filter(({ file }) => !/^(\.\.|target)\//.test(file) && !/(^|\/)tests(\.rs$|\/)/.test(file));
}
