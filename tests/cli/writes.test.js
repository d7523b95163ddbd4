// @ts-check
// `start` and `stop`: what is sent, shown and reported; that nothing is changed unless the user says so; no secret anywhere.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { testOfSimulator } from "../support/server.js";
import { cli, endedReplications, serverOnPort } from "./command-line.js";

const FOLDER = mkdtempSync(join(tmpdir(), "couchdb-scheduler-writes-"));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** @param {string} name @param {string} text */
function file(name, text) {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

/** @param {import("../../simulator/index.js").Simulator | undefined} simulator */
const writes = (simulator) => simulator?.requests.filter(({ method }) => !["GET", "HEAD"].includes(method)).length;

describe("stop", () => {
  test("deletes the documents, and reports each", async (t) => {
    const { env, database, request } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["stop", "ended-1", "broken", "ended-1", "-d", database, "--yes"], {
      env,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(stdout.trimEnd().split("\n").sort(), ["✓ broken: stopped", "✓ ended-1: stopped"]);
    const { docs } = await request("GET", `/_scheduler/docs/${encodeURIComponent(database)}`);
    assert.deepEqual(
      docs.map((/** @type {any} */ { doc_id }) => doc_id),
      ["ended-2"],
    );
  });

  test("one of several is missing: the others are stopped, exit code 1", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["stop", "ended-1", "nothing", "-d", database, "-y", "--json"], { env });
    assert.deepEqual([code, stderr], [1, ""]);
    const reports = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const byId = Object.fromEntries(reports.map((report) => [report.id, report]));
    assert.deepEqual(byId["ended-1"], { id: "ended-1", ok: true, error: null });
    assert.equal(byId.nothing.ok, false);
    assert.equal(byId.nothing.error.code, "not_found");
    assert.match(byId.nothing.error.message, /404 not_found/);
  });

  test("only one, and it is missing: exit code 5", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stdout } = await cli(["stop", "nothing", "-d", database, "-y"], { env });
    assert.equal(code, 5);
    assert.match(stdout, /^✗ nothing: not stopped: 404 not_found: /);
  });

  test("without --yes where nobody can be asked: exit code 2, and nothing is changed", async (t) => {
    const { env, database, request } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["stop", "broken", "-d", database], { env, input: "yes\n" });
    assert.match(stderr, /nobody can be asked here: add --yes/);
    assert.deepEqual([code, stdout], [2, ""]);
    await request("GET", `/${encodeURIComponent(database)}/broken`);
  });

  test("--dry-run shows the requests", async (t) => {
    const { env, database, request } = await endedReplications(t);
    const { _rev: rev } = await request("GET", `/${encodeURIComponent(database)}/broken`);
    const { code, stdout, stderr } = await cli(["stop", "broken", "-d", database, "--dry-run"], { env });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      new RegExp(
        `^DELETE http\\S+/_replicator/broken\\?rev=${rev}\n$|^DELETE http\\S+%2F_replicator/broken\\?rev=${rev}\n$`,
      ),
    );
    assert.equal((await request("GET", `/${encodeURIComponent(database)}/broken`))._rev, rev);
  });

  testOfSimulator("a wrong password is not tried for each of many", async (t) => {
    const { url, simulator } = await serverOnPort(t, { docs: 60 });
    const ids = Array.from({ length: 40 }, (_, at) => `doc-${at}`);
    const { code, stderr } = await cli(["stop", ...ids, "--yes"], {
      env: { COUCHDB_URL: url.replace("//", "//admin:wrong@") },
    });
    assert.match(stderr, /401 unauthorized/);
    assert.equal(code, 4);
    assert.ok((simulator?.requests.length ?? 0) <= 4, `${simulator?.requests.length} requests`);
  });

  testOfSimulator("goes on when the reader of the reports has gone", async (t) => {
    const { env, database, request } = await endedReplications(t);
    const { spawn } = await import("node:child_process");
    const { environment, MAIN } = await import("./command-line.js");
    const child = spawn(process.execPath, [MAIN, "stop", "broken", "ended-1", "ended-2", "-d", database, "--yes"], {
      env: environment(env),
    });
    child.stdout.destroy();
    await new Promise((resolve) => child.once("close", resolve));
    const { docs } = await request("GET", `/_scheduler/docs/${encodeURIComponent(database)}`);
    assert.deepEqual(docs, []);
  });
});

describe("start", () => {
  test("copies a database and waits for the end", async (t) => {
    const { env, request, simulator } = await serverOnPort(t, { clock: { speed: 30 } });
    const name = `test-${randomBytes(5).toString("hex")}`;
    if (!simulator) t.after(() => Promise.all([name, `${name}-copy`].map((each) => request("DELETE", `/${each}`))));
    await request("PUT", `/${name}`);
    await request("PUT", `/${name}/one`, { text: "x" });
    const args = ["start", name, `${name}-copy`, "--create-target", "--id", name, "--wait", "--timeout", "2m", "--yes"];
    const { code, stdout, stderr } = await cli(args, { env });
    if (!simulator) await cli(["stop", name, "--yes"], { env });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^${name}\n${name}: completed, 100 %, 1 written\n$`));
    assert.equal((await request("GET", `/${name}-copy/one`)).text, "x");
  });

  test("--dry-run shows the document without the credentials, and sends nothing", async (t) => {
    const { env, simulator, request } = await serverOnPort(t);
    const source = file("source-password", "s3cret-of-source\n");
    const document = file(
      "document.json",
      JSON.stringify({
        target: {
          url: "https://bob:s3cret-in-url@copy.example/orders",
          headers: { Authorization: "Basic czNjcmV0LWhlYWRlcg==" },
        },
        source: "orders",
        selector: { type: "order" },
        fields: { note: "ours" },
      }),
    );
    const args = ["start", "--document", document, "--id", "dry-run-only", "--dry-run"];
    const { code, stdout, stderr } = await cli(args, { env });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^PUT http\S+\/_replicator\/dry-run-only\n\{\n/);
    assert.doesNotMatch(stdout, /s3cret|czNjcmV0|"pass"/);
    assert.match(stdout, /"note": "ours"/);
    assert.match(stdout, /\*{5}/);
    const to = [
      "start",
      "https://reader@other.example/orders",
      "orders",
      "--source-password-file",
      source,
      "--dry-run",
      "--json",
    ];
    const { stdout: json } = await cli(to, { env });
    const { method, url, body } = JSON.parse(json);
    assert.deepEqual([method, new URL(url).pathname], ["POST", "/_replicator"]);
    assert.deepEqual(body.source, {
      auth: { basic: { username: "reader", password: "*****" } },
      url: "https://other.example/orders",
    });
    assert.doesNotMatch(json, /s3cret|"pass"/);
    assert.equal(writes(simulator) ?? 0, 0);
    await assert.rejects(request("GET", "/_replicator/dry-run-only"), /404/);
  });

  testOfSimulator("sends the password of the file, in the document only", async (t) => {
    const { env, request } = await serverOnPort(t);
    const password = file("target-password", "s3cret\n");
    const args = [
      "start",
      "orders",
      "https://bob@copy.example/orders",
      "--target-password-file",
      password,
      "--id",
      "out",
      "-c",
      "-y",
    ];
    const { code, stdout, stderr } = await cli(args, { env });
    assert.deepEqual([code, stdout, stderr], [0, "out\n", ""]);
    const { target, continuous } = await request("GET", "/_replicator/out");
    assert.deepEqual(target, {
      url: "https://copy.example/orders",
      auth: { basic: { username: "bob", password: "s3cret" } },
    });
    assert.equal(continuous, true);
  });

  testOfSimulator("--wait of a replication that fails: exit code 1, and the reason", async (t) => {
    const { env } = await serverOnPort(t, { clock: { speed: 30 } });
    const args = ["start", "https://one.example/a", "https://two.example/b", "-c", "--yes", "--id"];
    await cli([...args, "first"], { env });
    assert.equal((await cli(["wait", "first", "--until", "running", "--timeout", "1m"], { env })).code, 0);
    const { code, stdout, stderr } = await cli([...args, "second", "--wait", "--timeout", "1m"], { env });
    assert.equal(code, 1);
    assert.match(stdout, /^second\nsecond: failed, The document `first` .* same replication\.\n$/);
    assert.match(stderr, /^\S.*\n$/);
  });

  testOfSimulator("a document that exists is not overwritten", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stderr } = await cli(["start", "a", "b", "--id", "broken", "-d", database, "--yes"], { env });
    assert.match(stderr, /409 conflict/);
    assert.equal(code, 1);
  });

  /** @type {[string, string[], string | undefined, RegExp][]} */
  const refused = [
    [
      "a password in the source",
      ["https://a:s3cret@x.example/db", "b"],
      undefined,
      /the source contains a password.*--source-password-file/,
    ],
    [
      "a password in the target",
      ["b", "https://a:s3cret@x.example/db"],
      undefined,
      /the target contains a password.*--target-password-file/,
    ],
    [
      "a user without a password",
      ["https://a@x.example/db", "b"],
      undefined,
      /the source has a user name, but no password/,
    ],
    [
      "a password without a user",
      ["https://x.example/db", "b", "--source-password-file", "/dev/null"],
      undefined,
      /needs a user name in the URL/,
    ],
    ["a document that is not JSON", ["--document", "-"], '{"source": "s3cret', /must contain a JSON object/],
    ["a list", ["--document", "-"], "[]", /must contain a JSON object/],
    ["a misspelled field", ["--document", "-"], '{"source": "a", "target": "b", "continous": true}', /continous/],
    ["no target", ["--document", "-"], '{"source": "a"}', /target/],
    ["a masked password", ["--document", "-"], '{"source": "http://a:*****@x.example/db", "target": "b"}', /masked/],
    ["a missing file", ["--document", "/nowhere"], undefined, /cannot read the file.*ENOENT/],
  ];
  for (const [name, args, input, message] of refused) {
    test(`${name}: exit code 2`, async () => {
      const env = { COUCHDB_URL: "http://admin:pass@127.0.0.1:9" };
      const { code, stdout, stderr } = await cli(["start", ...args, "--yes"], { env, ...(input ? { input } : {}) });
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /s3cret|^ +at /m);
      assert.deepEqual([code, stdout], [2, ""]);
    });
  }
});
