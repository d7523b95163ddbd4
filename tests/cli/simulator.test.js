// @ts-check
/** The simulator on the command line. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";
import { basic } from "../simulator/requests.js";

const CLI = fileURLToPath(new URL("../../simulator/cli.js", import.meta.url));

/** @param {string[]} args */
function start(args) {
  const child = spawn(process.execPath, [CLI, ...args]);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (output.stdout += data));
  child.stderr.on("data", (data) => (output.stderr += data));
  return { child, output, ended: once(child, "close").then(([code]) => code) };
}

test("prints its URL and its contents, responds, and ends on a signal", async () => {
  const { child, output, ended } = start([
    "--port",
    "0",
    "--docs",
    "50",
    "--user",
    "ann",
    "--password",
    "secret",
    "--speed",
    "10",
  ]);
  while (!output.stdout.includes("failed")) await once(child.stdout, "data");
  const url = /http:\/\/\S+/.exec(output.stdout)?.[0];
  assert.match(output.stdout, /_replicator: 51 documents/);
  const response = await fetch(`${url}/_scheduler/docs?limit=0`, {
    headers: { authorization: basic("ann", "secret") },
  });
  assert.equal((await response.json()).total_rows, 51);
  child.kill("SIGINT");
  assert.equal(await ended, 0);
});

test("help", async () => {
  const { output, ended } = start(["--help"]);
  assert.equal(await ended, 0);
  for (const option of ["--port", "--docs", "--speed", "--seed", "--user", "--password"])
    assert(output.stdout.includes(option), option);
});

for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
  [["--docs", "many"], /^--docs must be a whole number from 0 to 1000000, not "many"$/m],
  [["--port", "70000"], /^--port must be/m],
  [["--speed", "-1"], /--speed/],
  [["--colour", "red"], /--colour/],
])) {
  test(`${args.join(" ")}: a clear error`, async () => {
    const { output, ended } = start(args);
    assert.equal(await ended, 1);
    assert.match(output.stderr, message);
    assert(!output.stderr.includes("    at "), "without a stack");
  });
}

test("a port in use: a clear error", async () => {
  const { url, close } = await serve(createSimulator());
  const { output, ended } = start(["--port", new URL(url).port, "--docs", "0"]);
  assert.equal(await ended, 1);
  assert.match(output.stderr, /is in use/);
  await close();
});
