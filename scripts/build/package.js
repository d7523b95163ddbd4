// @ts-check
// Assembles pkg/: one file per environment, bundled from pkg-template/ and wasm-bindgen's glue; the elements; the
// command line; the types; the manifest; the server with the dashboard; the README, guides and licenses.

import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crateVersion } from "../lib/cargo-files.js";
import { PKG, RAW, TEMPLATE } from "../lib/paths.js";
import { bundle } from "./bundle.js";
import { buildElement } from "./element.js";
import { writePapers } from "./papers.js";
import { buildPage } from "./www.js";

/** The name under which the package exports it. */
const WASM = "couchdb_scheduler.wasm";

/**
 * The same declarations serve both module systems; TypeScript only requires a file name for each, also for
 * the files they refer to.
 *
 * @param {string} name
 */
function writeTypes(name) {
  const types = readFileSync(join(TEMPLATE, `${name}.d.ts`), "utf8");
  writeFileSync(join(PKG, `${name}.d.ts`), types);
  writeFileSync(join(PKG, `${name}.d.cts`), types.replace(/(from "\.\/\w+)\.js"/g, '$1.cjs"'));
}

/** Cargo.toml has the version. */
function writeManifest() {
  const { version: _, ...manifest } = JSON.parse(readFileSync(join(TEMPLATE, "package.json"), "utf8"));
  const { name, ...rest } = manifest;
  const text = JSON.stringify({ name, version: crateVersion(), ...rest }, null, 2);
  writeFileSync(join(PKG, "package.json"), `${text}\n`);
}

export async function buildPackage() {
  rmSync(PKG, { recursive: true, force: true });
  mkdirSync(PKG, { recursive: true });
  await bundle();
  await buildElement();
  copyFileSync(join(RAW, "couchdb_scheduler_bg.wasm"), join(PKG, WASM));
  // Plain files: they import the package by its name.
  for (const folder of ["cli", "serve"]) cpSync(join(TEMPLATE, folder), join(PKG, folder), { recursive: true });
  writeTypes("index");
  writeTypes("slim");
  writeManifest();
  await buildPage(join(PKG, "serve", "page"), { isServed: true });
  await writePapers();
}
