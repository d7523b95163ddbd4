// @ts-check
// Vitest in its environment for Node.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { runTool } from "./fixture.js";

const HEAD = `
import { writeFileSync } from "node:fs";
import { Scheduler, SchedulerError } from "couchdb-scheduler";
import { test } from "vitest";
`;
const TEST = 'test("exercise", async () => writeFileSync("result.json", JSON.stringify(await result)));';

/** @type {import("./fixture.js").Environment[]} */
export const vitest = [
  {
    name: "Vitest",
    version: versionOf("vitest"),
    async run({ project, program }) {
      const place = await project({ "main.test.js": program(HEAD, TEST) });
      await runTool(place, [installed("vitest", "vitest.mjs"), "run"]);
      return JSON.parse(await readFile(join(place, "result.json"), "utf8"));
    },
  },
];
