// @ts-check
// What `--json` prints has the published types, and the fields that `--json` can choose.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "../../pkg/cli/commands/index.js";
import { testOfSimulator } from "../support/server.js";
import { cli, serverOnPort, started } from "./command-line.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** In the repository, so that TypeScript finds the package by its name. */
const FOLDER = join(ROOT, "target", "cli-json");
after(() => rmSync(FOLDER, { recursive: true, force: true }));

mkdirSync(FOLDER, { recursive: true });
const CHANGES = join(FOLDER, "changes.json");
writeFileSync(CHANGES, '{ "fields": { "note": "ours" } }');

/** Each command, its arguments, and the type of what it prints; "…" after it: one per line. @type {Record<string, [args: string[], type: string, isStream?: "stream"][]>} */
const PRINTED = {
  summary: [[[], "Summary"]],
  list: [[[], "ReplicationDoc[]"]],
  jobs: [[[], "ReplicationJob[]"]],
  show: [
    [["ID"], "{ doc: ReplicationDoc; diagnosis: Diagnosis | null; progress: Progress; job: ReplicationJob | null }"],
  ],
  incidents: [[[], "Incident[]"]],
  audit: [[[], "Audit"]],
  lag: [
    [[], "Lag[]"],
    [["COPY"], "Lag[]"],
  ],
  verify: [[["COPY"], "Verification"]],
  capacity: [[[], "Capacity"]],
  watch: [[[], "Change", "stream"]],
  wait: [[["ID", "--until", "crashing"], "ReplicationDoc"]],
  start: [
    [["a", "b", "--yes"], "{ id: string; rev: string }"],
    [["a", "b", "--dry-run"], "{ method: string; url: string; body: unknown }"],
  ],
  restart: [
    [
      ["COPY", "nothing", "--yes"],
      "{ id: string; ok: boolean; error: { code: string | null; message: string } | null }",
      "stream",
    ],
  ],
  update: [[["COPY", "--changes", CHANGES, "--yes"], "Updated"]],
  stop: [
    [
      ["ID", "nothing", "--yes"],
      "{ id: string; ok: boolean; error: { code: string | null; message: string } | null }",
      "stream",
    ],
  ],
};

const TYPES =
  "Audit, Capacity, Change, Diagnosis, Incident, Lag, Progress, ReplicationDoc, ReplicationJob, Summary, Updated, Verification";

/** Compiles strictly; returns what the compiler says. @param {string} source @returns {Promise<string>} */
function compiled(source) {
  writeFileSync(join(FOLDER, "printed.ts"), source);
  const args = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--ignoreConfig", "printed.ts"];
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  return new Promise((resolve) =>
    execFile(process.execPath, [tsc, ...args], { cwd: FOLDER }, (_, stdout, stderr) => resolve(stdout + stderr)),
  );
}

test("every command with --json is in this test", () => {
  assert.deepEqual(
    COMMANDS.filter(({ fields }) => fields)
      .map(({ name }) => name)
      .sort(),
    Object.keys(PRINTED).sort(),
  );
});

testOfSimulator("outputs have the published types", async (t) => {
  const { env, request, simulator } = await serverOnPort(t, { docs: 60, clock: { speed: 10 } });
  await request("PUT", "/own");
  await request("PUT", "/own/one", {});
  const end = (/** @type {string} */ name) => `${env.COUCHDB_URL}/${name}`;
  const document = { source: end("own"), target: end("own-copy"), create_target: true, continuous: true };
  await request("PUT", "/_replicator/copy", document);
  simulator?.clock.advance(120_000);
  const [id = ""] = (await cli(["list", "-s", "crashing", "--plain"], { env })).stdout.split("\t");
  const lines = [`import type { ${TYPES} } from "couchdb-scheduler";`];
  for (const [name, forms] of Object.entries(PRINTED)) {
    const { fields = [] } = COMMANDS.find((command) => command.name === name) ?? {};
    for (const [args, type, isStream] of forms) {
      const line = [name, ...args.map((arg) => ({ ID: id, COPY: "copy" })[arg] ?? arg), "--json"];
      let text;
      if (name === "watch") {
        const { child, printed, ended } = started(line, { env });
        await printed("stdout", /(\{.*\}\n){60}/);
        child.kill("SIGINT");
        text = (await ended).stdout;
      } else text = (await cli(line, { env })).stdout;
      const values = isStream
        ? text
            .trimEnd()
            .split("\n")
            .map((each) => JSON.parse(each))
        : [JSON.parse(text)];
      assert.ok(values.length > 0);
      for (const value of values) {
        lines.push(`export const _${lines.length}: ${type} = ${JSON.stringify(value)};`);
        const rows = Array.isArray(value) ? value : [value];
        if (!args.includes("--dry-run"))
          for (const row of rows)
            assert.deepEqual(
              Object.keys(row).filter((key) => !fields.includes(key)),
              [],
              name,
            );
      }
    }
  }
  assert.equal(await compiled(lines.join("\n")), "");
  // It does notice what is wrong.
  assert.match(await compiled(`${lines[0]}\nexport const wrong: Summary = { total: 1 };`), /error TS/);
});
