// @ts-check
// Finds Chromium, Firefox and WebKit for the tests and decides how to start them; used by the wasm tests and the tests of the page.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromRoot } from "./paths.js";
import { isExecutable, which } from "./which.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Chromium or Chrome: `CHROME_PATH`, or an installed one. */
export function findChrome() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const name of NAMES) {
    const file = which(name);
    if (file) return file;
  }
  return isExecutable(MAC) ? MAC : undefined;
}

/** `CHROMEDRIVER`, or an installed one. */
export const findChromedriver = () => process.env.CHROMEDRIVER || which("chromedriver");

/** Firefox: `FIREFOX_PATH`, or an installed one. */
export const findFirefox = () => process.env.FIREFOX_PATH || which("firefox-esr") || which("firefox");

/** `GECKODRIVER`, or an installed one. @param {string} [path] where to look for it */
export const findGeckodriver = (path) => process.env.GECKODRIVER || which("geckodriver", path);

/** The driver of WebKitGTK. */
export const findWebKitDriver = () => which("WebKitWebDriver");

/** The browser of WebKitGTK, which is not on the PATH. Debian has several versions of the library at once; the newest wins. */
export function findMiniBrowser() {
  const lib = "/usr/lib";
  if (!existsSync(lib)) return undefined;
  const folders = readdirSync(lib).flatMap((triple) => {
    const folder = join(lib, triple);
    const names = /-linux-gnu/.test(triple) ? readdirSync(folder).filter((name) => name.startsWith("webkit2gtk-")) : [];
    return names.map((name) => join(folder, name, "MiniBrowser"));
  });
  return folders
    .sort()
    .reverse()
    .find((file) => isExecutable(file));
}

/** No first-run pages, no updates, no background traffic. */
export const CHROME_ARGS = [
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Containers often have too little shared memory.
  "--disable-dev-shm-usage",
  // Chromium refuses to use its sandbox as root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/**
 * Writes the same flags for wasm-bindgen's test runner, which controls the browser through its driver; returns the file.
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
