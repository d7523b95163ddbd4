// @ts-check
// Where things are in the checkout, so that no script depends on the folder it is called from.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** @param {string[]} parts */
export const fromRoot = (...parts) => join(ROOT, ...parts);

/** What wasm-pack writes, before it becomes a package. */
export const RAW = fromRoot("target", "pkg-raw");

/** What would be published. */
export const PKG = fromRoot("pkg");

/** The hand-written half of the package. */
export const TEMPLATE = fromRoot("pkg-template");

/** The page as static files. */
export const WWW = fromRoot("target", "www");

/** Logs and notes of set-up, build and tests: safe to delete, like all of target/. */
export const LOGS = fromRoot("target", "logs");
