// @ts-check
// Rspack without loaders or experiments: a page and a server.

import { join } from "node:path";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, runTool } from "./fixture.js";
import { REQUIRE, runAlone } from "./node.js";
import { inPage, SCRIPT_PAGE } from "./page.js";

const version = versionOf("@rspack/core");

/** A warning is a failure, too. */
const BUILD = `
import { pathToFileURL } from "node:url";
const { rspack } = await import(pathToFileURL(${JSON.stringify(installed("@rspack", "core", "dist", "index.js"))}).href);
rspack(JSON.parse(process.argv[2]), (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
});
`;

/** @param {import("./fixture.js").Fixture} fixture @param {string} source @param {object} options @param {string} filename */
async function bundle({ project }, source, options, filename) {
  const place = await project({ "main.js": source, "build.mjs": BUILD });
  const output = { path: join(place, "out"), filename };
  const config = { mode: "production", context: place, entry: "./main.js", output, performance: false, ...options };
  await runTool(place, ["build.mjs", JSON.stringify(config)]);
  await checkOneWasm(join(place, "out"));
  return place;
}

/** @type {import("./fixture.js").Environment[]} */
export const rspack = [
  {
    name: "Rspack, page",
    version,
    run: async (fixture) => inPage(await bundle(fixture, fixture.program(), { target: "web" }, "main.js"), SCRIPT_PAGE),
  },
  {
    name: "Rspack, server",
    version,
    async run(fixture) {
      const place = await bundle(fixture, fixture.program(REQUIRE), { target: "node" }, "main.cjs");
      return runAlone(fixture, join(place, "out", "main.cjs"));
    },
  },
];
