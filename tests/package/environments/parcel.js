// @ts-check
// Parcel without a configuration.

import { join } from "node:path";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, runTool } from "./fixture.js";
import { inPage } from "./page.js";

/** @type {import("./fixture.js").Environment[]} */
export const parcel = [
  {
    name: "Parcel",
    version: versionOf("parcel"),
    async run({ project, program }) {
      const place = await project({
        "index.html": '<!doctype html><link rel="icon" href="data:,"><script type="module" src="main.js"></script>',
        "main.js": program(),
      });
      const args = ["build", "index.html", "--dist-dir", "out", "--no-cache", "--no-source-maps"];
      await runTool(place, [installed("parcel", "lib", "bin.js"), ...args]);
      await checkOneWasm(join(place, "out"));
      return inPage(join(place, "out"), {});
    },
  },
];
