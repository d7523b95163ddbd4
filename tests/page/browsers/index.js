// @ts-check
// The browser of the page's tests: `PAGE_BROWSER`, one of the names below. The tests are the same in each.

import { after } from "node:test";

/** Milliseconds after which a waiting test fails. */
export const WAIT_LIMIT = 120_000;

/**
 * @typedef {object} PageBrowser
 * @property {(options?: import("playwright-core").BrowserContextOptions) => Promise<import("playwright-core").BrowserContext>} newContext
 * @property {() => Promise<void>} close
 */

/** @type {Record<string, () => Promise<PageBrowser>>} */
const BROWSERS = {
  chromium: async () => (await import("./chromium.js")).chromium(),
  firefox: async () => (await import("./firefox.js")).firefox(),
  webkit: async () => (await import("./webkit/index.js")).webkit(),
};

export const BROWSER = process.env.PAGE_BROWSER || "chromium";

/** One for all tests of a file, started by the first that needs it. @type {Promise<PageBrowser> | undefined} */
let started;

function start() {
  const starts = BROWSERS[BROWSER];
  if (!starts) throw new Error(`PAGE_BROWSER must be one of ${Object.keys(BROWSERS).join(", ")}, not ${BROWSER}.`);
  return starts();
}

after(async () => (await started)?.close());

/**
 * A window with its own storage.
 *
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function newContext(options) {
  started ??= start();
  const context = await (await started).newContext({ locale: "en-US", ...options });
  // Only to fail instead of waiting indefinitely: no outcome depends on how fast the machine is.
  context.setDefaultTimeout(WAIT_LIMIT);
  return context;
}
