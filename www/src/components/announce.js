// @ts-check
// Announces events on the page to screen readers.

import { byId } from "./dom.js";

const announcer = byId("announcer", HTMLElement);

/** @param {string} text */
export function announce(text) {
  announcer.textContent = text;
}
