// @ts-check
// `node scripts/screenshots.js FOLDER [SCENE…]`: pictures of the page's views with typical servers, to be looked at. Chromium
// shows the built page (`npm run build`) with simulated servers.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { serve as servePage } from "../pkg/serve/index.js";
import { createSimulator } from "../simulator/index.js";
import { serve } from "../simulator/protocol/server.js";
import { CHROME_ARGS, findChrome } from "./lib/browser.js";

const AUTH = { Authorization: `Basic ${btoa("admin:pass")}` };
const KINDS = ["orders", "customers", "invoices", "inventory", "telemetry", "sessions", "catalog", "payments"];
const TOWNS = ["berlin", "dublin", "gent", "graz", "lyon", "malmo", "oslo", "porto", "turin", "vilnius"];
const REFRESHES = 8;
/** Milliseconds in which replications begin, and fail a few times. */
const LEAD = 600_000;
const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** @typedef {ReturnType<typeof createSimulator>} Simulator */
/** @typedef {import("playwright-core").Page} Page */

/** @param {number} docs @param {number} [age] ms */
const demo = (docs, age = 0) => createSimulator({ docs, clock: { start: Date.now() - age, speed: 1 } });

/** A server whose replications run, but for those from the hosts that do not exist. @param {number} healthy @param {string[]} lost */
async function serverWith(healthy, lost = []) {
  const simulator = demo(0, LEAD);
  const towns = [...Array.from({ length: healthy }, (_, i) => `${TOWNS[i % TOWNS.length]}.example.net`), ...lost];
  for (const [i, host] of towns.entries()) {
    const kind = KINDS[i % KINDS.length];
    await simulator.fetch(`http://couch.test/_replicator/${kind}-${host.split(".")[0]}-${i}`, {
      method: "PUT",
      headers: AUTH,
      body: JSON.stringify({
        source: `https://${host}/${kind}`,
        target: `https://cloud.example.com/${kind}-${i}`,
        continuous: i % 9 !== 0,
      }),
    });
  }
  simulator.clock.advance(LEAD);
  return simulator;
}

/** @param {number} count @param {number} each */
const lostHosts = (count, each) =>
  Array.from({ length: count * each }, (_, i) => `${TOWNS[(i % count) % TOWNS.length]}-${i % count}.invalid`);

/**
 * What is shown of which server, and how the page gets there.
 *
 * @typedef {object} Scene
 * @property {() => Simulator | Promise<Simulator>} server
 * @property {string} [fragment]
 * @property {(page: Page) => Promise<unknown>} [act]
 * @property {boolean} [needsLogin] the server of the page has no credentials
 * @property {Record<string, () => Simulator | Promise<Simulator>>} [others] more servers, by name
 */

/** @type {Record<string, Scene>} */
const SCENES = {
  healthy: { server: () => serverWith(80) },
  demo: { server: () => demo(400) },
  "one-incident": { server: () => serverWith(80, lostHosts(1, 14)) },
  "forty-incidents": { server: () => serverWith(80, lostHosts(40, 3)) },
  empty: { server: () => demo(0) },
  unreachable: {
    server: () => demo(400),
    act: async (page) => {
      await page.route("**/couchdb/**", (route) => route.abort());
      await page.locator("#notice").waitFor();
    },
  },
  connect: { server: () => demo(0), needsLogin: true },
  details: {
    server: () => demo(400),
    fragment: "#/docs/_replicator/payments-to-bank",
    act: (page) => page.locator("#details .timeline li").first().waitFor(),
  },
  "details-running": {
    server: () => demo(400),
    fragment: "#/docs/_replicator/orders%20to%20warehouse",
    act: (page) => page.locator("#details .timeline li").first().waitFor(),
  },
  starting: {
    server: () => demo(60),
    act: async (page) => {
      await page.getByRole("switch").click();
      await page.getByRole("button", { name: "Start a replication" }).click();
    },
  },
  topology: { server: () => demo(400), fragment: "#/docs/_replicator?view=topology" },
  journal: { server: () => demo(400), fragment: "#/docs/_replicator?view=journal" },
  "three-servers": {
    server: () => serverWith(80),
    others: { lyon: () => demo(400), gent: () => serverWith(60, lostHosts(1, 14)) },
  },
};

/** Time passes faster than ours, so that the charts have points. @param {Page} page @param {Simulator} simulator */
async function refresh(page, simulator) {
  const time = () => page.locator("#freshness time").getAttribute("datetime");
  const before = await time();
  while ((await time()) === before) {
    simulator.clock.advance(6000);
    await page.clock.fastForward(6000);
    await page.waitForTimeout(200);
  }
}

/** Other servers answer in the page's name resolution only. @param {Page} page @param {Record<string, Simulator>} servers */
async function answerFor(page, servers) {
  for (const [name, simulator] of Object.entries(servers)) {
    await page.route(`https://${name}.example.com/**`, async (route) => {
      const request = route.request();
      const response = await simulator.fetch(request.url(), {
        method: request.method(),
        headers: { ...(await request.allHeaders()), ...AUTH },
        ...(request.postData() !== null && { body: request.postData() }),
      });
      const headers = { ...Object.fromEntries(response.headers), "access-control-allow-origin": "*" };
      await route.fulfill({ status: response.status, headers, body: await response.text() });
    });
  }
  const names = Object.keys(servers).map((name) => ({ name, url: `https://${name}.example.com` }));
  const config = { servers: [{ name: "berlin", url: "couchdb", api: "api" }, ...names] };
  await page.route("**/config.json", (route) => route.fulfill({ json: config }));
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} folder
 * @param {string} name
 * @param {Scene} scene
 */
async function take(browser, folder, name, { server, fragment = "", act, needsLogin, others }) {
  const simulator = await server();
  /** @type {Record<string, Simulator>} */
  const more = {};
  for (const [other, create] of Object.entries(others ?? {})) more[other] = await create();
  const couch = await serve(simulator);
  const url = needsLogin ? couch.url : couch.url.replace("://", "://admin:pass@");
  const dev = await servePage({ couchdb: { url }, port: 0, allowWrites: true, log: () => {} });
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const viewport of WINDOWS) {
      const page = await browser.newPage({ colorScheme, viewport, locale: "en-US" });
      await page.clock.install();
      if (others) await answerFor(page, more);
      await page.goto(`${dev.url}/${fragment}`);
      if (needsLogin) await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
      else if (others) await page.waitForLoadState("networkidle");
      else {
        await page.locator("#freshness time").waitFor();
        for (let i = 0; i < REFRESHES; i++) await refresh(page, simulator);
      }
      await act?.(page);
      // Marks on changed values fade.
      await page.waitForTimeout(1500);
      const file = join(folder, `${name}-${colorScheme}-${viewport.width}.png`);
      await page.screenshot({ path: file });
      console.log(file);
      await page.close();
    }
  }
  await Promise.all([dev.close(), couch.close()]);
}

const [folder, ...names] = process.argv.slice(2);
if (!folder) throw new Error("Name a folder: node scripts/screenshots.js FOLDER [SCENE…]");
mkdirSync(folder, { recursive: true });
const executablePath = findChrome();
if (!executablePath) throw new Error("Chromium not found: install it, or set CHROME_PATH.");
const browser = await chromium.launch({ executablePath, args: CHROME_ARGS });
for (const [name, scene] of Object.entries(SCENES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  await take(browser, resolve(folder), name, scene);
}
await browser.close();
