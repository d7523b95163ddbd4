// @ts-check
// webpack 5 without loaders or experiments: a page and a server.

import { join } from "node:path";
import { versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, runTool } from "./fixture.js";
import { REQUIRE, runAlone } from "./node.js";
import { inPage, SCRIPT_PAGE } from "./page.js";

const version = versionOf("webpack");

/** A warning is a failure, too: webpack warns about imports that it cannot resolve. */
const BUILD = `
const config = JSON.parse(process.argv[2]);
require("webpack")(config, (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
});
`;

/** @param {import("./fixture.js").Fixture} fixture @param {string} source @param {object} options @param {string} filename */
async function bundle({ project }, source, options, filename) {
  const place = await project({ "main.js": source, "build.cjs": BUILD });
  const output = { path: join(place, "out"), filename };
  // It warns of any script above 244 kB.
  const config = { mode: "production", context: place, entry: "./main.js", output, performance: false, ...options };
  await runTool(place, ["build.cjs", JSON.stringify(config)]);
  await checkOneWasm(join(place, "out"));
  return place;
}

/** @type {import("./fixture.js").Environment[]} */
export const webpack = [
  {
    name: "webpack, page",
    version,
    run: async (fixture) => inPage(await bundle(fixture, fixture.program(), { target: "web" }, "main.js"), SCRIPT_PAGE),
  },
  {
    name: "webpack, server",
    version,
    // CommonJS from source to bundle.
    async run(fixture) {
      const place = await bundle(fixture, fixture.program(REQUIRE), { target: "node" }, "main.cjs");
      return runAlone(fixture, join(place, "out", "main.cjs"));
    },
  },
];
