// @ts-check
// Which server is asked, as whom, and where a password is refused.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { simulatedOnPort, testOfSimulator } from "../support/server.js";
import { cli, started } from "./command-line.js";

const FOLDER = mkdtempSync(join(tmpdir(), "couchdb-scheduler-cli-"));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** @param {string} name @param {string} text */
function file(name, text, mode = 0o600) {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** An environment with a configuration. @param {unknown} config */
function configured(config, mode = 0o600) {
  const home = mkdtempSync(join(FOLDER, "xdg-"));
  mkdirSync(join(home, "couchdb-scheduler"));
  const path = join(home, "couchdb-scheduler", "config.json");
  writeFileSync(path, typeof config === "string" ? config : JSON.stringify(config));
  chmodSync(path, mode);
  return { XDG_CONFIG_HOME: home };
}

/** An environment whose configuration is a link. @param {string} to */
function linkedConfig(to) {
  const home = mkdtempSync(join(FOLDER, "xdg-"));
  mkdirSync(join(home, "couchdb-scheduler"));
  symlinkSync(to, join(home, "couchdb-scheduler", "config.json"));
  return { XDG_CONFIG_HOME: home };
}

/**
 * The users as whom the server was asked: `name:password`, or null.
 *
 * @param {import("../../simulator/index.js").Simulator} simulator
 */
const usersOf = ({ requests }) =>
  requests.map(({ headers }) => {
    const authorization = headers.get("authorization");
    return authorization && atob(authorization.replace(/^Basic /, ""));
  });

describe("credentials", () => {
  /** @type {Record<string, (url: string) => { args?: string[], env?: NodeJS.ProcessEnv, input?: string }>} */
  const ways = {
    "COUCHDB_URL with user and password": (url) => ({ env: { COUCHDB_URL: url.replace("//", "//ann:s%23cret@") } }),
    "COUCH_URL, as couchbackup's": (url) => ({ env: { COUCH_URL: url.replace("//", "//ann:s%23cret@") } }),
    "CLOUDANT_URL with user and password": (url) => ({ env: { CLOUDANT_URL: url.replace("//", "//ann:s%23cret@") } }),
    "COUCHDB_USER and COUCHDB_PASSWORD": (url) => ({
      env: { COUCHDB_URL: url, COUCHDB_USER: "ann", COUCHDB_PASSWORD: "s#cret" },
    }),
    "--url, and the password in the environment": (url) => ({
      args: ["--url", url],
      env: { COUCHDB_URL: "http://bob:other@127.0.0.1:9", COUCHDB_USER: "ann", COUCHDB_PASSWORD: "s#cret" },
    }),
    "a user name in --url, and a file": (url) => ({
      args: ["--url", url.replace("//", "//ann@"), "--password-file", file("password", "s#cret\n")],
    }),
    "--user and standard input": (url) => ({
      args: ["-u", url, "--user", "ann", "--password-stdin"],
      input: "s#cret\n",
    }),
    "options win over the URL": (url) => ({
      args: ["--user", "ann", "--password-file", file("password", "s#cret")],
      env: { COUCHDB_URL: url.replace("//", "//bob:other@") },
    }),
    "a named server": (url) => ({
      args: ["--server", "prod"],
      env: {
        ...configured({ servers: { prod: { url, user: "ann", password: "s#cret" } } }),
        COUCHDB_URL: "http://127.0.0.1:9",
        COUCHDB_USER: "bob",
        COUCHDB_PASSWORD: "other",
      },
    }),
    "a named server with a file": (url) => ({
      args: ["--server", "prod"],
      env: configured({ servers: { prod: { url, user: "ann", password_file: file("password", "s#cret") } } }, 0o644),
    }),
  };
  for (const [name, way] of Object.entries(ways)) {
    testOfSimulator(name, async (t) => {
      const { url, simulator } = await simulatedOnPort(t, { admins: { ann: "s#cret" } });
      const { args = [], env, input } = way(url);
      const { code, stderr } = await cli(["list", "--plain", ...args], {
        ...(env ? { env } : {}),
        ...(input ? { input } : {}),
      });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.deepEqual([...new Set(usersOf(simulator))], ["ann:s#cret"]);
    });
  }

  testOfSimulator("the password of one user is not tried for another", async (t) => {
    const { url, simulator } = await simulatedOnPort(t);
    const { code, stderr } = await cli(["list", "--user", "ann"], {
      env: { COUCHDB_URL: url.replace("//", "//admin:pass@") },
    });
    assert.match(stderr, /A user name is given, but no password/);
    assert.deepEqual([code, simulator.requests.length], [2, 0]);
  });

  testOfSimulator("without credentials: not authorized, exit code 4", async (t) => {
    const { url } = await simulatedOnPort(t);
    const { code, stdout, stderr } = await cli(["list"], { env: { COUCHDB_URL: url } });
    assert.match(stderr, /^couchdb-scheduler: 401 unauthorized/);
    assert.deepEqual([code, stdout], [4, ""]);
  });

  testOfSimulator("a wrong password: exit code 4, asked once, and not shown", async (t) => {
    const { url, simulator } = await simulatedOnPort(t);
    const { code, stderr } = await cli(["summary"], { env: { COUCHDB_URL: url.replace("//", "//admin:wr0ng@") } });
    assert.equal(code, 4);
    assert.doesNotMatch(stderr, /wr0ng/);
    assert.equal(simulator.requests.length, 1);
  });

  testOfSimulator("an API key of IBM Cloud is for CLOUDANT_URL only", async (t) => {
    const { url, simulator } = await simulatedOnPort(t);
    await cli(["list"], { env: { COUCHDB_URL: url, CLOUDANT_URL: "http://127.0.0.1:9", CLOUDANT_IAM_API_KEY: "key" } });
    assert.deepEqual([...new Set(usersOf(simulator))], [null]);
  });
});

test("-t of a check ends the wait for a password, too", async () => {
  const args = ["--url", "http://127.0.0.1:9", "--user", "ann", "--password-stdin"];
  const check = started(["check", "-t", "200ms", ...args], { input: null });
  const { code, stdout } = await check.ended;
  assert.match(stdout, /CRITICAL - no result within/);
  assert.equal(code, 2);
});

describe("refused", () => {
  const here = "http://127.0.0.1:9";
  /** @type {[string, string[], NodeJS.ProcessEnv, RegExp][]} */
  const cases = [
    ["no server", [], {}, /No server is named\. Set COUCHDB_URL, or use --url or --server/],
    ["a password in --url", ["--url", "http://ann:s3cret@127.0.0.1:9"], {}, /--url contains a password.*COUCHDB_URL/],
    ["also in one that is not valid", ["--url", "http://ann:s3cret/x@127.0.0.1:9"], {}, /--url contains a password/],
    ["a password without a user", ["-u", here], { COUCHDB_PASSWORD: "s3cret" }, /no user name/],
    ["also in one without a scheme", ["--url", "ann:s3cret@127.0.0.1:9"], {}, /--url contains a password/],
    [
      "a database in the URL",
      [],
      { COUCHDB_URL: `${here}/_replicator` },
      /COUCHDB_URL must be .* named by --database$/m,
    ],
    ["both --url and --server", ["-u", here, "--server", "prod"], {}, /--url and --server exclude each other/],
    ["two passwords", ["-u", here, "--password-file", "x", "--password-stdin"], {}, /exclude each other/],
    [
      "a missing file",
      ["-u", here, "--user", "a", "--password-file", "/nowhere"],
      {},
      /--password-file: cannot read.*ENOENT/,
    ],
    ["an empty file", ["-u", here, "--user", "a", "--password-file", file("empty", "\n")], {}, /is empty/],
    ["a device without end", ["-u", here, "--user", "a", "--password-file", "/dev/zero"], {}, /larger than a password/],
    ["a missing configuration", ["--server", "prod"], {}, /cannot read the configuration.*ENOENT/],
    ["a home that is the working folder", ["--server", "prod"], { HOME: "" }, /\$HOME, which is not an absolute path/],
    ["a configuration that is a device", ["--server", "prod"], linkedConfig("/dev/zero"), /is not a regular file/],
    ["a configuration that is not JSON", ["--server", "prod"], configured('{"s3cret'), /is not valid JSON/],
    ["one of another shape", ["--server", "prod"], configured({ servers: [] }), /must be \{ "servers"/],
    [
      "an unknown server",
      ["--server", "prd"],
      configured({ servers: { prod: { url: here } } }),
      /has no server "prd"; did you mean prod\?/,
    ],
    [
      "a name of every object",
      ["--server", "toString"],
      configured({ servers: { prod: { url: here } } }),
      /has no server/,
    ],
    [
      "an unknown field",
      ["--server", "prod"],
      configured({ servers: { prod: { url: here, pasword: "s3cret" } } }),
      /unknown field "pasword"; did you mean password\?/,
    ],
    [
      "a secret that others may read",
      ["--server", "prod"],
      configured({ servers: { prod: { url: here }, other: { url: here, password: "s3cret" } } }, 0o640),
      /other users may read .*config\.json, which holds a secret: chmod 600/,
    ],
    [
      "a secret in a URL that others may read",
      ["--server", "prod"],
      configured({ servers: { prod: { url: "http://ann:s3cret@127.0.0.1:9" } } }, 0o604),
      /other users may read/,
    ],
  ];
  for (const [name, args, env, message] of cases) {
    test(name, async () => {
      const { code, stdout, stderr } = await cli(["list", ...args], { env });
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /s3cret|^ +at /m);
      assert.deepEqual([code, stdout], [2, ""]);
    });
  }
});
