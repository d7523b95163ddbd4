// @ts-check
// The clients of the dashboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionTo, release } from "../../www/src/connection/connection.js";

test("a released connection keeps no credentials", () => {
  const login = /** @type {const} */ ({ url: "https://couch.test", how: "password", username: "u", password: "p" });
  const connection = connectionTo(login);
  const { client, scheduler, replicator } = connection;
  assert.equal(client.url, "https://couch.test");
  release(connection);
  for (const use of [() => client.url, () => scheduler.client, () => replicator.client])
    assert.throws(use, /was freed/);
});
