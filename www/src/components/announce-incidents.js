// @ts-check
// Announces incidents that begin and end to screen readers.

import { number } from "../model/format.js";
import { announce } from "./announce.js";
import { causeOf, whereOf } from "./incident-list.js";

/** Up to this number, each is announced separately. */
const MAX_ANNOUNCED_ONE_BY_ONE = 2;

/** @param {readonly import("../model/incident-timeline.js").IncidentEvent[]} events `found` is no news */
export function announceIncidents(events) {
  const words = [];
  for (const [kind, title] of [
    ["opened", "New incident"],
    ["closed", "Incident over"],
  ]) {
    const some = events.filter(({ what }) => what === kind);
    if (some.length > MAX_ANNOUNCED_ONE_BY_ONE) words.push(`${title}: ${number(some.length)}`);
    else for (const { incident } of some) words.push(`${title}: ${causeOf(incident)} ${whereOf(incident)}`.trim());
  }
  // States change at the same time: neither announcement may replace the other.
  if (words.length > 0) announce(words.join(". "), "incident-announcer");
}
