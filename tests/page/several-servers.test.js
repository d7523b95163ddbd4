// @ts-check
// The start page: a card for each server, and one search across all.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";
import { everythingOn, openPage, until } from "./open-page.js";
import { openServers, WORD } from "./open-servers.js";

/** As in connection/servers.js. */
const CARD_INTERVAL = 30_000;
/** @param {import("playwright-core").Page} page */
async function logIn(page) {
  await page.getByLabel("Name of a server admin").fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill(WORD);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

test("shows how each server is doing, and opens one after the other", async (t) => {
  const { page, berlin, lyon, card, open, connected, shown, seen, title } = await openServers(t);
  await card("Berlin").getByText("Refreshed at").waitFor();
  await card("Lyon").getByRole("button", { name: "Connect" }).waitFor();
  await seen(card("Gent").getByText("No response from http://127.0.0.1:1."));
  await page.getByText(/^3 servers · 1 unreachable · 1 without password · \d+ incidents?$/).waitFor();
  // Of all its databases: 40 documents in one, and some in another.
  const [, total] = /(\d+) replications/.exec((await card("Berlin").textContent()) ?? "") ?? [];
  assert.ok(Number(total) > 40, total);
  assert.ok((await card("Berlin").locator(".card-incidents li").count()) > 0);

  const before = berlin.requests.length;
  await page.clock.fastForward(CARD_INTERVAL);
  await until(() => berlin.requests.length > before, "the next refresh");

  await open("Berlin");
  await connected();
  await until(async () => (await shown()) === 40, "its replications");
  assert.match(page.url(), /server=Berlin/);
  await page.getByRole("button", { name: "Servers", exact: true }).click();
  await title.waitFor();
  assert.equal(await title.evaluate((heading) => heading === document.activeElement), true);

  await open("Lyon");
  await logIn(page);
  await connected();
  await until(async () => (await shown()) === 20, "its replications");
  const sent = `Basic ${btoa(`admin:${WORD}`)}`;
  assert.ok(lyon.requests.some(({ headers }) => headers.get("authorization") === sent));
  assert.ok(
    !berlin.requests.some(({ headers }) => headers.get("authorization") === sent),
    "a password is for one server",
  );
  assert.ok(!(await everythingOn(page)).includes(WORD));
  await page.evaluate("history.back()");
  await card("Lyon").getByText("Refreshed at").waitFor();

  await open("Lyon");
  await connected();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await card("Lyon").getByRole("button", { name: "Connect" }).waitFor();
  assert.equal(await card("Lyon").locator(".state-bar").count(), 0, "its numbers are gone with its password");
});

test("searches all servers, and opens what is found", async (t) => {
  const { page, card, connected, seen } = await openServers(t);
  await card("Berlin").getByText("Refreshed at").waitFor();
  const field = page.getByRole("searchbox", { name: "Search all servers" });
  await field.fill("customers");
  await field.press("Enter");
  const found = page.getByRole("region", { name: "Results" });
  await seen(found.getByText("No response from http://127.0.0.1:1."));
  await found.getByText(/1 server not searched: the password is missing/).waitFor();
  await until(async () => !(await page.getByRole("button", { name: "Cancel" }).isVisible()), "the end");
  // Below a role, this crashes Firefox 153.
  assert.deepEqual(await page.locator("search-everywhere h3").allTextContents(), ["Berlin", "Gent"]);
  const first = found.getByRole("button").first();
  const id = (await first.textContent()) ?? "";
  assert.match(id, /customers/);
  await first.click();
  await connected();
  await page.getByRole("heading", { name: id }).waitFor();
});

test("searches all replicator databases, also through the server of the page", async (t) => {
  const { page, card, connected } = await openServers(t);
  await card("Berlin").getByText("Refreshed at").waitFor();
  const field = page.getByRole("searchbox", { name: "Search all servers" });
  await field.fill("payments-to-bank");
  await field.press("Enter");
  const found = page.getByRole("region", { name: "Results" }).getByRole("button", { name: "payments-to-bank" });
  await page.getByText("in team/_replicator").waitFor();
  await found.nth(1).click();
  await connected();
  await page.getByRole("heading", { name: "payments-to-bank" }).waitFor();
  assert.equal(await page.getByLabel("Database").inputValue(), "team/_replicator");
});

test("opens the server of the address, and reports one that does not respond", async (t) => {
  const { page, connected, seen, title } = await openServers(t, {
    fragment: "#/docs/_replicator?server=Berlin&state=running",
  });
  await connected();
  assert.equal(await page.locator(".state-filter.running").getAttribute("aria-pressed"), "true");
  await page.evaluate(() => {
    location.hash = "#/docs/_replicator?server=Gent";
  });
  await seen(page.locator("#connect-trouble").getByText("No response from http://127.0.0.1:1."));
  assert.equal(await page.getByRole("textbox", { name: "Server", exact: true }).inputValue(), "http://127.0.0.1:1");
  await page.getByRole("button", { name: "All servers" }).click();
  await title.waitFor();
});

test("keeps added servers without their passwords, until they are removed", async (t) => {
  const stage = await openPage(t);
  const { page, connected, shown } = stage;
  const other = createSimulator({ docs: 30, admins: { admin: WORD } });
  const { url, close } = await serve(other);
  t.after(close);
  await connected();
  await page.getByRole("button", { name: "Servers", exact: true }).click();
  await page.locator(".card").getByText("Refreshed at").waitFor();
  await page.getByRole("button", { name: "Add a server" }).click();
  await page.getByRole("textbox", { name: "Server", exact: true }).fill(url);
  await page.getByLabel("Remember server and name in this browser").check();
  await logIn(page);
  await connected();
  await until(async () => (await shown()) === 30, "its replications");
  assert.ok(!(await everythingOn(page)).includes(WORD));

  await page.evaluate(() => {
    location.hash = "";
  });
  await page.reload();
  const card = page.locator(".card").filter({ hasText: new URL(url).host });
  await card.getByText("Enter its password to connect.").waitFor();
  assert.equal(await page.locator(".card").count(), 2);
  await card.getByRole("button", { name: "Connect" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Server", exact: true }).inputValue(), url);
  assert.equal(await page.getByLabel("Name of a server admin").inputValue(), "admin");
  await page.getByRole("button", { name: "All servers" }).click();
  await card.getByRole("button", { name: /^Remove/ }).click();
  await until(async () => (await page.locator(".card").count()) === 1, "one less");
  await page.reload();
  await connected();
  assert.equal(await page.locator(".card").count(), 0, "one server is shown at once");
});

test("who goes back is not taken to the server that answers later", async (t) => {
  const { page, title } = await openServers(t);
  // It allows requests of the page, and never responds to them.
  const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*, authorization" };
  const late = createServer((request, response) => {
    if (request.method === "OPTIONS") response.writeHead(204, headers).end();
    else late.emit("waiting", response);
  });
  t.after(() => late.close().closeAllConnections());
  await once(late.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (late.address());
  await page.getByRole("button", { name: "Add a server" }).click();
  await page.getByRole("textbox", { name: "Server", exact: true }).fill(`http://127.0.0.1:${port}`);
  const sent = once(late, "waiting");
  await logIn(page);
  const [response] = await sent;
  const canceled = once(response, "close");
  await page.getByRole("button", { name: "All servers" }).click();
  await title.waitFor();
  await canceled;
  await page.getByRole("button", { name: "Add a server" }).click();
  assert.equal(await page.locator("connect-form [aria-disabled=true]").count(), 0, "the form waits for nothing");
});

test("the server to try the page with is not remembered", async (t) => {
  const { page, title, open, connected } = await openServers(t);
  await open("Lyon");
  await page.getByLabel("Remember server and name in this browser").check();
  await page.getByLabel("Name of a server admin").fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill("wrong");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.locator("#connect-trouble").waitFor();
  await page.getByRole("button", { name: "Try it out" }).click();
  await connected();
  await page.getByRole("button", { name: "Servers", exact: true }).click();
  await title.waitFor();
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage })), /try-out/);
});
