// @ts-check
// webpack 5 without loaders or experiments: a page and a server.

import { join } from "node:path";
import { versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, runTool } from "./fixture.js";
import { REQUIRE, runAlone } from "./node.js";
import { inPage, SCRIPT_PAGE } from "./page.js";

/** A warning is a failure, too: webpack warns about imports that it cannot resolve. @param {string} bundler */
const buildBy = (bundler) => `
const bundle = ${bundler};
bundle(JSON.parse(process.argv[2]), (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
});
`;

/** @param {import("./fixture.js").Fixture} fixture @param {string} build @param {string} source @param {object} options @param {string} filename */
async function bundle({ project }, build, source, options, filename) {
  const place = await project({ "main.js": source, "build.mjs": build });
  const output = { path: join(place, "out"), filename };
  // It warns of any script above 244 kB.
  const config = { mode: "production", context: place, entry: "./main.js", output, performance: false, ...options };
  await runTool(place, ["build.mjs", JSON.stringify(config)]);
  await checkOneWasm(join(place, "out"));
  return place;
}

/**
 * A page and a server by a bundler that takes webpack's configuration.
 *
 * @param {string} name
 * @param {string} version
 * @param {string} bundler an expression: its function
 * @returns {import("./fixture.js").Environment[]}
 */
export function webpackLike(name, version, bundler) {
  const build = buildBy(bundler);
  return [
    {
      name: `${name}, page`,
      version,
      run: async (fixture) =>
        inPage(await bundle(fixture, build, fixture.program(), { target: "web" }, "main.js"), SCRIPT_PAGE),
    },
    {
      name: `${name}, server`,
      version,
      // CommonJS from source to bundle.
      async run(fixture) {
        const place = await bundle(fixture, build, fixture.program(REQUIRE), { target: "node" }, "main.cjs");
        return runAlone(fixture, join(place, "out", "main.cjs"));
      },
    },
  ];
}

export const webpack = webpackLike("webpack", versionOf("webpack"), '(await import("webpack")).default');
