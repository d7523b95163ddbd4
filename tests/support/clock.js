// @ts-check
// A clock that stands still until the test moves it. `mock.timers` of node:test leaves `performance.now()` as it is, by which durations
// are measured.

/**
 * The time of day and the clock for durations; with `timers`, those as well.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ timers?: boolean, now?: number }} [options]
 * @returns {(milliseconds: number) => void} moves both on
 */
export function stopClocks(t, { timers = false, now = Date.now() } = {}) {
  t.mock.timers.enable({ apis: timers ? ["setTimeout", "Date"] : ["Date"], now });
  t.mock.method(performance, "now", () => Date.now() - now);
  return (milliseconds) => t.mock.timers.tick(milliseconds);
}
