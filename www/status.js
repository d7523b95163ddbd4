// @ts-check
// Whether what is on the screen is still true: when it was last refreshed, and what is wrong where it was not.

import { byId, icon, make, setText } from "./dom.js";
import { timeOfDay } from "./format.js";

const announcer = byId("announcer", HTMLElement);
const refreshed = byId("refreshed", HTMLElement);
const notice = byId("notice", HTMLElement);
/** @type {Date | undefined} */
let lastSuccess;

/** Tells those who cannot see it. @param {string} text */
export function announce(text) {
  announcer.textContent = text;
}

/** A new server: nothing is known of it yet. */
export function reset() {
  lastSuccess = undefined;
  notice.hidden = true;
  refreshed.replaceChildren();
}

export function showSuccess() {
  lastSuccess = new Date();
  if (!notice.hidden) announce("The server answers again");
  notice.hidden = true;
  setText(notice, "");
  showFreshness(true, "Refreshed", lastSuccess);
}

/** @param {string} words */
export function showFailure(words) {
  notice.hidden = false;
  setText(notice, words);
  if (lastSuccess) showFreshness(false, "Not refreshed since", lastSuccess);
}

/**
 * @param {boolean} isFresh
 * @param {string} words
 * @param {Date} date
 */
function showFreshness(isFresh, words, date) {
  const time = make("time", { dateTime: date.toISOString(), title: date.toISOString() }, timeOfDay(date));
  refreshed.replaceChildren(icon(isFresh ? "completed" : "error"), `${words} `, time);
  refreshed.className = isFresh ? "fresh" : "stale";
}
