// @ts-check
// Deno, with access only to the network.

import { existsSync } from "node:fs";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { resultIn, runProgram } from "./fixture.js";

const libc = process.platform === "linux" ? "-glibc" : "";
const file = installed("@deno", `${process.platform}-${process.arch}${libc}`, "deno");

/** @type {import("./fixture.js").Environment[]} */
export const deno = [
  {
    name: "Deno",
    version: versionOf("deno"),
    ...(existsSync(file) ? {} : { missing: "npm has no Deno for this system" }),
    async run({ project, program }) {
      const place = await project({
        "package.json": JSON.stringify({ name: "project", private: true, dependencies: { "couchdb-scheduler": "*" } }),
        "main.js": program(),
      });
      return resultIn(await runProgram(place, file, ["run", "--no-prompt", "--no-remote", "--allow-net", "main.js"]));
    },
  },
];
