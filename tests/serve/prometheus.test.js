// @ts-check
// A real Prometheus scrapes the server, with a name and a password. Skipped where it is not installed.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hashPassword } from "../../pkg/serve/password.js";
import { needs, prometheus, until } from "../monitoring/prometheus.js";
import { couch, served } from "./stage.js";

/** @type {import("../../pkg/serve/questions.js").Measured} */
const metrics = { databases: ["all"], perReplication: "all" };

test("Prometheus scrapes with a name and a password", { ...needs("prometheus"), timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "visitors-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const authFile = join(folder, "visitors");
  writeFileSync(authFile, `prometheus:${await hashPassword("secret word")}\n`);
  const { withAdmin } = await couch({ docs: 50 });
  const url = await served({ couchdbUrl: withAdmin, authFile, metrics });
  const request = await prometheus({
    job_name: "replications",
    basic_auth: { username: "prometheus", password: "secret word" },
    static_configs: [{ targets: [new URL(url).host] }],
  });
  /** @param {string} query @returns {Promise<any[]>} */
  const ask = async (query) => (await request("query", { query }))?.result ?? [];
  await until(t.signal, async () => (await ask('up{job="replications"} == 1')).length > 0);
  const [sum] = await ask("sum(couchdb_scheduler_replications)");
  const { total } = await (
    await fetch(`${url}/api/summary?database=all`, {
      headers: { authorization: `Basic ${btoa("prometheus:secret word")}` },
    })
  ).json();
  assert.equal(Number(sum.value[1]), total);
  assert.notEqual((await ask("couchdb_scheduler_docs_written_total")).length, 0, "counters, too");
});
