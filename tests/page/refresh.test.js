// @ts-check
// The page as time passes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INTERVAL, openPage, until } from "./open-page.js";

const MINUTE = 60_000;

test("updates rows in place: elements, scroll, focus and selection stay, changes are marked", async (t) => {
  const window = { viewport: { width: 1440, height: 720 } };
  const stage = await openPage(t, { simulator: { docs: 300 }, window });
  await stage.connected();
  const { page } = stage;
  await page.getByRole("columnheader", { name: "Document" }).getByRole("button").click();
  await page.locator("#grid").evaluate((box) => {
    box.scrollTop = 1234;
  });
  await until(
    async () => (await stage.column("id")).length > 0 && !(await stage.column("id")).includes("0001"),
    "others",
  );
  await stage.settled();
  const link = stage.rows.nth(12).locator("a");
  await link.focus();
  await page.evaluate(() => {
    const table = document.querySelector("replication-table")?.shadowRoot;
    const rows = [...(table?.querySelectorAll(".grid-body [role=row]") ?? [])];
    const text = rows[14]?.querySelector(".source");
    if (text) getSelection()?.selectAllChildren(text);
    Object.assign(window, { rows, focused: table?.activeElement, chosen: String(getSelection()), marked: 0 });
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...args) {
      if (this.closest("#grid")) /** @type {any} */ (window).marked++;
      return animate.apply(this, args);
    };
  });
  const before = await stage.column("progress");
  stage.simulator.clock.advance(10 * MINUTE);
  await stage.refresh();
  await until(async () => (await stage.column("progress")).join() !== before.join(), "changed numbers");

  const after = await page.evaluate(() => {
    const { rows, focused, chosen, marked } = /** @type {any} */ (window);
    const table = document.querySelector("replication-table")?.shadowRoot;
    const now = [...(table?.querySelectorAll(".grid-body [role=row]") ?? [])];
    return {
      sameRows: now.length === rows.length && now.every((row, i) => row === rows[i]),
      scrollTop: table?.querySelector("#grid")?.scrollTop,
      focusKept: focused !== null && table?.activeElement === focused,
      selected: chosen !== "" && String(getSelection()) === chosen,
      marked: marked > 0,
    };
  });
  assert.deepEqual(after, { sameRows: true, scrollTop: 1234, focusKept: true, selected: true, marked: true });
});

test("changes no element without changed data", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  // The window of rows fits the layout only after the parts above the table are complete.
  await stage.refresh();
  await stage.settled();
  await stage.page.evaluate(() => {
    /** @type {string[]} */
    const changes = [];
    const observer = new MutationObserver((records) => {
      changes.push(...records.map(({ type, target }) => `${type} of ${target.nodeName} ${target.textContent}`));
    });
    const table = /** @type {Element} */ (document.querySelector(".table"));
    const inside = /** @type {ShadowRoot} */ (table.querySelector("replication-table")?.shadowRoot);
    for (const tree of [table, inside]) {
      observer.observe(tree, { subtree: true, childList: true, characterData: true, attributes: true });
    }
    Object.assign(window, { changes });
  });
  await stage.refresh();
  await stage.refresh();
  assert.deepEqual(await stage.page.evaluate("changes"), []);
});

test("follows added, deleted and changed documents, and keeps the scroll position", async (t) => {
  const window = { viewport: { width: 1440, height: 720 } };
  const stage = await openPage(t, { simulator: { docs: 300 }, window });
  await stage.connected();
  const { page } = stage;
  await page.getByRole("columnheader", { name: "Document" }).getByRole("button").click();
  await page.locator("#grid").evaluate((box) => {
    box.scrollTop = 3400;
  });
  const inSight = () =>
    page.evaluate(() => {
      const table = document.querySelector("replication-table")?.shadowRoot;
      const top = table?.querySelector(".grid-head")?.getBoundingClientRect().bottom ?? 0;
      const rows = [...(table?.querySelectorAll(".grid-body [role=row]") ?? [])];
      return rows
        .filter((row) => row.getBoundingClientRect().top >= top - 1)
        .slice(0, 5)
        .map((row) => row.querySelector("a")?.textContent);
    });
  await until(async () => !(await stage.column("id")).includes("0001"), "others");
  await stage.settled();
  const before = await inSight();
  await page.evaluate((ids) => {
    const others = { changes: 0 };
    const observer = new MutationObserver((records) => {
      others.changes += records.length;
    });
    const links = document.querySelector("replication-table")?.shadowRoot?.querySelectorAll("a") ?? [];
    for (const link of [...links].filter(({ textContent }) => ids.includes(textContent ?? ""))) {
      observer.observe(link, { attributeFilter: ["title"] });
    }
    Object.assign(window, { others });
  }, before);
  // More than fit between two positions of the window of rows.
  for (const name of ["one", ...Array.from({ length: 59 }, (_, i) => i)]) {
    const body = { source: "https://a.example/x", target: `https://b.example/x${name}`, continuous: true };
    assert.equal((await stage.elsewhere("PUT", `_replicator/AAA%20new%20${name}`, body)).status, 201);
  }
  stage.simulator.clock.advance(MINUTE);
  await stage.refresh();
  await until(async () => (await stage.shown()) === 360, "sixty more");
  await stage.settled();
  assert.deepEqual(await inSight(), before);
  assert.equal(await page.evaluate("others.changes"), 0, "no element has shown another row meanwhile");
  await page.getByLabel("Search").fill("AAA new one");
  await stage.row("AAA new one").waitFor();
  const { _rev } = (await stage.elsewhere("GET", "_replicator/AAA%20new%20one")).body;
  assert.equal((await stage.elsewhere("DELETE", `_replicator/AAA%20new%20one?rev=${_rev}`)).status, 200);
  await stage.refresh();
  await until(async () => (await stage.shown()) === 0, "it is gone");
});

test("announces changes of state to screen readers", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const before = await stage.count("completed");
  stage.simulator.clock.advance(60 * MINUTE);
  await stage.refresh();
  assert.ok((await stage.count("completed")) > before);
  const announced = await stage.page.locator("#announcer").innerText();
  assert.match(announced, /0001: completed|\d+ replications changed their state/);
});

test("sends no request before the last response has arrived", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  // Only refreshes read it, and audits do not.
  const CHANGES = "/_replicator/_changes";
  stage.simulator.fail({ path: CHANGES, delay: MINUTE });
  const lists = () => stage.simulator.requests.filter(({ path }) => path.startsWith(CHANGES)).length;
  const first = lists();
  await until(stage.isRefreshing, "a refresh that begins");
  await until(() => lists() > first, "a refresh that hangs");
  const before = lists();
  // The time limit of an attempt is 30 seconds.
  await stage.page.clock.fastForward(INTERVAL);
  await stage.page.clock.fastForward(INTERVAL);
  // Any request of the page, and the one after it, would arrive before these responses.
  for (let i = 0; i < 3; i++) await stage.page.evaluate(async () => (await fetch("couchdb/")).text());
  assert.equal(lists(), before);
  stage.simulator.clock.advance(MINUTE);
  await stage.refresh();
});

test("reports an unavailable server, keeps its rows, and continues when the server is back", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await stage.stopServer();
  const notice = page.getByRole("alert").filter({ hasText: /A proxy responded instead of the server/ });
  await stage.seen(notice);
  assert.match(await page.locator("#freshness").innerText(), /^Not refreshed since\s/);
  assert.match(await page.locator("#hurry").innerText(), /^Try now/);
  assert.equal(await stage.shown(), 60);
  await stage.rows.first().evaluate((row) => void Object.assign(window, { kept: row }));
  // In the meantime another user deletes a document and writes another.
  const { _rev } = (await stage.elsewhere("GET", "_replicator/~temporary")).body;
  await stage.elsewhere("DELETE", `_replicator/~temporary?rev=${_rev}`);
  await stage.startServer();
  // Time stands still: only the button sends a request.
  await page.locator("#hurry").click();
  await notice.waitFor({ state: "hidden" });
  assert.match(await page.locator("#freshness").innerText(), /^Refreshed\s/);
  await until(async () => (await stage.shown()) === 59, "the changes meanwhile");
  assert.equal(await page.evaluate("kept.isConnected"), true, "unchanged rows keep their elements");
  await stage.refresh();
});

test("retries automatically after a failure", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  stage.simulator.fail({ path: "/", status: 503, times: Infinity });
  await stage.seen(stage.page.getByText(/The server reports an error: 503/));
  stage.simulator.heal();
  await stage.refresh();
  await stage.page.locator("#notice").waitFor({ state: "hidden" });
});

test("reports when the server does not respond at all", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  await stage.dev.close();
  await stage.seen(stage.page.getByText(/No response from .*Is the server running\?/));
});

test("does not show a list that broke off as a shorter one", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  stage.simulator.fail({ path: "/", cutAfter: 40, times: Infinity });
  await stage.seen(stage.page.getByText(/A proxy responded instead of the server: the connection was lost/));
  assert.equal(await stage.shown(), 60);
});

test("keeps the focus in the list when its row is removed", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await stage.row("telemetry-100%25").locator("a").focus();
  const next = await stage.rows.nth(1 + (await stage.column("id")).indexOf("telemetry-100%25")).locator("a");
  const expected = await next.innerText();
  const { _rev } = (await stage.elsewhere("GET", "_replicator/telemetry-100%2525")).body;
  assert.equal((await stage.elsewhere("DELETE", `_replicator/telemetry-100%2525?rev=${_rev}`)).status, 200);
  await stage.refresh();
  await until(async () => (await stage.shown()) === 59, "it is gone");
  assert.equal(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent), expected);
});

test("reports that a replication is stalled, although its row does not change", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  const stuck = (await stage.truth()).find(
    ({ state, info }) => state === "running" && info && "docs_written" in info && (info.changes_pending ?? 0) > 0,
  );
  assert.ok(stuck, "the fleet has none");
  stage.simulator.provoke.stick(stuck.doc_id);
  stage.simulator.clock.advance(1000);
  await stage.refresh();
  await page.evaluate((id) => {
    location.hash = `#/docs/_replicator/${encodeURIComponent(id)}`;
  }, stuck.doc_id);
  await stage.seen(page.locator(".progress-words", { hasText: "stalled" }));
});
