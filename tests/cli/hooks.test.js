// @ts-check
// `watch --exec` and `--webhook`: when an incident calls, and how a hook that fails is treated.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Alerts } from "../../pkg/cli/hooks/alerts.js";
import { Deliveries } from "../../pkg/cli/hooks/deliveries.js";
import { endedReplication, testOfSimulator } from "../support/server.js";
import { cli, serverOnPort, started } from "./command-line.js";

const FOLDER = mkdtempSync(join(tmpdir(), "couchdb-scheduler-hooks-"));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** @param {string} host @param {number} [total] @returns {any} */
const incident = (host, total = 1) => ({ cause: "timeout", side: "source", host, total });

describe("alerts", () => {
  /** @param {Alerts} alerts @param {any[]} incidents @param {number} now */
  const look = (alerts, incidents, now) =>
    alerts.look(incidents, now).map(({ event, incident: { host } }) => `${event} ${host}`);

  test("an incident calls when it has lasted, once, and when it has been gone for as long", () => {
    const alerts = new Alerts(100);
    assert.deepEqual(look(alerts, [incident("a")], 0), []);
    assert.deepEqual(look(alerts, [incident("a")], 99), []);
    assert.deepEqual(look(alerts, [incident("a"), incident("b")], 100), ["opened a"]);
    assert.deepEqual(look(alerts, [incident("a", 5), incident("b")], 150), []);
    assert.deepEqual(look(alerts, [incident("b")], 200), ["opened b"]);
    assert.deepEqual(look(alerts, [incident("b")], 299), []);
    assert.deepEqual(look(alerts, [incident("b")], 300), ["closed a"]);
    assert.deepEqual(look(alerts, [], 350), []);
    assert.deepEqual(look(alerts, [], 449), []);
    assert.deepEqual(look(alerts, [], 450), ["closed b"]);
    assert.deepEqual(look(alerts, [], 900), []);
  });

  test("an outage without looks does not close what is missing in the first look after it", () => {
    const alerts = new Alerts(100);
    look(alerts, [incident("a")], 0);
    assert.deepEqual(look(alerts, [incident("a")], 100), ["opened a"]);
    // The server has restarted: nothing has crashed yet.
    assert.deepEqual(look(alerts, [], 5_000), []);
    assert.deepEqual(look(alerts, [incident("a")], 5_050), []);
    assert.deepEqual(look(alerts, [], 5_100), []);
    assert.deepEqual(look(alerts, [], 5_200), ["closed a"]);
  });

  test("what heals by itself calls nobody", () => {
    const alerts = new Alerts(100);
    assert.deepEqual(look(alerts, [incident("a")], 0), []);
    assert.deepEqual(look(alerts, [], 50), []);
    assert.deepEqual(look(alerts, [], 150), []);
    // Much later it begins again, so it has not lasted yet.
    assert.deepEqual(look(alerts, [incident("a")], 500), []);
  });

  test("a moment of a new attempt is not the end", () => {
    const alerts = new Alerts(100);
    look(alerts, [incident("a")], 0);
    assert.deepEqual(look(alerts, [], 50), []);
    assert.deepEqual(look(alerts, [incident("a")], 100), ["opened a"]);
    assert.deepEqual(look(alerts, [], 150), []);
    assert.deepEqual(look(alerts, [incident("a")], 199), []);
  });

  test("the last known incident is the one that is closed", () => {
    const alerts = new Alerts(0);
    alerts.look([incident("a", 1)], 0);
    alerts.look([incident("a", 7)], 1);
    assert.equal(alerts.look([], 2)[0]?.incident.total, 7);
  });
});

describe("deliveries", () => {
  test("in order, one at a time", async () => {
    /** @type {string[]} */
    const sent = [];
    /** @type {(() => void)[]} */
    const finish = [];
    const send = (/** @type {string} */ json) => {
      sent.push(json);
      return /** @type {Promise<void>} */ (new Promise((resolve) => finish.push(resolve)));
    };
    const deliveries = new Deliveries(send, assert.fail, new AbortController().signal);
    for (const text of ["a", "b", "c"]) deliveries.add(text);
    assert.deepEqual(sent, ['"a"']);
    for (let at = 0; at < 3; at++) {
      while (finish.length === at) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(sent.length, at + 1);
      finish[at]?.();
    }
    assert.deepEqual(sent, ['"a"', '"b"', '"c"']);
  });

  test("a hook that hangs keeps a thousand alerts at most", () => {
    /** @type {string[]} */
    const notes = [];
    const deliveries = new Deliveries(
      () => new Promise(() => {}),
      (text) => notes.push(text),
      new AbortController().signal,
    );
    for (let at = 0; at < 1_002; at++) deliveries.add(at);
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? "", /an alert is dropped/);
  });
});

/** A broken replication in a database of a server on a port. @param {import("node:test").TestContext} t */
async function withIncident(t) {
  const server = await serverOnPort(t, { docs: 0 });
  await server.write("_replicator", [endedReplication("broken", "failed")]);
  const heal = async () => {
    const { _rev: rev } = await server.request("GET", "/_replicator/broken");
    await server.request("DELETE", `/_replicator/broken?rev=${rev}`);
  };
  return { ...server, heal };
}

const FAST = ["--for", "1ms", "--interval", "50ms"];

describe("watch", () => {
  testOfSimulator("--exec gets JSON on its input when an incident opens and closes, and no password", async (t) => {
    const { env, url, heal } = await withIncident(t);
    const file = join(FOLDER, "alerts");
    const command = `cat >> ${file}; env | grep -c COUCH >> ${file}; echo called`;
    const { child, ended, printed } = started(["watch", "--exec", command, ...FAST], { env });
    await printed("stdout", /opened/);
    // The output of the command is not data.
    await printed("stderr", /called/);
    await heal();
    await printed("stdout", /closed/);
    await printed("stderr", /called[\s\S]*called/);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.equal(code, 130);
    assert.match(
      stdout,
      /^\d\d:\d\d:\d\d {2}✗ opened {2}database_missing@127\.0\.0\.1:5984 {2}1 document: The source .*\n/,
    );
    assert.doesNotMatch(stdout, /called/);
    const [opened = "", count, closed = ""] = readFileSync(file, "utf8").split("\n");
    assert.equal(count, "0");
    const { event, at, server, database, incident: found } = JSON.parse(opened);
    assert.deepEqual([event, server, database, found.doc_ids], ["opened", url, "_replicator", ["broken"]]);
    assert.match(at, /^\d{4}-.*Z$/);
    assert.equal(JSON.parse(closed).event, "closed");
  });

  const limited = { timeout: 60_000 };
  testOfSimulator("a hook that hangs is ended with the watch, and all that it has started", limited, async (t) => {
    const { env } = await withIncident(t);
    const { child, ended, printed } = started(
      ["watch", "--exec", 'trap "" TERM; sleep 1000 & echo started; wait', ...FAST],
      { env },
    );
    await printed("stderr", /started/);
    child.kill("SIGTERM");
    // It has ended when all have closed stderr.
    assert.equal((await ended).code, 143);
  });

  testOfSimulator("a hook that fails is tried again, and the watch goes on", async (t) => {
    const { env, heal } = await withIncident(t);
    const file = join(FOLDER, "attempts");
    const { child, ended, printed } = started(
      ["watch", "--exec", `echo x >> ${file}; test $(wc -l < ${file}) -ge 2`, ...FAST],
      { env },
    );
    await printed("stderr", /the hook failed: the command ended with exit code 1; tried again/);
    await heal();
    await printed("stdout", /closed/);
    child.kill("SIGINT");
    await ended;
  });

  testOfSimulator("--webhook posts JSON; its path is not shown when it fails", async (t) => {
    const { env } = await withIncident(t);
    /** @type {{ method?: string | undefined, type?: string | undefined, body: any }[]} */
    const posted = [];
    const hook = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      posted.push({ method: request.method, type: request.headers["content-type"], body: JSON.parse(body) });
      response.statusCode = posted.length === 1 ? 500 : 204;
      response.end();
    }).listen(0, "127.0.0.1");
    await once(hook, "listening");
    t.after(() => hook.close());
    const { port } = /** @type {import("node:net").AddressInfo} */ (hook.address());
    const { child, ended, printed } = started(
      ["watch", "--webhook", `http://127.0.0.1:${port}/s3cret-path`, "--json", ...FAST],
      { env },
    );
    await printed("stderr", new RegExp(`the hook failed: http://127.0.0.1:${port} responded 500; tried again`));
    while (posted.length < 2) await new Promise((resolve) => setImmediate(resolve));
    child.kill("SIGINT");
    const { stdout, stderr } = await ended;
    assert.doesNotMatch(stderr, /s3cret/);
    assert.deepEqual([posted[0]?.method, posted[0]?.type], ["POST", "application/json"]);
    assert.deepEqual(JSON.parse(stdout.split("\n")[0] ?? ""), posted[0]?.body);
  });

  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [["--for", "5m"], /--for is about --exec and --webhook/],
    [["orders", "--exec", "true"], /watch incidents, not single documents/],
    [["--webhook", "hooks.example.com"], /--webhook must be an absolute URL/],
    [["--webhook", "https://a:s3cret@hooks.example.com"], /--webhook contains a password/],
    [["--webhook", "https://s3cret@hooks.example.com"], /--webhook: a URL cannot contain a user name/],
  ])) {
    test(`refused: ${args.join(" ")}`, async () => {
      const { code, stderr } = await cli(["watch", ...args], { env: { COUCHDB_URL: "http://127.0.0.1:9" } });
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /s3cret/);
      assert.equal(code, 2);
    });
  }
});
