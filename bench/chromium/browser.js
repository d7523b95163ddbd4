// @ts-check
// Chromium, driven by the playwright-core of the checkout.

import { CHROME_ARGS, findChrome } from "../../scripts/lib/browser.js";

/**
 * @typedef {import("../lib/plan.js").ContestantName} ContestantName
 * @typedef {import("../lib/rounds.js").Runner} Runner
 *
 * @typedef {object} Chromium
 * @property {string} version
 * @property {(name: ContestantName) => Promise<Runner>} start
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} origin of the page and of all fleets
 * @returns {Promise<Chromium | undefined>} undefined where there is none
 */
export async function startChromium(origin) {
  const executablePath = findChrome();
  if (!executablePath) return undefined;
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: [...CHROME_ARGS, "--js-flags=--expose-gc"] });
  const session = await browser.newBrowserCDPSession();

  /** Those of all pages: the idle ones do not grow. */
  async function renderers() {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  }

  return {
    version: browser.version(),
    async start(name) {
      // A context of its own is a process of its own.
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${origin}/bench/chromium/page.html`);
      await page.waitForFunction("globalThis.run");
      return {
        async run(how, task, url) {
          // A page behind others would be held back.
          await page.bringToFront();
          const call = `run(${JSON.stringify(name)}, "${how}", "${task}", ${JSON.stringify(url)})`;
          return /** @type {Promise<any>} */ (page.evaluate(call));
        },
        pids: renderers,
        stop: () => context.close(),
      };
    },
    stop: () => browser.close(),
  };
}
