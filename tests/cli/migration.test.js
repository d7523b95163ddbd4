// @ts-check
// A replication from its start to its end on the command line, on the simulator or a real server.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { cli, serverOnPort } from "./command-line.js";

/** @param {import("node:test").TestContext} t */
async function prepared(t) {
  const server = await serverOnPort(t, { clock: { speed: 30 } });
  const name = `test-${randomBytes(5).toString("hex")}`;
  const [once, always, copy, second] = ["once", "always", "copy", "second"].map((part) => `${name}-${part}`);
  t.after(async () => {
    await cli(["stop", String(once), String(always), "--yes"], { env: server.env });
    for (const database of [name, copy, second]) await server.request("DELETE", `/${database}`).catch(() => {});
  });
  await server.request("PUT", `/${name}`);
  for (const id of ["a", "b", "c"]) await server.request("PUT", `/${name}/${id}`, {});
  const names = { name, once: String(once), always: String(always), copy: String(copy), second: String(second) };
  /** Expects success. @param {string[]} args */
  const run = async (...args) => {
    const { code, stdout, stderr } = await cli(args, { env: server.env });
    assert.deepEqual([code, stderr], [0, ""], args.join(" "));
    return stdout;
  };
  return { ...server, ...names, run };
}

test("a database is copied and compared in one line", async (t) => {
  const { name, once, copy, run } = await prepared(t);
  const args = ["--create-target", "--id", once, "--wait", "--verify", "--timeout", "50s", "--yes"];
  const text = await run("start", name, copy, ...args);
  assert.equal(text, `${once}\n${once}: completed, 100 %, 3 written\n✓ complete: 3 documents compared\n`);
  assert.match(await run("restart", once, "--yes"), /restarted\n$/);
  assert.match(await run("wait", once, "--timeout", "50s"), /completed/);
});

test("a continuous replication is looked at, restarted and changed", async (t) => {
  const { name, always, second, run, env, request } = await prepared(t);
  const started = await run(
    "start",
    name,
    second,
    "-c",
    "--create-target",
    "--id",
    always,
    "--wait",
    "--timeout",
    "50s",
    "--yes",
  );
  assert.match(started, /: running/);
  // After a while all has arrived, and both ends have a checkpoint.
  for (let looks = 0, isThere = false; !isThere; looks++) {
    assert.ok(looks < 300);
    const [{ backlog, source, target }] = JSON.parse(await run("lag", always, "--json"));
    isThere = backlog === 0 && source.status === "found" && target.status === "found";
  }
  assert.match(await run("show", always), /^state +(▸ running|… pending)$/m);
  const { complete, checked } = JSON.parse(await run("verify", always, "--json"));
  assert.deepEqual([complete, checked], [true, 3]);
  assert.match(await run("restart", always, "--yes"), new RegExp(`^✓ ${always}: restarted\n$`));
  const changes = async (/** @type {unknown} */ json, /** @type {string[]} */ ...args) =>
    cli(["update", always, "--changes", "-", "--yes", ...args], { env, input: JSON.stringify(json) });
  assert.equal((await changes({ workerProcesses: 2 })).stdout, `${always}: changed worker_processes\n`);
  assert.equal((await request("GET", `/_replicator/${always}`)).worker_processes, 2);
  const refused = await changes({ filter: "a/b" });
  assert.match(refused.stderr, /a change of filter .* Add --allow-rewind/);
  assert.equal(refused.code, 1);
  const dry = await changes({ workerProcesses: 3 }, "--dry-run");
  assert.match(dry.stdout, /^PUT http.*\n\{[\s\S]*"worker_processes": 3/);
  assert.doesNotMatch(dry.stdout, /:pass@|"pass"/);
  assert.equal((await request("GET", `/_replicator/${always}`)).worker_processes, 2);
  assert.match(await run("stop", always, "--yes"), /stopped\n$/);
});
