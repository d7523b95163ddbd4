// @ts-check
// Starting and stopping replications, which must be allowed first.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingOn, openPage, until } from "./open-page.js";

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

test("reports errors during input, and starts a valid replication", async (t) => {
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
  await dialog.getByText("Database names start with a lowercase letter").waitFor();
  assert.equal(await field("Source").getAttribute("aria-invalid"), "true");
  await field("Source").fill(`https://bob:${HIDDEN_WORD}@berlin.example.net/orders`);
  await field("Target").fill("https://berlin.example.net/");
  await dialog.getByText("The URL has no database name").waitFor();
  await field("Target").fill("https://berlin.example.net/orders/");
  await dialog.getByText("The target is the same as the source.").waitFor();
  assert.equal(await field("Source").inputValue(), "https://berlin.example.net/orders", "no password on the screen");
  assert.equal(await field("Name at the source").inputValue(), "bob");
  assert.equal(await field("Password at the source").inputValue(), HIDDEN_WORD);
  await field("Target").fill("https://cloud.example.com/orders");
  await field("Id of the document").fill("_mine");
  await dialog.getByText("Ids that start with an underscore").waitFor();
  await field("Id of the document").fill("orders to warehouse");
  await dialog.getByText("A document with this id exists.").waitFor();
  await field("Id of the document").fill("mine");
  await field("Which documents").selectOption("selector");
  await field("Selector").fill("{");
  await dialog.getByText("Enter a JSON object").waitFor();
  await field("Selector").fill('{"type": "order"}');
  await dialog.getByText("Continuous: also replicate").click();
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
  // The server reports it a moment later.
  simulator.clock.advance(10_000);
  await refresh();
  await until(async () => (await shown()) === 61, "one more");
  await row("mine").waitFor();
  assert.ok(!(await everythingOn(page)).includes(HIDDEN_WORD));
});

test("shows why the server refuses a replication", async (t) => {
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

test("stops one after a confirmation with its name", async (t) => {
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
  assert.equal(await stop.evaluate((button) => button === document.activeElement), true, "the focus returns");
  assert.equal((await elsewhere("GET", "_replicator/customers%2Feu%2Bus")).status, 200);
  await stop.click();
  await dialog.getByRole("button", { name: "Stop it" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await elsewhere("GET", "_replicator/customers%2Feu%2Bus")).status, 404);
  await page.getByText("It was stopped: its document was deleted.").waitFor();
  // The button that opened the dialog is gone.
  await until(async () => (await page.evaluate(() => document.activeElement?.id)) === "details-title", "the focus");
  await refresh();
  await until(async () => (await shown()) === 59, "one less");
});

/** @param {import("playwright-core").Page} page @param {string} fragment */
const goTo = (page, fragment) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, fragment);

const HERE = "_replicator/same";
const THERE = "team%2F_replicator/same";

/** A page that shows a document of `_replicator`; a document of the other database has the same id. @param {import("node:test").TestContext} t */
async function twoOfOneName(t) {
  const stage = await openPage(t, { fragment: `#/docs/${HERE}` });
  await stage.connected();
  const body = { source: "https://a.example/x", target: "https://b.example/x", continuous: true };
  for (const path of [HERE, THERE]) assert.equal((await stage.elsewhere("PUT", path, body)).status, 201);
  stage.simulator.clock.advance(60_000);
  await stage.refresh();
  await stage.page.getByRole("switch", { name: "Read-only" }).click();
  return {
    ...stage,
    dialog: stage.page.getByRole("dialog", { name: "Stop “same”?" }),
    openConfirmation: () => stage.page.getByRole("button", { name: "Stop…" }).click(),
    stop: () => stage.page.getByRole("button", { name: "Stop it" }).click(),
    areThere: async () =>
      [await stage.elsewhere("GET", HERE), await stage.elsewhere("GET", THERE)].map(({ status }) => status),
  };
}

test("a confirmation for one replication closes when another is shown", async (t) => {
  const { page, dialog, openConfirmation, stop, areThere, elsewhere, refresh, simulator } = await twoOfOneName(t);
  for (const fragment of [`#/docs/${THERE}`, "#/docs/_replicator", "#/docs/_replicator/0001", "#/jobs"]) {
    await openConfirmation();
    await dialog.waitFor();
    await goTo(page, fragment);
    await dialog.waitFor({ state: "hidden" });
    await goTo(page, `#/docs/${HERE}`);
    await page.locator("#details .parts").waitFor();
  }
  assert.deepEqual(await areThere(), [200, 200]);

  // Another replication has the name now.
  await openConfirmation();
  const { _rev } = (await elsewhere("GET", HERE)).body;
  const body = { _rev, source: "https://c.example/x", target: "https://b.example/x", continuous: true };
  assert.equal((await elsewhere("PUT", HERE, body)).status, 201);
  simulator.clock.advance(60_000);
  await refresh();
  await dialog.waitFor({ state: "hidden" });

  // The same replication, with only its counters changed.
  await openConfirmation();
  simulator.clock.advance(60_000);
  await refresh();
  assert.equal(await dialog.isVisible(), true);
  await stop();
  await dialog.waitFor({ state: "hidden" });
  assert.deepEqual(await areThere(), [404, 200]);
});

test("stops the confirmed replication, whatever is shown in the meantime", async (t) => {
  const { page, dialog, openConfirmation, stop, areThere, simulator } = await twoOfOneName(t);
  simulator.fail({ method: "GET", path: "/_replicator/same", delay: 1000 });
  await openConfirmation();
  const before = simulator.requests.length;
  await stop();
  await until(() => simulator.requests.length > before, "the request");
  await goTo(page, `#/docs/${THERE}`);
  await page.locator("#details .parts").waitFor();
  await openConfirmation();
  await dialog.getByText("from team/_replicator").waitFor();
  simulator.clock.advance(1000);
  await page.locator("#announcer", { hasText: "same was stopped" }).waitFor({ state: "attached" });
  assert.deepEqual(await areThere(), [404, 200]);
  assert.equal(await dialog.isVisible(), true, "the confirmation for the other row stays");
  assert.equal(await page.getByText("It was stopped").isVisible(), false);
  await stop();
  await dialog.waitFor({ state: "hidden" });
  assert.deepEqual(await areThere(), [404, 404]);
});

test("dialogs close with their server or database, and their input is removed", async (t) => {
  const { page, connected, simulator, seen } = await openPage(t);
  await connected();
  const open = async () => {
    await page.getByRole("switch", { name: "Read-only" }).click();
    await page.getByRole("button", { name: "Start a replication" }).click();
  };
  const dialog = page.getByRole("dialog", { name: "Start a replication" });
  await open();
  await dialog.getByLabel("Source", { exact: true }).fill(`https://bob:${HIDDEN_WORD}@berlin.example.net/orders`);
  await goTo(page, "#/docs/team%2F_replicator");
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Start a replication" }).click();
  await dialog.getByText("A document in team/_replicator.").waitFor();
  assert.equal(await dialog.getByLabel("Source", { exact: true }).inputValue(), "");
  const body = '{"error":"unauthorized","reason":"Name or password is incorrect."}';
  simulator.fail({ path: "/", status: 401, body, times: Infinity });
  await seen(page.getByText("The server needs the name and password of a server admin."));
  assert.equal(await dialog.isVisible(), false);
  assert.ok(!(await everythingOn(page)).includes(HIDDEN_WORD));
});

test("shows the document before it is written, without passwords and tokens", async (t) => {
  const { page, connected } = await openPage(t);
  await connected();
  await page.getByRole("switch", { name: "Read-only" }).click();
  await page.getByRole("button", { name: "Start a replication" }).click();
  const dialog = page.getByRole("dialog");
  const preview = dialog.locator("#start-preview");
  await dialog.getByLabel("Source", { exact: true }).fill("https://a.example/x");
  await dialog.getByText("The document", { exact: true }).click();
  for (const target of [
    `https://bob:${HIDDEN_WORD}@b.example/x`,
    `https://:${HIDDEN_WORD}@b.example/x`,
    `https:bob:${HIDDEN_WORD}@b.example/x`,
    `https://b.example/x?token=${HIDDEN_WORD}`,
    `https://b.example/x?a=${HIDDEN_WORD}&b=1;c=${HIDDEN_WORD}`,
    `https://b.example/x?${HIDDEN_WORD}`,
    `https://b.example/x?a=b=${HIDDEN_WORD}`,
    `https://b.example/x?a=/?${HIDDEN_WORD}`,
    `https://b.example/x#access_token=${HIDDEN_WORD}`,
    `https://b.example/x#${HIDDEN_WORD}`,
  ]) {
    await dialog.getByLabel("Target", { exact: true }).fill(target);
    await until(async () => /b\.example/.test(await preview.innerText()), target);
    assert.doesNotMatch(await preview.innerText(), new RegExp(HIDDEN_WORD), target);
    assert.match(await preview.innerText(), /\*{5}/, target);
  }
  await dialog.getByLabel("Target", { exact: true }).fill("https://b.example/x");
  assert.match(await preview.innerText(), /"target": "https:\/\/b\.example\/x"/);
});

test("reports that the server of the page refuses changes, and how to allow them", async (t) => {
  const { page, connected, rows, simulator } = await openPage(t, { allowWrites: false });
  await connected();
  await page.locator("#server", { hasText: "changes refused" }).waitFor();
  await rows.first().click();
  await page.locator("#details .parts").waitFor();
  const readOnly = page.getByRole("switch", { name: "Read-only" });
  await readOnly.click();
  const dialog = page.getByRole("dialog", { name: "The server of this page refuses changes" });
  await dialog.getByText("couchdb-scheduler serve --allow-writes").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await readOnly.getAttribute("aria-checked"), "true");
  assert.equal(await page.getByRole("button", { name: "Start a replication" }).isVisible(), false);
  assert.equal(await page.getByRole("button", { name: "Stop…" }).isVisible(), false);
  const status = await page.evaluate(async () => (await fetch("couchdb/db", { method: "PUT" })).status);
  assert.equal(status, 405);
  assert.ok(!simulator.requests.some(({ method }) => method === "PUT"));
});

test("reports that changes are allowed", async (t) => {
  const { page, connected } = await openPage(t);
  await connected();
  await page.locator("#server", { hasText: /CouchDB 3\.5\.0 · changes allowed$/ }).waitFor();
});
