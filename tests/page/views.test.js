// @ts-check
// What is shown is in the address; views with a name; exports.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INTERVAL, openPage, until } from "./open-page.js";

/** @typedef {Awaited<ReturnType<typeof openPage>>} Stage */

/** @param {Stage} stage @param {number} many */
const becomes = (stage, many) => until(async () => (await stage.shown()) === many, `${many} rows`);

/** @param {Stage} stage */
const hash = (stage) => new URL(stage.page.url()).hash;

/** @param {Stage} stage */
const announced = (stage) => stage.page.locator("#announcer").innerText();

/** @param {Stage} stage */
const focused = (stage) =>
  stage.page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent?.trim());

test("filters, search and order are in the address, and Back takes back what was chosen", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 300 } });
  await stage.connected();
  const docs = await stage.truth();
  const crashing = docs.filter(({ state }) => state === "crashing");
  const some = crashing.filter((doc) => JSON.stringify(doc).includes("orders"));
  assert.ok(some.length > 0 && some.length < crashing.length);
  const { page } = stage;
  await page.locator(".state-filter.crashing").click();
  await becomes(stage, crashing.length);
  // Typed without waiting, so that each letter comes while the page still shows the one before.
  await page.getByLabel("Search").pressSequentially("ORDERs");
  assert.equal(await page.getByLabel("Search").inputValue(), "ORDERs");
  await becomes(stage, some.length);
  await page.getByRole("columnheader", { name: "Last change" }).getByRole("button").click();
  await until(() => hash(stage).includes("sort="), "the order in the address");
  assert.equal(hash(stage), "#/docs/_replicator?state=crashing&search=ORDERs&sort=-updated");
  const order = await stage.column("id");

  await page.reload();
  await stage.connected();
  await becomes(stage, some.length);
  assert.deepEqual(await stage.column("id"), order);
  assert.equal(await page.getByLabel("Search").inputValue(), "ORDERs");
  assert.equal(await page.locator(".state-filter.crashing").getAttribute("aria-pressed"), "true");

  await page.evaluate("history.back()");
  await until(() => !hash(stage).includes("sort="), "the former order");
  await becomes(stage, some.length);
  // The letters are one step with the filter.
  await page.evaluate("history.back()");
  await becomes(stage, docs.length);
  assert.equal(await page.getByLabel("Search").inputValue(), "");
});

test("saves, chooses, renames and deletes views with the keyboard alone", async (t) => {
  const stage = await openPage(t, { fragment: "#/docs/_replicator?state=failed" });
  await stage.connected();
  const docs = await stage.truth();
  const failed = docs.filter(({ state }) => state === "failed").length;
  await becomes(stage, failed);
  const { page } = stage;
  const press = (/** @type {string[]} */ ...keys) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

  await page.getByRole("button", { name: "Views" }).focus();
  await press("Enter");
  await until(async () => (await focused(stage)) === "Name of the present view", "the field");
  await page.keyboard.type("Given up");
  await press("Enter");
  await page.getByRole("button", { name: "Given up", exact: true }).waitFor();
  assert.equal(await announced(stage), "The view Given up was saved");
  await press("Escape");
  assert.equal(await focused(stage), "Views");

  await page.locator(".state-filter.failed").click();
  await becomes(stage, docs.length);
  await page.getByRole("button", { name: "Views" }).focus();
  await press("Enter");
  await until(async () => (await focused(stage)) === "Given up", "the first view");
  assert.equal(await page.getByRole("button", { name: "Given up", exact: true }).getAttribute("aria-current"), null);
  await press("Enter");
  await becomes(stage, failed);
  assert.equal(await focused(stage), "Views");

  await press("Enter");
  await until(async () => (await focused(stage)) === "Given up", "the first view");
  assert.equal(await page.getByRole("button", { name: "Given up", exact: true }).getAttribute("aria-current"), "true");
  await press("Tab", "Enter");
  await until(async () => (await focused(stage)) === "New name of Given up", "the new name");
  await press("Escape");
  await until(async () => (await focused(stage)) === "Given up", "the view again");
  await press("Tab", "Enter");
  await until(async () => (await focused(stage)) === "New name of Given up", "the new name");
  await page.keyboard.type("Night shift");
  await press("Enter");
  await until(async () => (await focused(stage)) === "Night shift", "the renamed view");

  await page.reload();
  await stage.connected();
  await page.getByRole("button", { name: "Views" }).click();
  const stored = await page.evaluate(() => localStorage["couchdb-scheduler.views"]);
  assert.deepEqual(JSON.parse(stored), [{ name: "Night shift", fragment: "#/docs/_replicator?state=failed" }]);
  await page.getByRole("button", { name: "Delete Night shift" }).focus();
  await press("Enter");
  await until(async () => (await focused(stage)) === "Name of the present view", "the focus on the remaining field");
  assert.equal(await announced(stage), "The view Night shift was deleted");
  // What is outside closes the menu.
  await page.locator(".state-bar").click({ position: { x: 2, y: 2 } });
  await page.getByLabel("Name of the present view").waitFor({ state: "detached" });
});

test("refuses a name that another view has, and says so", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await page.getByRole("button", { name: "Views" }).click();
  for (const name of ["One", "Two"]) {
    await page.getByLabel("Name of the present view").fill(name);
    await page.getByRole("button", { name: "Save this view" }).click();
  }
  await page.getByRole("button", { name: "Rename Two" }).click();
  await page.getByLabel("New name of Two").fill("One");
  await page.getByLabel("New name of Two").press("Enter");
  await page.getByRole("alert").filter({ hasText: "There is another view named One." }).waitFor();
});

/** Catches the next download. @param {Stage} stage */
const catchDownload = ({ page }) =>
  page.evaluate(() => {
    const target = /** @type {any} */ (window);
    target.saved = undefined;
    URL.createObjectURL = (blob) => {
      target.blob = blob;
      return "blob:caught";
    };
    HTMLAnchorElement.prototype.click = function () {
      target.saved = { name: this.download, href: this.href };
    };
  });

/** @param {Stage} stage @param {string} format */
async function exported(stage, format) {
  const { page } = stage;
  await catchDownload(stage);
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("button", { name: new RegExp(`^\\s*${format}`) }).click();
  await until(() => page.evaluate(() => /** @type {any} */ (window).saved !== undefined), "a download");
  return page.evaluate(async () => {
    const { saved, blob } = /** @type {any} */ (window);
    return { ...saved, type: blob.type, bytes: [...new Uint8Array(await blob.arrayBuffer())] };
  });
}

test("exports what is shown, in its order", async (t) => {
  const stage = await openPage(t, {
    simulator: { docs: 300 },
    fragment: "#/docs/_replicator?state=crashing,error&sort=-id&columns=state,id,errors",
    window: { viewport: { width: 1440, height: 4000 } },
  });
  await stage.connected();
  const docs = (await stage.truth()).filter(({ state }) => state === "crashing" || state === "error");
  await becomes(stage, docs.length);
  await stage.settled();
  const ids = await stage.column("id");
  assert.equal(ids.length, docs.length);

  const csv = await exported(stage, "CSV");
  assert.match(csv.name, /^_replicator-2026-11-25T1200\.csv$/);
  assert.deepEqual(csv.bytes.slice(0, 3), [0xef, 0xbb, 0xbf], "a mark for spreadsheets");
  const lines = Buffer.from(csv.bytes).toString("utf8").slice(1).trimEnd().split("\r\n");
  assert.equal(lines[0], "database,doc_id,id,source,target,error,state,errors");
  assert.equal(lines.length - 1, ids.length);
  assert.equal(await announced(stage), `${ids.length} replications exported as CSV`);

  const ndjson = await exported(stage, "NDJSON");
  assert.match(ndjson.name, /\.ndjson$/);
  const text = Buffer.from(ndjson.bytes).toString("utf8");
  const rows = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.map(({ doc_id }) => doc_id),
    ids,
  );
  const byId = new Map(docs.map((doc) => [doc.doc_id, doc]));
  assert.deepEqual(
    rows,
    ids.map((id) => byId.get(id)),
  );
  for (const secret of ["s3cret", "api_key=K", "correct-horse"]) assert.ok(!text.includes(secret), secret);
});

test("a refresh leaves an open menu and what is typed in it", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await page.getByRole("button", { name: "Views" }).click();
  const field = page.getByLabel("Name of the present view");
  await field.fill("half a na");
  stage.simulator.clock.advance(10 * INTERVAL);
  await stage.refresh();
  assert.equal(await field.inputValue(), "half a na");
  assert.equal(await focused(stage), "Name of the present view");
});
