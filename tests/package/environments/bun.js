// @ts-check
// Bun.

import { existsSync } from "node:fs";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { resultIn, runProgram } from "./fixture.js";

/** The program from its package for this system: the package "bun" only downloads it. */
const cpu = process.arch === "arm64" ? "aarch64" : process.arch;
const file = installed("@oven", `bun-${process.platform}-${cpu}`, "bin", "bun");

/** @type {import("./fixture.js").Environment[]} */
export const bun = [
  {
    name: "Bun",
    version: versionOf("bun"),
    ...(existsSync(file) ? {} : { missing: "npm has no Bun for this system" }),
    run: async ({ project, program }) =>
      resultIn(await runProgram(await project({ "main.ts": program() }), file, ["main.ts"])),
  },
];
