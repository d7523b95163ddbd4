// @ts-check
// Prometheus with promtool, for the tests of monitoring. Installed on CI only, as the package starts a service; otherwise those
// tests are skipped where it is missing.

import { say } from "../lib/say.js";
import { which } from "../lib/which.js";
import { aptInstall, haveApt } from "./offline/index.js";

/** @type {import("../setup.js").Check} */
export async function prometheus() {
  if (!process.env.CI || (which("prometheus") && which("promtool")) || !(await haveApt())) return undefined;
  return {
    name: "Prometheus",
    why: "the tests of monitoring; the distribution's package",
    // Not every mirror has it.
    install: () => aptInstall("prometheus", ["prometheus"]).catch((error) => say(error.message)),
  };
}
