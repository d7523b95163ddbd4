// @ts-check
// Where things are, so that nothing depends on the folder the bench is called from.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const BENCH = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** What `npm run build` makes. */
export const PACKAGE = join(BENCH, "..", "pkg");

export const RESULTS = join(BENCH, "results", "latest.json");
