// @ts-check
// One Chromium for all tests of a file, started by the first that needs it.

import { after } from "node:test";
import { chromium } from "playwright-core";
import { CHROME_ARGS, findChrome } from "../../scripts/lib/browser.js";

/** Milliseconds after which a waiting test fails. */
export const WAIT_LIMIT = 120_000;

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let launched;

async function launch() {
  const executablePath = findChrome();
  if (!executablePath) throw new Error("Chromium not found: install it, or set CHROME_PATH.");
  return chromium.launch({ executablePath, args: CHROME_ARGS });
}

after(async () => (await launched)?.close());

/**
 * A window with its own storage.
 *
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function newContext(options) {
  launched ??= launch();
  const context = await (await launched).newContext({ locale: "en-US", ...options });
  // Only to fail instead of waiting indefinitely: no outcome depends on how fast the machine is.
  context.setDefaultTimeout(WAIT_LIMIT);
  return context;
}
