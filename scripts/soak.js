// @ts-check
// `npm run soak -- --minutes 60`: whether memory and sockets of the built package (`npm run build`) stay level over a long time, and
// whether it still answers at its end.
//
// watch() and other calls, `serve`, and the dashboard in Chromium run against a simulator that changes, fails and restarts. The
// figures are printed 60 times; for an hour, every minute. The run ends after 60 samples, whatever time that took, so a machine
// that is busy or suspended does not make it fail.

import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { exitOnSignals } from "./lib/run.js";
import { green, Stop, say, start } from "./lib/say.js";
import { problemsOf } from "./soak/level.js";
import { openPage } from "./soak/page.js";
import { startServer } from "./soak/server.js";

const SAMPLES = 60;

/** @typedef {import("./soak/worker.js").Sample} Sample */

/** A process that runs the package. @param {string} file @param {string} url */
function startWorker(file, url) {
  const worker = fork(new URL(`./soak/${file}`, import.meta.url), [url], { execArgv: ["--expose-gc"] });
  const failed = once(worker, "exit").then(() => {
    throw new Stop(`${file} has ended.`);
  });
  // Reported when something is requested.
  failed.catch(() => {});
  const message = () => Promise.race([once(worker, "message").then(([sent]) => sent), failed]);
  return {
    message,
    /** @returns {Promise<Sample>} */
    sample() {
      worker.send("sample");
      return message();
    },
    close: async () => void worker.disconnect(),
  };
}

/** @param {Record<string, number>} numbers */
const written = (numbers) =>
  Object.entries(numbers)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(1)}`)
    .join("  ");

exitOnSignals();
await start(async () => {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "60" } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Stop("--minutes must be a positive number.");

  const server = await startServer();
  const dashboard = startWorker("dashboard.js", server.url);
  const { url } = await dashboard.message();
  const parts = { client: startWorker("client.js", server.url), serve: dashboard, page: await openPage(url) };
  /** @type {Record<string, Sample[]>} */
  const samples = { client: [], serve: [], page: [] };
  for (let n = 1; n <= SAMPLES; n++) {
    await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / SAMPLES));
    say(`${String(n).padStart(3)}/${SAMPLES}  server: ${written(server.counts)}`);
    for (const [name, part] of Object.entries(parts)) {
      const sample = await part.sample();
      samples[name]?.push({ ...sample, counts: { ...sample.counts } });
      say(`        ${name}: ${written(sample.figures)}  (${written(sample.counts)})`);
    }
  }
  for (const part of [...Object.values(parts), server]) await part.close();

  const problems = Object.entries(samples).flatMap(([part, all]) => problemsOf(all).map((text) => `${part}: ${text}`));
  if (problems.length > 0) throw new Stop(problems.join("\n"));
  say(green("Memory and sockets are level."));
});
