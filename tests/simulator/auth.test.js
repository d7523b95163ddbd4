// @ts-check
/** Who is allowed what, and the errors for others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { basic, get, ORIGIN, send } from "./requests.js";

const LOCKED =
  '{"error":"forbidden","reason":"Account is temporarily locked due to multiple authentication failures"}\n';

/** @param {import("./requests.js").Simulator} simulator @param {Record<string, string>} headers */
async function docsWith(simulator, headers) {
  const response = await simulator.fetch(`${ORIGIN}/_scheduler/docs`, { headers, redirect: "manual" });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** @param {import("./requests.js").Simulator} simulator @param {string} [name] @param {string} [password] */
async function logIn(simulator, name = "admin", password = "pass") {
  const response = await simulator.fetch(`${ORIGIN}/_session`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ name, password }),
  });
  const [cookie, ...attributes] = (response.headers.get("set-cookie") ?? "").split("; ");
  return { status: response.status, cookie, attributes };
}

test("admins by the names and passwords given, users are not admins", async () => {
  const simulator = createSimulator({ admins: { ann: "a" }, users: { bob: "b" } });
  assert.equal((await docsWith(simulator, { authorization: basic("ann", "a") })).status, 200);
  const bob = await docsWith(simulator, { authorization: basic("bob", "b") });
  assert.deepEqual([bob.status, bob.text], [401, '{"error":"unauthorized","reason":"You are not a server admin."}\n']);
  assert.equal((await docsWith(simulator, { authorization: basic("admin", "pass") })).status, 401);
  assert.equal((await docsWith(simulator, {})).status, 401);
  for (const name of ["toString", "__proto__", ""])
    assert.equal((await docsWith(simulator, { authorization: basic(name, "x") })).status, 401, name);
});

test("a password with a colon and letters of many scripts", async () => {
  const simulator = createSimulator({ admins: { ann: "a:b:ü" } });
  const encoded = Buffer.from("ann:a:b:ü").toString("base64");
  assert.equal((await docsWith(simulator, { authorization: `Basic ${encoded}` })).status, 200);
});

test("five wrong passwords lock the account, not the others, until its time has passed", async () => {
  const simulator = createSimulator({ users: { bob: "b" }, lockoutSeconds: 300 });
  for (let i = 0; i < 5; i++)
    assert.equal((await docsWith(simulator, { authorization: basic("admin", "no") })).status, 401);
  const right = await docsWith(simulator, { authorization: basic("admin", "pass") });
  assert.deepEqual([right.status, right.text], [403, LOCKED]);
  assert.equal((await logIn(simulator)).status, 403);
  assert.equal((await logIn(simulator, "bob", "b")).status, 200);
  simulator.clock.advance(299_000);
  assert.equal((await docsWith(simulator, { authorization: basic("admin", "pass") })).status, 403);
  simulator.clock.advance(1_000);
  assert.equal((await docsWith(simulator, { authorization: basic("admin", "pass") })).status, 200);
});

test("four wrong passwords do not lock, and logins count like other requests", async () => {
  const simulator = createSimulator();
  for (let i = 0; i < 3; i++) await docsWith(simulator, { authorization: basic("admin", "no") });
  assert.equal((await logIn(simulator, "admin", "no")).status, 401);
  assert.equal((await docsWith(simulator, { authorization: basic("admin", "pass") })).status, 200);
  assert.equal((await logIn(simulator, "admin", "no")).status, 401);
  assert.equal((await docsWith(simulator, { authorization: basic("admin", "pass") })).status, 403);
});

test("a session: its cookie works until it expires", async () => {
  const simulator = createSimulator({ sessionSeconds: 100 });
  const { cookie, attributes, status } = await logIn(simulator);
  assert.equal(status, 200);
  assert(
    attributes.includes("Max-Age=100") && attributes.includes("HttpOnly") && attributes.includes("Path=/"),
    `${attributes}`,
  );
  assert.equal((await docsWith(simulator, { cookie })).status, 200);
  assert.equal((await docsWith(simulator, { cookie: `theme=dark; ${cookie}` })).status, 200);
  simulator.clock.advance(101_000);
  assert.equal((await docsWith(simulator, { cookie })).status, 401);
});

test("a cookie is renewed before it expires", async () => {
  const simulator = createSimulator({ sessionSeconds: 100 });
  const { cookie } = await logIn(simulator);
  assert.equal((await docsWith(simulator, { cookie })).headers.get("set-cookie"), null);
  simulator.clock.advance(50_000);
  const renewed = (await docsWith(simulator, { cookie })).headers.get("set-cookie")?.split(";")[0] ?? "";
  assert.match(renewed, /^AuthSession=.{40,}/);
  simulator.clock.advance(60_000);
  assert.equal((await docsWith(simulator, { cookie })).status, 401);
  assert.equal((await docsWith(simulator, { cookie: renewed })).status, 200);
});

test("invalid cookies: garbage 400, tampered or another server's 401", async () => {
  const simulator = createSimulator({ users: { bob: "b" } });
  const garbage = await docsWith(simulator, { cookie: "AuthSession=garbage" });
  assert.deepEqual(
    [garbage.status, JSON.parse(garbage.text).reason],
    [400, "Malformed AuthSession cookie. Please clear your cookies."],
  );
  const { cookie } = await logIn(simulator);
  assert.equal((await docsWith(simulator, { cookie: `${cookie.slice(0, -4)}AAAA` })).status, 401);
  assert.equal((await docsWith(createSimulator({ seed: 2 }), { cookie })).status, 401);
  const bob = (await logIn(simulator, "bob", "b")).cookie;
  const forged = `AuthSession=${Buffer.from(Buffer.from(bob.slice(12), "base64url").toString("latin1").replace("bob", "admin"), "latin1").toString("base64url")}`;
  assert.equal((await docsWith(simulator, { cookie: forged })).status, 401);
});

test("the session reports the user, and ends", async () => {
  const simulator = createSimulator();
  assert.deepEqual((await get(simulator, "/_session")).userCtx, { name: "admin", roles: ["_admin"] });
  const ended = await send(simulator, "/_session", { method: "DELETE" });
  assert.match(ended.headers.get("set-cookie") ?? "", /^AuthSession=;/);
  assert.equal((await send(simulator, "/_session", { method: "PUT" })).headers.get("allow"), "GET,HEAD,POST,DELETE");
  const noType = await send(simulator, "/_session", {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "x",
  });
  assert.equal(noType.status, 415);
  assert.equal((await send(simulator, "/_session", { method: "POST", body: {} })).status, 400);
});

test("with requireValidUser everything except logging in needs credentials", async () => {
  const simulator = createSimulator({ requireValidUser: true });
  for (const path of ["/", "/_up", "/_session", "/_scheduler/jobs"]) {
    const response = await simulator.fetch(ORIGIN + path, { headers: { accept: "text/html" } });
    assert.equal(response.status, 401, path);
    assert.equal(response.headers.get("www-authenticate"), 'Basic realm="server"');
  }
  assert.equal((await logIn(simulator)).status, 200);
});

test("an anonymous client that accepts text/html is redirected to a login page; fetch follows", async () => {
  const simulator = createSimulator();
  const headers = { accept: "text/html" };
  const sent = await docsWith(simulator, headers);
  assert.equal(sent.status, 302);
  assert.equal(
    sent.headers.get("location"),
    `${ORIGIN}/_utils/session.html?return=%2F_scheduler%2Fdocs&reason=You%20are%20not%20a%20server%20admin.`,
  );
  const followed = await simulator.fetch(`${ORIGIN}/_scheduler/docs`, { headers });
  assert.deepEqual(
    [followed.status, followed.redirected, followed.headers.get("content-type")],
    [200, true, "text/html"],
  );
  await assert.rejects(simulator.fetch(`${ORIGIN}/_scheduler/docs`, { headers, redirect: "error" }), TypeError);
});
