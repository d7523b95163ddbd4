// @ts-check
// The longest task of a page's main thread, from Chromium's own trace.

/**
 * @typedef {object} Task
 * @property {number} wall ms from its beginning to its end
 * @property {number} cpu ms that the thread worked meanwhile: without what else the machine did
 */

/**
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} work
 * @returns {Promise<{ wall: number, cpu: number }>} of the longest, each for itself
 */
export async function longestTask(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threadOf = (/** @type {any} */ { pid, tid }) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents
      .filter((/** @type {any} */ event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
      .map(threadOf),
  );
  let wall = 0;
  let cpu = 0;
  for (const event of traceEvents) {
    if (event.ph !== "X" || !event.name.endsWith("RunTask") || !main.has(threadOf(event))) continue;
    wall = Math.max(wall, event.dur / 1000);
    cpu = Math.max(cpu, (event.tdur ?? event.dur) / 1000);
  }
  return { wall, cpu };
}
