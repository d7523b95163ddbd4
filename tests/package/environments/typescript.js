// @ts-check
// TypeScript compiles the program in strict mode, and Node runs the output. ../types.test.js tests the types.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { fromRoot } from "../../../scripts/lib/paths.js";
import { PROGRAM_MODULE, resultIn, runProgram } from "./fixture.js";

const folder = fromRoot("node_modules", "typescript");
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** The program is JavaScript with types in its comments, which TypeScript checks as strictly. @param {string} url */
const main = (url) => `
import { Scheduler, SchedulerError } from "couchdb-scheduler";
import { exercise } from "./exercise.mjs";
console.log("RESULT " + JSON.stringify(await exercise({ Scheduler, SchedulerError }, ${JSON.stringify(url)})));
`;

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  allowJs: true,
  checkJs: true,
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  rootDir: ".",
  outDir: "out",
};

/** @param {import("./fixture.js").Fixture} fixture @param {object} options */
async function compile({ project, url }, options) {
  const place = await project({
    "main.mts": main(url),
    "exercise.mjs": PROGRAM_MODULE,
    "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: ["main.mts"] }),
  });
  await runProgram(place, process.execPath, [join(folder, "bin", "tsc"), "-p", "."]);
  return place;
}

/** @param {string} module @returns {import("./fixture.js").Environment} */
const forNode = (module) => ({
  name: `TypeScript, ${module}`,
  version,
  run: async (fixture) =>
    resultIn(await runProgram(await compile(fixture, { module }), process.execPath, ["out/main.mjs"])),
});

/** @type {import("./fixture.js").Environment[]} */
export const typescript = [
  forNode("node16"),
  forNode("nodenext"),
  {
    name: "TypeScript, bundler",
    version,
    async run(fixture) {
      const place = await compile(fixture, { module: "esnext", moduleResolution: "bundler" });
      await build({
        entryPoints: [join(place, "out/main.mjs")],
        bundle: true,
        format: "esm",
        outfile: join(place, "main.mjs"),
      });
      return resultIn(await runProgram(place, process.execPath, ["main.mjs"]));
    },
  },
];
