// @ts-check
// Paths, so that nothing depends on the current folder.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const BENCH = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** The output of `npm run build`. */
export const PACKAGE = join(BENCH, "..", "pkg");

export const RESULTS = join(BENCH, "results", "latest.json");
