// @ts-check
// The dashboard in Chromium with a changing fleet, compared with the same list requested and drawn as a whole.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CHROME_ARGS, findChrome } from "../../scripts/lib/browser.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { Child } from "../lib/child.js";
import { instrument } from "./in-page.js";
import { mainThread } from "./main-thread.js";

/** Number of documents for which the numbers of refreshes are meant; with more, there are fewer. */
const USUAL_DOCS = 10_000;
/** Milliseconds of the fleet's time between two refreshes: all counters of running jobs have changed. */
const STEP = 5000;
const MAX_TASK_MS = 50;
/** Number of refreshes among which the longest task is measured. */
const TRACED = 10;
/** Refreshes before those that are measured. */
const WARM_UP = 3;
/** How often the memory is measured over all refreshes, at most. */
const MAX_HEAPS = 10;

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
 * @property {number[]} heap bytes after a garbage collection, at regular intervals over the refreshes
 * @property {number} refreshes
 * @property {number} traced number of refreshes among which the longest task was measured
 */

/** @param {string} name */
const text = (name) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");

/** @param {number} refreshes */
const heapsOver = (refreshes) => (refreshes % MAX_HEAPS === 0 ? MAX_HEAPS : refreshes);

/** Runs in the page. @param {number} frames */
async function scroll(frames) {
  const box = /** @type {Element} */ (document.querySelector("replication-table")?.shadowRoot?.querySelector("#grid"));
  for (let i = 0; i < frames; i++) {
    box.scrollTop += 306;
    await new Promise(requestAnimationFrame);
  }
}

/** Runs in the page: whether everything is shown that the list says. */
const isLoaded = () => {
  const panel = document.querySelector("incidents-panel");
  return panel === null || /** @type {any} */ (panel).incidents !== null;
};

/** @param {string} name @param {string} argument */
async function start(name, argument) {
  const child = new Child(fileURLToPath(new URL(name, import.meta.url)), [argument]);
  const { url } = await child.answer(60);
  return { child, url };
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {PageName} name
 * @param {number} docs
 * @param {number} refreshes
 * @param {number} traced
 * @returns {Promise<PageFigures>}
 */
async function measurePage(browser, name, docs, refreshes, traced) {
  const couch = await start("couch.js", String(docs));
  const { child, url } = await start("server.js", couch.url);
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
        await couch.child.ask({ advance: STEP });
        await refreshed((await ask("figures.refreshes")) + 1);
      }
    };

    const { longest: loading } = await mainThread(browser, page, async () => {
      await page.goto(name === "dashboard" ? url : `${url}/plain.html`);
      await refreshed(1);
      await page.waitForFunction(isLoaded);
    });
    const { firstRow } = await ask("figures");
    await refresh(Math.min(WARM_UP, traced));
    const { longest: refreshing } = await mainThread(browser, page, () => refresh(traced));
    const scrolled = name === "dashboard" ? await mainThread(browser, page, () => page.evaluate(scroll, FRAMES)) : null;
    /** @type {number[]} */
    const heaps = [];
    for (let i = 0; i < heapsOver(refreshes); i++) {
      await refresh(refreshes / heapsOver(refreshes));
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
      traced,
    };
  } finally {
    await context.close();
    await child.stop();
    await couch.child.stop();
  }
}

/** @param {{ quick: boolean, docs: number }} options */
export async function measureDashboard({ quick, docs }) {
  const executablePath = findChrome();
  if (!executablePath) return undefined;
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: CHROME_ARGS });
  try {
    const share = Math.min(1, USUAL_DOCS / docs);
    const refreshes = Math.ceil((quick ? 50 : 500) * share);
    const traced = Math.max(2, Math.ceil(TRACED * share));
    const dashboard = await measurePage(browser, "dashboard", docs, refreshes, traced);
    if (docs > USUAL_DOCS) return { dashboard };
    // Each of its refreshes takes longer than many of the dashboard's.
    return { dashboard, "drawn whole": await measurePage(browser, "drawn whole", docs, quick ? 10 : 20, traced) };
  } finally {
    await browser.close();
  }
}

/** @param {Record<string, PageFigures>} measured @param {number} docs */
export function printDashboard(measured, docs) {
  console.log(`\nThe page, ${docs.toLocaleString("en-US")} documents, a quarter of which change between two refreshes`);
  const task = (/** @type {import("./main-thread.js").Task} */ { wall, cpu }) =>
    `${Math.round(wall)} ms, of which it worked ${Math.round(cpu)} ms`;
  for (const [name, figures] of Object.entries(measured)) {
    const { firstRow, loading, refreshing, frame, elements, heap, refreshes, traced } = figures;
    const megabytes = heap.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(" ");
    console.log(`  ${name}, ${elements.toLocaleString("en-US")} elements`);
    console.log(`    first row on the screen       ${Math.round(firstRow)} ms`);
    console.log(`    longest task until all is loaded  ${task(loading)}`);
    console.log(`    longest task of ${traced} refreshes  ${task(refreshing)}`);
    if (frame !== null) console.log(`    scrolling, work per frame     ${frame.toFixed(1)} ms`);
    console.log(`    memory every ${refreshes / heapsOver(refreshes)} of ${refreshes} refreshes  ${megabytes} MB`);
  }
  const { dashboard } = measured;
  if (!dashboard) return;
  const grown = (dashboard.heap.at(-1) ?? 0) / (dashboard.heap[1] ?? 0) - 1;
  const verdict = (/** @type {boolean} */ isSo) => (isSo ? "pass" : "MISS");
  const { cpu } = dashboard.refreshing;
  console.log("   Targets");
  console.log(`    longest task of a refresh works ≤ ${MAX_TASK_MS} ms: ${verdict(cpu <= MAX_TASK_MS)}`);
  const work = dashboard.frame ?? Number.NaN;
  console.log(`    work per frame at 60 frames a second ≤ ${FRAME.toFixed(1)} ms: ${verdict(work <= FRAME)}`);
  console.log(
    `    memory levels off, from the second figure to the last ≤ 5 %: ${(grown * 100).toFixed(1)} %, ${verdict(grown <= 0.05)}`,
  );
}
