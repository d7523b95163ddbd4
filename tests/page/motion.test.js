// @ts-check
// The page for people who prefer reduced motion: nothing moves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./open-page.js";
import { everyView } from "./views.js";

/** Runs in the page. Returns the elements whose style lets them move for longer than a millisecond. */
function moving() {
  const seconds = (/** @type {string} */ list) => Math.max(...list.split(", ").map((time) => Number.parseFloat(time)));
  /** @param {ParentNode} root @returns {Element[]} */
  const all = (root) =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      element,
      ...(element.shadowRoot ? all(element.shadowRoot) : []),
    ]);
  const isMoving = (/** @type {CSSStyleDeclaration} */ style) =>
    seconds(style.transitionDuration) > 0.001 ||
    (style.animationName !== "none" && seconds(style.animationDuration) > 0.001) ||
    style.scrollBehavior === "smooth";
  return all(document).flatMap((element) =>
    [null, "::before", "::after", "::backdrop"]
      .filter((part) => isMoving(getComputedStyle(element, part)))
      .map((part) => element.outerHTML.slice(0, 80) + (part ?? "")),
  );
}

test("moves nothing in any view", async (t) => {
  const stage = await openPage(t, { window: { reducedMotion: "reduce" } });
  for await (const view of everyView(stage)) assert.deepEqual(await stage.page.evaluate(moving), [], view);
});
