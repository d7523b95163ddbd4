// @ts-check
// The bundle of the vendor's client, to compare with the default entry.

import { build } from "esbuild";
import { BENCH } from "../lib/paths.js";

/** @returns {Promise<Uint8Array>} */
export async function bundleOfCloudant() {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "@ibm-cloud/cloudant";', resolveDir: BENCH },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
