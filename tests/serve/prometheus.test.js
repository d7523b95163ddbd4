// @ts-check
// A real Prometheus scrapes the server, with a name and a password. Skipped where it is not installed.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hashPassword } from "../../pkg/serve/password.js";
import { couch, FAST, served } from "./stage.js";

/** @param {string} program */
const missing = (program) =>
  spawnSync(program, ["--version"]).status === 0 ? false : `${program} is missing: install Debian's prometheus`;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @type {import("../../pkg/serve/questions.js").Measured} */
const metrics = { databases: ["all"], perReplication: "all" };

test("promtool finds nothing wrong with the metrics", { skip: missing("promtool") }, async () => {
  const { withAdmin } = await couch({ docs: 50 });
  const url = await served({ couchdbUrl: withAdmin, metrics }, FAST);
  const input = await (await fetch(`${url}/metrics`)).text();
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
  assert.deepEqual([status, stdout, stderr], [0, "", ""]);
});

test("Prometheus scrapes with a name and a password", { skip: missing("prometheus"), timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  const authFile = join(folder, "visitors");
  writeFileSync(authFile, `prometheus:${await hashPassword("secret word")}\n`);
  const { withAdmin } = await couch({ docs: 50 });
  const url = await served({ couchdbUrl: withAdmin, authFile, metrics });
  const config = {
    global: { scrape_interval: "1s" },
    scrape_configs: [
      {
        job_name: "replications",
        basic_auth: { username: "prometheus", password: "secret word" },
        static_configs: [{ targets: [new URL(url).host] }],
      },
    ],
  };
  // JSON is YAML.
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  const port = await freePort();
  const flags = ["config.file=config.yml", "storage.tsdb.path=data", `web.listen-address=127.0.0.1:${port}`];
  const prometheus = spawn(
    "prometheus",
    flags.map((flag) => `--${flag}`),
    { cwd: folder, stdio: "ignore" },
  );
  t.after(async () => {
    prometheus.kill("SIGKILL");
    await once(prometheus, "close");
    rmSync(folder, { recursive: true });
  });
  /** @param {string} query @returns {Promise<any[]>} empty until there is a result */
  const ask = async (query) => {
    const address = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const response = await fetch(address).catch(() => null);
    return response?.ok ? (await response.json()).data.result : [];
  };
  while ((await ask('up{job="replications"} == 1')).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const [sum] = await ask("sum(couchdb_scheduler_replications)");
  const { total } = await (
    await fetch(`${url}/api/summary?database=all`, {
      headers: { authorization: `Basic ${btoa("prometheus:secret word")}` },
    })
  ).json();
  assert.equal(Number(sum.value[1]), total);
  assert.notEqual((await ask("couchdb_scheduler_docs_written_total")).length, 0, "counters, too");
});
