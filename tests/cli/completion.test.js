// @ts-check
// The scripts that complete commands and options in a shell.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { COMMANDS } from "../../pkg/cli/commands/index.js";
import { cli } from "./command-line.js";

/** @param {string} shell */
const isHere = (shell) => spawnSync(shell, ["--version"]).status === 0;
/** @param {string} shell */
const needs = (shell) => (isHere(shell) ? {} : { skip: `${shell} is not installed` });

for (const shell of ["bash", "zsh", "fish"]) {
  test(`the script for ${shell} knows every command, and every option of its own`, async () => {
    const { code, stdout, stderr } = await cli(["completion", shell]);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const { name, options } of COMMANDS) {
      assert.match(stdout, new RegExp(`\\b${name}\\b`));
      for (const option of Object.keys(options))
        assert.ok(stdout.includes(shell === "fish" ? `-l ${option}` : `--${option}`), option);
    }
  });

  test(`${shell} accepts it`, needs(shell), async () => {
    const { stdout } = await cli(["completion", shell]);
    const { status, stderr } = spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
  });
}

test("bash completes", needs("bash"), async () => {
  const { stdout: script } = await cli(["completion", "bash"]);
  /** @param {string[]} words */
  const completed = (...words) => {
    const list = words.map((word) => `'${word}'`).join(" ");
    const input = `${script}\nCOMP_WORDS=(couchdb-scheduler ${list}); COMP_CWORD=${words.length}; _couchdb_scheduler; echo "\${COMPREPLY[*]}"\n`;
    return spawnSync("bash", ["--norc"], { input, encoding: "utf8" }).stdout.trim();
  };
  assert.equal(completed("li"), "list");
  assert.equal(completed("list", "--st"), "--state");
  assert.equal(completed("list", "--color", "a"), "auto always");
  assert.equal(completed("completion", "f"), "fish");
});
