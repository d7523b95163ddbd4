// @ts-check
// SvelteKit with its adapter for Node: the load function of the server, an endpoint and the page run the program, and must have the
// same result.

import assert from "node:assert/strict";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { PROGRAM_MODULE, runTool, startServer } from "./fixture.js";
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

/** @type {import("./fixture.js").Environment[]} */
export const svelte = [
  {
    name: "SvelteKit",
    version: versionOf("@sveltejs/kit"),
    async run({ project, url }) {
      const place = await project(filesFor(url));
      await runTool(place, [installed("vite", "bin", "vite.js"), "build"]);
      const server = await startServer(place, ["build/index.js"], { HOST: "127.0.0.1", PORT: "0" });
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
