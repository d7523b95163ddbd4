// @ts-check
// The dashboard in Chromium with a changing fleet, compared with the same list requested and drawn as a whole.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CHROME_ARGS, findChrome } from "../../scripts/lib/browser.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { Child } from "../lib/child.js";
import { instrument } from "./in-page.js";
import { mainThread } from "./main-thread.js";

const DOCS = 10_000;
/** Milliseconds of the fleet's time between two refreshes: all counters of running jobs have changed. */
const STEP = 5000;
const MAX_TASK_MS = 50;
/** Number of refreshes among which the longest task is measured. */
const TRACED = 10;

/** Frames of scrolling, each by nine rows: as fast as a mouse wheel. */
const FRAMES = 100;
/** Milliseconds per frame at 60 frames a second. */
const FRAME = 1000 / 60;

/** @typedef {"dashboard" | "drawn whole"} PageName */

/**
 * @typedef {object} PageFigures
 * @property {number} firstRow ms from opening the page to its first row
 * @property {import("./main-thread.js").Task} loading the longest task until all rows are loaded
 * @property {import("./main-thread.js").Task} refreshing the longest task of a refresh
 * @property {number | null} frame ms of work per frame while scrolling
 * @property {number} elements number of elements in the page
 * @property {number[]} heap bytes, at regular intervals over the refreshes
 * @property {number} refreshes
 */

/** @param {string} name */
const text = (name) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");

/** Runs in the page. @param {number} frames */
async function scroll(frames) {
  const box = /** @type {Element} */ (document.querySelector("replication-table")?.shadowRoot?.querySelector("#grid"));
  for (let i = 0; i < frames; i++) {
    box.scrollTop += 306;
    await new Promise(requestAnimationFrame);
  }
}

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
    await page.route("**/couchdb-scheduler/index.js", (route) =>
      route.fulfill({ path: fromRoot("pkg", "index.js"), contentType: "text/javascript" }),
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

    /** @param {number} count */
    const refresh = async (count) => {
      const end = (await ask("figures.refreshes")) + count;
      for (let done = 0; done < end; done = await ask("figures.refreshes")) {
        await child.ask({ advance: STEP });
        await refreshed((await ask("figures.refreshes")) + 1);
      }
    };

    const { longest: loading } = await mainThread(browser, page, async () => {
      await page.goto(name === "dashboard" ? url : `${url}/plain.html`);
      await refreshed(1);
    });
    const { firstRow } = await ask("figures");
    await refresh(3);
    const { longest: refreshing } = await mainThread(browser, page, () => refresh(TRACED));
    const scrolled = name === "dashboard" ? await mainThread(browser, page, () => page.evaluate(scroll, FRAMES)) : null;
    /** @type {number[]} */
    const heaps = [];
    for (let i = 0; i < 5; i++) {
      await refresh(refreshes / 5);
      heaps.push(await heap());
    }
    const elements = await ask("document.querySelectorAll('*').length");
    return {
      firstRow,
      loading,
      refreshing,
      frame: scrolled && scrolled.cpu / FRAMES,
      elements,
      heap: heaps,
      refreshes,
    };
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
      // Each of its refreshes takes longer than many of the dashboard's.
      "drawn whole": await measurePage(browser, "drawn whole", quick ? 5 : 20),
    };
  } finally {
    await browser.close();
  }
}

/** @param {Record<string, PageFigures>} measured */
export function printDashboard(measured) {
  console.log(`\nThe page, ${DOCS.toLocaleString("en-US")} documents, a quarter of which change between two refreshes`);
  const task = (/** @type {import("./main-thread.js").Task} */ { wall, cpu }) =>
    `${Math.round(wall)} ms, of which it worked ${Math.round(cpu)} ms`;
  for (const [name, { firstRow, loading, refreshing, frame, elements, heap, refreshes }] of Object.entries(measured)) {
    const megabytes = heap.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(" ");
    console.log(`  ${name}, ${elements.toLocaleString("en-US")} elements`);
    console.log(`    first row on the screen       ${Math.round(firstRow)} ms`);
    console.log(`    longest task until all is loaded  ${task(loading)}`);
    console.log(`    longest task of ${TRACED} refreshes  ${task(refreshing)}`);
    if (frame !== null) console.log(`    scrolling, work per frame     ${frame.toFixed(1)} ms`);
    console.log(`    memory over ${refreshes} refreshes  ${megabytes} MB`);
  }
  const { dashboard } = measured;
  if (!dashboard) return;
  const [, second = 0] = dashboard.heap;
  const grown = (dashboard.heap.at(-1) ?? 0) / second - 1;
  const verdict = (/** @type {boolean} */ isSo) => (isSo ? "pass" : "MISS");
  const { cpu } = dashboard.refreshing;
  console.log("   Targets");
  console.log(`    longest task of a refresh works ≤ ${MAX_TASK_MS} ms: ${verdict(cpu <= MAX_TASK_MS)}`);
  const work = dashboard.frame ?? Number.NaN;
  console.log(`    work per frame at 60 frames a second ≤ ${FRAME.toFixed(1)} ms: ${verdict(work <= FRAME)}`);
  console.log(
    `    memory levels off, from the second fifth to the last ≤ 5 %: ${(grown * 100).toFixed(1)} %, ${verdict(grown <= 0.05)}`,
  );
}
