// @ts-check
// SvelteKit with its adapter for Node: the load function of the server, an endpoint and the page run the program, and must have the
// same result.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { installed, toolNode, versionOf } from "../../../scripts/lib/projects.js";
import { PROGRAM_MODULE, runTool } from "./fixture.js";
import { atAddress } from "./page.js";

/** @param {string} folder where the program is */
const imports = (folder) => `
import { Scheduler, SchedulerError } from "couchdb-scheduler";
import { exercise } from "${folder}/exercise.js";
`;

/** @param {string} url @returns {Record<string, string>} */
const filesFor = (url) => ({
  "package.json": JSON.stringify({
    name: "project",
    private: true,
    type: "module",
    dependencies: { "couchdb-scheduler": "*" },
  }),
  "vite.config.js":
    'import { sveltekit } from "@sveltejs/kit/vite";\nimport adapter from "@sveltejs/adapter-node";\nexport default { plugins: [sveltekit({ adapter: adapter() })] };',
  "src/app.html":
    '<!doctype html><link rel="icon" href="data:,">%sveltekit.head%<body><div>%sveltekit.body%</div></body>',
  "src/exercise.js": PROGRAM_MODULE,
  "src/routes/+page.server.js": `${imports("..")}
export const prerender = false;
export const load = async () => ({ loaded: await exercise({ Scheduler, SchedulerError }, ${JSON.stringify(url)}) });
`,
  "src/routes/handler/+server.js": `${imports("../..")}
import { json } from "@sveltejs/kit";
export const GET = async () => json(await exercise({ Scheduler, SchedulerError }, ${JSON.stringify(url)}));
`,
  "src/routes/+page.svelte": `<script>
${imports("..")}
import { onMount } from "svelte";
const { data } = $props();
onMount(async () => {
  const handler = fetch("/handler").then((response) => response.json());
  const here = exercise({ Scheduler, SchedulerError }, ${JSON.stringify(url)});
  console.log("RESULT " + JSON.stringify(await Promise.all([data.loaded, handler, here])));
});
</script>
<p>{data.loaded.iterated} replications</p>
`,
});

/** Starts the server and waits for the port that it prints. @param {string} place */
async function startIn(place) {
  const server = spawn(toolNode(), ["build/index.js"], {
    cwd: place,
    env: { ...process.env, HOST: "127.0.0.1", PORT: "0", NO_COLOR: "1" },
  });
  let output = "";
  server.stderr.on("data", (text) => {
    output += text;
  });
  for await (const line of createInterface(server.stdout)) {
    output += `${line}\n`;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) return { url, stop: () => server.kill() };
  }
  throw new Error(`SvelteKit did not start:\n${output}`);
}

/** @type {import("./fixture.js").Environment[]} */
export const svelte = [
  {
    name: "SvelteKit",
    version: versionOf("@sveltejs/kit"),
    async run({ project, url }) {
      const place = await project(filesFor(url));
      await runTool(place, [installed("vite", "bin", "vite.js"), "build"]);
      const server = await startIn(place);
      try {
        const [loaded, handler, client] = /** @type {unknown[]} */ (await atAddress(server.url));
        assert.deepEqual([loaded, handler], [client, client]);
        return client;
      } finally {
        server.stop();
      }
    },
  },
];
