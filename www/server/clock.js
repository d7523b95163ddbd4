// @ts-check
// What time it is on the server. Pages of other origins are not told; but whatever has happened there is past.

/** Milliseconds that the server is ahead of this machine, at least. */
let ahead = 0;

/** @param {string | null} iso of something that has happened on the server */
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
