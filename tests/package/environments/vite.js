// @ts-check
// Vite without a configuration: its development server, and its build.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { installed, toolNode, versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, runTool } from "./fixture.js";
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

/** Starts the server and waits for the URL that it prints. @param {string} place */
async function serveIn(place) {
  const args = [cli, "--host", "127.0.0.1", "--port", "0"];
  const server = spawn(toolNode(), args, { cwd: place, env: { ...process.env, NO_COLOR: "1" } });
  let output = "";
  server.stderr.on("data", (text) => {
    output += text;
  });
  for await (const line of createInterface(server.stdout)) {
    output += `${line}\n`;
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0];
    if (url) return { url, stop: () => server.kill() };
  }
  throw new Error(`Vite did not start:\n${output}`);
}

/** @type {import("./fixture.js").Environment[]} */
export const vite = [
  {
    name: "Vite, development",
    version,
    async run(fixture) {
      const { url, stop } = await serveIn(await projectIn(fixture));
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
