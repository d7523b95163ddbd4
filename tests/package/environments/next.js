// @ts-check
// Next.js with its app router and Cache Components, whose build refuses to prerender components that read the time or random numbers. A server
// component, a route handler and a client component run the program, and must have the same result.

import assert from "node:assert/strict";
import { join } from "node:path";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, PROGRAM_MODULE, runTool, startServer } from "./fixture.js";
import { atAddress } from "./page.js";

const version = versionOf("next");
const cli = installed("next", "dist", "bin", "next");
const ENV = { NEXT_TELEMETRY_DISABLED: "1" };

const IMPORTS = `
import { Scheduler, SchedulerError } from "couchdb-scheduler";
import { exercise } from "../exercise.mjs";
`;

/** @param {string} url @returns {Record<string, string>} */
const filesFor = (url) => ({
  "package.json": JSON.stringify({ name: "project", private: true, dependencies: { "couchdb-scheduler": "*" } }),
  "next.config.mjs": "export default { cacheComponents: true, partialPrefetching: true };",
  "exercise.mjs": PROGRAM_MODULE,
  "app/layout.js":
    'export default ({ children }) => <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;',
  "app/page.js": `${IMPORTS}
import { Suspense } from "react";
import { Report } from "./report.js";

const url = ${JSON.stringify(url)};

async function FromServer() {
  return <Report url={url} component={await exercise({ Scheduler, SchedulerError }, url)} />;
}

export default function Page() {
  return <Suspense fallback="…"><FromServer /></Suspense>;
}`,
  "app/handler/route.js": `${IMPORTS.replace("../", "../../")}
export async function GET() {
  return Response.json(await exercise({ Scheduler, SchedulerError }, ${JSON.stringify(url)}));
}`,
  "app/report.js": `"use client";
${IMPORTS}
import { useEffect } from "react";

export function Report({ url, component }) {
  useEffect(() => {
    const handler = fetch("/handler").then((response) => response.json());
    Promise.all([component, handler, exercise({ Scheduler, SchedulerError }, url)]).then((results) =>
      console.log("RESULT " + JSON.stringify(results)),
    );
  });
  return <p>{component.iterated} replications</p>;
}`,
});

/** @param {string} bundler @param {string[]} options @returns {import("./fixture.js").Environment} */
const builtBy = (bundler, options) => ({
  name: `Next.js, ${bundler}`,
  version,
  async run({ project, url }) {
    const place = await project(filesFor(url));
    await runTool(place, [cli, "build", ...options], ENV);
    await checkOneWasm(join(place, ".next", "static"));
    const server = await startServer(place, [cli, "start", "--hostname", "127.0.0.1", "--port", "0"], ENV);
    try {
      const [component, handler, client] = /** @type {unknown[]} */ (await atAddress(server.url));
      assert.deepEqual([component, handler], [client, client]);
      return client;
    } finally {
      server.stop();
    }
  },
});

/** @type {import("./fixture.js").Environment[]} */
export const next = [builtBy("Turbopack", []), builtBy("webpack", ["--webpack"])];
