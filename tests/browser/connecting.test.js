// @ts-check
// The way in: the form, and what it says when the server says no.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingOn, openPage, PASSWORD, until } from "./stage.js";

/** Without credentials of the proxy's own the form is needed. */
const NOBODY = { user: "" };

/** @param {import("playwright-core").Page} page @param {string} username @param {string} password */
async function logIn(page, username, password) {
  await page.getByLabel("Name of a server admin").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Connect" }).click();
}

test("asks for a password where the server wants one, and connects with it", async (t) => {
  const { page, dev, connected, row } = await openPage(t, NOBODY);
  await page.getByText("The server wants the name and password of a server admin.").waitFor();
  assert.equal(await page.getByLabel("Server", { exact: true }).inputValue(), `${dev.url}/couchdb`);
  await logIn(page, "admin", PASSWORD);
  await connected();
  assert.equal(await row("orders to warehouse").count(), 1);
  assert.equal(await page.locator("#connect").isVisible(), false);
  assert.ok(!(await everythingOn(page)).includes(PASSWORD));
});

test("remembers address and name over a reload, but no password", async (t) => {
  const { page, dev, connected } = await openPage(t, NOBODY);
  await logIn(page, "admin", PASSWORD);
  await connected();
  await page.reload();
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
  assert.equal(await page.getByLabel("Server", { exact: true }).inputValue(), `${dev.url}/couchdb`);
  assert.equal(await page.getByLabel("Name of a server admin").inputValue(), "admin");
  assert.equal(await page.getByLabel("Password").inputValue(), "");
  assert.ok(!(await everythingOn(page)).includes(PASSWORD));
});

test("takes a password out of the address at once", async (t) => {
  const { page, dev, connected } = await openPage(t, NOBODY);
  await page.getByText("The server wants the name").waitFor();
  await page.getByLabel("Server", { exact: true }).fill(`${dev.url.replace("://", `://admin:${PASSWORD}@`)}/couchdb`);
  await page.getByRole("button", { name: "Connect" }).click();
  await connected();
  assert.ok(!(await everythingOn(page)).includes(PASSWORD));
  assert.match(await page.locator("#server").innerText(), /^http:\/\/localhost:\d+\/couchdb/);
});

test("says that a password is wrong after sending it once, and that the account is locked", async (t) => {
  const { page, simulator, connected } = await openPage(t, NOBODY);
  await page.getByText("The server wants the name").waitFor();
  const wrong = page.getByText("The server does not accept this name and password.");
  for (let i = 0; i < 5; i++) {
    const before = simulator.requests.length;
    await logIn(page, "admin", "wrong");
    await wrong.waitFor();
    assert.equal(simulator.requests.length, before + 1);
    assert.equal(await page.getByLabel("Password").inputValue(), "");
    assert.equal(await page.getByLabel("Password").evaluate((field) => field === document.activeElement), true);
  }
  await logIn(page, "admin", PASSWORD);
  await page.getByText("The account is locked after too many wrong passwords").waitFor();
  simulator.clock.advance(300_000);
  await logIn(page, "admin", PASSWORD);
  await connected();
});

test("says that somebody is no admin", async (t) => {
  const { page } = await openPage(t, { ...NOBODY, simulator: { users: { bob: "builder" } } });
  await logIn(page, "bob", "builder");
  await page.getByText("“bob” is not a server admin").waitFor();
});

test("stops asking when the password is changed, and shows the form again", async (t) => {
  const { page, simulator, connected, isRefreshing } = await openPage(t);
  await connected();
  const body = '{"error":"unauthorized","reason":"Name or password is incorrect."}';
  simulator.fail({ path: "/_scheduler/", status: 401, body, times: Infinity });
  await until(isRefreshing, "the refresh that is refused");
  await page.getByText("The server wants the name and password of a server admin.").waitFor();
  assert.equal(await page.locator("#dashboard").isVisible(), false);
  assert.equal(await isRefreshing(), false);
  assert.equal(await isRefreshing(), false);
  simulator.heal();
  await logIn(page, "admin", PASSWORD);
  await connected();
});

test("names what can be wrong when a server of another origin does not answer", async (t) => {
  const { page, dev } = await openPage(t, NOBODY);
  await page.getByText("The server wants the name").waitFor();
  // Nobody listens there: reserved, and not one of the ports that browsers refuse by themselves.
  await page.getByLabel("Server", { exact: true }).fill("http://127.0.0.1:1023/");
  await page.getByRole("button", { name: "Connect" }).click();
  const words = await page.getByText("No answer from http://127.0.0.1:1023").innerText();
  assert.ok(words.includes(`origins = ${dev.url}`));
  assert.match(words, /enable_cors = true/);
});

test("says that something else stands at the address", async (t) => {
  const { page, dev } = await openPage(t, NOBODY);
  await page.getByText("The server wants the name").waitFor();
  await page.getByLabel("Server", { exact: true }).fill(`${dev.url}/somewhere`);
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByText(/There is no replication scheduler at/).waitFor();
  await page.getByLabel("Server", { exact: true }).fill("ftp://example.com");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByText(/url must be/).waitFor();
});

test("shows the form where nobody has told it of a server", async (t) => {
  const { page, dev } = await openPage(t, NOBODY);
  await page.route("**/config.json", (route) => route.fulfill({ status: 404, body: "not found" }));
  await page.goto(`${dev.url}/`);
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
  assert.equal(await page.getByLabel("Server", { exact: true }).inputValue(), "");
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("goes to another server, with nothing left of the first", async (t) => {
  const { page, connected, column, isRefreshing } = await openPage(t);
  await connected();
  await page.getByRole("button", { name: "Change server" }).click();
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
  assert.deepEqual(await column("name"), []);
  assert.equal(await isRefreshing(), false);
  await page.getByRole("button", { name: "Connect" }).click();
  await connected();
  assert.equal((await column("name")).length, 60);
});
