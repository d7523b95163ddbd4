// @ts-check
// Node with the packed package in its own project, in addition to runs-everywhere.test.js.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installedProject, runIn } from "./tarball.js";

/** The same for every way of importing: an immediate request, and an error. Prints one line of JSON. */
const PROGRAM = `
const fetch = async (url) => String(url).includes("/docs/")
  ? Response.json({ total_rows: 1, offset: 0, docs: [{ database: "_replicator", doc_id: "a", state: "running", error_count: 0 }] })
  : Response.json({ error: "unauthorized", reason: "You are not a server admin." }, { status: 401 });
const scheduler = new Scheduler("http://user:secret@couch.test:5984", { fetch });
(async () => {
  const { docs } = await scheduler.listDocs();
  const error = await scheduler.listJobs().catch((error) => error);
  scheduler.free();
  console.log(JSON.stringify([docs[0].doc_id, docs[0].target, error instanceof SchedulerError, error.code, REPLICATION_STATES.length, diagnose(docs[0]), progress(docs[0]).fraction]));
})();
`;
const PRINTED = '["a",null,true,"unauthorized",7,null,null]\n';

const NAMES = "Client, diagnose, progress, REPLICATION_STATES, Replicator, Scheduler, SchedulerError";

describe("installed from its tarball", () => {
  /** @type {string} */
  let project;
  before(async () => {
    project = await installedProject();
  });

  /**
   * @param {string} file
   * @param {string} source
   */
  async function prints(file, source) {
    const { stdout, stderr, code } = await runIn(project, file, source + PROGRAM);
    assert.deepEqual({ stdout, stderr, code }, { stdout: PRINTED, stderr: "", code: 0 });
  }

  test("slim by import, with the exported wasm", () =>
    prints(
      "slim.mjs",
      `import { readFileSync } from "node:fs";
       import { fileURLToPath } from "node:url";
       import { init, ${NAMES} } from "couchdb-scheduler/slim";
       await init(readFileSync(fileURLToPath(import.meta.resolve("couchdb-scheduler/couchdb_scheduler.wasm"))));`,
    ));

  test("slim by require, with the exported wasm", () =>
    prints(
      "slim.cjs",
      `const { readFileSync } = require("node:fs");
       const { initSync, ${NAMES} } = require("couchdb-scheduler/slim");
       initSync(readFileSync(require.resolve("couchdb-scheduler/couchdb_scheduler.wasm")));`,
    ));

  test("an uncaught error shows a short line, not the wasm", async () => {
    const { stderr, code } = await runIn(
      project,
      "uncaught.mjs",
      'import { Scheduler } from "couchdb-scheduler";\nnew Scheduler(42);',
    );
    assert.equal(code, 1);
    assert.match(stderr, /TypeError: .*url/);
    assert.ok(stderr.length < 4000, `${stderr.length} characters`);
  });
});
