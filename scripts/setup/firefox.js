// @ts-check
// Firefox and its driver, for the wasm tests in a second engine. Installed on CI and on request (`npm test
// -- firefox`); otherwise those tests are skipped.

import { findFirefox, findGeckodriver } from "../lib/browser.js";
import { Stop } from "../lib/say.js";
import { toolEnv } from "../lib/toolchain.js";
import { geckodriver } from "./cargo-tools.js";
import { aptInstall, haveApt } from "./offline/index.js";

const HINT = "Install Firefox, or name one in FIREFOX_PATH (and its geckodriver in GECKODRIVER).";

export const haveFirefox = () => findFirefox() !== undefined && findGeckodriver(toolEnv().PATH) !== undefined;

/** @type {import("../setup.js").Check} */
export function firefox() {
  if (findFirefox()) return undefined;
  return {
    name: "Firefox",
    why: "the wasm tests in a second browser; the distribution's package",
    async install() {
      if (!(await haveApt())) throw new Stop(`Firefox not found, for the tests in it. ${HINT}`);
      await aptInstall("firefox", ["firefox-esr"]);
    },
  };
}

/** @type {import("../setup.js").Check} */
export const firefoxDriver = () => (findGeckodriver(toolEnv().PATH) ? undefined : geckodriver());
