// @ts-check
// Two lists in one place. Arrow keys go from tab to tab, as screen readers expect.

import { byId } from "./dom.js";

const TABS = "[role=tab]";
const STEP = new Map([
  ["ArrowLeft", -1],
  ["ArrowRight", 1],
]);

/**
 * @param {HTMLElement} list of tabs, each naming its panel with aria-controls
 * @param {() => void} onChange another panel is to be seen
 */
export function startTabs(list, onChange) {
  const tabs = [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(TABS))];

  /** @param {HTMLElement | undefined} chosen */
  function choose(chosen) {
    for (const tab of tabs) {
      tab.ariaSelected = String(tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls") ?? "", HTMLElement).hidden = tab !== chosen;
    }
    onChange();
  }

  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const step = STEP.get(key);
      if (step === undefined) return;
      const next = tabs.at((i + step) % tabs.length);
      next?.focus();
      choose(next);
    });
  }
  choose(tabs[0]);
}
