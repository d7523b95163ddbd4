// @ts-check
// The row with the focus is visible, wherever keys move it and whatever changes its surroundings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, until } from "./open-page.js";

/** Runs in the page. The bounds of the focused row, and of the area in which it is visible. */
function bounds() {
  const shadow = document.querySelector("replication-table")?.shadowRoot;
  const rect = (/** @type {Element | null | undefined} */ element) => {
    const { top, bottom } = element?.getBoundingClientRect() ?? { top: Number.NaN, bottom: Number.NaN };
    return { top, bottom };
  };
  const row = shadow?.activeElement?.closest("[role=row]");
  const boxes = [document.querySelector("#lists"), shadow?.querySelector("#grid")].map(rect);
  return {
    index: Number(row?.getAttribute("aria-rowindex")),
    row: rect(row),
    top: Math.max(0, rect(shadow?.querySelector(".grid-head")).bottom, ...boxes.map(({ top }) => top)),
    bottom: Math.min(innerHeight, ...boxes.map(({ bottom }) => bottom)),
  };
}

/** Lines and positions are rounded to pixels of the screen. @param {ReturnType<typeof bounds>} bounds */
const isInSight = ({ row, top, bottom }) => row.top >= top - 1 && row.bottom <= bottom + 1;

/** @param {Awaited<ReturnType<typeof openPage>>} stage */
async function openThousand({ page, connected, shown, rows, quiet }) {
  await connected();
  // What arrives later moves the table.
  await page.locator("incident-list li").first().waitFor();
  await quiet();
  await until(async () => (await shown()) === 1000, "all rows");
  await rows.first().locator("a").focus();
  /** Presses a key; expects this row, wholly visible. */
  return async (/** @type {string} */ key, /** @type {number} */ expected = Number.NaN) => {
    await page.keyboard.press(key);
    const now = await page.evaluate(bounds);
    if (expected) assert.equal(now.index, expected, key);
    assert.ok(isInSight(now), `${key}: ${JSON.stringify(now)}`);
    return now.index;
  };
}

for (const [what, width, height] of /** @type {const} */ ([
  ["a window", 1440, 720],
  ["a narrow window", 390, 844],
  ["a window of 1280 × 800 at 200 %", 640, 400],
])) {
  test(`keys show the row that they reach in ${what}`, async (t) => {
    const stage = await openPage(t, { simulator: { docs: 1000 }, window: { viewport: { width, height } } });
    const { page, rows, refresh, simulator } = stage;
    const press = await openThousand(stage);
    await press("End", 1001);
    await press("ArrowUp", 1000);
    await press("Home", 2);
    const next = await press("PageDown");
    assert.ok(next > 2);
    assert.equal(await press("PageDown"), 2 * next - 2);
    await press("PageUp", next);
    // The wheel scrolls the row out of sight, but it keeps the focus.
    await page.locator("#grid").evaluate((box) => {
      box.scrollTop = 20_000;
    });
    await until(async () => Number(await rows.last().getAttribute("aria-rowindex")) > 200, "the rows there");
    assert.equal((await page.evaluate(bounds)).index, next);
    await press("ArrowDown", next + 1);
    simulator.clock.advance(60_000);
    await refresh();
    await press("End", 1001);
  });
}

/** Runs in the page. Presses End in a table that has just become lower. */
function makeLower() {
  const above = document.createElement("div");
  above.style.cssText = "flex: none; height: 150px";
  document.querySelector("#lists")?.prepend(above);
  const link = document.querySelector("replication-table")?.shadowRoot?.activeElement;
  link?.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true, composed: true }));
}

test("keys know the size of the table before the browser reports it", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 1000 }, window: { viewport: { width: 1440, height: 1000 } } });
  await openThousand(stage);
  /** @type {ReturnType<typeof bounds>} */
  const now = await stage.page.evaluate(`(${makeLower})(), (${bounds})()`);
  assert.equal(now.index, 1001);
  assert.ok(isInSight(now), JSON.stringify(now));
});

test("the focused row stays visible when the window becomes lower, or too narrow for one line per row", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 1000 }, window: { viewport: { width: 1440, height: 1000 } } });
  const { page } = stage;
  const press = await openThousand(stage);
  await press("PageDown");
  const index = await press("PageDown");
  for (const [width, height] of /** @type {const} */ ([
    [1440, 860],
    [840, 1000],
    [1440, 1000],
  ])) {
    await page.setViewportSize({ width, height });
    await until(async () => isInSight(await page.evaluate(bounds)), `the row in a window of ${width} × ${height}`);
    assert.equal((await page.evaluate(bounds)).index, index);
  }
});
