// @ts-check
// Times as elements.

import { dateOf, exactTime, localTime } from "../model/format.js";
import { make, setAttribute, setText } from "./dom.js";

/** The user's time, with the exact time on hover. @param {HTMLTimeElement} element @param {string | null} iso */
export function setTime(element, iso) {
  setAttribute(element, "datetime", dateOf(iso)?.toISOString() ?? null);
  setAttribute(element, "title", exactTime(iso) || null);
  return setText(element, localTime(iso));
}

/** @param {string | null} iso */
export function timeElement(iso) {
  const element = make("time");
  setTime(element, iso);
  return element;
}
