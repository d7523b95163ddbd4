// @ts-check
// Help, and what happens to arguments that are wrong: exit code 2, a clear message, no request.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { readArguments } from "../../pkg/cli/arguments.js";
import { COMMANDS } from "../../pkg/cli/commands/index.js";
import { cli } from "./command-line.js";

const { version } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));

/** The words of a line for a shell, up to a pipe, a redirection or another command. @param {string} line */
const wordsOf = (line) =>
  [.../** @type {string} */ (line.split(/ (?:&&|[|<>])/)[0]).matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );

describe("help", () => {
  test("of the program, on stdout", async () => {
    for (const args of [["-h"], ["--help"], ["help"]]) {
      const { code, stdout, stderr } = await cli(args);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      for (const { name, summary } of COMMANDS) {
        assert.match(stdout, new RegExp(`^ {2}${name}\\b`, "m"));
        assert.ok(stdout.replace(/\s+/g, " ").includes(summary), summary);
      }
      assert.ok(stdout.indexOf("Examples:") < stdout.indexOf("Usage:"), "examples first");
    }
  });

  for (const command of COMMANDS) {
    test(`of ${command.name}`, async () => {
      const { code, stdout, stderr } = await cli([command.name, "-h"]);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.ok(stdout.startsWith(`couchdb-scheduler ${command.name}: `));
      assert.ok(stdout.indexOf("Examples:") < stdout.indexOf("Usage:"), "examples first");
      for (const option of Object.keys(command.options)) assert.ok(stdout.includes(`--${option}`), option);
      assert.match(stdout, /Asks the server:\n {2}\S/);
      assert.match(stdout, /Exit codes:\n {2}0 /);
      assert.deepEqual(
        stdout.split("\n").filter((line) => line.length > 130),
        [],
      );
      assert.deepEqual(await cli(["help", command.name]), { code, stdout, stderr });
    });

    test(`the examples of ${command.name} are valid`, () => {
      for (const [line] of command.examples) {
        const [name, ...args] = wordsOf(line);
        const named = COMMANDS.find((each) => each.name === name);
        assert.ok(named, line);
        readArguments(named, args);
      }
    });
  }

  test("no command: the help on stderr, and exit code 2", async () => {
    const { code, stdout, stderr } = await cli([]);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    assert.match(stderr, /Commands:/);
  });
});

test("--version", async () => {
  assert.deepEqual(await cli(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("wrong arguments", () => {
  /** @type {[string[], RegExp][]} */
  const wrong = [
    [["lsit"], /unknown command "lsit"; did you mean list\?/],
    [["frobnicate"], /unknown command "frobnicate"\nThe commands are summary/],
    [["list", "--stat", "failed"], /list: unknown option --stat; did you mean --state\?/],
    [["list", "--sate=failed"], /unknown option --sate; did you mean --state\?/],
    [["list", "--__proto__"], /unknown option --__proto__/],
    [["list", "--state", "faild"], /--state: "faild" is not one of .*; did you mean failed\?/],
    [["list", "--state"], /--state needs a value: --state STATES/],
    [["list", "--state", "--plain"], /--state needs a value; if "--plain" is meant, write --state=--plain/],
    [["list", "--plain=yes"], /--plain takes no value/],
    [["list", "orders"], /list: unexpected argument "orders"/],
    [["list", "--json", "doc_idd"], /--json: unknown field "doc_idd"; did you mean doc_id\?\nThe fields are database/],
    [["list", "--json", "--plain"], /--json and --plain exclude each other/],
    [["list", "-d", "a", "-d", "b"], /-d is given twice/],
    [["show"], /show needs DOC/],
    [["show", "a", "b"], /show: unexpected argument "b"; it takes DOC/],
    [["wait", "a", "--timeout", "soon"], /--timeout: "soon" is not a time/],
    [["wait", "a", "--timeout", "0"], /--timeout: "0" is not a time/],
    [["wait", "a", "--timeout", "30d"], /--timeout: "30d" is not a time from 1ms to 24d/],
    [["start", "orders"], /start needs SOURCE and TARGET/],
    [["start"], /start needs SOURCE and TARGET, or --document with both/],
    [["start", "a", "b", "--timeout", "1m"], /--timeout is the limit of --wait, which is missing/],
    [["completion", "tcsh"], /"tcsh" is not one of bash, zsh, fish/],
    [["list", "--color", "blue"], /--color: "blue" is not one of auto, always, never/],
    [["list", "\x1b]0;owned\x07"], /unexpected argument "\\u001b\]0;owned\\u0007"/],
  ];
  for (const [args, message] of wrong) {
    test(JSON.stringify(args.join(" ")), async () => {
      // Nothing listens there, so a request would be another error.
      const { code, stdout, stderr } = await cli(args, { env: { COUCHDB_URL: "http://127.0.0.1:9/" } });
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^ +at /m, "without a stack");
      assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    });
  }

  test("a name that the package refuses", async () => {
    const { code, stderr } = await cli(["list", "-d", "orders"], { env: { COUCHDB_URL: "http://127.0.0.1:9/" } });
    assert.match(stderr, /^couchdb-scheduler: database .*_replicator/);
    assert.equal(code, 2);
  });

  test("options may come before the command", async () => {
    const { code, stderr } = await cli(["--url", "http://127.0.0.1:9/", "list", "--json"]);
    assert.match(stderr, /cannot connect|bad port/);
    assert.equal(code, 1);
  });
});
