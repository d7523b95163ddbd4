// @ts-check
// Bundles the page with the package. The wasm is a separate file, compiled while it arrives. Separate are also the package's
// questions to several endpoints, which `serve` asks for its page, and the simulator of the try-out mode. All URLs are relative.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { POLICY } from "../../pkg-template/serve/policy.js";
import { fromRoot, PAGE_PARTS, PKG, TEMPLATE } from "../lib/paths.js";
import { fromWasmPack } from "./bundle.js";
import { minified, SHORTEST } from "./minify.js";
import { templates } from "./templates.js";

const SOURCE = fromRoot("www");
/** The name under which the server of the package has it. */
const WASM = "couchdb_scheduler.wasm";
const MAIN = join(SOURCE, "src", "main.js");
const SIMULATOR = fromRoot("simulator", "index.js");

/**
 * The package, which the page imports by its name.
 *
 * @param {boolean} isServed by the server of the package, from which it gets the wasm: it is not copied
 * @returns {import("esbuild").Plugin}
 */
const packageWithWasm = (isServed) => ({
  name: "package-with-wasm",
  setup(build) {
    build.onResolve({ filter: /^couchdb-scheduler$/ }, () => ({ path: join(TEMPLATE, "entries", "page.js") }));
    build.onResolve({ filter: /^#wasm-file$/ }, () =>
      isServed ? { path: WASM, namespace: "shared" } : { path: join(PKG, WASM) },
    );
    build.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
      contents: `export default ${JSON.stringify(path)};`,
    }));
  },
});

/**
 * What is loaded later imports all of what was loaded first: only so does esbuild put that into one file. Two would be 1.1 kB
 * more after gzip.
 *
 * @type {import("esbuild").Plugin}
 */
const loadedLater = {
  name: "loaded-later",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
      kind === "dynamic-import" && !path.includes("/simulator/")
        ? { path: join(resolveDir, path), namespace: "later" }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "later" }, ({ path }) => ({
      contents: `import ${JSON.stringify(MAIN)};\nexport * from ${JSON.stringify(path)};`,
      resolveDir: SOURCE,
    }));
  },
};

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
      { in: MAIN, out: "main" },
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
    plugins: [loadedLater, templates, packageWithWasm(isServed), fromWasmPack, minified(SHORTEST)],
    metafile: true,
    logLevel: "warning",
  });
  writeFileSync(join(folder, "index.html"), pageWith(metafile.outputs));
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

/** @param {import("esbuild").Metafile["outputs"]} outputs the built files */
function pageWith(outputs) {
  const made = (/** @type {RegExp} */ pattern) => Object.keys(outputs).find((path) => pattern.test(path)) ?? "";
  const main = made(/main-\w+\.js$/);
  const preloaded = (outputs[main]?.imports ?? []).map(
    ({ path }) => `<link rel="modulepreload" href="${basename(path)}">\n`,
  );
  return readFileSync(join(SOURCE, "index.html"), "utf8")
    .replace(/<!--.*?-->/gs, "")
    .replace(/\n\s+/g, "\n")
    .replace('"src/style.css"', `"${basename(made(/style-\w+\.css$/))}"`)
    .replace(
      '<script type="module" src="src/main.js">',
      `${preloaded.join("")}<script type="module" src="${basename(main)}">`,
    )
    .replace(
      '<meta name="viewport"',
      `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n<meta name="viewport"`,
    );
}
