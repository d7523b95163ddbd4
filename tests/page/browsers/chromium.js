// @ts-check
// Chromium, through its own protocol.

import { chromium as playwright } from "playwright-core";
import { CHROME_ARGS, findChrome } from "../../../scripts/lib/browser.js";

/** @returns {Promise<import("./index.js").PageBrowser>} */
export async function chromium() {
  const executablePath = findChrome();
  if (!executablePath) throw new Error("Chromium not found: install it, or set CHROME_PATH.");
  return playwright.launch({ executablePath, args: CHROME_ARGS });
}
