// @ts-check
// The parts of Playwright that run in a page: selectors, states of elements, the clock. They come from its bundle, so that
// tests mean the same in each browser; package.json names its exact version.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const bundle = readFileSync(createRequire(import.meta.url).resolve("playwright-core/lib/coreBundle"), "utf8");

/** The text of a module that Playwright keeps as a string literal. @param {string} file */
function moduleText(file) {
  const at = bundle.indexOf(`\\n// packages/injected/src/${file}\\n`);
  const begin = bundle.lastIndexOf("= '", at) + 2;
  const end = bundle.indexOf("';\n", at) + 1;
  if (at < 0 || end === 0) throw new Error(`Playwright's bundle has no ${file}: this adapter fits version 1.65.`);
  // A literal of single quotes.
  return /** @type {string} */ (new Function(`return ${bundle.slice(begin, end)}`)());
}

const INJECTED_OPTIONS = { browserName: "webkit", customEngines: [], stableRafCount: 1, sdkLanguage: "javascript" };

export const CLOCK = `(() => { const module = {}; ${moduleText("clock.ts")}
globalThis.__clock = module.exports.inject()(globalThis, "webkit").controller; })();`;

export const INJECTED = `(() => { const module = {}; ${moduleText("injectedScript.ts")}
globalThis.__injected = new (module.exports.InjectedScript())(globalThis, ${JSON.stringify(INJECTED_OPTIONS)}); })();`;
