// @ts-check
// The npm packages that are bundled into the page and the elements, as the bundler reports them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot, TEMPLATE } from "../lib/paths.js";

/** @typedef {Pick<import("./crates.js").Crate, "name" | "version" | "license" | "authors" | "manifest_path">} Bundled */

/** @returns {Promise<Bundled[]>} sorted by name */
export async function packagesBundled() {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: fromRoot(),
    entryPoints: [fromRoot("www", "src", "main.js"), join(TEMPLATE, "element", "index.js")],
    outdir: "unused",
    bundle: true,
    format: "esm",
    write: false,
    metafile: true,
    external: ["couchdb-scheduler", "#palette", "*/simulator/index.js"],
    logLevel: "warning",
  });
  const folders = Object.keys(metafile.inputs).flatMap((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const manifest_path = fromRoot(folder, "package.json");
    const { name, version, license = null } = JSON.parse(readFileSync(manifest_path, "utf8"));
    return { name, version, license, authors: [], manifest_path };
  });
}
