// @ts-check
// Bundles the page with the package. The wasm is a separate file, compiled while it arrives, and so is the simulator of
// the try-out mode, loaded when it is needed (and by `serve --demo`). All URLs are relative.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { POLICY } from "../../pkg-template/serve/policy.js";
import { fromRoot, PAGE_PARTS, PKG } from "../lib/paths.js";
import { minified, SHORTEST } from "./minify.js";
import { templates } from "./templates.js";

const SOURCE = fromRoot("www");
const SIMULATOR = fromRoot("simulator", "index.js");

/** The package as the page imports it, with its wasm in a separate file. */
const PACKAGE = `
import { init } from "./slim.js";
import wasm from "./couchdb_scheduler.wasm";
export * from "./slim.js";
await init(fetch(new URL(wasm, import.meta.url)));
`;

/**
 * The package, which the page imports by its name.
 *
 * @param {boolean} isServed by the server of the package, from which it gets the wasm: it is not copied
 * @returns {import("esbuild").Plugin}
 */
const packageWithWasm = (isServed) => ({
  name: "package-with-wasm",
  setup(build) {
    const inPackage = { namespace: "package" };
    if (isServed) {
      build.onResolve({ filter: /\.wasm$/ }, () => ({ path: "wasm", namespace: "shared" }));
      build.onLoad({ filter: /.*/, namespace: "shared" }, () => ({
        contents: 'export default "couchdb_scheduler.wasm";',
      }));
    }
    build.onResolve({ filter: /^couchdb-scheduler$/ }, () => ({ path: "package", ...inPackage }));
    build.onLoad({ filter: /.*/, ...inPackage }, () => ({ contents: PACKAGE, resolveDir: PKG }));
  },
});

/**
 * @param {string} folder the output folder
 * @param {{ isServed?: boolean }} [options] whether the server of the package serves it, which has the wasm
 * @returns {Promise<number>} gzipped size of all files in bytes
 */
export async function buildPage(folder, { isServed = false } = {}) {
  const { build } = await import("esbuild");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: [
      { in: join(SOURCE, "src", "main.js"), out: "main" },
      { in: join(SOURCE, "src", "style.css"), out: "style" },
      { in: SIMULATOR, out: "simulator" },
    ],
    outdir: folder,
    // Named by their contents, so that no browser mixes files of an old and a new version.
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".wasm": "file" },
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    plugins: [templates, packageWithWasm(isServed), minified(SHORTEST)],
    metafile: true,
    logLevel: "warning",
  });
  const names = Object.keys(metafile.outputs).map((path) => basename(path));
  writeFileSync(join(folder, "index.html"), pageWith(names));
  copyFileSync(join(SOURCE, "icon.svg"), join(folder, "icon.svg"));
  // For `npm run bench -- --size`.
  if (isServed) writeFileSync(PAGE_PARTS, JSON.stringify(metafile.outputs));
  // The server of the package writes its own.
  if (!isServed) writeFileSync(join(folder, "config.json"), "{}\n");
  return readdirSync(folder).reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length,
    0,
  );
}

/** @param {string[]} names names of the built files */
function pageWith(names) {
  const made = (/** @type {RegExp} */ pattern) => names.find((name) => pattern.test(name)) ?? "";
  return readFileSync(join(SOURCE, "index.html"), "utf8")
    .replace(/<!--.*?-->/gs, "")
    .replace(/\n\s+/g, "\n")
    .replace('"src/style.css"', `"${made(/^style-.*\.css$/)}"`)
    .replace('"src/main.js"', `"${made(/^main-.*\.js$/)}"`)
    .replace(
      '<meta name="viewport"',
      `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n<meta name="viewport"`,
    );
}
