// @ts-check
// promtool of Prometheus about the metrics of the server and of the command, and about the alerts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { cli } from "../cli/command-line.js";
import { couch, FAST, served } from "../serve/stage.js";
import { needs, promtool } from "./prometheus.js";

const FOLDER = new URL("../../docs/monitoring/", import.meta.url);
const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, FOLDER));

/** Names of metrics that occur in an output. @param {string} text */
const namesIn = (text) => new Set(Array.from(text.matchAll(/^# TYPE couchdb_scheduler_(\S+)/gm), ([, name]) => name));

test("check metrics: nothing is wrong with those of the server", needs("promtool"), async () => {
  const { withAdmin } = await couch({ docs: 50 });
  /** @type {import("../../pkg/serve/questions.js").Measured} */
  const metrics = { databases: ["all"], perReplication: "all", lag: true };
  const text = await (await fetch(`${await served({ couchdbUrl: withAdmin, metrics }, FAST)}/metrics`)).text();
  assert.ok(namesIn(text).has("docs_written_total"), text);
  assert.deepEqual(promtool(["check", "metrics"], text), { status: 0, output: "" });
});

test("check metrics: nothing is wrong with those of the command", needs("promtool"), async () => {
  const { withAdmin } = await couch({ docs: 50 });
  const env = { COUCHDB_URL: withAdmin };
  const { code, stdout } = await cli(["metrics", "-d", "all", "--per-replication", "all", "--lag"], { env });
  assert.equal(code, 0);
  assert.ok(namesIn(stdout).has("docs_written_total"), stdout);
  assert.deepEqual(promtool(["check", "metrics"], stdout), { status: 0, output: "" });
  // What it finds otherwise.
  assert.equal(promtool(["check", "metrics"], stdout.replace(/^# HELP .*\n/m, "")).status, 3);
});

test("each alert has a unit test that it fires, and is in the guide", () => {
  const [rules, tests, guide] = ["couchdb-scheduler.rules.yml", "couchdb-scheduler.test.yml", "README.md"].map((name) =>
    readFileSync(file(name), "utf8"),
  );
  const names = Array.from(rules?.matchAll(/^ +- alert: CouchDBReplication(\w+)$/gm) ?? [], ([, name]) => name);
  assert.equal(names.length, 13);
  for (const name of names) {
    assert.match(tests ?? "", new RegExp(`alertname: CouchDBReplication${name}\n.*\n +exp_alerts:\n`));
    assert.ok(guide?.includes(`\`${name}\``), name);
  }
});

test("check rules", needs("promtool"), () => {
  const { status, output } = promtool(["check", "rules", "--lint-fatal", file("couchdb-scheduler.rules.yml")]);
  assert.match(output, /SUCCESS: 13 rules found/);
  assert.equal(status, 0);
});

test("test rules", needs("promtool"), () => {
  const { status, output } = promtool(["test", "rules", file("couchdb-scheduler.test.yml")]);
  assert.match(output, /SUCCESS/);
  assert.equal(status, 0, output);
});
