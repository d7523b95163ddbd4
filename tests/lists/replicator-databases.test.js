// @ts-check
// replicatorDatabases(): those of the server, and nothing but names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { schedulerAnswered } from "../support/answers.js";
import { testServer } from "../support/server.js";

test("replicatorDatabases() has the replicator databases, and no others", async (t) => {
  const server = await testServer(t);
  const name = await server.createDatabase();
  const other = name.replace("/_replicator", "_other");
  await server.request("PUT", `/${other}`);
  t.after(() => server.request("DELETE", `/${other}`));
  const names = await server.scheduler().replicatorDatabases();
  assert.ok(names.includes("_replicator") && names.includes(name));
  assert.ok(names.every((found) => found === "_replicator" || found.endsWith("/_replicator")));
});

test("replicatorDatabases() is one request, and an empty array if there are none", async () => {
  const scheduler = schedulerAnswered({ body: '["a","b_replicator","_replicators"]\n' });
  assert.deepEqual(await scheduler.replicatorDatabases(), []);
  assert.deepEqual(
    scheduler.calls.map(({ url }) => url),
    ["http://couch.test:5984/_all_dbs"],
  );
});

test("replicatorDatabases() refuses what is not a list of names", async () => {
  for (const body of ["[1]", '["a",null]', '["a"', "{}", '{"rows":[]}', '["a"]]', ""]) {
    const call = schedulerAnswered({ body }).replicatorDatabases();
    const code = body === '["a"' || body === "" ? "truncated" : "invalid_response";
    await assert.rejects(call, { name: "SchedulerError", code }, body);
  }
});
