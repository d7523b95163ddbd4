// @ts-check
// `npm start`: its output, the options it refuses, and the environment of the programs that it starts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fromRoot } from "../../scripts/lib/paths.js";

/**
 * Runs a script until it ends, or until it prints that Ctrl-C ends it.
 *
 * @param {string} script
 * @param {Record<string, string>} env
 * @param {string[]} [args]
 */
async function output(script, env, args = []) {
  const child = spawn(process.execPath, [fromRoot("scripts", script), ...args], {
    env: { ...process.env, PORT: "0", ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ piece) => {
      text += piece;
      if (text.includes("Ctrl-C ends it.")) child.kill("SIGTERM");
    });
  }
  const [code] = await once(child, "close");
  return { code, text };
}

const COUCHDB_URL = "http://admin:s3cret@127.0.0.1:1/prefix";

test("prints what it shows and allows, but never the password", async () => {
  const reads = await output("start.js", { COUCHDB_URL });
  assert.match(reads.text, /http:\/\/localhost:\d+ {2}shows 127\.0\.0\.1:1\/prefix\n.*read-only.*--allow-writes/);
  assert.doesNotMatch(reads.text, /s3cret|WARNING/);
  for (const [env, args] of /** @type {[Record<string, string>, string[]][]} */ ([
    [{}, ["--allow-writes"]],
    [{ ALLOW_WRITES: "1" }, []],
  ])) {
    const { text } = await output("start.js", { COUCHDB_URL, HOST: "0.0.0.0", ...env }, args);
    assert.match(text, /It allows changes/);
    assert.match(text, /WARNING: other machines can reach it.*read and change 127\.0\.0\.1:1\/prefix with the cred/);
    assert.doesNotMatch(text, /s3cret/);
  }
  const { text } = await output("start.js", { COUCHDB_URL: "", HOST: "" });
  assert.match(text, /a simulated server/);
  assert.doesNotMatch(text, /WARNING|read-only/);
});

test("refuses invalid options, without showing a password", async () => {
  for (const [env, words, args] of /** @type {[Record<string, string>, RegExp, string[]?][]} */ ([
    [{ COUCHDB_URL: "admin:s3cret@localhost" }, /COUCHDB_URL is not the URL of a server/],
    [{ COUCHDB_URL: "http://admin:s3c/s3cret@localhost:5984" }, /COUCHDB_URL is not the URL of a server/],
    [{ COUCHDB_URL: "http://admin:12/s3cret@localhost:5984" }, /written %2F/],
    [{ COUCHDB_URL: "http://admin:12?s3cret@localhost:5984" }, /written %2F/],
    [{ COUCHDB_URL: "http://admin:12#s3cret@localhost:5984" }, /written %2F/],
    [{ PORT: "65536" }, /PORT is not a port number/],
    [{ ALLOW_WRITES: "yes" }, /ALLOW_WRITES is 1 or 0/],
    [{}, /Unknown option --allow-write:/, ["--allow-write"]],
  ])) {
    const { code, text } = await output("start.js", env, args);
    assert.equal(code, 1);
    assert.match(text, words);
    assert.doesNotMatch(text, /s3c/);
  }
});

/** Instead of starting a program, prints its environment. */
const SPY = `
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
childProcess.spawn = (_, __, options) => {
  const names = Object.keys(options?.env ?? process.env).filter((name) => /^COUCHDB_/i.test(name));
  process.stdout.write("would know: [" + names + "]\\n", () => process.exit(0));
  throw new Error("nothing is started");
};
syncBuiltinESMExports();
`;

for (const [script, ...args] of [["setup.js"], ["test.js", "lint"], ["build-www.js"], ["docs.js"]]) {
  test(`the programs that ${script} starts do not get COUCHDB_URL`, async () => {
    const env = {
      COUCHDB_URL,
      COUCHDB_PASSWORD: "s3cret",
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SPY)}`,
    };
    const { text } = await output(script, env, args);
    assert.match(text, /would know: \[\]/);
  });
}
