// @ts-check
// The page without a mouse, and as a screen reader finds it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, PASSWORD } from "./stage.js";

/** @param {import("playwright-core").Page} page */
const focused = (page) =>
  page.evaluate(() => {
    const { id, className, textContent } = /** @type {HTMLElement} */ (document.activeElement);
    return id || className || textContent;
  });

test("can be used with the keyboard alone", async (t) => {
  const { page, connected, column } = await openPage(t, { user: "" });
  const press = (/** @type {string} */ key) => page.keyboard.press(key);
  await page.getByText("The server wants the name and password of a server admin.").waitFor();

  assert.equal(await focused(page), "username", "where the next thing is to be typed");
  await page.keyboard.type("admin");
  await press("Tab");
  await page.keyboard.type(PASSWORD);
  await press("Enter");
  await connected();

  assert.equal(await focused(page), "content", "what the form gave way to");
  await press("Tab");
  assert.equal(await focused(page), "count all");
  for (let i = 0; i < 5; i++) await press("Tab");
  await press("Space");
  assert.deepEqual(new Set(await column("state")), new Set(["crashing"]));
  await press("Space");

  while ((await focused(page)) !== "docs-tab") await press("Tab");
  await press("ArrowRight");
  assert.equal(await focused(page), "jobs-tab");
  assert.equal(await page.locator("#jobs-panel").isVisible(), true);
  await press("ArrowRight");
  assert.equal(await page.locator("#docs-panel").isVisible(), true);
  await press("Tab");
  assert.equal(await focused(page), "search");
  await page.keyboard.type("telemetry-100");
  await press("Tab");
  assert.equal(await focused(page), "database");
  await press("Tab");
  assert.equal(await focused(page), "box");
  await press("Tab");
  await press("Enter");
  assert.equal(await page.locator("details[open] pre").isVisible(), true);
  const outline = await page.evaluate(
    () => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineStyle,
  );
  assert.equal(outline, "solid", "the focus can be seen");
});

test("lets one skip the head of the page", async (t) => {
  const { page, connected } = await openPage(t);
  await connected();
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "skip-link");
  assert.equal(await page.locator(".skip-link").evaluate((link) => link.getBoundingClientRect().top >= 0), true);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "count all");
});

for (const width of [1440, 390]) {
  test(`is a table to a screen reader at ${width} px`, async (t) => {
    const { page, connected } = await openPage(t, { window: { viewport: { width, height: 844 } } });
    await connected();
    const table = page.getByRole("table", { name: "Replication documents" });
    assert.equal(await table.count(), 1);
    const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "orders to warehouse" }) });
    assert.ok((await row.getByRole("cell").count()) >= 7);
    if (width === 1440) assert.equal(await table.getByRole("columnheader").count(), 9);
    assert.equal(await page.getByRole("button", { name: /crashing/, pressed: false }).count(), 1);
    assert.equal(await page.getByRole("tab", { selected: true }).count(), 1);
  });
}

test("marks changes, but moves nothing for those who would rather it did not", async (t) => {
  const { page, connected, simulator, refresh } = await openPage(t, { window: { reducedMotion: "reduce" } });
  await connected();
  simulator.clock.advance(600_000);
  await refresh();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

/** As WCAG has it. */
const LEAST_CONTRAST = 4.5;

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`has enough contrast, ${colorScheme}`, async (t) => {
    const { page, connected } = await openPage(t, { window: { colorScheme } });
    await connected();
    await page.locator(".count.crashing").click();
    const faint = await page.evaluate((least) => {
      const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      if (!canvas) throw new Error("no canvas");
      /** Layers from the bottom up, as they are painted. @param {string[]} colours */
      const painted = (colours) => {
        for (const colour of colours) {
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
        }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => value / 255);
      };
      /** @param {number[]} rgb */
      const luminance = (rgb) => {
        const [r = 0, g = 0, b = 0] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      /** @param {Element | null} element @returns {string[]} */
      const behind = (element) =>
        element ? [...behind(element.parentElement), getComputedStyle(element).backgroundColor] : ["white"];
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = new Set();
      while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!element?.checkVisibility() || !texts.currentNode.textContent?.trim()) continue;
        const layers = behind(element);
        const back = luminance(painted(layers));
        const text = luminance(painted([...layers, getComputedStyle(element).color]));
        const contrast = (Math.max(back, text) + 0.05) / (Math.min(back, text) + 0.05);
        if (contrast < least) found.add(`${element.className} "${element.textContent}": ${contrast.toFixed(2)}`);
      }
      return [...found];
    }, LEAST_CONTRAST);
    assert.deepEqual(faint, []);
  });
}
