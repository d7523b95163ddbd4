// @ts-check
// The dashboard in Chromium: it refreshes, and a user looks at one view after the other.

import { execFileSync } from "node:child_process";
import { CHROME_ARGS, findChrome } from "../lib/browser.js";
import { DevTools } from "../lib/devtools.js";
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

/** Before the page's own code. */
const BEGIN = `
localStorage.setItem("couchdb-scheduler.journal", "on");
globalThis.soakErrors = 0;
for (const type of ["error", "unhandledrejection"]) addEventListener(type, () => globalThis.soakErrors++);
`;

/** Connects again if a refused session has ended the connection, and says when the page was refreshed last. @param {string} view */
const lookAt = (view) => `(() => {
  const connect = [...document.querySelectorAll("button")].find(
    (button) => button.textContent.trim() === "Connect" && button.checkVisibility(),
  );
  connect?.click();
  location.hash = ${JSON.stringify(view)};
  const time = document.querySelector("#freshness time");
  return { isReconnected: Boolean(connect), refreshedAt: time?.checkVisibility() ? time.dateTime : null };
})()`;

/** @param {string} url */
export async function openPage(url) {
  const file = findChrome();
  if (!file) throw new Stop("Chromium not found: install it, or set CHROME_PATH.");
  const tools = new DevTools(file, CHROME_ARGS);
  const { sessionId } = await tools.newPage();
  /** @param {string} method @param {object} [params] */
  const send = (method, params) => tools.send(method, params, sessionId);
  await send("Page.enable");
  await send("Page.addScriptToEvaluateOnNewDocument", { source: BEGIN });
  await send("Performance.enable");
  await send("Page.navigate", { url: `${url}/${VIEWS[0]}` });

  const counts = { answers: 0, views: 0, errors: 0, reconnects: 0 };
  /** Of the driver; `errors` has those of the page, too. */
  let failures = 0;
  /** @type {string | null} */
  let lastRefreshed = null;
  const timer = setInterval(async () => {
    try {
      const view = VIEWS[counts.views++ % VIEWS.length] ?? "";
      const { isReconnected, refreshedAt } = await tools.evaluate(sessionId, lookAt(view));
      if (isReconnected) counts.reconnects++;
      if (refreshedAt !== null && refreshedAt !== lastRefreshed) counts.answers++;
      lastRefreshed = refreshedAt;
    } catch {
      failures++;
    }
  }, LOOK);

  return {
    /** @returns {Promise<import("./worker.js").Sample>} */
    async sample() {
      await send("HeapProfiler.collectGarbage");
      const { metrics } = await send("Performance.getMetrics");
      const metricOf = (/** @type {string} */ name) =>
        metrics.find((/** @type {any} */ metric) => metric.name === name)?.value ?? Number.NaN;
      counts.errors = failures + (await tools.evaluate(sessionId, "soakErrors"));
      return {
        figures: {
          rss: Math.max(...(await tools.renderers()).map(residentOf)),
          heap: metricOf("JSHeapUsedSize") / 1e6,
          nodes: metricOf("Nodes"),
          listeners: metricOf("JSEventListeners"),
        },
        counts,
      };
    },
    async close() {
      clearInterval(timer);
      await tools.stop();
    },
  };
}

/** Megabytes of memory of a process. @param {number} pid */
function residentOf(pid) {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1000;
}
