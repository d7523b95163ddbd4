// @ts-check
// A real Prometheus, where it is installed.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { setTimeout } from "node:timers/promises";

/** An option of tests that need a program of Prometheus. @param {"prometheus" | "promtool"} program */
export const needs = (program) =>
  spawnSync(program, ["--version"]).status === 0
    ? {}
    : { skip: `${program} is missing: install Debian's package prometheus` };

/** @param {string[]} args @param {string} [input] */
export function promtool(args, input) {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts one.
 *
 * @param {Record<string, unknown>} job of `scrape_configs`
 * @param {string} [rules] YAML
 * @returns {Promise<(path: string, parameters?: Record<string, string>) => Promise<any>>} requests `/api/v1/…`: the `data`;
 *   undefined while it starts
 */
export async function prometheus(job, rules) {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    scrape_configs: [job],
    ...(rules !== undefined && { rule_files: ["rules.yml"] }),
  };
  if (rules !== undefined) writeFileSync(join(folder, "rules.yml"), rules);
  // JSON is YAML.
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  const port = await freePort();
  const flags = ["config.file=config.yml", "storage.tsdb.path=data", `web.listen-address=127.0.0.1:${port}`];
  const child = spawn(
    "prometheus",
    flags.map((flag) => `--${flag}`),
    { cwd: folder, stdio: "ignore" },
  );
  after(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    rmSync(folder, { recursive: true });
  });
  return async (path, parameters) => {
    const address = `http://127.0.0.1:${port}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const response = await fetch(address).catch(() => null);
    return response?.ok ? (await response.json()).data : undefined;
  };
}

/** Waits until a condition is true. @param {AbortSignal} signal of the test @param {() => Promise<unknown>} condition */
export async function until(signal, condition) {
  while (!(await condition())) await setTimeout(100, undefined, { signal });
}
