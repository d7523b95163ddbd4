// @ts-check
// The dashboard in Chromium, over a fleet that lives: against the same list, asked for and drawn whole.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CHROME_ARGS, findChrome } from "../../scripts/lib/browser.js";
import { Child } from "../lib/child.js";
import { instrument } from "./in-page.js";

const DOCS = 10_000;
/** Milliseconds of the fleet's life between two refreshes: the counters of all that run have moved. */
const STEP = 5000;
const LONGEST_TASK = 50;

/** @typedef {"dashboard" | "drawn whole"} PageName */

/**
 * @typedef {object} PageFigures
 * @property {number} firstRow ms from opening the page to its first row
 * @property {number} firstLongest ms, the longest task until then and a refresh later
 * @property {number} longest ms, the longest task while it refreshes
 * @property {number} elements in the page
 * @property {number[]} heap bytes, at even distances over the refreshes
 * @property {number} refreshes
 */

/** @param {string} name */
const text = (name) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");

/**
 * @param {import("playwright-core").Browser} browser
 * @param {PageName} name
 * @param {number} refreshes
 * @returns {Promise<PageFigures>}
 */
async function measurePage(browser, name, refreshes) {
  const child = new Child(fileURLToPath(new URL("server.js", import.meta.url)), [String(DOCS)]);
  const { url } = await child.answer(60);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.route("**/plain.html", (route) => route.fulfill({ body: text("plain.html"), contentType: "text/html" }));
    await page.route("**/plain.js", (route) =>
      route.fulfill({ body: text("plain.js"), contentType: "text/javascript" }),
    );
    await page.addInitScript(instrument);
    const session = await context.newCDPSession(page);
    /** @param {string} expression @returns {Promise<any>} */
    const ask = (expression) => page.evaluate(expression);
    /** @param {number} count */
    const refreshed = async (count) => {
      while ((await ask("figures.refreshes")) < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const heap = async () => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize;
    };

    await page.goto(name === "dashboard" ? url : `${url}/plain.html`);
    await refreshed(2);
    const { firstRow, longest: firstLongest } = await ask("figures");
    await ask("figures.longest = 0");
    const begin = await ask("figures.refreshes");
    /** @type {number[]} */
    const heaps = [];
    for (let i = 1; i <= 5; i++) {
      const end = begin + Math.round((i * refreshes) / 5);
      for (let done = 0; done < end; done = await ask("figures.refreshes")) {
        await child.ask({ advance: STEP });
        await refreshed((await ask("figures.refreshes")) + 1);
      }
      // Clearing up is not the page's own work.
      const { longest } = await ask("figures");
      heaps.push(await heap());
      await ask(`figures.longest = ${longest}`);
    }
    const { longest, refreshes: all } = await ask("figures");
    const elements = await ask("document.querySelectorAll('*').length");
    return { firstRow, firstLongest, longest, elements, heap: heaps, refreshes: all - begin };
  } finally {
    await context.close();
    await child.stop();
  }
}

/** @param {boolean} quick */
export async function measureDashboard(quick) {
  const executablePath = findChrome();
  if (!executablePath) return undefined;
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: CHROME_ARGS });
  try {
    return {
      dashboard: await measurePage(browser, "dashboard", quick ? 50 : 500),
      // Each of its refreshes takes longer than many of the other's.
      "drawn whole": await measurePage(browser, "drawn whole", quick ? 5 : 20),
    };
  } finally {
    await browser.close();
  }
}

/** @param {Record<string, PageFigures>} measured */
export function printDashboard(measured) {
  console.log(`\nThe page, ${DOCS.toLocaleString("en-US")} documents of which a quarter changes between two refreshes`);
  const ms = (/** @type {number} */ value) => `${Math.round(value)} ms`;
  for (const [name, { firstRow, firstLongest, longest, elements, heap, refreshes }] of Object.entries(measured)) {
    const megabytes = heap.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(" ");
    console.log(`  ${name}`);
    console.log(
      `    first row on the screen      ${ms(firstRow)}, longest task until all are there ${ms(firstLongest)}`,
    );
    console.log(`    longest task over ${String(refreshes).padStart(3)} refreshes ${ms(longest)}`);
    console.log(`    memory, after each fifth     ${megabytes} MB`);
    console.log(`    elements                     ${elements.toLocaleString("en-US")}`);
  }
  const { dashboard } = measured;
  if (!dashboard) return;
  const [, second = 0] = dashboard.heap;
  const grown = (dashboard.heap.at(-1) ?? 0) / second - 1;
  const verdict = (/** @type {boolean} */ isSo) => (isSo ? "pass" : "MISS");
  console.log("  Must reach");
  console.log(`    longest task of a refresh ≤ ${LONGEST_TASK} ms   ${verdict(dashboard.longest <= LONGEST_TASK)}`);
  console.log(
    `    memory levels off: from the second fifth to the last ${(grown * 100).toFixed(1)} %, ≤ 5 %   ${verdict(grown <= 0.05)}`,
  );
}
