// @ts-check
// The distribution's Firefox, through WebDriver BiDi.

import { firefox as playwright } from "playwright-core";
import { findFirefox } from "../../../scripts/lib/browser.js";

/** Firefox has no command for this yet: preferences of the whole browser decide. */
const MEDIA = "emulation.setMediaFeaturesOverride";

/** Playwright fills a field by its `value`, after which Firefox fires no `change` event: this is typing. */
function typeAsUser() {
  const type = (/** @type {string} */ text) => void document.execCommand("insertText", false, text);
  Object.defineProperty(window, "__pw_bidiInsertText", { get: () => type, set() {} });
}

/** @param {Record<string, number>} firefoxUserPrefs */
async function launch(firefoxUserPrefs) {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error("Firefox not found: install it, or set FIREFOX_PATH.");
  const browser = await playwright.launch({ channel: "moz-firefox", executablePath, firefoxUserPrefs });
  // Playwright sends it for each window, whatever the options are, and fails without a response.
  const session = /** @type {any} */ (browser)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = (/** @type {string} */ method, /** @type {object} */ params) =>
    method === MEDIA ? Promise.resolve({}) : send(method, params);
  return browser;
}

/** @returns {Promise<import("./index.js").PageBrowser>} */
export async function firefox() {
  /** @type {Map<string, Promise<import("playwright-core").Browser>>} */
  const browsers = new Map();
  return {
    async newContext({ colorScheme, reducedMotion, ...options } = {}) {
      const preferences = {
        "layout.css.prefers-color-scheme.content-override": colorScheme === "dark" ? 0 : 1,
        "ui.prefersReducedMotion": reducedMotion === "reduce" ? 1 : 0,
      };
      const key = JSON.stringify(preferences);
      const browser = browsers.get(key) ?? launch(preferences);
      browsers.set(key, browser);
      const context = await (await browser).newContext(options);
      await context.addInitScript(typeAsUser);
      return context;
    },
    async close() {
      for (const browser of browsers.values()) await (await browser).close();
    },
  };
}
