// @ts-check
// WebKit behind the part of Playwright's interface that the tests use. A context is a browser of its own, with one window.

import { startDisplay, startSession } from "./driver.js";
import { removeInitScript } from "./init-script.js";
import { WebKitPage } from "./page.js";

const VIEWPORT = { width: 1280, height: 720 };

/** @returns {Promise<import("../index.js").PageBrowser>} */
export async function webkit() {
  const display = await startDisplay();
  /** Closes a session: those of the contexts that are open. @type {Set<() => Promise<void>>} */
  const open = new Set();
  return {
    async newContext({ viewport, colorScheme, reducedMotion } = {}) {
      const session = await startSession(display.name, {
        dark: colorScheme === "dark",
        reducedMotion: reducedMotion === "reduce",
      });
      const end = async () => {
        open.delete(end);
        await session.close();
      };
      open.add(end);
      const page = new WebKitPage(session);
      await page.setViewportSize(viewport ?? VIEWPORT);
      return /** @type {any} */ ({
        ...page.context(),
        newPage: async () => page,
        setDefaultTimeout: (/** @type {number} */ ms) => {
          page.timeout = ms;
        },
        async close() {
          await page.collect();
          await end();
        },
      });
    },
    /** Also the contexts that are open: their drivers would keep this process from ending. */
    async close() {
      for (const end of open) await end();
      removeInitScript();
      display.stop();
    },
  };
}
