// @ts-check
// The dashboard in Chromium: it refreshes, and a user looks at one view after the other.

import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";
import { CHROME_ARGS, findChrome } from "../lib/browser.js";
import { Stop } from "../lib/say.js";

/** Milliseconds for which the user looks at a view. */
const LOOK = 4000;
const VIEWS = [
  "#/docs/_replicator",
  "#/docs/_replicator/payments-to-bank",
  "#/docs/_replicator?state=crashing,failed",
  "#/docs/_replicator?view=topology",
  "#/docs/_replicator/soak-3",
  "#/docs/_replicator?view=journal",
  "#/jobs",
];

/** @param {string} url */
export async function openPage(url) {
  const executablePath = findChrome();
  if (!executablePath) throw new Stop("Chromium not found: install it, or set CHROME_PATH.");
  const browser = await chromium.launch({ executablePath, args: CHROME_ARGS });
  const page = await browser.newPage();
  const counts = { answers: 0, views: 0, errors: 0, reconnects: 0 };
  /** @type {string | null} */
  let refreshedAt = null;
  page.on("pageerror", () => counts.errors++);
  await page.addInitScript(() => localStorage.setItem("couchdb-scheduler.journal", "on"));
  await page.goto(`${url}/${VIEWS[0]}`);
  const [ofPage, ofBrowser] = [await page.context().newCDPSession(page), await browser.newBrowserCDPSession()];
  await ofPage.send("Performance.enable");

  const timer = setInterval(async () => {
    try {
      // A refused session ends the connection; the user connects again.
      const connect = page.getByRole("button", { name: "Connect", exact: true });
      if (await connect.isVisible()) {
        await connect.click();
        counts.reconnects++;
      }
      const time = page.locator("#freshness time");
      const at = (await time.isVisible()) ? await time.getAttribute("datetime") : null;
      if (at !== null && at !== refreshedAt) counts.answers++;
      refreshedAt = at;
      const view = VIEWS[counts.views++ % VIEWS.length] ?? "";
      await page.evaluate((fragment) => {
        location.hash = fragment;
      }, view);
    } catch {
      counts.errors++;
    }
  }, LOOK);

  return {
    /** @returns {Promise<import("./worker.js").Sample>} */
    async sample() {
      await ofPage.send("HeapProfiler.collectGarbage");
      const { metrics } = await ofPage.send("Performance.getMetrics");
      const metricOf = (/** @type {string} */ name) =>
        metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
      const { processInfo } = await ofBrowser.send("SystemInfo.getProcessInfo");
      const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
      return {
        figures: {
          rss: Math.max(...renderers.map(residentOf)),
          heap: metricOf("JSHeapUsedSize") / 1e6,
          nodes: metricOf("Nodes"),
          listeners: metricOf("JSEventListeners"),
        },
        counts,
      };
    },
    async close() {
      clearInterval(timer);
      await browser.close();
    },
  };
}

/** Megabytes of memory of a process. @param {number} pid */
function residentOf(pid) {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1000;
}
