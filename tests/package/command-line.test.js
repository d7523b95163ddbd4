// @ts-check
// The command line of the installed package, with nothing but Node.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";
import { installedProject, PKG } from "./tarball.js";

test("npm links the command, and it works", async (t) => {
  const project = await installedProject();
  const { url, close } = await serve(createSimulator({ docs: 60 }));
  t.after(close);
  /** @param {string[]} args @returns {Promise<string>} */
  const run = (...args) =>
    new Promise((resolve, reject) => {
      const command = join(project, "node_modules", ".bin", "couchdb-scheduler");
      const env = { PATH: process.env.PATH, HOME: project, COUCHDB_URL: url.replace("//", "//admin:pass@") };
      const options = { cwd: project, env, shell: process.platform === "win32" };
      execFile(command, args, options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });
  const { version } = JSON.parse(await readFile(join(PKG, "package.json"), "utf8"));
  assert.equal(await run("--version"), `${version}\n`);
  assert.match(await run("summary"), /^replications +60\n/m);
  assert.equal(JSON.parse(await run("list", "--json", "doc_id")).length, 60);
});
