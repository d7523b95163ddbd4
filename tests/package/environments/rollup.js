// @ts-check
// Rollup, with the plugin that it needs for any package.

import { join } from "node:path";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, runTool } from "./fixture.js";
import { inPage, MODULE_PAGE } from "./page.js";

/** @type {import("./fixture.js").Environment[]} */
export const rollup = [
  {
    name: "Rollup",
    version: versionOf("rollup"),
    async run({ project, program }) {
      const place = await project({ "main.js": program() });
      const cli = installed("rollup", "dist", "bin", "rollup");
      await runTool(place, [
        cli,
        "main.js",
        "--file",
        "out/main.js",
        "--format",
        "es",
        "--plugin",
        "node-resolve",
        "--failAfterWarnings",
      ]);
      await checkOneWasm(join(place, "out"));
      return inPage(place, MODULE_PAGE);
    },
  },
];
