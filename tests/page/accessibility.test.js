// @ts-check
// axe-core finds no problem: names, roles, contrast, in both color schemes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { openPage } from "./open-page.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @param {import("playwright-core").Page} page @param {string} when */
async function check(page, when) {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  // axe waits between its steps, and the page's time stands still.
  const stopped = await page.evaluateHandle(() => {
    const { setTimeout, clearTimeout } = window;
    Object.assign(window, /** @type {any} */ (window).realTimers);
    return { setTimeout, clearTimeout };
  });
  // Of marks on changed values, the final appearance is checked.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  const violations = await page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (window).axe.run({ preload: false });
    return violations.map((/** @type {any} */ { id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map((/** @type {any} */ { html, failureSummary }) => `${html}: ${failureSummary}`).slice(0, 3),
    }));
  });
  await stopped.evaluate((timers) => void Object.assign(window, timers));
  assert.deepEqual(violations, [], when);
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const width of [1440, 390]) {
    test(`finds nothing wrong, ${colorScheme}, ${width} px`, async (t) => {
      // axe changes the page's styles for its own use.
      const window = { colorScheme, viewport: { width, height: 844 }, bypassCSP: true };
      const { page, connected, rows, stopServer, seen } = await openPage(t, { window });
      await connected();
      await check(page, "the list");
      await page.locator(".state-filter.crashing").click();
      await rows.first().click();
      await page.locator("#details .timeline li").first().waitFor();
      await page.getByText("The server's own message").click();
      await check(page, "a crashing replication");
      await page.getByRole("switch").click();
      await page.getByRole("button", { name: "Stop…" }).click();
      await check(page, "about to stop it");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Close" }).click();
      await page.getByRole("button", { name: "Start a replication" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Start" }).click();
      await check(page, "the form with errors");
      await page.keyboard.press("Escape");
      await stopServer();
      await seen(page.locator("#notice"));
      await check(page, "no connection");
      await page.getByRole("button", { name: "Disconnect" }).click();
      await page.getByRole("textbox", { name: "Server", exact: true }).fill("http://127.0.0.1:1023/");
      await page.getByRole("button", { name: "Connect" }).click();
      await seen(page.locator("#connect-trouble code"));
      await check(page, "the way in");
    });
  }
}
