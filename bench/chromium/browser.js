// @ts-check
// Contestants in Chromium, each in a page with its own process.

import { setTimeout } from "node:timers/promises";
import { CHROME_ARGS, findChrome } from "../../scripts/lib/browser.js";
import { DevTools } from "../../scripts/lib/devtools.js";

/**
 * @typedef {import("../lib/plan.js").ContestantName} ContestantName
 * @typedef {import("../lib/rounds.js").Runner} Runner
 *
 * @typedef {object} Chromium
 * @property {string} version
 * @property {(name: ContestantName) => Promise<Runner>} start
 * @property {() => Promise<void>} stop
 */

/** A new page is polled this many times, every 10 ms, before it counts as broken. */
const MAX_LOOKS = 3000;

/**
 * @param {string} origin of the page and of all fleets
 * @returns {Promise<Chromium | undefined>} undefined if there is none
 */
export async function startChromium(origin) {
  const file = findChrome();
  if (!file) return undefined;
  const tools = new DevTools(file, [...CHROME_ARGS, "--js-flags=--expose-gc"]);
  const { product } = await tools.send("Browser.getVersion");

  return {
    version: product.replace(/^.*\//, ""),
    async start(name) {
      // A separate context is a separate process.
      const { browserContextId } = await tools.send("Target.createBrowserContext");
      const { targetId, sessionId } = await tools.newPage(browserContextId);
      await tools.send("Page.navigate", { url: `${origin}/bench/chromium/page.html` }, sessionId);
      for (let looks = 0; ; looks++) {
        // The preceding page and everything evaluated in it are gone.
        if (await tools.evaluate(sessionId, "Boolean(globalThis.run)").catch(() => false)) break;
        if (looks >= MAX_LOOKS) throw new Error("the page of a contestant does not load");
        await setTimeout(10);
      }
      return {
        async run(how, task, url) {
          // Chromium throttles pages in the background.
          await tools.send("Target.activateTarget", { targetId });
          return tools.evaluate(sessionId, `run(${JSON.stringify(name)}, "${how}", "${task}", ${JSON.stringify(url)})`);
        },
        // Idle pages do not grow.
        pids: () => tools.renderers(),
        stop: () => tools.send("Target.disposeBrowserContext", { browserContextId }),
      };
    },
    stop: () => tools.stop(),
  };
}
