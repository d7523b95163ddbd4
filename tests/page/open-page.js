// @ts-check
// What a test of the page needs: a simulated CouchDB, the server of the package in front of it, and the page in a window. Every test
// ends with a check that the page reported no error.

import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Scheduler } from "couchdb-scheduler";
import { serve as servePage } from "../../pkg/serve/index.js";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";
import { newContext, WAIT_LIMIT } from "./browsers/index.js";

/** @typedef {import("../../simulator/index.js").SimulatorOptions} SimulatorOptions */

/** How often the page refreshes, in ms. */
export const INTERVAL = 5000;

/** Longer than the table takes to notice that scrolling has ended, in ms. */
const SETTLED = 200;

/** Of the simulator's administrator; must never be visible. */
export const PASSWORD = "correct-horse";
const ADMINS = { admin: PASSWORD };

/** Waits until the condition is true, however fast this machine is. @param {() => unknown} isSo @param {string} what */
export async function until(isSo, what) {
  const end = Date.now() + WAIT_LIMIT;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `in vain for ${WAIT_LIMIT / 1000} seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** The initial time in the page: later than the simulator's, which the page does not know. */
const BEGIN = Date.parse("2026-11-25T12:00:00Z");

/**
 * Time stands still in the page: timers fire and clocks advance only when a test says so. Frames are still drawn, and
 * `realTimers` are those of the browser.
 *
 * @param {import("playwright-core").Page} page
 */
export async function stopTime(page) {
  await page.context().addInitScript(() => {
    const { setTimeout, clearTimeout, requestAnimationFrame, cancelAnimationFrame } = window;
    Object.assign(window, { realTimers: { setTimeout, clearTimeout } });
    for (const [name, real] of Object.entries({ requestAnimationFrame, cancelAnimationFrame })) {
      Object.defineProperty(window, name, { get: () => real.bind(window), set() {} });
    }
  });
  // Started an hour ago; runs until it is stopped.
  await page.clock.install({ time: BEGIN - 3_600_000 });
  await page.clock.pauseAt(BEGIN);
}

/** The browser itself reports each failed request: a test that provokes them expects these reports. */
const FAILED_REQUEST = /^Failed to load resource|^Cross-Origin Request Blocked|^Loading module from/;

/**
 * @param {import("playwright-core").Page} page
 * @param {{ failedRequests?: boolean }} [options] whether those reports count as errors, too
 * @returns {string[]} the errors of the page from now on
 */
export function listen(page, { failedRequests = false } = {}) {
  /** @type {string[]} */
  const complaints = [];
  const complain = (/** @type {string} */ text) => {
    if (failedRequests || !FAILED_REQUEST.test(text)) complaints.push(text);
  };
  page.on("pageerror", (error) => complain(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complain(message.text());
  });
  return complaints;
}

/** All text of the page, including attributes and fields. @param {import("playwright-core").Page} page */
export function everythingOn(page) {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll("input, textarea")].map(
      (field) => /** @type {HTMLInputElement} */ (field).value,
    );
    return [document.documentElement.outerHTML, ...fields, JSON.stringify({ ...sessionStorage, ...localStorage })].join(
      "\n",
    );
  });
}

/** Counts the requests of the page to CouchDB, where the server receives them: no browser has to report them. @param {string} url */
function countRequests(url) {
  const port = Number(new URL(url).port);
  const counted = {
    begun: 0,
    ended: 0,
    stop: () => void unsubscribe("http.server.request.start", start),
  };
  /** @param {unknown} message */
  function start(message) {
    const { request, response, socket } =
      /** @type {{ request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse, socket: import("node:net").Socket }} */ (
        message
      );
    if (socket.localPort !== port || !request.url?.startsWith("/couchdb/")) return;
    counted.begun++;
    response.once("close", () => {
      counted.ended++;
    });
  }
  subscribe("http.server.request.start", start);
  return counted;
}

/**
 * @param {import("node:test").TestContext} t
 * @param {object} [options]
 * @param {SimulatorOptions} [options.simulator]
 * @param {string} [options.user] the credentials of the server of the page: "name:password"
 * @param {boolean} [options.allowWrites] through the server of the page
 * @param {string} [options.fragment] of the URL that is opened
 * @param {import("playwright-core").BrowserContextOptions} [options.window]
 */
export async function openPage(t, options = {}) {
  const { simulator: given, user = `admin:${PASSWORD}`, allowWrites = true, fragment = "", window } = options;
  const simulator = createSimulator({ docs: 60, admins: ADMINS, ...given });
  let couch = await serve(simulator);
  const port = Number(new URL(couch.url).port);
  const couchdbUrl = couch.url.replace("://", user ? `://${user}@` : "://");
  // In its time, a response is never fresh enough to be used again: tests change the server between two requests.
  const dev = await servePage(
    { couchdb: { url: couchdbUrl }, port: 0, allowWrites, log: () => {} },
    { now: () => 1000 * performance.now() },
  );
  const context = await newContext(window);
  const page = await context.newPage();
  const complaints = listen(page);
  const requests = countRequests(dev.url);
  await stopTime(page);
  t.after(async () => {
    await context.close();
    await Promise.all([dev.close(), couch.close()]);
    requests.stop();
    assert.deepEqual(complaints, [], "the page complained");
  });
  await page.goto(`${dev.url}/${fragment}`);
  // Firefox reports an error of a page that is left before its wasm has arrived.
  await page.locator(".masthead").waitFor();

  const refreshedAt = () => page.locator("#freshness time").getAttribute("datetime");
  /** Waits until the server has received all earlier requests of the page. */
  const hear = () =>
    page.evaluate(() =>
      fetch("icon.svg")
        .catch(() => {})
        .then(() => {}),
    );
  /** Waits until the page has its responses and sends no more requests. */
  const quiet = () =>
    until(async () => {
      const { begun, ended } = requests;
      await hear();
      return begun === ended && requests.begun === begun;
    }, "the last answer");
  /** Advances the time, and waits for the page's work. @param {number} [ms] */
  const pass = async (ms = 2 * INTERVAL) => {
    await quiet();
    await page.clock.fastForward(ms);
    await quiet();
  };
  /** Advances the time by one interval, and returns whether the page sent a request. */
  const isRefreshing = async () => {
    await quiet();
    const { begun } = requests;
    await page.clock.fastForward(2 * INTERVAL);
    await hear();
    return requests.begun > begun;
  };
  const rows = page.locator("#grid .grid-body [role=row]");
  return {
    page,
    simulator,
    dev,
    policy: async () => (await fetch(dev.url)).headers.get("content-security-policy"),
    /** Waits for the first list, and for the watch, which begins after it. */
    async connected() {
      await page.locator("#freshness time").waitFor();
      await quiet();
    },
    isRefreshing,
    quiet,
    pass,
    /** Waits for the next successful refresh. */
    async refresh() {
      const before = await refreshedAt();
      await until(async () => {
        await pass();
        return (await refreshedAt()) !== before;
      }, "a refresh that succeeds");
    },
    /** Advances the time until this is visible, through delays and retries. @param {import("playwright-core").Locator} what */
    async seen(what) {
      await quiet();
      await until(async () => {
        if (!(await what.first().isVisible())) await pass(1000);
        return what.first().isVisible();
      }, `to be seen: ${what}`);
    },
    /** The server behind the proxy goes away, and comes back unchanged. */
    stopServer: () => couch.close(),
    startServer: async () => {
      couch = await serve(simulator, { port });
    },
    /** The rows in the page: the visible ones and a few more. */
    rows,
    /** Waits until scrolling has ended: then the rows in the page are in the order of the list. */
    async settled() {
      await page.clock.runFor(SETTLED);
      const indices = async () =>
        (await rows.evaluateAll((all) => all.map((row) => Number(row.ariaRowIndex)))).join(" ");
      await until(async () => {
        const now = await indices();
        return (
          now ===
          now
            .split(" ")
            .map(Number)
            .sort((a, b) => a - b)
            .join(" ")
        );
      }, "rows in order");
    },
    /** The row of a replication. @param {string} id */
    row: (id) => rows.filter({ has: page.locator(".cell.id a", { hasText: exactly(id) }) }),
    /** The contents of a column in the rows of the page, from top to bottom. @param {string} column */
    column: (column) => rows.locator(`.cell.${column}`).allTextContents(),
    /** The number of rows with the present filter. */
    shown: async () => Number(await page.locator("#grid").getAttribute("aria-rowcount")) - 1,
    /** The overview's number of replications in a state. @param {string} state */
    count: async (state) => figure(await page.locator(`.state-filter.${state} .many`).innerText()),
    /** A figure of the overview. @param {string} name */
    tile: async (name) => figure(await page.locator(`.tile.${name} .value`).innerText()),
    /** The server's own list of all documents. @param {string} [database] */
    async truth(database) {
      const auth = { username: "admin", password: PASSWORD };
      const { docs } = await new Scheduler("http://couch.test", { auth, fetch: simulator.fetch }).listDocs({
        database,
      });
      return docs;
    },
    /** Any other action of another user. @param {string} method @param {string} path @param {object} [body] */
    async elsewhere(method, path, body) {
      const headers = { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, "Content-Type": "application/json" };
      const response = await simulator.fetch(`http://couch.test/${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

/** @param {string} text */
const figure = (text) => Number(text.replace(/\D/g, "") || Number.NaN);

/** @param {string} text */
const exactly = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
