// @ts-check
// Vite without a configuration: its development server, and its build.

import { join } from "node:path";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, runTool, startServer } from "./fixture.js";
import { atAddress, inPage } from "./page.js";

const version = versionOf("vite");
const cli = installed("vite", "bin", "vite.js");

/** @param {import("./fixture.js").Fixture} fixture */
const projectIn = ({ project, program }) =>
  project({
    "package.json": JSON.stringify({ name: "project", private: true, dependencies: { "couchdb-scheduler": "*" } }),
    "index.html": '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
    "main.js": program(),
  });

/** @type {import("./fixture.js").Environment[]} */
export const vite = [
  {
    name: "Vite, development",
    version,
    async run(fixture) {
      const place = await projectIn(fixture);
      const { url, stop } = await startServer(place, [cli, "--host", "127.0.0.1", "--port", "0"]);
      try {
        return await atAddress(url);
      } finally {
        stop();
      }
    },
  },
  {
    name: "Vite, build",
    version,
    async run(fixture) {
      const place = await projectIn(fixture);
      await runTool(place, [cli, "build"]);
      await checkOneWasm(join(place, "dist"));
      return inPage(join(place, "dist"), {});
    },
  },
];
