// @ts-check
// Tells those who cannot see the page what has happened on it.

import { byId } from "./dom.js";

const announcer = byId("announcer", HTMLElement);

/** @param {string} text */
export function announce(text) {
  announcer.textContent = text;
}
