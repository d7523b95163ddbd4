// @ts-check
// Measures the work of a page's main thread with Chromium's trace.

/**
 * @typedef {object} Task
 * @property {number} wall ms from its start to its end
 * @property {number} cpu ms of CPU: without other load on the machine
 *
 * @typedef {object} Work
 * @property {Task} longest its longest tasks, by either measure
 * @property {number} cpu total ms of CPU
 */

/**
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Work>}
 */
export async function mainThread(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threadOf = (/** @type {any} */ { pid, tid }) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents
      .filter((/** @type {any} */ event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
      .map(threadOf),
  );
  const longest = { wall: 0, cpu: 0 };
  let all = 0;
  for (const event of traceEvents) {
    if (event.ph !== "X" || !event.name.endsWith("RunTask") || !main.has(threadOf(event))) continue;
    const cpu = (event.tdur ?? event.dur) / 1000;
    longest.wall = Math.max(longest.wall, event.dur / 1000);
    longest.cpu = Math.max(longest.cpu, cpu);
    all += cpu;
  }
  return { longest, cpu: all };
}
