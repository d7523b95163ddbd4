// @ts-check
// Bundles `couchdb-scheduler/element` from pkg-template/element and the page's components. It imports the package by its
// name, so that an element and its client are of the same copy.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot, PKG, TEMPLATE } from "../lib/paths.js";
import { KEEP_NAMES, minified, SHORTEST } from "./minify.js";
import { templates } from "./templates.js";

const SOURCE = join(TEMPLATE, "element");

/**
 * The page's colors, each to be set by a custom property of the embedding page: `--line` by `--couchdb-line`. The
 * embedding page decides whether it is light or dark.
 *
 * @param {string} css
 */
export function embedded(css) {
  const [light = [], dark = []] = Array.from(css.matchAll(/:root \{(.*?)\}/gs), ([, block = ""]) =>
    Array.from(block.matchAll(/--([\w-]+): ([^;]+);/g)),
  );
  const inDark = new Map(dark.map(([, name, value]) => [name, value]));
  return light
    .map(([, name, value]) => `--${name}:var(--couchdb-${name},light-dark(${value},${inDark.get(name) ?? value}));`)
    .join("");
}

/** @type {import("esbuild").Plugin} */
const palette = {
  name: "palette",
  setup(build) {
    build.onResolve({ filter: /^#palette$/ }, ({ path }) => ({ path, namespace: "palette" }));
    build.onLoad({ filter: /.*/, namespace: "palette" }, () => {
      const css = readFileSync(fromRoot("www", "src", "style", "palette.css"), "utf8");
      return { contents: `export default ${JSON.stringify(embedded(css))};` };
    });
  },
};

export async function buildElement() {
  const { build } = await import("esbuild");
  const folder = join(PKG, "element");
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(SOURCE, "index.js")],
    outfile: join(folder, "index.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    minifySyntax: true,
    // Also where there is no DOM: in Node, while a page is rendered on a server.
    inject: [join(SOURCE, "without-dom.js")],
    external: ["couchdb-scheduler"],
    plugins: [palette, templates, minified({ ...SHORTEST, format: KEEP_NAMES.format })],
    // Their texts are in THIRD_PARTY_LICENSES.
    legalComments: "none",
    logLevel: "warning",
  });
  for (const name of ["define.js", "index.d.ts", "define.d.ts"]) copyFileSync(join(SOURCE, name), join(folder, name));
  copyFileSync(join(TEMPLATE, "custom-elements.json"), join(PKG, "custom-elements.json"));
}
