// @ts-check
// Estimates the server's time. Pages of other origins cannot read its `Date`, but every reported event is in the past.

/** Minimum number of milliseconds that the server's clock is ahead of this one. */
let ahead = 0;

/** @param {string | null} iso of an event on the server */
export function hasHappened(iso) {
  const at = Date.parse(iso ?? "");
  if (at - Date.now() > ahead) ahead = at - Date.now();
}

/** Another server has another clock. */
export function forgetClock() {
  ahead = 0;
}

/** Milliseconds since 1970. */
export const serverNow = () => Date.now() + ahead;
