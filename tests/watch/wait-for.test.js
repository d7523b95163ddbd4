// @ts-check
// waitFor() and followReplication(): one replication through its states to its end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Replicator, Scheduler } from "couchdb-scheduler";
import { all, nextTurn, outcomeOf, rowsAndError } from "../support/promises.js";
import { simulated, testOfSimulator, testServer } from "../support/server.js";

/** @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc */

/**
 * A scheduler whose server sends these responses for one document one after the other, the last one repeatedly: a state, or a status
 * with CouchDB's text.
 *
 * @param {(string | null | [status: number, error: string, reason: string])[]} answers
 */
function respondingWith(...answers) {
  const asked = /** @type {string[]} */ ([]);
  const options = {
    retries: 0,
    fetch: async (/** @type {any} */ url) => {
      asked.push(new URL(url).pathname);
      if (!url.includes("/_scheduler/")) return Response.json({ _id: "a", continuous: url.includes("forever") });
      const answer =
        answers[Math.min(asked.filter((path) => path.includes("/_scheduler/")).length, answers.length) - 1];
      if (Array.isArray(answer)) return Response.json({ error: answer[1], reason: answer[2] }, { status: answer[0] });
      const hasJob = answer === "running" || answer === "pending" || answer === "crashing";
      const info =
        answer === "failed" || answer === "crashing"
          ? { error: "db_not_found: could not open http://u:s3cret@h/db/" }
          : null;
      return Response.json({ doc_id: "a", id: hasJob ? "0a" : null, state: answer, info });
    },
  };
  const server = "http://couch.test";
  return { scheduler: new Scheduler(server, options), replicator: new Replicator(server, options), asked };
}

const RACE = /** @type {[number, string, string]} */ ([500, "function_clause", "no match"]);
const DOWN = /** @type {[number, string, string]} */ ([503, "unavailable", "maintenance mode"]);
const GONE = /** @type {[number, string, string]} */ ([404, "not_found", "missing"]);

test("waits through states, and reports each change once", async () => {
  const { scheduler } = respondingWith(
    null,
    "initializing",
    "running",
    "running",
    "crashing",
    "running",
    RACE,
    DOWN,
    "completed",
  );
  const seen = /** @type {unknown[]} */ ([]);
  const doc = await scheduler.waitFor("a", { interval: 1, onUpdate: ({ state }) => seen.push(state) });
  assert.equal(doc.state, "completed");
  assert.equal(doc.node, null, "a complete row");
  assert.deepEqual(seen, ["initializing", "running", "crashing", "running", "completed"]);
});

test("a replication that fails rejects with its row and its reason, without secrets", async () => {
  const { scheduler } = respondingWith("running", "failed");
  const updates = /** @type {ReplicationDoc[]} */ ([]);
  const error = await scheduler
    .waitFor("a", { interval: 1, onUpdate: (doc) => updates.push(doc) })
    .catch((error) => error);
  assert.equal(error.code, "replication_failed");
  assert.equal(error.doc.state, "failed");
  assert.deepEqual(error.doc, updates.at(-1));
  assert.match(error.message, /"a" failed: db_not_found: could not open http:\/\/u:\*{5}@h\/db\//);
  assert.doesNotMatch(JSON.stringify([error, error.message, error.stack]), /s3cret/);
});

test("another terminal state rejects, too", async () => {
  const { scheduler } = respondingWith("completed");
  await assert.rejects(scheduler.waitFor("a", { until: ["running"] }), (/** @type {any} */ error) => {
    assert.equal(error.code, "replication_failed");
    assert.match(error.message, /is completed; awaited: running/);
    return error.doc.state === "completed";
  });
});

test("`until` can be any state", async () => {
  assert.equal(
    (await respondingWith("failed").scheduler.waitFor("a", { until: ["failed", "completed"] })).state,
    "failed",
  );
  assert.equal(
    (await respondingWith(null, "crashing").scheduler.waitFor("a", { until: ["crashing"], interval: 1 })).state,
    "crashing",
  );
});

test("a document that is missing, or deleted during the wait, rejects with not_found", async () => {
  await assert.rejects(respondingWith(GONE).scheduler.waitFor("a"), { code: "not_found" });
  await assert.rejects(respondingWith("running", GONE).scheduler.waitFor("a", { interval: 1 }), { code: "not_found" });
});

test("an unreachable server rejects at the beginning; later it is waited for, but not indefinitely", async () => {
  await assert.rejects(respondingWith(DOWN).scheduler.waitFor("a"), { code: "server_error", status: 503 });
  const { scheduler, asked } = respondingWith("running", DOWN);
  await assert.rejects(scheduler.waitFor("a", { interval: 1 }), { code: "server_error" });
  assert.equal(asked.filter((path) => path.includes("_scheduler")).length, 12);
  await assert.rejects(respondingWith("running", [401, "unauthorized", "no"]).scheduler.waitFor("a", { interval: 1 }), {
    code: "unauthorized",
  });
});

test("errors are retried once the server has responded, even without a state", async () => {
  const { scheduler } = respondingWith(null, DOWN, "completed");
  assert.equal((await scheduler.waitFor("a", { interval: 1 })).state, "completed");
});

test("a race at the beginning is invisible", async () => {
  assert.equal((await respondingWith(RACE, "completed").scheduler.waitFor("a", { interval: 1 })).state, "completed");
});

test("the time limit covers the whole wait", async () => {
  const { scheduler } = respondingWith("running");
  await assert.rejects(scheduler.waitFor("a", { timeout: 20, interval: 3_600_000 }), {
    code: "timeout",
    message: /"a" did not become completed within the `timeout` of 20 ms/,
  });
  const silent = new Scheduler("http://couch.test", { fetch: () => new Promise(() => {}) });
  await assert.rejects(silent.waitFor("a", { timeout: 20 }), { code: "timeout" });
});

test("an abort ends the wait immediately, with its own reason", async () => {
  for (const reason of [new Error("enough"), "enough", 0]) {
    const controller = new AbortController();
    const waiting = respondingWith("running").scheduler.waitFor("a", {
      interval: 3_600_000,
      signal: controller.signal,
    });
    await outcomeOf(waiting);
    controller.abort(reason);
    assert.deepEqual(await outcomeOf(waiting), { status: "rejected", reason });
  }
});

test("an error of onUpdate ends the wait", async () => {
  const thrown = new Error("thrown");
  const onUpdate = () => {
    throw thrown;
  };
  await assert.rejects(respondingWith("running").scheduler.waitFor("a", { onUpdate }), thrown);
});

testOfSimulator("a continuous replication that should complete is refused immediately in any state", async () => {
  const { simulator, scheduler } = simulated();
  const database = simulator.fleet.databases.get("_replicator");
  assert.ok(database);
  const body = { source: "http://there.test/a", target: "http://there.test/b", continuous: true };
  simulator.fleet.write(database, "forever", body, { host: "couch.test" });
  for (const state of [null, "running"]) {
    assert.equal((await scheduler.getDoc("forever")).state, state);
    await assert.rejects(scheduler.waitFor("forever"), {
      code: "bad_request",
      message: /continuous: it never completes/,
    });
    simulator.clock.advance(120_000);
  }
  assert.equal((await scheduler.waitFor("forever", { until: ["running"] })).state, "running");
});

test("followReplication() yields each change, and ends", async () => {
  const { replicator } = respondingWith(null, "initializing", "running", "running", "completed");
  const rows = await all(replicator.followReplication("a", { interval: 1 }));
  assert.deepEqual(
    rows.map(({ state }) => state),
    ["initializing", "running", "completed"],
  );
});

test("followReplication() yields the row of a failure, and then throws it", async () => {
  const { rows, error } = await rowsAndError(
    respondingWith("running", "failed").replicator.followReplication("a", { interval: 1 }),
  );
  assert.deepEqual(
    rows.map(({ state }) => state),
    ["running", "failed"],
  );
  assert.equal(error.code, "replication_failed");
  const asked = respondingWith("failed").replicator.followReplication("a", { until: ["failed"] });
  assert.equal((await all(asked)).length, 1);
});

test("followReplication() ends immediately when the loop is left", { timeout: 20_000 }, async () => {
  for await (const { state } of respondingWith("running").replicator.followReplication("a", { interval: 3_600_000 })) {
    assert.equal(state, "running");
    break;
  }
});

test("a replication is started, followed and stopped on any server", async (t) => {
  const server = await testServer(t, { clock: { speed: 100 } });
  const database = await server.createDatabase();
  const replicator = new Replicator(server.client());
  const source = database.replace("/_replicator", "-source");
  const target = database.replace("/_replicator", "-target");
  await server.request("PUT", `/${source}`);
  t.after(() => server.request("DELETE", `/${source}`));
  for (let n = 0; n < 3; n++) await server.request("PUT", `/${source}/doc-${n}`, { n });
  const { id } = await replicator.createReplication({ source, target, createTarget: true }, { database });
  t.after(() => server.request("DELETE", `/${target}`).catch(() => {}));
  let last;
  for await (const doc of replicator.followReplication(id, { database, interval: 20, timeout: 60_000 })) {
    last = doc;
  }
  assert.equal(last?.state, "completed");
  assert.equal(await replicator.replicationState(id, { database }), "completed");
  await replicator.stopReplication(id, { database });
  // Some nodes of a cluster have the row for some seconds more.
  const isGone = () =>
    replicator.replicationState(id, { database }).then(
      () => false,
      ({ code }) => code === "not_found",
    );
  while (!(await isGone())) await nextTurn();
});
