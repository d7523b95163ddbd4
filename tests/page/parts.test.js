// @ts-check
// Parts of the page that are loaded later: a click waits for its part, and the page says if there is none.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { builtPage } from "./built-page.js";
import { INTERVAL, until } from "./open-page.js";

/** @type {Awaited<ReturnType<typeof builtPage>>} */
let built;

before(async () => {
  built = await builtPage();
});

after(() => built.close());

/** @param {import("node:test").TestContext} t @param {{ failedRequests?: boolean }} [options] */
async function openDashboard(t, options) {
  const page = await built.open(t, options);
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.locator("#freshness time").waitFor();
  return page;
}

/** Waits until the page has done what follows the loading of a part. @param {import("playwright-core").Page} page @param {string} element */
const loads = (page, element) =>
  page.evaluate(async (name) => {
    await customElements.whenDefined(name);
    for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, element);

test("a click opens a dialog that is still on its way, and the page says that it loads", async (t) => {
  const release = built.hold("action-dialogs");
  const page = await openDashboard(t);
  await page.getByRole("switch", { name: "Read-only" }).click();
  const start = page.getByRole("button", { name: "Start a replication" });
  await start.click();
  await start.click();
  assert.equal(await page.locator(".part-notice").textContent(), "");
  await page.clock.fastForward(1000);
  await page.getByRole("status").filter({ hasText: "Loading…" }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);

  release();
  const dialog = page.getByRole("dialog", { name: "Start a replication" });
  await dialog.waitFor();
  assert.ok(await dialog.getByLabel("Source", { exact: true }).evaluate((field) => field === document.activeElement));
  await page.clock.fastForward(1000);
  await until(async () => (await page.locator(".part-notice").textContent()) === "", "no notice any more");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await start.evaluate((button) => button === document.activeElement));
});

test("a dialog does not open for a list that the user has left", async (t) => {
  const release = built.hold("action-dialogs");
  const page = await openDashboard(t);
  await page.getByRole("switch", { name: "Read-only" }).click();
  await page.getByRole("button", { name: "Start a replication" }).click();
  await page.getByRole("button", { name: "Transient jobs" }).click();
  await page.locator("[aria-pressed=true]", { hasText: "Transient jobs" }).waitFor();
  release();
  await loads(page, "action-dialogs");
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

test("details that are on their way get the focus", async (t) => {
  const release = built.hold("details");
  const page = await openDashboard(t);
  const row = page.locator("#grid .grid-body [role=row]").first();
  await row.click();
  await until(() => page.evaluate(() => location.hash !== ""), "another place");
  release();
  await page.locator("#details-title").waitFor();
  await until(() => page.evaluate(() => document.activeElement?.id === "details-title"), "the focus");
});

test("the page says what to do about a part that the server does not have any more", async (t) => {
  built.gone.add("topology-");
  t.after(() => built.gone.clear());
  const page = await openDashboard(t, { failedRequests: false });
  await page.getByRole("button", { name: "Topology" }).click();
  await page.clock.fastForward(1000);
  await page.getByRole("alert").filter({ hasText: "A part of this page cannot be loaded" }).waitFor();
  // Everything else works.
  await page.getByRole("button", { name: "Journal" }).click();
  await page.getByText("Keep on this computer").waitFor();
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
});

test("what is loaded ahead does not depend on the server any more", async (t) => {
  const page = await openDashboard(t);
  const isAsked = (/** @type {string} */ name) => built.asked.some((url) => url.includes(name));
  built.asked.length = 0;
  await until(async () => {
    await page.clock.fastForward(INTERVAL);
    return ["action-dialogs", "details", "journal", "start-page", "topology"].every(isAsked);
  }, "all parts");
  await loads(page, "topology-view");
  built.gone.add(".js");
  t.after(() => built.gone.clear());
  await page.getByRole("button", { name: "Topology" }).click();
  await page.locator("topology-view .picture").waitFor();
});

test("the package's questions to several endpoints are loaded with the first call", async (t) => {
  const page = await openDashboard(t);
  await page.getByRole("button", { name: "Backlog, last progress, findings" }).click();
  await page.getByRole("button", { name: "Measure all…" }).click();
  await page.getByRole("button", { name: /^Measure \d/ }).click();
  await until(async () => {
    await page.clock.fastForward(1000);
    return page.getByRole("button", { name: "Measure all…" }).isVisible();
  }, "all backlogs");
  const backlogs = await page.locator("#grid .grid-body .cell.backlog").allInnerTexts();
  assert.ok(
    backlogs.some((text) => /^\d/.test(text)),
    backlogs.join(" "),
  );
});

test("an audit that cannot be loaded says what to do", async (t) => {
  built.gone.add("insight-");
  t.after(() => built.gone.clear());
  const page = await openDashboard(t, { failedRequests: false });
  await page.locator("#findings").getByText("A part of the page cannot be loaded").waitFor();
  assert.ok((await page.locator("#grid .grid-body [role=row]").count()) > 5, "the list is there");
});
