// @ts-check
// Jest in its own environment for Node, which is a separate realm: errors and arrays from outside have other classes.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { runTool } from "./fixture.js";
import { REQUIRE } from "./node.js";

const version = versionOf("jest");
const cli = installed("jest", "bin", "jest.js");
const manifest = JSON.stringify({ name: "project", private: true, jest: { testEnvironment: "node" } });

/** Jest replaces the console, so the result goes into a file. @param {string} writeFileSync */
const test = (writeFileSync) =>
  `test("exercise", async () => ${writeFileSync}("result.json", JSON.stringify(await result)));`;

/** @param {string} place */
const resultOf = async (place) => JSON.parse(await readFile(join(place, "result.json"), "utf8"));

/** @type {import("./fixture.js").Environment[]} */
export const jest = [
  {
    name: "Jest, require",
    version,
    async run({ project, program }) {
      const text = program(REQUIRE, test('require("node:fs").writeFileSync'));
      const place = await project({ "package.json": manifest, "main.test.js": text });
      await runTool(place, [cli, "--ci"]);
      return resultOf(place);
    },
  },
  {
    name: "Jest, import",
    version,
    async run({ project, program }) {
      const head =
        'import { writeFileSync } from "node:fs";\nimport { Scheduler, SchedulerError } from "couchdb-scheduler";';
      const place = await project({
        "package.json": JSON.stringify({ ...JSON.parse(manifest), type: "module" }),
        "main.test.js": program(head, test("writeFileSync")),
      });
      await runTool(place, ["--experimental-vm-modules", "--no-warnings", cli, "--ci"]);
      return resultOf(place);
    },
  },
];
