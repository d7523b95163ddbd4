// @ts-check
// What a test of the page needs: a simulated CouchDB, the dev server in front of it, and the page in a window. Every test
// ends by making sure that the page complained of nothing.

import assert from "node:assert/strict";
import { startDevServer } from "../../scripts/dev-server.js";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/server.js";
import { newContext } from "./chromium.js";

/** @typedef {import("../../simulator/index.js").SimulatorOptions} SimulatorOptions */

/** How often the page refreshes, in ms. */
export const INTERVAL = 5000;

/** Of the simulator's administrator; must never be seen. */
export const PASSWORD = "correct-horse";
const ADMINS = { admin: PASSWORD };

/** Waits until it is true, however fast this machine is. @param {() => unknown} isSo @param {string} what */
export async function until(isSo, what) {
  const end = Date.now() + 20_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `in vain for 20 seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** The browser itself reports each answer that is an error: a test that provokes them expects that. */
const FAILED_REQUEST = /^Failed to load resource/;

/** @param {import("playwright-core").Page} page */
function listen(page) {
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !FAILED_REQUEST.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return complaints;
}

/** What the page has on it, secrets in attributes and fields included. @param {import("playwright-core").Page} page */
export function everythingOn(page) {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll("input")].map(({ value }) => value);
    return [document.documentElement.outerHTML, ...fields, JSON.stringify({ ...sessionStorage, ...localStorage })].join(
      "\n",
    );
  });
}

/**
 * @param {import("node:test").TestContext} t
 * @param {object} [options]
 * @param {SimulatorOptions} [options.simulator]
 * @param {string} [options.user] whom the dev server's proxy says we are: "name:password"
 * @param {import("playwright-core").BrowserContextOptions} [options.window]
 */
export async function openPage(t, { simulator: given, user = `admin:${PASSWORD}`, window } = {}) {
  const simulator = createSimulator({ docs: 60, admins: ADMINS, ...given });
  let couch = await serve(simulator);
  const port = Number(new URL(couch.url).port);
  const dev = await startDevServer({ couchdbUrl: couch.url.replace("://", user ? `://${user}@` : "://") });
  const context = await newContext(window);
  const page = await context.newPage();
  const complaints = listen(page);
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/_scheduler/docs")) asked++;
  });
  // Time goes by when a test says so. The page is not told of the simulator's clock.
  await page.clock.install();
  t.after(async () => {
    await context.close();
    await Promise.all([dev.close(), couch.close()]);
    assert.deepEqual(complaints, [], "the page complained");
  });
  const response = await page.goto(`${dev.url}/`);

  const refreshedAt = () => page.locator("#refreshed time").getAttribute("datetime");
  const lists = () => simulator.requests.filter(({ path }) => path.startsWith("/_scheduler/docs")).length;
  /** Lets an interval go by, and says whether the page asked for anything then. */
  const isRefreshing = async () => {
    const before = asked;
    await page.clock.fastForward(INTERVAL);
    // What the page asked for before this, we have heard of after it.
    await page.evaluate(async () => (await fetch("config.json")).status);
    return asked > before;
  };
  return {
    page,
    simulator,
    dev,
    policy: response?.headers()["content-security-policy"],
    /** How often the documents were asked for. */
    lists,
    connected: () => page.locator("#refreshed time").waitFor(),
    isRefreshing,
    /** Waits for the next refresh that succeeds. */
    async refresh() {
      const before = await refreshedAt();
      await until(isRefreshing, "a refresh that begins");
      // Time stands still for it: too much at once, and the request would be given up.
      await until(async () => (await refreshedAt()) !== before, "a refresh that succeeds");
    },
    /** The server behind the proxy goes away, and comes back as it was. */
    stopServer: () => couch.close(),
    startServer: async () => {
      couch = await serve(simulator, { port });
    },
    /** The row of a document. @param {string} id */
    row: (id) => page.locator("#docs-panel tbody").filter({ has: page.locator("th", { hasText: exactly(id) }) }),
    /** What a column shows, from top to bottom. @param {string} column */
    column: (column) => page.locator(`#docs-panel tbody .col-${column}`).allTextContents(),
    /** How many the overview says are in a state. @param {string} state */
    count: async (state) => Number((await page.locator(`.count.${state} .many`).innerText()).replace(/\D/g, "")),
  };
}

/** @param {string} text */
const exactly = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
