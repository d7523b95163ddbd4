// @ts-check
// `incidents`, `audit`, `lag`, `verify`, `capacity`, `metrics`, `restart` and `update`.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { testOfSimulator } from "../support/server.js";
import { cli, endedReplications, serverOnPort } from "./command-line.js";

const FOLDER = mkdtempSync(join(tmpdir(), "couchdb-scheduler-insight-"));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** @param {string} name @param {unknown} json */
function file(name, json) {
  const path = join(FOLDER, name);
  writeFileSync(path, typeof json === "string" ? json : JSON.stringify(json));
  return path;
}

/** @param {string} text */
const lines = (text) => text.replace(/\n$/, "").split("\n");

/** Runs it, and expects success without a word on stderr. @param {NodeJS.ProcessEnv} env @param {string[]} args */
async function printed(env, ...args) {
  const { code, stdout, stderr } = await cli(args, { env });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return stdout;
}

/**
 * A replication between two databases of the simulator, with five documents, up to date.
 *
 * @param {import("node:test").TestContext} t
 */
async function copying(t) {
  const server = await serverOnPort(t, { docs: 0 });
  const { request, simulator, env } = server;
  await request("PUT", "/orders");
  for (let at = 0; at < 5; at++) await request("PUT", `/orders/order-${at}`, { at });
  const end = (/** @type {string} */ name) => `${env.COUCHDB_URL}/${name}`;
  const document = { source: end("orders"), target: end("copy"), create_target: true, continuous: true };
  await request("PUT", "/_replicator/copy", document);
  simulator?.clock.advance(120_000);
  return { ...server, simulator: /** @type {NonNullable<typeof simulator>} */ (simulator), document };
}

describe("incidents", () => {
  test("of ended replications", async (t) => {
    const { env, database } = await endedReplications(t);
    const [head = "", row = "", ...rest] = lines(await printed(env, "incidents", "-d", database));
    assert.match(head, /^DOCUMENTS {2}INCIDENT +LATEST +EXAMPLE +MESSAGE$/);
    assert.match(row, /^ {8}1 {2}database_missing@127\.0\.0\.1:5984 {2}.* {2}broken {3}The source /);
    assert.deepEqual(rest, []);
    const plain = (await printed(env, "incidents", "-d", database, "--plain")).split("\t");
    assert.deepEqual(plain.slice(0, 3), ["database_missing@127.0.0.1:5984", "1", "source"]);
    const [incident] = JSON.parse(await printed(env, "incidents", "-d", database, "--json", "doc_ids,states"));
    assert.deepEqual(incident, { doc_ids: ["broken"], states: { crashing: 0, error: 0, failed: 1 } });
  });

  testOfSimulator("none", async (t) => {
    const { env } = await serverOnPort(t);
    assert.deepEqual(await cli(["incidents"], { env }), { code: 0, stdout: "", stderr: "Nothing fails.\n" });
    assert.equal(await printed(env, "incidents", "--json"), "[]\n");
  });
});

describe("audit", () => {
  testOfSimulator("of a healthy server", async (t) => {
    const { env } = await copying(t);
    assert.equal(await printed(env, "audit"), "ok: 0 findings in 1 document, 1 job, 1 task, 1 node\n");
    const { verdict, findings, blind_spots, checked } = JSON.parse(await printed(env, "audit", "--json"));
    assert.deepEqual([verdict, findings, blind_spots, checked.jobs], ["ok", [], [], 1]);
  });

  testOfSimulator("of one with a trouble, in two looks", async (t) => {
    const { env, simulator, request } = await copying(t);
    simulator.provoke.stick("copy");
    await request("PUT", "/orders/new", {});
    simulator.clock.advance(10 * 60_000);
    const args = ["audit", "--state", join(FOLDER, "audit.json")];
    assert.match(await printed(env, ...args), /^SEVERITY .*\ni info +stalled {2}suspected {2}copy /);
    simulator.clock.advance(5 * 60_000);
    assert.match(
      await printed(env, ...args),
      /^SEVERITY .*\n[!✗] \w+ +stalled {2}confirmed {2}copy .*\n\n(warning|critical): 1 finding /,
    );
    const plain = (await printed(env, ...args, "--plain")).split("\t");
    assert.deepEqual(plain.slice(1, 5), ["stalled", "confirmed", "_replicator", "copy"]);
  });

  testOfSimulator("what could not be seen is said on stderr", async (t) => {
    const { env, simulator } = await copying(t);
    simulator.fail({ path: "/_active_tasks", status: 403, times: Number.POSITIVE_INFINITY });
    const { code, stdout, stderr } = await cli(["audit"], { env });
    assert.equal(code, 0);
    assert.match(stdout, /^warning: /m);
    assert.match(stderr, /^Not seen: tasks: 403 /);
  });
});

describe("lag", () => {
  testOfSimulator("of all, and of one", async (t) => {
    const { env, simulator, request } = await copying(t);
    const up = lines(await printed(env, "lag"));
    assert.match(up[1] ?? "", /^▸ running {2}copy +0 {2}.* ago +checkpoint +0$/);
    simulator.provoke.stick("copy");
    for (const id of ["a", "b", "c"]) await request("PUT", `/orders/${id}`, {});
    const [found] = JSON.parse(await printed(env, "lag", "copy", "--json", "doc_id,backlog"));
    assert.deepEqual(found, { doc_id: "copy", backlog: 3 });
    const plain = (await printed(env, "lag", "--plain")).replace("\n", "").split("\t");
    assert.deepEqual([plain[0], plain[3], ...plain.slice(-2)], ["copy", "3", "found", "found"]);
  });

  testOfSimulator("databases elsewhere are not asked without --stored, and say so", async (t) => {
    const { env, request, simulator } = await copying(t);
    await request("PUT", "/_replicator/far", {
      source: "https://a.example/x",
      target: "https://b.example/y",
      continuous: true,
    });
    simulator.clock.advance(60_000);
    assert.match(await printed(env, "lag", "far"), /unknown .*the source is on another server: --stored asks it/);
  });

  test("of a replication that has ended", async (t) => {
    const { env, database } = await endedReplications(t);
    assert.match(await printed(env, "lag", "ended-1", "-d", database), /^✓ completed {2}ended-1 .*it has no job$/m);
    assert.equal((await cli(["lag", "nothing", "-d", database], { env })).code, 5);
  });
});

describe("verify", () => {
  testOfSimulator("complete: exit code 0; a difference: exit code 3", async (t) => {
    const { env, simulator, request } = await copying(t);
    assert.equal(await printed(env, "verify", "copy"), "✓ complete: 5 documents compared\n");
    const heal = simulator.provoke.refuse("copy", (document) => (document._id === "bad" ? "not here" : null));
    await request("PUT", "/orders/bad", {});
    simulator.clock.advance(120_000);
    // The simulator catches up with its clock.
    await request("GET", "/");
    heal();
    const { code, stdout, stderr } = await cli(["verify", "copy"], { env });
    assert.equal(code, 3);
    assert.match(stderr, /^Revisions that were purged /);
    assert.match(
      stdout,
      /^✗ not complete: 6 documents compared, 1 revision refused or lost\n\nWHAT .*\nrefused {2}bad {7}1-\S+\n$/,
    );
    const json = await cli(["verify", "copy", "--json", "complete,refused"], { env });
    assert.deepEqual([json.code, JSON.parse(json.stdout)], [3, { complete: false, refused: 1 }]);
    assert.match((await cli(["verify", "copy", "--plain"], { env })).stdout, /^refused\tbad\t1-\S+\n$/);
  });

  testOfSimulator("only the target has it", async (t) => {
    const { env, request } = await copying(t);
    await request("PUT", "/copy/own", {});
    assert.equal((await cli(["verify", "copy"], { env })).code, 0);
    const { code, stdout } = await cli(["verify", "copy", "--extra"], { env });
    assert.equal(code, 3);
    assert.match(stdout, /1 revision only in the target/);
  });

  testOfSimulator("databases elsewhere: how to ask them", async (t) => {
    const { env, request, simulator } = await copying(t);
    await request("PUT", "/_replicator/far", {
      source: "https://a.example/x",
      target: "https://b.example/y",
      continuous: true,
    });
    simulator.clock.advance(60_000);
    const { code, stderr } = await cli(["verify", "far"], { env });
    assert.equal(code, 2);
    assert.match(stderr, /the source of "far" is on another server: --stored asks it/);
  });
});

describe("capacity", () => {
  testOfSimulator("one line per node", async (t) => {
    const { env } = await copying(t);
    assert.match(await printed(env, "capacity"), /^NODE .*\ncouchdb@127\.0\.0\.1 +1 +0 +0 +500\n$/);
    assert.match(await printed(env, "capacity", "--plain"), /^couchdb@127\.0\.0\.1\tup\t1\t0\t0\t500\t20\t60000\t0\n$/);
    const { known, nodes } = JSON.parse(await printed(env, "capacity", "--json"));
    assert.deepEqual([known, nodes[0].max_jobs], [true, 500]);
  });
});

describe("metrics", () => {
  testOfSimulator("as text for Prometheus", async (t) => {
    const { env } = await copying(t);
    const text = await printed(env, "metrics", "-d", "_replicator", "--per-replication", "all");
    assert.match(text, /^couchdb_scheduler_up 1$/m);
    assert.match(text, /^couchdb_scheduler_replications\{database="_replicator",state="running"\} 1$/m);
    assert.match(text, /doc_id="copy"/);
    assert.match(text, /^# TYPE couchdb_scheduler_docs_written_total counter$/m);
    assert.doesNotMatch(text, /# (?:EOF|UNIT)|_backlog/);
    const open = await printed(env, "metrics", "--openmetrics", "--per-replication", "all", "--lag");
    assert.match(open, /^# TYPE couchdb_scheduler_docs_written counter$/m);
    assert.match(open, /^couchdb_scheduler_backlog\{database="_replicator",doc_id="copy"\} \d+$/m);
    assert.match(open, /# EOF\n$/);
    const alone = await cli(["metrics", "--lag"], { env });
    assert.match(alone.stderr, /lag is about single replications: set perReplication to/);
    assert.deepEqual([alone.code, alone.stdout], [2, ""]);
    const { code, stderr } = await cli(["metrics", "-d", "all", "-d", "_replicator"], { env });
    assert.match(stderr, /all includes the others/);
    assert.equal(code, 2);
  });
});

describe("restart", () => {
  testOfSimulator("a failed replication runs again", async (t) => {
    const { env, request } = await serverOnPort(t, { clock: { speed: 30 } });
    await request("PUT", "/orders");
    const end = (/** @type {string} */ name) => `${env.COUCHDB_URL}/${name}`;
    await request("PUT", "/_replicator/once", { source: end("orders"), target: end("copy"), create_target: true });
    assert.equal((await cli(["wait", "once", "--timeout", "1m"], { env })).code, 0);
    const dry = await cli(["restart", "once", "--dry-run"], { env });
    assert.equal(dry.code, 0);
    assert.match(dry.stdout, /^PUT http\S+\/_replicator\/once\S*\n\{\n/);
    assert.doesNotMatch(dry.stdout, /pass|_replication_state/);
    const { code, stdout } = await cli(["restart", "once", "nothing", "--yes"], { env });
    assert.equal(code, 1);
    assert.match(stdout, /✓ once: restarted\n/);
    assert.match(stdout, /✗ nothing: not restarted: 404 /);
    assert.equal((await cli(["wait", "once", "--timeout", "1m"], { env })).code, 0);
  });

  testOfSimulator("all documents of an incident, and no other", async (t) => {
    const { env, request, simulator } = await serverOnPort(t, { clock: { speed: 30 } });
    const gone = (/** @type {string} */ name) => ({
      source: `http://${name}.invalid/a`,
      target: "https://b.example/y",
      continuous: true,
    });
    for (const id of ["one", "two"])
      await request("PUT", `/_replicator/${id}`, { ...gone("a"), owner: id, target: `https://b.example/${id}` });
    await request("PUT", "/_replicator/other", gone("b"));
    for (const id of ["one", "two", "other"])
      await cli(["wait", id, "--until", "crashing", "--timeout", "1m"], { env });
    const written = simulator?.requests.length ?? 0;
    await cli(["restart", "--incident", "connection_closed@a.invalid", "--yes"], { env });
    const puts = simulator?.requests.slice(written).filter(({ method }) => method === "PUT") ?? [];
    assert.deepEqual([...new Set(puts.map(({ path }) => path.split("?")[0]))].sort(), [
      "/_replicator/one",
      "/_replicator/two",
    ]);
  });

  test("an unknown incident; neither; both", async (t) => {
    const { env, database } = await endedReplications(t);
    for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
      [
        ["--incident", "database_missing@127.0.0.1:5985"],
        /there is no incident .*; did you mean database_missing@127\.0\.0\.1:5984\?/,
      ],
      [["--incident", "x"], /the incidents are database_missing@127\.0\.0\.1:5984/],
      [[], /either DOC… or --incident/],
      [["a", "--incident", "x"], /either DOC… or --incident/],
    ])) {
      const { code, stderr } = await cli(["restart", "-d", database, "-y", ...args], { env });
      assert.match(stderr, message);
      assert.equal(code, 2);
    }
  });
});

describe("update", () => {
  testOfSimulator("a new password of the user in the document", async (t) => {
    const { env, request } = await copying(t);
    const password = file("new-password", "n3w-s3cret\n");
    const dry = await cli(["update", "copy", "--target-password-file", password, "--dry-run"], { env });
    assert.equal(dry.code, 0);
    assert.doesNotMatch(dry.stdout + dry.stderr, /n3w-s3cret|pass@/);
    const { code, stdout, stderr } = await cli(["update", "copy", "--target-password-file", password, "--yes"], {
      env,
    });
    assert.deepEqual([code, stdout, stderr], [0, "copy: changed target\n", ""]);
    const { target } = await request("GET", "/_replicator/copy");
    assert.deepEqual(target.auth, { basic: { username: "admin", password: "n3w-s3cret" } });
  });

  testOfSimulator("fields of a file; what would begin at the start is refused", async (t) => {
    const { env, request } = await copying(t);
    const changes = file("changes.json", { fields: { note: "ours" } });
    const { stdout } = await cli(["update", "copy", "--changes", changes, "--yes", "--json"], { env });
    assert.deepEqual(JSON.parse(stdout).changed, ["note"]);
    assert.equal(await printed(env, "update", "copy", "--changes", changes, "--yes"), "copy: nothing to change\n");
    const rewinding = file("rewinding.json", { selector: { at: 1 } });
    const refused = await cli(["update", "copy", "--changes", rewinding, "--yes"], { env });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /selector/);
    assert.equal((await request("GET", "/_replicator/copy")).selector, undefined);
    const allowed = await printed(env, "update", "copy", "--changes", rewinding, "--allow-rewind", "--yes");
    assert.equal(allowed, "copy: changed selector, starts from the beginning\n");
  });

  testOfSimulator("fields of standard input", async (t) => {
    const { env } = await copying(t);
    const input = '{ "fields": { "note": "ours" } }';
    const { code, stdout, stderr } = await cli(["update", "copy", "--changes", "-", "--dry-run"], { env, input });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /"note": "ours"/);
  });

  test("nothing to change: exit code 2", async () => {
    const { code, stderr } = await cli(["update", "copy", "--yes"], { env: { COUCHDB_URL: "http://127.0.0.1:9" } });
    assert.match(stderr, /update needs --changes FILE/);
    assert.equal(code, 2);
  });
});

describe("start", () => {
  testOfSimulator("--wait --verify: a migration in one line", async (t) => {
    const { env, request, simulator } = await serverOnPort(t, { clock: { speed: 30 } });
    await request("PUT", "/orders");
    for (const id of ["a", "b"]) await request("PUT", `/orders/${id}`, {});
    const args = [
      "start",
      "orders",
      "copy",
      "--create-target",
      "--id",
      "move",
      "--wait",
      "--verify",
      "--timeout",
      "1m",
      "--yes",
    ];
    const { code, stdout, stderr } = await cli(args, { env });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(stdout, "move\nmove: completed, 100 %, 2 written\n✓ complete: 2 documents compared\n");
    await request("PUT", "/copy-2");
    simulator?.provoke.refuse("copy-2", ({ _id }) => (_id === "b" ? "not here" : null));
    const differs = await cli(
      args.map((arg) => ({ copy: "copy-2", move: "move-2" })[arg] ?? arg),
      { env },
    );
    assert.equal(differs.code, 3);
    assert.match(differs.stdout, /1 revision refused or lost/);
  });
});
