// @ts-check
// Names and passwords of visitors: hashes, the file, and guessing.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { hashPassword, isPassword, parseHash, UNKNOWN } from "../../pkg/serve/password.js";
import { createDoorkeeper, readVisitors } from "../../pkg/serve/visitors.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { couch, recorder, served, standing } from "./stage.js";

const folder = mkdtempSync(join(tmpdir(), "visitors-"));
after(() => rmSync(folder, { recursive: true }));

/** @param {string} text */
function fileOf(text) {
  const file = join(folder, `${Math.random()}`);
  writeFileSync(file, text);
  return file;
}

/** @param {string} name @param {string} password */
const basic = (name, password) => `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

const HASH = await hashPassword("correct: hörse");

test("a hash is of one password, and salted", async () => {
  const parsed = parseHash(HASH);
  assert.ok(parsed);
  assert.equal(await isPassword("correct: hörse", parsed), true);
  for (const other of ["", "correct: horse", "correct: hörse ", "x".repeat(10_000)]) {
    assert.equal(await isPassword(other, parsed), false, other.slice(0, 20));
  }
  assert.equal(await isPassword("", UNKNOWN), false);
  assert.notEqual(await hashPassword("correct: hörse"), HASH);
  assert.doesNotMatch(HASH, /correct/);
});

test("weak, costly and broken hashes are refused", () => {
  const [, , , , salt = "", hash = ""] = HASH.split("$");
  for (const text of [
    "",
    "correct: hörse",
    `scrypt$1024$8$1$${salt}$${hash}`,
    `scrypt$16383$8$1$${salt}$${hash}`,
    `scrypt$1048576$8$1$${salt}$${hash}`,
    `scrypt$16384$8$0$${salt}$${hash}`,
    `scrypt$16384$8$1$$${hash}`,
    `scrypt$16384$8$1$${salt}$${hash.slice(4)}`,
    `bcrypt$16384$8$1$${salt}$${hash}`,
    `${HASH} `,
  ]) {
    assert.equal(parseHash(text), null, text);
  }
  assert.ok(parseHash(`scrypt$32768$8$1$${salt}$${hash}`));
});

test("the file has one name:hash per line", () => {
  assert.deepEqual(
    [...readVisitors(fileOf(`# ours\r\n\r\nops:${HASH}\r\nprometheus:${HASH}\n`)).keys()],
    ["ops", "prometheus"],
  );
  for (const [text, words] of /** @type {const} */ ([
    ["", /has no names/],
    ["# only a comment\n", /has no names/],
    ["ops:s3cret\n", /line 1 is not name:hash.*--hash-password/],
    [`ops:${HASH}\n${HASH}\n`, /line 2/],
    [`:${HASH}\n`, /line 1/],
  ])) {
    assert.throws(
      () => readVisitors(fileOf(text)),
      (/** @type {Error} */ error) =>
        error.name === "UsageError" && words.test(error.message) && !error.message.includes("s3cret"),
      text,
    );
  }
  assert.throws(() => readVisitors(join(folder, "missing")), /cannot be read: ENOENT/);
});

test("at most five failures a minute from one address; others are not affected", async () => {
  const clock = standing();
  const visitors = readVisitors(fileOf(`ops:${HASH}\n`));
  const doorkeeper = createDoorkeeper(visitors, clock.now);
  const status = (/** @type {string | undefined} */ authorization, address = "192.0.2.1") =>
    doorkeeper(authorization, address).then(
      (name) => name,
      (error) => error.status,
    );
  const right = basic("ops", "correct: hörse");
  assert.equal(await status(undefined), 401, "not a failure: browsers send the first request without credentials");
  // All at once: they are counted before they are compared.
  const guesses = await Promise.all(Array.from({ length: 50 }, (_, at) => status(basic("ops", `guess ${at}`))));
  assert.deepEqual(guesses.sort(), [...Array(5).fill(401), ...Array(45).fill(429)]);
  assert.equal(await status(right), 429, "the right one, too: otherwise guessing would continue");
  assert.equal(await status(right, "::ffff:192.0.2.1"), 429, "the same address");
  assert.equal(await status(right, "192.0.2.2"), "ops");
  assert.equal(await status(right), "ops", "known by now");
  clock.advance(60_000);
  assert.equal(await status(basic("other", "x")), 401);
  assert.equal(await status(basic("ops", "")), 401);
  // One visitor has a whole network of IPv6.
  for (let at = 0; at < 5; at++) assert.equal(await status(basic("ops", "x"), `2001:db8::${at}`), 401);
  assert.equal(await status(basic("ops", "x"), "2001:db8:0:0:1:2:3:4"), 429);
  assert.equal(await status(basic("ops", "x"), "2001:db8:0:1::1"), 401);
});

test("right passwords are no failures", async () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const visitors = readVisitors(fileOf(names.map((name) => `${name}:${HASH}\n`).join("")));
  const doorkeeper = createDoorkeeper(visitors, standing().now);
  for (const name of names) assert.equal(await doorkeeper(basic(name, "correct: hörse"), "192.0.2.1"), name);
});

test("accepted credentials are remembered for five minutes", async () => {
  const clock = standing();
  const visitors = readVisitors(fileOf(`ops:${HASH}\n`));
  const doorkeeper = createDoorkeeper(visitors, clock.now);
  const right = basic("ops", "correct: hörse");
  assert.equal(await doorkeeper(right, "192.0.2.1"), "ops");
  visitors.delete("ops");
  assert.equal(await doorkeeper(right, "192.0.2.1"), "ops");
  clock.advance(300_000);
  await assert.rejects(doorkeeper(right, "192.0.2.1"), { status: 401 });
});

test("nothing but the health of the server is shown without a password", async () => {
  const { host, seen } = await recorder();
  const authFile = fileOf(`ops:${HASH}\n`);
  const url = await served({ couchdbUrl: `http://admin:secret@${host}`, authFile });
  for (const path of [
    "/",
    "/config.json",
    "/couchdb/",
    "/couchdb/_scheduler/jobs",
    "/api/summary",
    "/nothing",
    "/api",
  ]) {
    const response = await fetch(url + path);
    assert.equal(response.status, 401, path);
    assert.match(response.headers.get("www-authenticate") ?? "", /^Basic realm=/);
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.equal(seen.length, 0);
  const headers = { authorization: basic("ops", "correct: hörse") };
  for (const path of ["/", "/config.json", "/couchdb/_scheduler/jobs"]) {
    assert.equal((await fetch(url + path, { headers })).status, 200, path);
  }
  assert.equal(seen[0]?.headers.authorization, basic("admin", "secret"), "the visitor's password stays here");
});

test("a change is logged with the name of the visitor", async () => {
  const { withAdmin } = await couch();
  /** @type {any[]} */
  const lines = [];
  const authFile = fileOf(`ops:${HASH}\n`);
  const log = (/** @type {string} */ line) => void lines.push(JSON.parse(line));
  const url = await served({ couchdbUrl: withAdmin, authFile, allowWrites: true, log });
  const headers = { authorization: basic("ops", "correct: hörse"), "Content-Type": "application/json" };
  const body = JSON.stringify({ source: "http://a.example/x", target: "http://b.example/x" });
  const response = await fetch(`${url}/couchdb/_replicator`, { method: "POST", headers, body });
  assert.equal(response.status, 201);
  assert.equal(lines[0]?.visitor, "ops");
});

test("--hash-password makes a hash of its input that the file accepts", async () => {
  const child = spawn(process.execPath, [fromRoot("scripts", "start.js"), "--hash-password"]);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ piece) => {
    text += piece;
  });
  child.stdin.end("open sesame\nmore\n");
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  const parsed = parseHash(text.trim().split("\n").at(-1) ?? "");
  assert.ok(parsed);
  assert.equal(await isPassword("open sesame", parsed), true);
});
