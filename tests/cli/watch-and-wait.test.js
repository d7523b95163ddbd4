// @ts-check
// `watch` and `wait`.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endedReplication, testOfSimulator } from "../support/server.js";
import { cli, endedReplications, serverOnPort, started } from "./command-line.js";

describe("wait", () => {
  test("reached: exit code 0", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["wait", "ended-1", "-d", database], { env });
    assert.deepEqual(
      { code, stdout, stderr },
      { code: 0, stdout: "ended-1: completed, 100 %, 3 written\n", stderr: "" },
    );
    const json = await cli(["wait", "ended-1", "-d", database, "--json", "doc_id,state"], { env });
    assert.deepEqual(JSON.parse(json.stdout), { doc_id: "ended-1", state: "completed" });
  });

  test("ended otherwise: exit code 1, and what to do", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["wait", "broken", "-d", database], { env });
    assert.equal(code, 1);
    assert.match(stdout, /^broken: failed, The source .*\n$/);
    assert.match(stderr, /^\S.*\n$/);
  });

  test("another state", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code } = await cli(["wait", "broken", "--until", "failed,completed", "-d", database], { env });
    assert.equal(code, 0);
  });

  testOfSimulator("time-out: exit code 124, and the last state", async (t) => {
    const { env, request } = await serverOnPort(t, { clock: { speed: 1 } });
    await request("PUT", "/orders");
    await request("PUT", "/_replicator/long", {
      source: "http://admin:pass@127.0.0.1:5984/orders",
      target: "https://x.example/b",
      continuous: true,
    });
    const { code, stdout, stderr } = await cli(["wait", "long", "--until", "failed", "--timeout", "500ms"], { env });
    assert.deepEqual([code, stdout], [124, ""]);
    assert.match(stderr, /^long: not reached within 0 s; last seen: /);
  });

  testOfSimulator("a continuous replication never completes: an error at once", async (t) => {
    const { env, request, simulator } = await serverOnPort(t, { clock: { speed: 1 } });
    await request("PUT", "/_replicator/always", {
      source: "https://y.example/a",
      target: "https://x.example/b",
      continuous: true,
    });
    simulator?.clock.advance(60_000);
    const { code, stderr } = await cli(["wait", "always"], { env });
    assert.match(stderr, /continuous/);
    assert.equal(code, 1);
  });

  test("a missing document: exit code 5", async (t) => {
    const { env, database } = await endedReplications(t);
    assert.equal((await cli(["wait", "nothing", "-d", database], { env })).code, 5);
  });
});

describe("watch", () => {
  test("prints what there is, and then changes of state", async (t) => {
    const { env, database, write, request } = await endedReplications(t);
    const { child, printed, ended } = started(["watch", "--interval", "100ms", "-d", database], { env });
    await printed("stdout", /ended-2.*\n/);
    await write(database, [endedReplication("new")]);
    await printed("stdout", /completed {2}new {2}3 written\n/);
    const path = `/${encodeURIComponent(database)}/broken`;
    const { _rev: rev } = await request("GET", path);
    await request("DELETE", `${path}?rev=${rev}`);
    const text = await printed("stdout", /removed {2}broken\n/);
    child.kill("SIGINT");
    assert.equal((await ended).code, 130);
    assert.deepEqual(
      text
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(10)),
      [
        text.split("\n")[0]?.slice(10),
        "✓ completed  ended-1  3 written",
        "✓ completed  ended-2  3 written",
        "✓ completed  new  3 written",
        "- removed  broken",
      ],
    );
    assert.match(text, /^\d\d:\d\d:\d\d {2}✗ failed {2}broken {2}The source /);
  });

  test("--json is a line for each change; --plain has tabs; only some documents", async (t) => {
    const { env, database } = await endedReplications(t);
    const json = started(["watch", "ended-1", "--json", "-d", database], { env });
    const change = JSON.parse(await json.printed("stdout", /\n/));
    json.child.kill("SIGINT");
    assert.deepEqual(
      [change.type, change.doc_id, change.database, change.doc.state],
      ["added", "ended-1", database, "completed"],
    );
    const plain = started(["watch", "broken", "ended-1", "-s", "failed", "--plain", "-d", database], { env });
    const [time, ...rest] = (await plain.printed("stdout", /\n/)).trimEnd().split("\t");
    plain.child.kill("SIGINT");
    assert.match(time ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.deepEqual(rest.slice(0, 4), ["added", "broken", "", "failed"]);
    assert.match(rest[4] ?? "", /^The source /);
    await Promise.all([json.ended, plain.ended]);
  });

  testOfSimulator("an outage is reported on stderr, and the watch goes on", async (t) => {
    const { env, simulator, write } = await serverOnPort(t, { clock: { speed: 1 } });
    await write("_replicator", [endedReplication("one")]);
    const { child, printed, ended } = started(["watch", "--interval", "100ms"], { env });
    await printed("stdout", /one/);
    simulator?.fail({ status: 503, times: Number.POSITIVE_INFINITY });
    await printed("stderr", /503.*; next attempt in \d+ s\n/);
    simulator?.heal();
    await write("_replicator", [endedReplication("two")]);
    await printed("stdout", /two/);
    child.kill("SIGINT");
    assert.equal((await ended).code, 130);
  });
});
