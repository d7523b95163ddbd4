// @ts-check
// esbuild: an ES module and a plain script for pages, CommonJS for a server.

import { join } from "node:path";
import { build, version } from "esbuild";
import { checkOneWasm } from "./fixture.js";
import { runAlone } from "./node.js";
import { inPage, MODULE_PAGE, SCRIPT_PAGE } from "./page.js";

/** @param {import("./fixture.js").Fixture} fixture @param {import("esbuild").BuildOptions} options @param {string} file */
async function bundle({ project, program }, options, file) {
  const place = await project({ "main.js": program() });
  const outfile = join(place, "out", file);
  await build({
    entryPoints: [join(place, "main.js")],
    bundle: true,
    minify: true,
    outfile,
    logLevel: "silent",
    ...options,
  });
  await checkOneWasm(join(place, "out"));
  return { place, outfile };
}

/** @type {import("./fixture.js").Environment[]} */
export const esbuild = [
  {
    name: "esbuild, ES module",
    version,
    run: async (fixture) => inPage((await bundle(fixture, { format: "esm" }, "main.js")).place, MODULE_PAGE),
  },
  {
    name: "esbuild, IIFE",
    version,
    run: async (fixture) => inPage((await bundle(fixture, { format: "iife" }, "main.js")).place, SCRIPT_PAGE),
  },
  {
    name: "esbuild, server",
    version,
    run: async (fixture) =>
      runAlone(fixture, (await bundle(fixture, { format: "cjs", platform: "node" }, "main.cjs")).outfile),
  },
];
