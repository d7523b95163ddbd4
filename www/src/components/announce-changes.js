// @ts-check
// Announces changes of state to screen readers.

import { number } from "../model/format.js";
import { announce } from "./announce.js";

/** Up to this number, each change of state is announced separately. */
const MAX_ANNOUNCED_ONE_BY_ONE = 3;

/** @param {import("../model/rows.js").Delta} delta */
export function announceChanges({ added, changed, removed }) {
  const moved = changed.filter(({ row, previous }) => row.state !== previous.state).map(({ row }) => row);
  const words = [];
  if (moved.length > MAX_ANNOUNCED_ONE_BY_ONE) words.push(`${number(moved.length)} replications changed their state`);
  else for (const { key, state } of moved) words.push(`${key}: ${state}`);
  if (added.length > 0) words.push(`${number(added.length)} new`);
  if (removed.length > 0) words.push(`${number(removed.length)} removed`);
  if (words.length > 0) announce(words.join(", "));
}
