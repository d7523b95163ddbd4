// @ts-check
// couchdb-scheduler/element in a page that is not ours.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { newContext } from "./browsers/index.js";
import { INTERVAL, listen, PASSWORD, stopTime, until } from "./open-page.js";
import { servePages } from "./pages-with-elements.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @param {string} body @param {string} [script] */
const pageOf = (body, script = "") => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Another page</title><link rel="icon" href="data:,">
<style>html { color-scheme: light dark } couchdb-replications { --couchdb-line: rgb(1, 2, 3) } ::part(failed) { opacity: 0.5 }</style>
<script type="importmap">{ "imports": {
  "couchdb-scheduler": "/node_modules/couchdb-scheduler/index.js",
  "couchdb-scheduler/": "/node_modules/couchdb-scheduler/" } }</script>
<script type="module">
import { Client } from "couchdb-scheduler";
import "couchdb-scheduler/element/define.js";
window.clientOf = (password) => new Client(location.origin + "/couchdb", { auth: { username: "admin", password } });
window.heard = [];
for (const type of ["replication-chosen", "replications-error", "incident-chosen", "select", "sort"])
  document.addEventListener(type, ({ detail }) => heard.push([type, detail]));
window.table = document.querySelector("couchdb-replications");
window.incidents = document.querySelector("couchdb-incidents");
const client = clientOf("${PASSWORD}");
${script}
</script></head><body><main><h1>Another page</h1>${body}</main></body></html>`;

const TABLE = "<couchdb-replications></couchdb-replications>";
const SET_CLIENT = "table.client = client;";

/**
 * @param {import("node:test").TestContext} t
 * @param {string} html
 * @param {import("playwright-core").BrowserContextOptions} [window]
 */
async function open(t, html, window) {
  const simulator = createSimulator({ docs: 60, admins: { admin: PASSWORD } });
  const server = await servePages({ "/": html }, simulator);
  const context = await newContext(window);
  const page = await context.newPage();
  const complaints = listen(page);
  await stopTime(page);
  t.after(async () => {
    await context.close();
    await server.close();
    assert.deepEqual(complaints, [], "the page complained");
  });
  await page.goto(server.url);
  const rows = page.locator("couchdb-replications [part=body] [role=row]");
  /** Waits until the server has received all requests of the elements; returns their number. */
  const requests = async () => {
    let before = -1;
    await until(async () => {
      const known = before;
      await page.evaluate("fetch('icon').then((response) => response.text())");
      before = simulator.requests.length;
      return before === known;
    }, "the last request");
    return before;
  };
  const shown = async () => Number(await page.getByRole("grid").getAttribute("aria-rowcount")) - 1;
  return {
    page,
    simulator,
    rows,
    requests,
    shown,
    row: (/** @type {string} */ id) => rows.filter({ has: page.locator(`[part~=id] a[title="${id}"]`) }),
    becomes: (/** @type {number} */ many) => until(async () => (await shown()) === many, `${many} rows`),
    heard: (/** @type {string} */ type) =>
      page.evaluate((name) => {
        /** @type {[type: string, detail: any][]} */
        const all = JSON.parse(JSON.stringify(/** @type {any} */ (window).heard));
        return all.flatMap(([kind, detail]) => (kind === name ? [detail] : []));
      }, type),
  };
}

test("the table shows the documents, follows them, and stops when it is removed", async (t) => {
  const { page, simulator, becomes, row, requests } = await open(t, pageOf(TABLE, SET_CLIENT));
  await becomes(60);
  await page.evaluate("table.text = '0001'");
  await row("0001").waitFor();
  simulator.clock.advance(3_600_000);
  await until(async () => {
    await requests();
    await page.clock.fastForward(2 * INTERVAL);
    return (await row("0001").locator("[part~=state]").innerText()) === "completed";
  }, "a state that changes");
  await page.evaluate("table.remove()");
  const before = await requests();
  await page.clock.fastForward(20 * INTERVAL);
  assert.equal(await requests(), before);
  await page.evaluate("document.querySelector('main').append(table)");
  await until(async () => (await requests()) > before, "requests again");
  await row("0001").waitFor();
});

test("narrows by attributes, by a search field and by an incident", async (t) => {
  const body = `<couchdb-incidents></couchdb-incidents><couchdb-replications states="crashing failed" searchable></couchdb-replications>`;
  const { page, becomes, shown, rows } = await open(t, pageOf(body, "incidents.client = table.client = client;"));
  await until(async () => (await shown()) > 0, "rows");
  await until(async () => (await shown()) < 60, "some of them");
  const states = await rows.locator("[part~=state]").allInnerTexts();
  assert.deepEqual(new Set(states), new Set(["crashing", "failed"]));
  await page.evaluate("table.setAttribute('states', '')");
  await becomes(60);
  await page.getByRole("searchbox", { name: "Search" }).fill("no such thing");
  await becomes(0);
  await page.getByText("No replication matches.").waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  const incident = page.locator("couchdb-incidents li").first().getByRole("button").first();
  const total = Number.parseInt(await incident.innerText(), 10);
  assert.ok(total > 0 && total < 60);
  await page.evaluate("incidents.addEventListener('incident-chosen', (e) => { table.incident = e.detail.incident; })");
  await incident.click();
  await becomes(total);
  assert.equal(await incident.getAttribute("aria-pressed"), "true");
});

test("two elements of the same client and database share a watch", async (t) => {
  const body = `<couchdb-incidents></couchdb-incidents>${TABLE}`;
  const { page, becomes, requests } = await open(t, pageOf(body, SET_CLIENT));
  await becomes(60);
  const before = await requests();
  await page.evaluate("incidents.client = table.client");
  await page.locator("couchdb-incidents li").first().waitFor();
  assert.equal(await requests(), before, "the rows are known already");
  await page.evaluate("table.remove()");
  await until(async () => {
    await page.clock.fastForward(2 * INTERVAL);
    return (await requests()) > before;
  }, "the other one still watches");
});

test("sends a wrong password once, and reports it by an event and in words", async (t) => {
  const { page, requests, heard, becomes } = await open(t, pageOf(TABLE, 'table.client = clientOf("wrong");'));
  await page.getByRole("alert").waitFor();
  assert.equal(await requests(), 1);
  await page.clock.fastForward(20 * INTERVAL);
  assert.equal(await requests(), 1);
  const [{ retryAt }, ...more] = await heard("replications-error");
  assert.equal(retryAt, null);
  assert.deepEqual(more, []);
  assert.equal(await page.evaluate("heard[0][1].error.code"), "unauthorized");
  const html = await page.evaluate("document.documentElement.outerHTML + table.shadowRoot.innerHTML");
  assert.doesNotMatch(String(html), /"wrong" *[>/]|password=/);
  await page.evaluate(`table.client = clientOf("${PASSWORD}")`);
  await becomes(60);
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("an element that comes later learns that the watch has failed, and can be removed by who hears it", async (t) => {
  const { page, requests, heard } = await open(t, pageOf(TABLE, 'table.client = clientOf("wrong");'));
  await page.getByRole("alert").waitFor();
  await page.evaluate(`
    window.second = document.createElement("couchdb-incidents");
    second.client = table.client;
    second.addEventListener("replications-error", () => second.remove(), { once: true });
    table.after(second);`);
  await until(async () => (await heard("replications-error")).length === 2, "the error again");
  await page.evaluate("table.after(second)");
  await page.getByRole("alert").nth(1).waitFor();
  assert.equal(await requests(), 1);
});

test("reports what is not a client, and sends nothing there", async (t) => {
  const { page, heard, requests } = await open(t, pageOf(TABLE, 'table.client = location.origin + "/couchdb";'));
  await page.getByText("client: expected a Client of this copy of couchdb-scheduler.").waitFor();
  assert.equal((await heard("replications-error")).length, 1);
  assert.equal(await page.evaluate("heard[0][1].error.name"), "TypeError");
  await page.clock.fastForward(20 * INTERVAL);
  assert.equal(await requests(), 0);
});

test("opens a replication by a click, Enter and its link", async (t) => {
  const { page, becomes, rows, heard } = await open(t, pageOf(TABLE, SET_CLIENT));
  await becomes(60);
  const id = await rows.nth(2).locator("a").innerText();
  await rows.nth(2).locator("[part~=progress]").click();
  await rows.first().locator("a").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const chosen = (await heard("replication-chosen")).map(({ key, replication }) => [key, replication.doc_id]);
  const second = await rows.nth(1).locator("a").innerText();
  assert.deepEqual(chosen, [
    [id, id],
    [second, second],
  ]);
  await page.evaluate("table.addressOf = (key) => '#' + key");
  await page.getByRole("link", { name: id, exact: true }).click();
  assert.equal(new URL(page.url()).hash, `#${encodeURI(id)}`);
});

test("selects rows by click, keys and range, and all that match", async (t) => {
  const { page, becomes, rows, row } = await open(t, pageOf(TABLE, `${SET_CLIENT} table.selected = new Set();`));
  await becomes(60);
  const ids = await rows.locator("a").allInnerTexts();
  const selected = () => page.evaluate("[...table.selected]");
  const [first = "", second = "", third = "", fourth = "", , sixth = ""] = ids;
  await page.getByRole("checkbox", { name: `Select ${second}`, exact: true }).click();
  assert.deepEqual(await selected(), [second]);
  assert.equal(await row(second).getAttribute("aria-selected"), "true");
  assert.equal(await row(first).getAttribute("aria-selected"), "false");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  assert.deepEqual(await selected(), [second, third]);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  assert.deepEqual(await selected(), [third]);
  await row(third).locator("[part~=select]").click();
  await row(third).locator("[part~=select]").click();
  await row(sixth).click({ modifiers: ["Shift"] });
  assert.deepEqual(await selected(), ids.slice(2, 6));
  const all = page.getByRole("checkbox", { name: "Select all 60", exact: true });
  assert.equal(await all.evaluate((box) => /** @type {HTMLInputElement} */ (box).indeterminate), true);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+Space");
  assert.deepEqual(new Set(/** @type {string[]} */ (await selected())), new Set([third, ...ids.slice(3, 6)]));
  await all.click();
  assert.equal(((await selected()) ?? []).length, 60);
  await page.getByText("60 selected").waitFor();
  await all.click();
  assert.deepEqual(await selected(), []);
  assert.equal(await page.getByRole("checkbox", { name: `Select ${fourth}`, exact: true }).isChecked(), false);
  await page.evaluate("table.selected = null");
  assert.equal(await page.getByRole("checkbox").count(), 0);
});

test("sorts by its headers, and shows other columns", async (t) => {
  const { page, becomes, rows } = await open(t, pageOf(TABLE, SET_CLIENT));
  await becomes(60);
  const header = page.getByRole("columnheader", { name: "Document" });
  await header.getByRole("button").click();
  await until(async () => (await header.getAttribute("aria-sort")) === "ascending", "the order");
  const ids = await rows.locator("a").allInnerTexts();
  await until(async () => (await rows.locator("a").allInnerTexts()).join() === [...ids].sort().join(), "sorted rows");
  await page.evaluate(`
    table.columns = ["backlog", "finding"];
    table.extra = ({ key }) => ({ backlog: key.length, lastProgress: null, finding: { text: "stalled", title: "Since 9" }, note: null });`);
  const [id = ""] = await rows.locator("a").allInnerTexts();
  await until(
    async () => (await rows.first().innerText()).replace(/\s+/g, " ") === `${id} ${id.length} stalled`,
    "them",
  );
  assert.equal(await page.getByRole("columnheader").count(), 3);
});

test("takes colors from custom properties, is light or dark as its page, and has parts", async (t) => {
  const { page, becomes, rows } = await open(t, pageOf(TABLE, SET_CLIENT), { colorScheme: "dark" });
  await becomes(60);
  const styleOf = (/** @type {string} */ name, /** @type {string} */ selector) =>
    page.evaluate(`getComputedStyle(table.shadowRoot.querySelector(${JSON.stringify(selector)})).${name}`);
  assert.equal(await styleOf("borderTopColor", "#grid"), "rgb(1, 2, 3)");
  const dark = await styleOf("backgroundColor", "#grid");
  await page.evaluate("document.documentElement.style.colorScheme = 'light'");
  assert.equal(await styleOf("backgroundColor", "#grid"), "rgb(255, 255, 255)");
  assert.notEqual(dark, "rgb(255, 255, 255)");
  await page.evaluate("table.states = ['failed']");
  await until(async () => (await rows.first().getAttribute("data-state")) === "failed", "only failed ones");
  assert.equal(await rows.first().evaluate((row) => getComputedStyle(row).opacity), "0.5");
});

test("importing the classes registers nothing", async (t) => {
  const html = pageOf("").replace('import "couchdb-scheduler/element/define.js";', "");
  const { page } = await open(t, html);
  const names = await page.evaluate(async () => {
    // @ts-expect-error: only the page knows it by this name
    const { CouchdbReplications } = await import("couchdb-scheduler/element/index.js");
    const before = customElements.get("couchdb-replications");
    customElements.define("couchdb-replications", class extends HTMLElement {});
    // @ts-expect-error: the same
    await import("couchdb-scheduler/element/define.js");
    customElements.define("my-table", class extends CouchdbReplications {});
    return [before, customElements.get("couchdb-incidents") !== undefined, typeof CouchdbReplications];
  });
  assert.deepEqual(names, [undefined, true, "function"]);
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing wrong, ${colorScheme}`, async (t) => {
    const body = `<couchdb-incidents></couchdb-incidents><couchdb-replications searchable></couchdb-replications>`;
    const script = "incidents.client = table.client = client; table.selected = new Set();";
    // The page's own style for its parts would be at fault.
    const html = pageOf(body, script).replace("opacity: 0.5", "");
    const { page, becomes } = await open(t, html, { colorScheme });
    await becomes(60);
    await page.locator("couchdb-incidents li").first().waitFor();
    await page.evaluate("document.documentElement.style.background = 'Canvas'");
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      Object.assign(window, /** @type {any} */ (window).realTimers);
      const { violations } = await /** @type {any} */ (window).axe.run({ preload: false });
      return violations.map((/** @type {any} */ { id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]);
    });
    assert.deepEqual(violations, []);
  });
}
