// @ts-check
// The examples, run as a person runs them, against the simulator behind a port or a real server: what they print.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { wholeDoc } from "./support/rows.js";
import { COUCHDB_URL, simulatedBehindPort, testOfSimulator } from "./support/server.js";

/** @typedef {import("node:test").TestContext} TestContext */

const FOLDER = fileURLToPath(new URL("../examples/", import.meta.url));
const HELPERS = ["server.mjs", "table.mjs"];
const SCRIPTS = readdirSync(FOLDER).filter((file) => file.endsWith(".mjs") && !HELPERS.includes(file));

/**
 * @param {string} script
 * @param {string | undefined} url
 * @param {string[]} args
 * @returns {Promise<{ code: unknown, stdout: string, stderr: string }>}
 */
function run(script, url, ...args) {
  const { COUCHDB_URL: _, ...env } = process.env;
  if (url !== undefined) env.COUCHDB_URL = url;
  return new Promise((resolve) => {
    execFile(process.execPath, [FOLDER + script, ...args], { env, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr }),
    );
  });
}

/** What it printed, of one that went well. @param {string} script @param {string} url @param {string[]} args */
async function printed(script, url, ...args) {
  const { code, stdout, stderr } = await run(script, url, ...args);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.doesNotMatch(stdout, /\[object|undefined|\bnull\b|NaN|Invalid|s3cret|\t/);
  assert.doesNotMatch(stdout, / $/m, "nothing hangs over at the end of a line");
  return stdout;
}

/**
 * A server with replications in all states, and what it says itself when it is asked directly.
 *
 * @param {TestContext} t
 * @param {import("../simulator/index.js").SimulatorOptions} [options]
 */
async function fleet(t, options = { docs: 60 }) {
  const url = COUCHDB_URL ?? withAdmin((await simulatedBehindPort(t, options)).url);
  const { origin, username, password } = new URL(url);
  const authorization = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  const request = async (method, path, body) => {
    const headers = { accept: "application/json", authorization, "content-type": "application/json" };
    const response = await fetch(origin + path, { method, headers, body: body ? JSON.stringify(body) : null });
    assert(response.ok, `${method} ${path}: ${response.status}`);
    return response.json();
  };
  /** @returns {Promise<any[]>} */
  const rows = async () => (await request("GET", "/_scheduler/docs")).docs.map(wholeDoc);
  return { url, request, rows };
}

/** @param {string} url */
const withAdmin = (url) => Object.assign(new URL(url), { username: "admin", password: "pass" }).href;

/** Those that are the same before and after: on a real server the others come, go and change meanwhile. @param {any[]} before @param {any[]} after */
function steady(before, after) {
  const texts = new Set(after.map((row) => JSON.stringify(row)));
  return before.filter((row) => texts.has(JSON.stringify(row)));
}

describe("the examples", () => {
  test("list all documents", async (t) => {
    const { url, rows } = await fleet(t);
    const before = await rows();
    const lines = (await printed("list-documents.mjs", url)).split("\n");
    const known = steady(before, await rows());
    assert(known.length > 0);
    const heads = ["STATE", "SINCE", "SOURCE", "TARGET"];
    const columns = heads.map((head) => lines[0].indexOf(head));
    for (const { doc_id, state, last_updated, source, target } of known) {
      const line = lines.find((line) => line.startsWith(`${doc_id}  `));
      assert(line, `${doc_id} is not there`);
      const shown = [state, last_updated, source, target].map((value) => value ?? "-");
      // Where the terminal gives a character two columns, the text is shorter by one.
      const wide = doc_id.match(/[日本語]/g)?.length ?? 0;
      for (const [i, value] of shown.entries()) {
        assert.equal(line.slice(columns[i] - wide).split("  ")[0], value, `${heads[i]} of ${line}`);
      }
    }
    assert.deepEqual(lines.slice(-3), ["", `${lines.length - 4} replication documents`, ""]);
    if (!COUCHDB_URL) assert.equal(lines.length - 4, before.length);
  });

  test("walk all documents page by page", async (t) => {
    const { url, rows } = await fleet(t);
    const before = await rows();
    const size = Math.ceil(before.length / 6.5);
    const lines = (await printed("walk-documents.mjs", url, String(size))).split("\n");
    const expected = [];
    for (let at = 0, page = 1; at < before.length; at += size, page++) {
      const docs = before.slice(at, at + size);
      expected.push(`Page ${page}: ${docs.length} documents, from ${docs[0].doc_id} to ${docs.at(-1).doc_id}`);
    }
    assert.deepEqual(lines.slice(0, -3), expected);
    assert.deepEqual(lines.slice(-3), ["", `${before.length} documents on ${expected.length} pages`, ""]);
  });

  testOfSimulator("a fleet summary", async (t) => {
    const { url, rows } = await fleet(t);
    const docs = await rows();
    const lines = (await printed("summary.mjs", url)).split("\n");
    const count = (/** @type {string[]} */ ...states) => docs.filter(({ state }) => states.includes(state)).length;
    const sum = (/** @type {string} */ field) => docs.reduce((total, { info }) => total + (info?.[field] ?? 0), 0);
    const line = (/** @type {number} */ n, /** @type {string} */ text) =>
      `${n.toLocaleString("en").padStart(9)}  ${text}`;
    for (const state of ["initializing", "running", "completed", "pending", "crashing", "error", "failed"]) {
      const bar = "█".repeat(Math.ceil((40 * count(state)) / docs.length));
      assert(lines.includes(`${line(count(state), state).padEnd(34)}${bar}`), lines.join("\n"));
    }
    const unhealthy = count("crashing", "error", "failed");
    assert.deepEqual(lines.slice(8), [
      line(docs.length, "replications"),
      line(docs.length - unhealthy, "well"),
      line(unhealthy, "not well"),
      line(
        docs.filter(({ state, error_count }) => (state === "running" || state === "pending") && error_count > 0).length,
        "trying again",
      ),
      "",
      line(sum("docs_read"), "documents read"),
      line(sum("docs_written"), "documents written"),
      line(sum("doc_write_failures"), "refused by the target"),
      line(sum("changes_pending"), "changes waiting"),
      "",
    ]);
  });
});

describe("what goes wrong is said in words", () => {
  /** @type {[string, string | (() => Promise<string>), RegExp][]} */
  const wrong = [
    ["nobody listens there", unusedAddress, /^could not reach the server.*\n {2}.*ECONNREFUSED/],
    ["no address", "nonsense", /^new \w+: url must be an absolute URL/],
  ];
  for (const script of SCRIPTS) {
    for (const [what, address, message] of wrong) {
      test(`${script}: ${what}`, async () => {
        const url = typeof address === "string" ? address : await address();
        const { code, stdout, stderr } = await run(script, url);
        assert.match(stderr, message);
        assert.doesNotMatch(stderr, /^ +at /m, "without a stack");
        assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      });
    }
  }
});

test("a wrong password", async (t) => {
  const { url } = await fleet(t);
  // A name of its own: the server locks one that is given five times with a wrong password.
  const wrong = Object.assign(new URL(url), {
    username: `nobody-${randomBytes(4).toString("hex")}`,
    password: "wrong",
  });
  const { code, stdout, stderr } = await run("summary.mjs", wrong.href);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^401 unauthorized: Name or password is incorrect/);
  assert.doesNotMatch(stderr, /:wrong/);
});

describe("without COUCHDB_URL", () => {
  for (const script of SCRIPTS) {
    test(`${script} shows a simulated server, and says so`, async () => {
      const { code, stdout, stderr } = await run(script, undefined);
      assert.deepEqual({ code, stderr: stderr.split(";")[0] }, { code: 0, stderr: "This is a simulated server" });
      assert(stdout.split("\n").length > 3);
    });
  }
});

/** @returns {Promise<string>} */
function unusedAddress() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(`http://admin:pass@127.0.0.1:${port}`));
    });
  });
}
