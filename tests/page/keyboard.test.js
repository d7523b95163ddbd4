// @ts-check
// The page without a mouse, and for a screen reader.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, PASSWORD, until } from "./open-page.js";

/** @param {import("playwright-core").Page} page */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const { id, className, textContent } = /** @type {HTMLElement} */ (element);
    return id || textContent?.trim() || className;
  });

test("can be used with only the keyboard", async (t) => {
  const { page, connected, shown, column, rows } = await openPage(t, { user: "" });
  const press = (/** @type {string} */ key) => page.keyboard.press(key);
  /** @param {string} key @param {RegExp} what */
  const pressUntil = async (key, what) => {
    for (let i = 0; i < 80; i++) {
      if (what.test(await focused(page))) return;
      await press(key);
    }
    assert.fail(`${key} never reaches ${what}, but ${await focused(page)}`);
  };
  await page.getByText("The server needs the name and password of a server admin.").waitFor();
  assert.equal(await focused(page), "username", "the next field to fill in");
  await page.keyboard.type("admin");
  await press("Tab");
  await page.keyboard.type(PASSWORD);
  await press("Enter");
  await connected();
  assert.equal(await focused(page), "content", "the content that replaced the form");

  await pressUntil("Tab", /^crashing/);
  await press("Space");
  await until(async () => (await shown()) < 60, "the filter");
  assert.deepEqual(new Set(await column("state")), new Set(["crashing"]));
  await press("Space");
  await until(async () => (await shown()) === 60, "all again");
  await pressUntil("Tab", /^search$/);
  await page.keyboard.type("telemetry");
  await until(async () => (await shown()) < 20, "the search");
  const ids = await column("id");

  // The headers are buttons; one of the rows is a Tab stop.
  await pressUntil("Tab", /^Last change$/);
  await press("Tab");
  await press("Tab");
  assert.equal(await focused(page), ids[0]);
  await press("ArrowDown");
  await press("ArrowDown");
  assert.equal(await focused(page), ids[2]);
  await press("ArrowUp");
  assert.equal(await focused(page), ids[1]);
  const outline = await rows.nth(1).evaluate((row) => getComputedStyle(row).outlineStyle);
  assert.equal(outline, "solid", "the focus can be seen");
  await press("End");
  assert.equal(await focused(page), ids.at(-1));
  await press("Home");
  await press("Enter");
  await page.getByRole("heading", { level: 2, name: ids[0], exact: true }).waitFor();
  await until(async () => (await focused(page)) === "details-title", "the focus at the title");
  await press("Tab");
  assert.equal(await focused(page), "Close");
  await press("Escape");
  await page.locator("#details").waitFor({ state: "hidden" });
  assert.equal(await focused(page), ids[0], "back at the row");

  await pressUntil("Shift+Tab", /^read-only$/);
  await press("Space");
  await pressUntil("Tab", /^start$/);
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  assert.equal(await focused(page), "start-source");
  await press("Escape");
  assert.equal(await focused(page), "start");
});

test("has a link that skips the top of the page", async (t) => {
  const { page, connected, column } = await openPage(t);
  await connected();
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "skip");
  assert.equal(await page.locator(".skip-link").evaluate((link) => link.getBoundingClientRect().top >= 0), true);
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), (await column("id"))[0]);
});

for (const width of [1440, 390]) {
  test(`is a table to a screen reader at ${width} px`, async (t) => {
    const { page, connected, truth } = await openPage(t, { window: { viewport: { width, height: 844 } } });
    await connected();
    const table = page.getByRole("grid", { name: "Replications" });
    assert.equal(await table.getAttribute("aria-rowcount"), "61");
    const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "telemetry-100%25" }) });
    assert.ok((await row.getByRole("gridcell").count()) >= 4);
    // They are divided where they can be cut; their names are not.
    const { source, target } = (await truth()).find(({ doc_id }) => doc_id === "telemetry-100%25") ?? {};
    const ends = [source, target].map((url) => url?.replace(/^https?:\/\/|\/$/g, "")).join(" → ");
    assert.equal(await row.getByRole("gridcell", { name: ends, exact: true }).count(), 1);
    assert.ok((await table.getByRole("columnheader").count()) >= 7);
    assert.equal(await page.getByRole("button", { name: /crashing/, pressed: false }).count(), 1);
    assert.equal(await page.getByRole("columnheader", { name: "State" }).getAttribute("aria-sort"), "ascending");
  });
}

test("covers nothing reachable when the details are over the list", async (t) => {
  const { page, connected, rows } = await openPage(t, { window: { viewport: { width: 390, height: 844 } } });
  await connected();
  await rows.first().click();
  await page.locator("#details .parts").waitFor();
  assert.equal(await page.locator("#lists").getAttribute("inert"), "");
  await page.keyboard.press("Escape");
  await page.locator("#details").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#lists").getAttribute("inert"), null);
});

test("does not animate if the user prefers reduced motion", async (t) => {
  const { page, connected, simulator, refresh, column } = await openPage(t, { window: { reducedMotion: "reduce" } });
  await connected();
  await page.evaluate(() => {
    Object.assign(window, { marked: 0 });
    Element.prototype.animate = () => {
      /** @type {any} */ (window).marked++;
      return new Animation();
    };
  });
  await page.locator(".state-filter.running").click();
  const before = await column("progress");
  simulator.clock.advance(600_000);
  await refresh();
  await until(async () => (await column("progress")).join() !== before.join(), "changed numbers");
  assert.equal(await page.evaluate("marked"), 0);
});
