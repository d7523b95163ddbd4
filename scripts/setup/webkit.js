// @ts-check
// WebKit with its driver and a virtual display, from Debian's packages: for the environments of the package (`npm test -- package`), and for the page and
// the wasm (`npm test -- engines`). These tests are skipped where it is missing.

import { findMiniBrowser, findWebKitDriver } from "../lib/browser.js";
import { say } from "../lib/say.js";
import { which } from "../lib/which.js";
import { aptInstall, haveApt } from "./offline/index.js";

export const WEBKIT_PACKAGES = ["webkit2gtk-driver", "xvfb", "xauth"];

export const haveWebKit = () =>
  findWebKitDriver() !== undefined && findMiniBrowser() !== undefined && which("Xvfb") !== undefined;

/** @type {import("../setup.js").Check} */
export async function webkit() {
  if (haveWebKit() || !(await haveApt())) return undefined;
  return {
    name: "WebKit",
    why: "the tests of the page in a third browser; the distribution's packages",
    // Not every distribution has them.
    install: () => aptInstall("webkit", WEBKIT_PACKAGES).catch((error) => say(error.message)),
  };
}
