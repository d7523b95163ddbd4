// @ts-check
// The page as static files, in a folder of any web server: small, strict, and usable without a
// server through the built-in simulator.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { newContext } from "./browsers/index.js";
import { builtPage } from "./built-page.js";
import { everythingOn, INTERVAL, until } from "./open-page.js";

/**
 * In bytes after gzip; in brackets what was measured on 2026-11-26. The page with all its views (213.7 kB): wasm 118.5, styles 6, the
 * rest its JavaScript. Everything (232.4): that, and the package's questions to several endpoints, which `serve` asks for its
 * page. The simulator (30.1) is loaded only to try the page out.
 */
const BUDGET = { opening: 217_000, everything: 236_000, tryOut: 32_000 };

/** @type {Awaited<ReturnType<typeof builtPage>>} */
let built;

before(async () => {
  built = await builtPage();
});

after(() => built.close());

/** @param {string} name of a built file @returns {number} */
const gzipped = (name) => gzipSync(readFileSync(join(built.folder, name)), { level: 9 }).length;

test("is small", async (t) => {
  await built.open(t);
  const { asked, everything, folder, path } = built;
  const names = new Set(asked.map((url) => url.replace(path, "") || "index.html"));
  const files = [...names].filter((name) => existsSync(join(folder, name)));
  const opening = files.reduce((sum, name) => sum + gzipped(name), 0);
  const [simulator = ""] = readdirSync(folder).filter((name) => name.startsWith("simulator-"));
  const tryOut = gzipped(simulator);
  t.diagnostic(`gzip: ${opening} bytes to open it, ${everything - tryOut} in all, and ${tryOut} to try it out`);
  assert.ok(files.some((name) => name.endsWith(".wasm")) && opening < BUDGET.opening, `${opening}: ${files.join(" ")}`);
  assert.ok(everything - tryOut < BUDGET.everything, `${everything - tryOut}`);
  assert.ok(tryOut < BUDGET.tryOut, `${tryOut}`);
});

test("says what to do while it cannot be loaded", async (t) => {
  built.gone.add(".wasm");
  t.after(() => built.gone.clear());
  const context = await newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(built.url);
  const loading = page.getByText("If nothing else appears, reload the page");
  await loading.waitFor();
  built.gone.clear();
  await page.reload();
  await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
  assert.equal(await loading.count(), 0);
});

test("contains its policy, and obeys it", async (t) => {
  const page = await built.open(t);
  const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  assert.match(policy ?? "", /script-src 'self' 'wasm-unsafe-eval';/);
});

test("can be tried out without a server", async (t) => {
  const page = await built.open(t);
  const { asked, path } = built;
  assert.ok(!asked.some((url) => /simulator|insight/.test(url)), "these are loaded only when needed");
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.locator("#freshness time").waitFor();
  await page.locator("#server", { hasText: "Simulated server inside this page" }).waitFor();
  const rows = page.locator("#grid .grid-body [role=row]");
  await rows.first().click();
  await page.locator("#details .timeline li").first().waitFor();
  const refreshed = () => page.locator("#freshness time").getAttribute("datetime");
  const first = await refreshed();
  // Ten times as fast as real time, and only if the page says so.
  const asTimeGoesBy = (/** @type {() => Promise<boolean>} */ isSo, /** @type {string} */ what) =>
    until(async () => {
      if (await isSo()) return true;
      await page.clock.fastForward(INTERVAL);
      return false;
    }, what);
  await asTimeGoesBy(async () => (await refreshed()) !== first, "a refresh");

  // Everything works, including starting and stopping.
  await page.getByRole("switch", { name: "Read-only" }).click();
  await page.getByRole("button", { name: "Start a replication" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Source", { exact: true }).fill("https://berlin.example.net/orders");
  await dialog.getByLabel("Target", { exact: true }).fill("https://cloud.example.com/copy");
  await dialog.getByLabel("Id of the document").fill("tried out");
  await dialog.getByRole("button", { name: "Start" }).click();
  await page.getByRole("heading", { level: 2, name: "tried out" }).waitFor();
  const badge = page.locator("#details .badge", { hasText: /running|completed/ });
  await asTimeGoesBy(() => badge.isVisible(), "its state");
  await page.getByRole("button", { name: "Stop…" }).click();
  await page.getByRole("button", { name: "Stop it" }).click();
  await page.getByText("It was stopped").waitFor();
  const everything = await everythingOn(page);
  for (const word of ["s3cret", "api_key=K"]) assert.ok(!everything.includes(word), word);
  assert.ok(
    asked.every((url) => url.startsWith(path) || url === "/favicon.ico"),
    asked.join(" "),
  );
});

/** @param {import("node:test").TestContext} t @param {{ failedRequests?: boolean }} [options] */
async function openDashboard(t, options) {
  const page = await built.open(t, options);
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.locator("#freshness time").waitFor();
  return page;
}

test("the package's questions to several endpoints are loaded with the first call", async (t) => {
  const page = await openDashboard(t);
  await page.getByRole("button", { name: "Backlog, last progress, findings" }).click();
  await page.getByRole("button", { name: "Measure all…" }).click();
  await page.getByRole("button", { name: /^Measure \d/ }).click();
  await until(async () => {
    await page.clock.fastForward(1000);
    return page.getByRole("button", { name: "Measure all…" }).isVisible();
  }, "all backlogs");
  const backlogs = await page.locator("#grid .grid-body .cell.backlog").allInnerTexts();
  assert.ok(
    backlogs.some((text) => /^\d/.test(text)),
    backlogs.join(" "),
  );
});

test("an audit that cannot be loaded says what to do", async (t) => {
  built.gone.add("insight-");
  t.after(() => built.gone.clear());
  const page = await openDashboard(t, { failedRequests: false });
  await page.locator("#findings").getByText("A part of the page cannot be loaded").waitFor();
  assert.ok((await page.locator("#grid .grid-body [role=row]").count()) > 5, "the list is there");
});
