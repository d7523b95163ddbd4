// @ts-check
// Cloudflare's workerd, which cannot compile wasm at run time. wrangler bundles the Worker as for a deployment, and
// miniflare runs it.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { resultIn, runTool, wasmsIn } from "./fixture.js";

const ANSWER = "export default { fetch: async () => Response.json(await run()) };";
const DATE = "2026-06-01";

const RUN = `
import { readdirSync, readFileSync } from "node:fs";
import { Miniflare } from ${JSON.stringify(pathToFileURL(installed("miniflare", "dist", "src", "index.js")).href)};
const modules = {};
for (const name of readdirSync("out")) {
  if (name.endsWith(".js")) modules[name] = { type: "esm", contents: readFileSync("out/" + name, "utf8") };
  if (name.endsWith(".wasm")) modules[name] = { type: "wasm", contents: new Uint8Array(readFileSync("out/" + name)) };
}
const manifest = { mainModule: "main.js", modules };
const miniflare = new Miniflare({ workers: [{ config: { name: "project", compatibilityDate: "${DATE}", manifest } }] });
try {
  const response = await miniflare.dispatchFetch("http://worker.test/");
  console.log("RESULT " + (await response.text()));
} finally {
  await miniflare.dispose();
}
`;

/** @type {import("./fixture.js").Environment[]} */
export const workerd = [
  {
    name: "workerd, by wrangler",
    version: `${versionOf("workerd")}, ${versionOf("wrangler")}`,
    async run({ project, program }) {
      // Requests are only allowed in an event there, so the program waits for one.
      const main = program(undefined, ANSWER).replace("const result = ", "const run = () => ");
      const place = await project({ "main.js": main, "run.mjs": RUN });
      const wrangler = [
        installed("wrangler", "bin", "wrangler.js"),
        "deploy",
        "main.js",
        "--dry-run",
        "--outdir",
        "out",
      ];
      const options = ["--name", "project", "--compatibility-date", DATE];
      await runTool(place, [...wrangler, ...options], { WRANGLER_SEND_METRICS: "false", CI: "true" });
      const { inlined, files } = await wasmsIn(join(place, "out"));
      if (inlined !== 0 || files !== 1) throw new Error(`the wasm is inlined ${inlined} times and in ${files} files`);
      return resultIn(await runTool(place, ["run.mjs"]));
    },
  },
];
