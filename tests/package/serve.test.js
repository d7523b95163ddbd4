// @ts-check
// `serve --demo` of the packed package, in a folder with nothing else and without a network: the whole dashboard.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { installedProject } from "./tarball.js";

test("shows the dashboard of a simulated server", async (t) => {
  const project = await installedProject();
  const command = join(project, "node_modules", ".bin", "couchdb-scheduler");
  const env = { PATH: process.env.PATH, HOME: project };
  const child = spawn(command, ["serve", "--demo", "--port", "0"], { cwd: project, env });
  t.after(() => child.kill("SIGKILL"));
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
    errors += text;
  });
  const [line] = await Promise.race([
    once(child.stdout.setEncoding("utf8"), "data"),
    once(child, "close").then(() => assert.fail(errors)),
  ]);
  // Its address: with a name, Node 20 gives up a connection after 250 ms.
  const url = line.trim().replace("localhost", "127.0.0.1");
  assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
  const html = await (await fetch(`${url}/`)).text();
  const files = [...html.matchAll(/(?:src|href)="([^"#:]+)"/g)].map(([, name]) => name);
  assert.ok(files.length >= 3, html);
  for (const name of [...files, "couchdb_scheduler.wasm"]) {
    assert.equal((await fetch(`${url}/${name}`)).status, 200, name);
  }
  const config = await (await fetch(`${url}/config.json`)).json();
  const { total_rows, docs } = await new Scheduler(new URL(config.url, `${url}/`)).listDocs();
  assert.ok(docs.length >= 1000 && total_rows !== null);
  child.kill("SIGTERM");
  const [code] = await once(child, "close");
  assert.equal(code, 0, errors);
});
