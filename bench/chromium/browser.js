// @ts-check
// Contestants in Chromium, each in a page with its own process.

import { setTimeout } from "node:timers/promises";
import { CHROME_ARGS, findChrome } from "../../scripts/lib/browser.js";
import { DevTools } from "./devtools.js";

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

  /** The processes of all pages: idle ones do not grow. @returns {Promise<number[]>} */
  async function renderers() {
    const { processInfo } = await tools.send("SystemInfo.getProcessInfo");
    return processInfo
      .filter((/** @type {any} */ { type }) => type === "renderer")
      .map((/** @type {any} */ { id }) => id);
  }

  /** @param {string} sessionId of a page @param {string} expression */
  async function evaluate(sessionId, expression) {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await tools.send("Runtime.evaluate", params, sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  return {
    version: product.replace(/^.*\//, ""),
    async start(name) {
      // A separate context is a separate process.
      const { browserContextId } = await tools.send("Target.createBrowserContext");
      const { targetId } = await tools.send("Target.createTarget", { url: "about:blank", browserContextId });
      const { sessionId } = await tools.send("Target.attachToTarget", { targetId, flatten: true });
      await tools.send("Page.navigate", { url: `${origin}/bench/chromium/page.html` }, sessionId);
      for (let looks = 0; ; looks++) {
        // The preceding page and everything evaluated in it are gone.
        if (await evaluate(sessionId, "Boolean(globalThis.run)").catch(() => false)) break;
        if (looks >= MAX_LOOKS) throw new Error("the page of a contestant does not load");
        await setTimeout(10);
      }
      return {
        async run(how, task, url) {
          // Chromium throttles pages in the background.
          await tools.send("Target.activateTarget", { targetId });
          return evaluate(sessionId, `run(${JSON.stringify(name)}, "${how}", "${task}", ${JSON.stringify(url)})`);
        },
        pids: renderers,
        stop: () => tools.send("Target.disposeBrowserContext", { browserContextId }),
      };
    },
    stop: () => tools.stop(),
  };
}
