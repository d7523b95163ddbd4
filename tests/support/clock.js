// @ts-check
// A clock that stands still until the test advances it. `mock.timers` of node:test does not change `performance.now()`, which measures
// durations.

/**
 * The time of day and the clock for durations; with `timers`, also the timers.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ timers?: boolean, now?: number }} [options]
 * @returns {(milliseconds: number) => void} advances both
 */
export function stopClocks(t, { timers = false, now = Date.now() } = {}) {
  t.mock.timers.enable({ apis: timers ? ["setTimeout", "Date"] : ["Date"], now });
  t.mock.method(performance, "now", () => Date.now() - now);
  return (milliseconds) => t.mock.timers.tick(milliseconds);
}
