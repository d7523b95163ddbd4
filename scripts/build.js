// @ts-check
// `npm run build`: compiles the crate to wasm (build/wasm.js) and makes the package from it (build/package.js).
// Skips each half if nothing that goes into it has changed.

import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { isFresh, markFresh, markStale } from "./build/fresh.js";
import { buildPackage } from "./build/package.js";
import { printSizes } from "./build/sizes.js";
import { buildWasm } from "./build/wasm.js";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { fromRoot, PKG, RAW } from "./lib/paths.js";
import { exitOnSignals } from "./lib/run.js";
import { progress, say, start } from "./lib/say.js";
import { FOR_BUILD, setUp } from "./setup.js";

const WASM = {
  name: "wasm",
  from: [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "rust-toolchain.toml",
    "src",
    "crates",
    "scripts/build",
    "scripts/lib/toolchain.js",
  ],
  to: RAW,
};
const PACKAGE = {
  name: "package",
  from: [
    ...WASM.from,
    "pkg-template",
    "www",
    "simulator",
    "scripts/build",
    "scripts/licenses",
    "package-lock.json",
    "README.md",
    "docs/guides",
    "LICENSE",
  ],
  to: PKG,
};

/** So that tests, examples and tools import "couchdb-scheduler" by name, as users do. */
function linkPackage() {
  const link = fromRoot("node_modules", "couchdb-scheduler");
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === "../pkg") return;
  rmSync(link, { recursive: true, force: true });
  mkdirSync(fromRoot("node_modules"), { recursive: true });
  symlinkSync("../pkg", link, process.platform === "win32" ? "junction" : "dir");
}

/** Builds everything that is out of date; returns whether anything was. */
export async function build() {
  const stale = !isFresh(PACKAGE);
  if (stale) {
    await setUp(FOR_BUILD);
    markStale(PACKAGE);
    if (!isFresh(WASM)) {
      markStale(WASM);
      await progress("compiling the crate to wasm", buildWasm);
      markFresh(WASM);
    }
    await progress("putting the package together", buildPackage);
    markFresh(PACKAGE);
  }
  linkPackage();
  return stale;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  exitOnSignals();
  takeCouchdbEnv();
  await start(async () => {
    if (!(await build())) say("pkg/ is up to date.");
    printSizes();
  });
}
