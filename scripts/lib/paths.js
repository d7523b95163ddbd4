// @ts-check
// Paths in the checkout, so that no script depends on the current folder.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** @param {string[]} parts */
export const fromRoot = (...parts) => join(ROOT, ...parts);

/** The output of wasm-pack, before the package is made. */
export const RAW = fromRoot("target", "pkg-raw");

/** The package to publish. */
export const PKG = fromRoot("pkg");

/** The hand-written half of the package. */
export const TEMPLATE = fromRoot("pkg-template");

/** The page as static files. */
export const WWW = fromRoot("target", "www");

/** What the files of the page in the package consist of, as esbuild reports it. */
export const PAGE_PARTS = fromRoot("target", "page-parts.json");

/** Logs and notes of set-up, build and tests: safe to delete, like all of target/. */
export const LOGS = fromRoot("target", "logs");
