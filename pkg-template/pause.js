// @ts-check
// Waiting between two requests. It is written in JavaScript since it ends by whichever of three events comes first, and leaves
// none of them behind: a timer that is left keeps Node running.

/** The longest delay `setTimeout` knows; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * @param {number} milliseconds
 * @param {boolean} untilShown in a page: not before it can be seen
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>} resolves when it is time, or `signal` is aborted
 */
export function pause(milliseconds, untilShown, signal) {
  return new Promise((resolve) => {
    const page = untilShown ? globalThis.document : undefined;
    let due = false;
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      page?.removeEventListener("visibilitychange", look);
      resolve();
    };
    const look = () => {
      if (due && page?.visibilityState !== "hidden") done();
    };
    const timer = setTimeout(
      () => {
        due = true;
        look();
      },
      Math.min(milliseconds, LONGEST),
    );
    page?.addEventListener("visibilitychange", look);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
