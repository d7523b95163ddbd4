// @ts-check
// The page while time goes by.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INTERVAL, openPage, until } from "./stage.js";

const MINUTE = 60_000;

test("updates rows in place: same elements, scroll and focus kept, what changed is marked", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 300 } });
  await stage.connected();
  const { page } = stage;
  const before = await stage.column("written");
  const counts = await page.locator("#counts").innerText();
  // Left open, focused and scrolled to, as a reader would.
  const summary = page.locator("summary").nth(20);
  await summary.click();
  await summary.focus();
  await page.evaluate(() => {
    const rows = [...document.querySelectorAll("#docs-panel tbody")];
    const box = /** @type {HTMLElement} */ (document.querySelector("#docs-panel .box"));
    box.scrollTop = 1234;
    Object.assign(window, {
      rows,
      box,
      focused: document.activeElement,
      text: rows[3]?.querySelector("th")?.firstChild,
    });
  });

  stage.simulator.clock.advance(10 * MINUTE);
  await stage.refresh();

  const after = await page.evaluate(() => {
    const { rows, box, focused, text } = /** @type {any} */ (window);
    const now = [...document.querySelectorAll("#docs-panel tbody")];
    return {
      same: now.every((row, i) => row === rows[i]) && now.length === rows.length,
      sameText: now[3]?.querySelector("th")?.firstChild === text,
      scrollTop: box.scrollTop,
      focusKept: document.activeElement === focused && focused.matches("summary"),
      stillOpen: focused.parentElement.open,
      marked: document.querySelectorAll("#docs-panel .changed").length,
    };
  });
  assert.deepEqual(
    { ...after, marked: after.marked > 0 },
    {
      same: true,
      sameText: true,
      scrollTop: 1234,
      focusKept: true,
      stillOpen: true,
      marked: true,
    },
  );
  assert.notDeepEqual(await stage.column("written"), before);
  assert.notEqual(await page.locator("#counts").innerText(), counts);
});

test("touches nothing where nothing has changed", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  await stage.page.evaluate(() => {
    /** @type {string[]} */
    const changes = [];
    /** @param {MutationRecord} record */
    const isReal = ({ type, target, attributeName, oldValue }) =>
      type !== "attributes" || /** @type {Element} */ (target).getAttribute(attributeName ?? "") !== oldValue;
    const observer = new MutationObserver((records) => {
      changes.push(...records.filter(isReal).map(({ type, target }) => `${type} of ${target.nodeName}`));
    });
    const dashboard = /** @type {Element} */ (document.querySelector("#dashboard"));
    observer.observe(dashboard, { subtree: true, childList: true, characterData: true, attributeOldValue: true });
    Object.assign(window, { changes });
  });
  await stage.refresh();
  await stage.refresh();
});

test("takes up documents that come, go and change, at their place", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const put = (/** @type {string} */ id, /** @type {string} */ method, query = "") =>
    stage.simulator.fetch(`http://couch.test/_replicator/${encodeURIComponent(id)}${query}`, {
      method,
      headers: { Authorization: `Basic ${btoa("admin:correct-horse")}`, "Content-Type": "application/json" },
      ...(method === "PUT" && {
        body: JSON.stringify({ source: "https://a.example/x", target: "https://b.example/x" }),
      }),
    });
  const { rev } = await (await put("new one", "PUT")).json();
  stage.simulator.clock.advance(MINUTE);
  await stage.refresh();
  const ids = await stage.column("name");
  assert.ok(ids.includes("new one"));
  // By the bytes of their UTF-8, as the server has them.
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  const current = await (await put("new one", "GET")).json();
  assert.equal((await put("new one", "DELETE", `?rev=${current._rev ?? rev}`)).status, 200);
  await stage.refresh();
  assert.ok(!(await stage.column("name")).includes("new one"));
});

test("never asks again before the last answer has come", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  stage.simulator.fail({ path: "/_scheduler/docs", delay: MINUTE });
  const before = stage.lists();
  await until(stage.isRefreshing, "a refresh that hangs");
  for (let i = 0; i < 3; i++) assert.equal(await stage.isRefreshing(), false);
  await stage.page.getByRole("button", { name: "Refresh" }).click();
  assert.equal(stage.lists(), before + 1);
  stage.simulator.clock.advance(MINUTE);
  await stage.refresh();
});

test("rests while the page is hidden, and refreshes when it is seen again", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const hide = (/** @type {boolean} */ hidden) =>
    stage.page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  const before = stage.lists();
  for (let i = 0; i < 3; i++) assert.equal(await stage.isRefreshing(), false);
  await hide(false);
  await until(() => stage.lists() === before + 1, "a refresh when seen");
});

test("refreshes at once when asked to", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const before = stage.lists();
  await stage.page.getByRole("button", { name: "Refresh" }).click();
  await until(() => stage.lists() === before + 1, "a refresh");
});

test("says when the server is gone, keeps what it has, and goes on when it is back", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await stage.stopServer();
  const notice = page.getByRole("alert").filter({ hasText: /A proxy answers in place of the server/ });
  await until(stage.isRefreshing, "the refresh that fails");
  await notice.waitFor();
  assert.match(await page.locator("#refreshed").innerText(), /^Not refreshed since\s/);
  assert.equal((await stage.column("name")).length, 60);
  await stage.startServer();
  await stage.refresh();
  assert.match(await page.locator("#refreshed").innerText(), /^Refreshed\s/);
  assert.equal(await notice.isVisible(), false);
  assert.equal(await page.locator("#announcer").innerText(), "The server answers again");
});

test("says when nobody answers at all", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  await stage.dev.close();
  await stage.page.clock.fastForward(INTERVAL);
  await stage.page.getByText(/No answer from .*Is the server running\?/).waitFor();
});

test("waits as long as an overloaded server asks it to", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const body = '{"error":"too_many_requests","reason":"slow down"}';
  stage.simulator.fail({ path: "/_scheduler/docs", status: 429, body, headers: { "Retry-After": "60" } });
  await until(stage.isRefreshing, "the refresh that is refused");
  await stage.page.getByText(/no capacity left/).waitFor();
  for (let i = 0; i < 5; i++) assert.equal(await stage.isRefreshing(), false);
  await stage.page.clock.fastForward(MINUTE);
  await stage.refresh();
});

test("does not show a list that broke off as a shorter one", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  stage.simulator.fail({ path: "/_scheduler/docs", cutAfter: 4000 });
  await until(stage.isRefreshing, "the refresh that breaks off");
  await stage.page.getByText(/broke off/).waitFor();
  assert.equal((await stage.column("name")).length, 60);
});
