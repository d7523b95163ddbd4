// @ts-check
// Prints the sizes of the package, uncompressed and compressed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { PKG } from "../lib/paths.js";
import { say } from "../lib/say.js";

/** @param {number} bytes */
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);

export function printSizes() {
  say("\n                                raw      gzip");
  for (const file of readdirSync(PKG).filter((name) => /\.(wasm|c?js)$/.test(name))) {
    const bytes = readFileSync(join(PKG, file));
    say(`  ${file.padEnd(24)}${kB(bytes.length)}${kB(gzipSync(bytes, { level: 9 }).length)}`);
  }
}
