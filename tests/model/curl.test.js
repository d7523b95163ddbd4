// @ts-check
// The commands for a shell: it reads exactly what is meant, and no password.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { commandFor, curlFor } from "../../www/src/model/curl.js";

const IDS = [
  "orders",
  "a b",
  "it's",
  '"$HOME" `id` \\ !x',
  "-v",
  "--json",
  "~user",
  "übersicht-日本語-😀",
  "a\nb",
  "a\u0015it's 100 %s \\n\u0003\u001b[201~\u202e\u2028b",
  "=ls",
  "#x",
  "a;b&c|d>e<f",
  "{a,b}",
  "*",
];

/** What a shell passes to the program. @param {string} command */
function argumentsIn(command) {
  const script = `curl() { printf '%s\\0' "$@"; }\nrun() { printf '%s\\0' "$@"; }\n${command.replace(/^couchdb-scheduler/, "run")}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

/** @param {string} id @param {string} [database] @returns {any} */
const doc = (id, database = "_replicator") => ({ key: id, given: { doc_id: id, database } });

const URL = "https://couch.test:6984/a%20b";

/** @param {"password" | "session" | "none"} how @param {string} [username] @returns {any} */
const server = (how, username = "") => ({ client: { url: URL }, how, username });

test("the request as curl", () => {
  for (const id of IDS) {
    assert.deepEqual(argumentsIn(curlFor(doc(id, "team/_replicator"), server("password", "o'neil $x"))), [
      "--user",
      "o'neil $x",
      `${URL}/_scheduler/docs/team%2F_replicator/${encodeURIComponent(id)}`,
    ]);
  }
});

test("no character that a terminal obeys is in them", () => {
  const id = "x\n\r\u0003\u0015\u001b[201~\u007f\u009b\u202e\u2066";
  for (const text of [
    commandFor("show", doc(id, `${id}/_replicator`), server("password", id)),
    curlFor(doc(id), server("password", id)),
  ])
    assert.match(text, /^[ -~]+$/);
});

test("the command line", () => {
  for (const id of IDS) {
    const subject = id.startsWith("-") ? ["--", id] : [id];
    assert.deepEqual(argumentsIn(commandFor("show", doc(id), server("none"))), ["show", "--url", URL, ...subject]);
    assert.deepEqual(
      argumentsIn(commandFor("verify", doc(id, "team/_replicator"), server("password", "o'neil $x"), ["--stored"])),
      [
        "verify",
        "--database",
        "team/_replicator",
        "--stored",
        "--url",
        URL,
        "--user=o'neil $x",
        "--password-file",
        "FILE",
        ...subject,
      ],
    );
  }
  assert.equal(
    commandFor("show", doc("orders"), server("session")),
    `couchdb-scheduler show --url ${URL} --user=NAME --password-file FILE orders`,
  );
  // Behind the server of the page, the address of CouchDB is unknown.
  assert.equal(commandFor("lag", doc("orders"), null, ["--stored"]), "couchdb-scheduler lag --stored orders");
  const job = /** @type {any} */ ({ key: "0a+continuous", given: { doc_id: null, database: null } });
  assert.equal(commandFor("show", job, server("none")), `couchdb-scheduler jobs --url ${URL}`);
});
