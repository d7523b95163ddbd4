// @ts-check
// Starting and stopping replications, which has to be allowed first.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingOn, openPage, until } from "./stage.js";

const HIDDEN_WORD = "open-sesame";

test("changes nothing unless it is allowed to", async (t) => {
  const { page, connected, rows, simulator, refresh } = await openPage(t);
  await connected();
  await rows.first().click();
  await page.locator("#details .parts").waitFor();
  const start = page.getByRole("button", { name: "Start a replication" });
  const stop = page.getByRole("button", { name: "Stop…" });
  assert.equal(await start.isVisible(), false);
  assert.equal(await stop.isVisible(), false);
  const readOnly = page.getByRole("switch", { name: "Read-only" });
  await readOnly.click();
  assert.equal(await readOnly.getAttribute("aria-checked"), "false");
  assert.equal(await start.isVisible(), true);
  assert.equal(await stop.isVisible(), true);
  await readOnly.click();
  assert.equal(await start.isVisible(), false);
  assert.equal(await stop.isVisible(), false);
  await refresh();
  assert.deepEqual(new Set(simulator.requests.map(({ method }) => method)), new Set(["GET"]));
  await readOnly.click();
  await page.reload();
  await connected();
  assert.equal(await readOnly.getAttribute("aria-checked"), "true", "it is on again the next time");
});

test("says as one types what is missing, and starts what is right", async (t) => {
  const { page, connected, elsewhere, row, refresh, shown, simulator } = await openPage(t);
  await connected();
  await page.getByRole("switch", { name: "Read-only" }).click();
  await page.getByRole("button", { name: "Start a replication" }).click();
  const dialog = page.getByRole("dialog", { name: "Start a replication" });
  const field = (/** @type {string} */ name) => dialog.getByLabel(name, { exact: true });
  assert.equal(await dialog.locator(".fault:visible").count(), 0, "nothing is wrong before one has typed");
  await dialog.getByRole("button", { name: "Start" }).click();
  assert.equal(await dialog.locator(".fault:visible").count(), 2);
  assert.equal(await field("Source").evaluate((input) => input === document.activeElement), true);

  await field("Source").fill("Orders");
  await dialog.getByText("Names of databases are lower case").waitFor();
  assert.equal(await field("Source").getAttribute("aria-invalid"), "true");
  await field("Source").fill(`https://bob:${HIDDEN_WORD}@berlin.example.net/orders`);
  await field("Target").fill("https://berlin.example.net/");
  await dialog.getByText("The URL names no database").waitFor();
  await field("Target").fill("https://berlin.example.net/orders/");
  await dialog.getByText("This is the source.").waitFor();
  assert.equal(await field("Source").inputValue(), "https://berlin.example.net/orders", "no password on the screen");
  assert.equal(await field("Name at the source").inputValue(), "bob");
  assert.equal(await field("Password at the source").inputValue(), HIDDEN_WORD);
  await field("Target").fill("https://cloud.example.com/orders");
  await field("Id of the document").fill("_mine");
  await dialog.getByText("Ids that begin with an underscore").waitFor();
  await field("Id of the document").fill("orders to warehouse");
  await dialog.getByText("There is a document with this id.").waitFor();
  await field("Id of the document").fill("mine");
  await field("Which documents").selectOption("selector");
  await field("Selector").fill("{");
  await dialog.getByText("A JSON object").waitFor();
  await field("Selector").fill('{"type": "order"}');
  await dialog.getByText("Continuous: go on").click();
  assert.equal(await dialog.locator(".fault:visible").count(), 0);
  await dialog.getByText("The document", { exact: true }).click();
  const preview = await dialog.locator("#start-preview").innerText();
  assert.match(preview, /"password": "\*{5}"/);

  await dialog.getByRole("button", { name: "Start" }).click();
  await dialog.waitFor({ state: "hidden" });
  const { body } = await elsewhere("GET", "_replicator/mine");
  assert.deepEqual(
    { source: body.source, target: body.target, continuous: body.continuous, selector: body.selector },
    {
      source: { url: "https://berlin.example.net/orders", auth: { basic: { username: "bob", password: HIDDEN_WORD } } },
      target: "https://cloud.example.com/orders",
      continuous: true,
      selector: { type: "order" },
    },
  );
  await page.getByRole("heading", { level: 2, name: "mine" }).waitFor();
  // The server takes a moment to know of it.
  simulator.clock.advance(10_000);
  await refresh();
  await until(async () => (await shown()) === 61, "one more");
  await row("mine").waitFor();
  assert.ok(!(await everythingOn(page)).includes(HIDDEN_WORD));
});

test("shows why the server does not take a replication", async (t) => {
  const { page, connected, simulator } = await openPage(t);
  await connected();
  await page.getByRole("switch", { name: "Read-only" }).click();
  await page.getByRole("button", { name: "Start a replication" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Source", { exact: true }).fill("https://berlin.example.net/orders");
  await dialog.getByLabel("Target", { exact: true }).fill("https://cloud.example.com/orders");
  const body = '{"error":"forbidden","reason":"Only on Sundays."}';
  simulator.fail({ path: "/_replicator", method: "POST", status: 403, body });
  await dialog.getByRole("button", { name: "Start" }).click();
  await dialog.getByText("Only on Sundays").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("stops one, asked once and by its name", async (t) => {
  const { page, connected, elsewhere, refresh, shown } = await openPage(t, {
    fragment: "#/docs/_replicator/customers%2Feu%2Bus",
  });
  await connected();
  await page.getByRole("switch", { name: "Read-only" }).click();
  const stop = page.getByRole("button", { name: "Stop…" });
  await stop.click();
  const dialog = page.getByRole("dialog", { name: "Stop “customers/eu+us”?" });
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await elsewhere("GET", "_replicator/customers%2Feu%2Bus")).status, 200);
  await stop.click();
  await dialog.getByRole("button", { name: "Stop it" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await elsewhere("GET", "_replicator/customers%2Feu%2Bus")).status, 404);
  await page.getByText("It is stopped: its document is deleted.").waitFor();
  await refresh();
  await until(async () => (await shown()) === 59, "one less");
});
