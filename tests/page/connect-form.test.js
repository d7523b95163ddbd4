// @ts-check
// The connect form, and its messages when the server refuses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingOn, openPage, PASSWORD, until } from "./open-page.js";

/** Without credentials in the proxy, the form is needed. */
const NOBODY = { user: "" };

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const password = (page) => page.getByRole("textbox", { name: "Password" });
/** @param {Page} page */
const server = (page) => page.getByRole("textbox", { name: "Server", exact: true });

/** @param {Page} page @param {string} name @param {string} word */
async function logIn(page, name, word) {
  await page.getByLabel("Name of a server admin").fill(name);
  await password(page).fill(word);
  await page.getByRole("button", { name: "Connect" }).click();
}

/** @param {Page} page */
const asksForLogin = (page) => page.getByText("The server needs the name and password of a server admin.").waitFor();

test("asks for a password if the server requires one, and connects with it", async (t) => {
  const { page, dev, connected, shown } = await openPage(t, NOBODY);
  await asksForLogin(page);
  assert.equal(await server(page).inputValue(), `${dev.url}/couchdb`);
  await logIn(page, "admin", PASSWORD);
  await connected();
  await until(async () => (await shown()) === 60, "the rows");
  assert.equal(await page.locator("#connect").isVisible(), false);
  assert.ok(!(await everythingOn(page)).includes(PASSWORD));
});

test("stores nothing unless the user wants it, and never a password", async (t) => {
  const { page, dev, connected } = await openPage(t, NOBODY);
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
  await asksForLogin(page);
  await logIn(page, "admin", PASSWORD);
  await connected();
  assert.equal(await stored(), "{}");

  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByLabel("Remember server and name in this browser").check();
  await logIn(page, "admin", PASSWORD);
  await connected();
  assert.ok(!(await stored()).includes(PASSWORD));
  await page.reload();
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
  assert.equal(await server(page).inputValue(), `${dev.url}/couchdb`);
  assert.equal(await page.getByLabel("Name of a server admin").inputValue(), "admin");
  assert.equal(await password(page).inputValue(), "");

  await page.getByLabel("Remember server and name in this browser").uncheck();
  await logIn(page, "admin", PASSWORD);
  await connected();
  assert.equal(await stored(), "{}");
});

test("removes a password from the URL immediately", async (t) => {
  const { page, dev, connected } = await openPage(t, NOBODY);
  await asksForLogin(page);
  await server(page).fill(`${dev.url.replace("://", `://admin:${PASSWORD}@`)}/couchdb`);
  await page.getByRole("button", { name: "Connect" }).click();
  await connected();
  assert.ok(!(await everythingOn(page)).includes(PASSWORD));
  assert.match(await page.locator("#server").innerText(), /^http:\/\/localhost:\d+\/couchdb/);
});

test("uses the session that the browser has", async (t) => {
  const { page, connected, simulator } = await openPage(t, NOBODY);
  await asksForLogin(page);
  // As Fauxton does, at the server's own URL: cookies belong to a host name, on any port.
  const logIn = await simulator.fetch("http://couch.test/_session", {
    method: "POST",
    body: JSON.stringify({ name: "admin", password: PASSWORD }),
    headers: { "Content-Type": "application/json" },
  });
  const [, value = ""] = /AuthSession=([^;]+)/.exec(logIn.headers.get("set-cookie") ?? "") ?? [];
  await page.context().addCookies([
    { name: "AuthSession", value, domain: "localhost", path: "/" },
    { name: "theme", value: "of-another-server", domain: "localhost", path: "/" },
  ]);
  await page.getByLabel("This browser's session").check();
  assert.equal(await password(page).isVisible(), false);
  await page.getByRole("button", { name: "Connect" }).click();
  await connected();
  const asked = simulator.requests.at(-1);
  assert.equal(asked?.headers.has("authorization"), false);
  assert.equal(asked?.headers.get("cookie"), `AuthSession=${value}`);
});

test("reports a wrong password after sending it once, and a locked account", async (t) => {
  const { page, simulator, connected } = await openPage(t, NOBODY);
  await asksForLogin(page);
  const wrong = page.getByText("The server does not accept this name and password.");
  for (let i = 0; i < 5; i++) {
    const before = simulator.requests.length;
    await logIn(page, "admin", "wrong");
    await wrong.waitFor();
    assert.equal(simulator.requests.length, before + 1);
    assert.equal(await password(page).inputValue(), "");
    assert.equal(await password(page).evaluate((field) => field === document.activeElement), true);
  }
  await page.getByText("five wrong passwords lock the account").waitFor();
  await logIn(page, "admin", PASSWORD);
  await page.getByText("The account is locked after too many wrong passwords").waitFor();
  await page.getByText("Wait 5 minutes, then connect again.").waitFor();
  assert.match(await page.locator("#connect-trouble code").innerText(), /\[chttpd_auth_lockout\]/);
  simulator.clock.advance(300_000);
  await logIn(page, "admin", PASSWORD);
  await connected();
});

test("sends a wrong password once, for either list", async (t) => {
  const { page, simulator, connected, shown, quiet } = await openPage(t, { ...NOBODY, fragment: "#/jobs" });
  await asksForLogin(page);
  const before = simulator.requests.length;
  simulator.fail({ path: "/", delay: 1000 });
  await logIn(page, "admin", "wrong");
  await until(() => simulator.requests.length > before, "the request");
  // Selecting another list in the meantime must not send it again.
  for (const fragment of ["#/docs/team%2F_replicator", "#/jobs", "#/docs/_replicator", "#/jobs"]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
  }
  simulator.clock.advance(1000);
  await page.getByText("The server does not accept this name and password.").waitFor();
  await quiet();
  assert.equal(simulator.requests.length, before + 1);
  await logIn(page, "admin", PASSWORD);
  await connected();
  await until(async () => (await shown()) === 3, "the jobs");
});

test("shows the database that was selected before the server responded", async (t) => {
  const { page, simulator, connected, shown, truth } = await openPage(t, NOBODY);
  await asksForLogin(page);
  const before = simulator.requests.length;
  simulator.fail({ path: "/", delay: 1000 });
  await logIn(page, "admin", PASSWORD);
  await until(() => simulator.requests.length > before, "the request");
  await page.evaluate(() => {
    location.hash = "#/docs/team%2F_replicator";
  });
  simulator.clock.advance(1000);
  await connected();
  const { length } = await truth("team/_replicator");
  await until(async () => (await shown()) === length, "the rows of that database");
  assert.equal(await page.getByLabel("Database").inputValue(), "team/_replicator");
});

test("remembers only accepted logins, and no password", async (t) => {
  const { page, seen } = await openPage(t, NOBODY);
  await asksForLogin(page);
  await page.getByLabel("Remember server and name in this browser").check();
  for (const [address, words] of /** @type {const} */ ([
    ["admin:s3cret@127.0.0.1", /url must be/],
    ["admin:s3cret@127.0.0.1:1023/path", /url must be/],
    ["ftp://admin:s3cret@127.0.0.1", /url must be/],
    ["http://:s3cret@127.0.0.1:1023/", /No response from http:\/\/127\.0\.0\.1:1023/],
    ["http://admin:s3cret@127.0.0.1:1023/", /No response from http:\/\/127\.0\.0\.1:1023/],
    ["http://admin:s3%40cret@127.0.0.1:1023/", /No response from http:\/\/127\.0\.0\.1:1023/],
  ])) {
    await server(page).fill(address);
    await page.getByRole("button", { name: "Connect" }).click();
    await seen(page.locator("#connect-trouble", { hasText: words }));
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.doesNotMatch(stored, /s3|cret/, address);
    assert.doesNotMatch(await server(page).inputValue(), /s3|cret/, address);
    assert.doesNotMatch(await page.locator("body").innerText(), /s3|cret/, address);
    assert.equal(stored.includes("127.0.0.1"), words.source.startsWith("No response"), address);
    await page.evaluate(() => localStorage.clear());
  }
});

test("reports that the user is not an admin", async (t) => {
  const { page } = await openPage(t, { ...NOBODY, simulator: { users: { bob: "builder" } } });
  await asksForLogin(page);
  await logIn(page, "bob", "builder");
  await page.getByText("“bob” is not a server admin").waitFor();
});

test("stops its requests when the password is changed, and shows the form again", async (t) => {
  const { page, simulator, connected, isRefreshing } = await openPage(t);
  await connected();
  const body = '{"error":"unauthorized","reason":"Name or password is incorrect."}';
  simulator.fail({ path: "/", status: 401, body, times: Infinity });
  await until(isRefreshing, "the refresh that is refused");
  await asksForLogin(page);
  assert.equal(await page.locator("#dashboard").isVisible(), false);
  assert.equal(await isRefreshing(), false);
  assert.equal(await isRefreshing(), false);
  simulator.heal();
  await logIn(page, "admin", PASSWORD);
  await connected();
});

test("names the settings that are missing when a server of another origin does not respond", async (t) => {
  const { page, dev, seen } = await openPage(t, NOBODY);
  await asksForLogin(page);
  // No server listens there: a reserved port, but not one of those that browsers block.
  await server(page).fill("http://127.0.0.1:1023/");
  await page.getByRole("button", { name: "Connect" }).click();
  await seen(page.getByText("No response from http://127.0.0.1:1023"));
  const settings = await page.locator("#connect-trouble code").innerText();
  assert.ok(settings.includes(`origins = ${dev.url}\n`));
  assert.match(settings, /enable_cors = true/);
  assert.match(settings, /headers = accept, authorization, content-type/);
});

test("reports that another service is at the URL", async (t) => {
  const { page, dev, seen } = await openPage(t, NOBODY);
  await asksForLogin(page);
  await server(page).fill(`${dev.url}/somewhere`);
  await page.getByRole("button", { name: "Connect" }).click();
  // A 404 that is not CouchDB's may be transient, so the request is retried first.
  await seen(page.getByText("is not CouchDB's replication scheduler"));
  await server(page).fill("ftp://example.com");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByText(/url must be/).waitFor();
});

test("shows the form if no server is configured", async (t) => {
  const { page, dev } = await openPage(t, NOBODY);
  await page.context().addInitScript(() => {
    const real = window.fetch;
    window.fetch = async (resource, options) =>
      String(resource).endsWith("config.json") ? new Response("{}") : real(resource, options);
  });
  await page.goto(`${dev.url}/`);
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
  assert.equal(await server(page).inputValue(), "");
  assert.equal(await page.locator("#connect-trouble").isVisible(), false);
});

test("connects to another server, without any data of the first", async (t) => {
  const { page, connected, rows, shown, isRefreshing } = await openPage(t);
  await connected();
  await rows.first().click();
  await page.locator("#details .parts").waitFor();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
  await until(async () => (await rows.count()) === 0, "no rows");
  assert.equal(await isRefreshing(), false);
  await page.getByRole("button", { name: "Connect" }).click();
  await connected();
  await until(async () => (await shown()) === 60, "the rows");
});
