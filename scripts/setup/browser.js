// @ts-check
// Chromium and its driver, for the tests in a browser.

import { existsSync } from "node:fs";
import { findChrome, findChromedriver } from "../lib/browser.js";
import { Stop } from "../lib/say.js";
import { aptInstall, haveApt } from "./offline/index.js";

const HINT =
  "Install Chromium or Chrome, or name one in CHROME_PATH (and its chromedriver in CHROMEDRIVER). " +
  "Without a browser, `npm test -- lint rust node` runs what needs none.";

async function install() {
  if (!(await haveApt())) throw new Stop(`Chromium not found, for the tests in a browser. ${HINT}`);
  await aptInstall("chromium", ["chromium", "chromium-driver"]).catch((error) => {
    throw new Stop(`${error.message}\nChromium could not be installed, for the tests in a browser. ${HINT}`);
  });
}

/** @type {import("../setup.js").Check} */
export async function browser() {
  for (const variable of ["CHROME_PATH", "CHROMEDRIVER"]) {
    const file = process.env[variable];
    if (file && !existsSync(file)) throw new Stop(`${variable} names ${file}, which does not exist.`);
  }
  const chrome = findChrome();
  if (chrome && findChromedriver()) return undefined;
  // Chrome without a driver, and no apt: wasm-pack downloads a matching driver.
  if (chrome && !(await haveApt())) return undefined;
  return { name: "Chromium and its driver", why: "tests in a browser; the distribution's packages", install };
}
