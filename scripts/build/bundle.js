// @ts-check
// Bundles one file per entry point and module system, with no imports except, for workerd, the wasm.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PKG, RAW, TEMPLATE } from "../lib/paths.js";
import { encodeWasm } from "./encode-wasm.js";
import { KEEP_NAMES, minified } from "./minify.js";

/** @type {[entry: string, format: "esm" | "cjs"][]} */
const ENTRIES = [
  ["index", "esm"],
  ["index", "cjs"],
  ["slim", "esm"],
  ["slim", "cjs"],
  ["workerd", "esm"],
];

// wasm-bindgen's glue for the web can only be started by its own `initSync`. With these additions
// pkg-template/loading/instantiate.js starts it instead, and the rest of its loader is dropped. (The glue for bundlers has such an
// opening, but is 0.9 kB larger when compressed: it names every import three times.)
const OPENING = `
export { __wbg_get_imports, __wbg_finalize_init };
export function __wbg_set_wasm(exports) { wasm = exports; }
`;

// The wasm is on its own line at the top: Node prints the source line of an uncaught error, which must not be this one.
const VARIABLE = "couchdbSchedulerWasm";

/**
 * The modules that the entries call `#glue`, `#wasm-text` and `#wasm-module`, declared in pkg-template/loading/modules.d.ts.
 *
 * @type {import("esbuild").Plugin}
 */
export const fromWasmPack = {
  name: "from-wasm-pack",
  setup(build) {
    const glue = join(RAW, "couchdb_scheduler.js");
    build.onResolve({ filter: /^#glue$/ }, () => ({ path: glue }));
    build.onLoad({ filter: /couchdb_scheduler\.js$/ }, () => ({
      contents: readFileSync(glue, "utf8") + OPENING,
    }));
    build.onResolve({ filter: /^#wasm-text$/ }, ({ path }) => ({ path, namespace: "banner" }));
    build.onLoad({ filter: /.*/, namespace: "banner" }, () => ({ contents: `export default ${VARIABLE};` }));
    build.onResolve({ filter: /^#wasm-module$/ }, () => ({
      path: "./couchdb_scheduler.wasm",
      external: true,
    }));
    // wasm-bindgen copies the modules that the crate imports; the entries export the originals.
    build.onResolve({ filter: /^\.\/snippets\// }, ({ path }) => ({
      path: join(TEMPLATE, path.replace(/^.*\/pkg-template\//, "")),
    }));
  },
};

export async function bundle() {
  // Imported late, because npm ci may have to install it first.
  const { build } = await import("esbuild");
  const wasm = encodeWasm(readFileSync(join(RAW, "couchdb_scheduler_bg.wasm")));
  const wasmLine = `const ${VARIABLE}="${wasm}";`;
  await Promise.all(
    ENTRIES.map(([entry, format]) =>
      build({
        entryPoints: [join(TEMPLATE, "entries", `${entry}.js`)],
        outfile: join(PKG, `${entry}.${format === "esm" ? "js" : "cjs"}`),
        bundle: true,
        format,
        platform: "neutral",
        target: "es2022",
        // Only in the loader that is dropped; CommonJS has no `import.meta`.
        define: { "import.meta.url": '""' },
        plugins: [fromWasmPack, minified(KEEP_NAMES, entry === "index" ? wasmLine : "")],
        minifySyntax: true,
        // For coverage. Not in the tarball, where five copies of all sources would be most of it.
        sourcemap: "external",
        logLevel: "warning",
      }),
    ),
  );
}
