// @ts-check
// axe-core finds no problem: names, roles, contrast, in both color schemes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { BROWSER } from "./browsers/index.js";
import { openPage } from "./open-page.js";
import { openServers } from "./open-servers.js";
import { everyView } from "./views.js";

/** Defines `axe` in the page. */
const defineAxe = /** @type {() => void} */ (
  new Function(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"))
);

/** @param {import("playwright-core").Page} page @param {string} when */
async function check(page, when) {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(defineAxe);
  // Of marks on changed values, the final appearance is checked.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  const violations = await page.evaluate(async () => {
    // axe waits between its steps, and the page's time stands still.
    const { setTimeout, clearTimeout } = window;
    Object.assign(window, /** @type {any} */ (window).realTimers);
    const { violations } = await /** @type {any} */ (window).axe.run({ preload: false });
    Object.assign(window, { setTimeout, clearTimeout });
    return violations.map((/** @type {any} */ { id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map((/** @type {any} */ { html, failureSummary }) => `${html}: ${failureSummary}`).slice(0, 3),
    }));
  });
  assert.deepEqual(violations, [], when);
}

/**
 * From one view to another, each in a page of its own. Where a dialog has been open, Firefox 153 crashes when axe looks at the page
 * without one: there, three such views are left out. All dialogs are looked at.
 *
 * @type {readonly (readonly [from: string, to: string])[]}
 */
const WALKS =
  BROWSER === "firefox"
    ? [
        ["the list", "about to Restart…"],
        ["a change with errors", "a change with errors"],
        ["about to stop the selected", "the form with errors"],
      ]
    : [["the list", "the way in"]];

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const width of [1440, 768, 390]) {
    // What axe looks at hardly depends on the browser: in the others, the extremes suffice.
    if (BROWSER !== "chromium" && width !== (colorScheme === "light" ? 1440 : 390)) continue;
    for (const [from, to] of WALKS) {
      test(`finds nothing wrong, ${colorScheme}, ${width} px, from ${from} to ${to}`, async (t) => {
        // axe changes the page's styles for its own use.
        const window = { colorScheme, viewport: { width, height: 844 }, bypassCSP: true };
        const stage = await openPage(t, { window });
        /** @type {string[]} */
        const looked = [];
        for await (const view of everyView(stage)) {
          if (looked.length === 0 && view !== from) continue;
          looked.push(view);
          await check(stage.page, view);
          if (view === to) break;
        }
        assert.deepEqual([looked[0], looked.at(-1)], [from, to]);
      });
    }

    test(`finds nothing wrong with the start page, ${colorScheme}, ${width} px`, async (t) => {
      const window = { colorScheme, viewport: { width, height: 844 }, bypassCSP: true };
      const { page, card, seen } = await openServers(t, { window });
      await card("Berlin").locator(".card-incidents li").first().waitFor();
      await card("Lyon").getByRole("button", { name: "Connect" }).waitFor();
      await seen(card("Gent").getByText("No response from http://127.0.0.1:1."));
      await check(page, "cards");
    });
  }
}
