// @ts-check
// The page for people who enlarge it: at 200 %, and as narrow as 320 CSS pixels, nothing is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./open-page.js";
import { everyView } from "./views.js";

/** Runs in the page. Returns what a user cannot reach: controls that are covered or cut off wherever one scrolls. */
function unreachable() {
  /** @param {ParentNode} root @returns {Element[]} */
  const all = (root) =>
    [...root.querySelectorAll(":not([inert], [inert] *)")].flatMap((element) => [
      element,
      ...(element.shadowRoot ? all(element.shadowRoot) : []),
    ]);
  /** @param {number} x @param {number} y */
  const at = (x, y) => {
    let element = document.elementFromPoint(x, y);
    while (element?.shadowRoot?.elementFromPoint(x, y)) element = element.shadowRoot.elementFromPoint(x, y);
    return element;
  };
  const isHit = (/** @type {Element} */ control, /** @type {ScrollLogicalPosition} */ block) => {
    control.scrollIntoView({ block, inline: "center" });
    // Where a sticky header is depends on what is scrolled.
    const root = control.getRootNode();
    if (root instanceof ShadowRoot) root.host.scrollIntoView({ block: "nearest" });
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const hit = at((left + right) / 2, (top + bottom) / 2);
    return hit !== null && (control.contains(hit) || hit.contains(control));
  };
  // What is open covers the rest until it is closed.
  const open = document.querySelector("dialog[open], column-chooser .panel:not([hidden])");
  const lost = [];
  for (const control of all(open ?? document)) {
    if (!control.matches("button, a[href], input, select, textarea, summary")) continue;
    if (!control.checkVisibility({ visibilityProperty: true }) || control.matches(".skip-link")) continue;
    const blocks = /** @type {const} */ (["center", "start", "end", "nearest"]);
    if (!blocks.some((block) => isHit(control, block))) lost.push(control.outerHTML.slice(0, 120));
  }
  if (document.documentElement.scrollWidth > innerWidth) lost.push(`${document.documentElement.scrollWidth} px wide`);
  return lost;
}

for (const [what, width, height] of /** @type {const} */ ([
  ["a window of 1280 × 800 at 200 %", 640, 400],
  ["a window of 1280 × 1024 at 400 %", 320, 256],
  ["a narrow phone", 320, 640],
])) {
  test(`everything can be reached in ${what}`, async (t) => {
    const stage = await openPage(t, { window: { viewport: { width, height } } });
    for await (const view of everyView(stage)) assert.deepEqual(await stage.page.evaluate(unreachable), [], view);
  });
}
