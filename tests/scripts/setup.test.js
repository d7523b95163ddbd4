// @ts-check
// Set-up if rustup or a registry does not respond: it says so and continues. The programs are fakes.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { RUST_VERSION } from "../../scripts/lib/toolchain.js";

/** @typedef {import("node:test").TestContext} TestContext */

/**
 * A folder with fake programs: shell scripts that record their calls.
 *
 * @param {TestContext} t
 * @param {Record<string, string>} programs
 */
function standIns(t, programs) {
  const folder = mkdtempSync(join(tmpdir(), "couchdb-scheduler-setup-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const calls = join(folder, "calls");
  mkdirSync(join(folder, "bin"));
  for (const [name, script] of Object.entries(programs)) {
    const file = join(folder, "bin", name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${calls}"\n${script}\n`);
    chmodSync(file, 0o755);
  }
  const env = { ...process.env, PATH: `${join(folder, "bin")}:/usr/bin:/bin`, XDG_CACHE_HOME: folder, NO_COLOR: "1" };
  Reflect.deleteProperty(env, "RUSTUP_TOOLCHAIN");
  /** @param {string} source @returns {Promise<{ stdout: string, stderr: string }>} */
  const run = (source) =>
    new Promise((resolve) => {
      const args = ["--input-type=module", "-e", source];
      execFile(process.execPath, args, { cwd: new URL(".", import.meta.url), env }, (_, stdout, stderr) =>
        resolve({ stdout, stderr }),
      );
    });
  return { folder, run, calls: () => (existsSync(calls) ? readFileSync(calls, "utf8") : "") };
}

/** A rustc with this version for each toolchain, which compiles for wasm. @param {string} active @param {string} [pinned] */
const rustc = (active, pinned = "") => `
if [ "$RUSTUP_TOOLCHAIN" = "" ]; then version="${active}"; else version="${pinned}"; fi
[ "$version" = "" ] && exit 1
echo "rustc $version (0000000 2026-01-01)"`;

/** @param {ReturnType<typeof standIns>} world */
async function pin({ folder, run }) {
  const files = { file: join(folder, "rust-toolchain.toml"), failed: join(folder, "failed") };
  const { stdout, stderr } = await run(
    `import { pinRust } from "../../scripts/setup/pinned-rust.js"; await pinRust(${JSON.stringify(files)});`,
  );
  assert.equal(stderr, "");
  return { stdout, pinned: existsSync(files.file) ? readFileSync(files.file, "utf8") : undefined };
}

describe("set-up", { skip: process.platform === "win32" && "the fake programs are shell scripts" }, () => {
  test("pins the Rust that the checkout is tested with, if rustup can install it", async (t) => {
    const world = standIns(t, { rustc: rustc("1.90.0"), rustup: "exit 0" });
    const { stdout, pinned } = await pin(world);
    assert.match(pinned ?? "", new RegExp(`^#.*\\n\\[toolchain\\]\\nchannel = "${RUST_VERSION}"\\n$`));
    assert.match(stdout, /is pinned by rust-toolchain\.toml; the previous one was 1\.90\.0\./);
    assert.match(
      world.calls(),
      new RegExp(`rustup toolchain install ${RUST_VERSION} .*--target wasm32-unknown-unknown`),
    );
  });

  test("pins an installed one without a request to rustup's server", async (t) => {
    const world = standIns(t, { rustc: rustc("1.96.0", RUST_VERSION), rustup: "exit 1" });
    assert.match((await pin(world)).pinned ?? "", /channel/);
    assert.doesNotMatch(world.calls(), /rustup/);
  });

  test("if rustup does not respond, says so, continues with the installed Rust, and does not try again that day", async (t) => {
    const world = standIns(t, { rustc: rustc("1.90.0"), rustup: "echo 'error: could not download' >&2; exit 1" });
    const { stdout, pinned } = await pin(world);
    assert.equal(pinned, undefined);
    assert.match(stdout, /not pinned: error: could not download\n.*Rust 1\.90\.0 is used instead/);
    assert.deepEqual(await pin(world), { stdout: "", pinned: undefined });
    assert.equal(world.calls().match(/rustup/g)?.length, 1);
  });

  test("pins nothing if that Rust is already active, or the user has pinned another", async (t) => {
    const same = standIns(t, { rustc: rustc(RUST_VERSION), rustup: "exit 1" });
    assert.deepEqual(await pin(same), { stdout: "", pinned: undefined });
    const own = standIns(t, { rustc: rustc("1.90.0"), rustup: "exit 0" });
    const theirs = '[toolchain]\nchannel = "nightly"\n';
    writeFileSync(join(own.folder, "rust-toolchain.toml"), theirs);
    assert.deepEqual(await pin(own), { stdout: "", pinned: theirs });
    const none = standIns(t, { rustc: rustc("1.90.0") });
    assert.deepEqual(await pin(none), { stdout: "", pinned: undefined });
  });

  const INSTALL = `import { geckodriver } from "../../scripts/setup/cargo-tools.js"; await (await geckodriver()).install();`;

  test("says when a tool cannot be installed with its lock file", async (t) => {
    const refusing = 'case "$*" in *--locked*) echo "error: version 1.2.3 was yanked" >&2; exit 101;; esac';
    const world = standIns(t, { cargo: refusing });
    const { stdout, stderr } = await world.run(INSTALL);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /geckodriver \S+ cannot be installed with the versions of its Cargo\.lock:\n +error: version 1\.2\.3 was yanked\n/,
    );
    assert.match(stdout, /Trying without --locked/);
    assert.deepEqual(world.calls().match(/--locked/g)?.length, 1);
    assert.deepEqual(world.calls().match(/cargo install/g)?.length, 2);
  });

  test("installs a tool with its lock file, without output", async (t) => {
    const world = standIns(t, { cargo: "exit 0" });
    assert.deepEqual(await world.run(INSTALL), { stdout: "", stderr: "" });
    assert.match(world.calls(), /^cargo install geckodriver .*--locked\n$/);
  });
});
