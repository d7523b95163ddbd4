// @ts-check
// Which Chromium and which Firefox the tests drive, and how they are started; the wasm tests and the page's tests ask here.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fromRoot } from "./paths.js";
import { isExecutable, which } from "./which.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Chromium or Chrome: `CHROME_PATH`, or what is installed. */
export function findChrome() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const name of NAMES) {
    const file = which(name);
    if (file) return file;
  }
  return isExecutable(MAC) ? MAC : undefined;
}

/** `CHROMEDRIVER`, or what is installed. */
export const findChromedriver = () => process.env.CHROMEDRIVER || which("chromedriver");

/** Firefox: `FIREFOX_PATH`, or what is installed. */
export const findFirefox = () => process.env.FIREFOX_PATH || which("firefox-esr") || which("firefox");

/** `GECKODRIVER`, or what is installed. @param {string} [path] where to look for it */
export const findGeckodriver = (path) => process.env.GECKODRIVER || which("geckodriver", path);

/** Quiet and alone: no first-run pages, no updates, no traffic of its own. */
export const CHROME_ARGS = [
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Containers often give it too little shared memory.
  "--disable-dev-shm-usage",
  // Chromium refuses to run its sandbox as root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/**
 * Writes the same for wasm-bindgen's test runner, which drives the browser through its driver; returns the file.
 *
 * @param {"chrome" | "firefox"} browser
 */
export function writeWebdriverConfig(browser) {
  const file = fromRoot("target", `webdriver-${browser}.json`);
  const binary = browser === "chrome" ? findChrome() : findFirefox();
  const [key, args] =
    browser === "chrome" ? ["goog:chromeOptions", CHROME_ARGS] : ["moz:firefoxOptions", ["-headless"]];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ [key]: { ...(binary && { binary }), args } }));
  return file;
}
