// @ts-check
// What fails together: shown above the table, announced, a filter, and kept for a day.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, until } from "./open-page.js";

const MINUTE = 60_000;

/** The initial time of the page, so that it knows when the server retries. */
const START = "2026-11-25T12:00:00Z";

/** @typedef {Awaited<ReturnType<typeof openPage>>} Stage */

/** @param {import("node:test").TestContext} t @param {Parameters<typeof openPage>[1]} [options] */
async function openEmpty(t, options) {
  const stage = await openPage(t, { simulator: { docs: 0, clock: { start: START } }, ...options });
  await stage.connected();
  return stage;
}

/** Replications whose sources cannot be found. @param {Stage} stage @param {string} host @param {string[]} names */
async function breakSource(stage, host, names) {
  for (const name of names) {
    const body = { source: `https://${host}/${name}`, target: "http://couch.example/copy", continuous: true };
    assert.equal((await stage.elsewhere("PUT", `_replicator/${name}`, body)).status, 201);
  }
}

/** @param {Stage} stage @param {string[]} names */
async function remove(stage, names) {
  for (const name of names) {
    const { _rev } = (await stage.elsewhere("GET", `_replicator/${name}`)).body;
    assert.equal((await stage.elsewhere("DELETE", `_replicator/${name}?rev=${_rev}`)).status, 200);
  }
}

/** Time passes on the server, and the page refreshes. @param {Stage} stage @param {number} [ms] */
async function refresh(stage, ms = 10_000) {
  stage.simulator.clock.advance(ms);
  await stage.refresh();
}

/** @param {Stage} stage @param {string} host */
const incident = (stage, host) => stage.page.locator("incident-list li.incident").filter({ hasText: host });

/** @param {Stage} stage */
const announced = (stage) => stage.page.locator("#incident-announcer").textContent();

test("an outage is one incident: it opens, is announced, filters the table, and closes", async (t) => {
  const stage = await openEmpty(t);
  const { page } = stage;
  await page.getByText("Nothing is failing").waitFor();
  assert.equal(await announced(stage), "");
  await breakSource(stage, "orders.invalid", ["a", "b", "c"]);
  await breakSource(stage, "stock.invalid", ["z"]);
  await refresh(stage);
  const orders = incident(stage, "orders.invalid");
  await orders.waitFor();
  assert.match(
    (await orders.textContent()) ?? "",
    /3 replications:\s+\w[\w ]+\s+source at orders\.invalid\s+since .+next retry/,
  );
  await until(async () => (await announced(stage)) !== "", "the announcement");
  assert.match(
    (await announced(stage)) ?? "",
    /^New incident: .+ source at orders\.invalid\. New incident: .+ stock\.invalid$/,
  );

  assert.equal(await stage.shown(), 4);
  await orders.getByRole("button").click();
  await until(async () => (await stage.shown()) === 3, "only its rows");
  assert.equal(await orders.getByRole("button").getAttribute("aria-pressed"), "true");
  assert.match((await orders.locator(".message").textContent()) ?? "", /https:\/\/orders\.invalid\/…/);
  assert.ok(await orders.locator(".hint").isVisible());
  await page.reload();
  await stage.connected();
  await until(async () => (await stage.shown()) === 3, "the address has the filter");
  assert.equal(await announced(stage), "", "what was there before is no news");

  await remove(stage, ["a", "b", "c"]);
  await refresh(stage, 1000);
  await page.getByText("No replication of the chosen incident is failing now.").waitFor();
  assert.equal(await orders.count(), 0);
  await refresh(stage, 2 * MINUTE);
  await page.clock.fastForward(2 * MINUTE);
  await until(async () => {
    await stage.refresh();
    return (await announced(stage)) !== "";
  }, "the end to be announced");
  assert.match((await announced(stage)) ?? "", /^Incident over: .+ source at orders\.invalid$/);
  await page.getByRole("button", { name: "Remove the filter" }).click();
  await until(async () => (await stage.shown()) === 1, "all rows");
  assert.equal(await page.getByText("No replication of the chosen incident is failing now.").count(), 0);
});

test("counts down to the next retry", async (t) => {
  const stage = await openEmpty(t);
  await breakSource(stage, "orders.invalid", ["a"]);
  await refresh(stage);
  const retry = incident(stage, "orders.invalid").locator(".next");
  await retry.waitFor();
  const first = (await retry.textContent()) ?? "";
  assert.match(first, /^next retry in \d+ s$/);
  await stage.page.clock.runFor(3000);
  await until(async () => (await retry.textContent()) !== first, "less time");
  const seconds = (/** @type {string | null} */ text) => Number(text?.match(/\d+/)?.[0]);
  assert.ok(seconds(await retry.textContent()) < seconds(first));
  await stage.page.clock.fastForward(60 * MINUTE);
  await until(async () => (await retry.textContent()) === "next retry is due", "the retry to be due");
});

test("does not call it well while a replication is retried after a failure", async (t) => {
  const stage = await openEmpty(t);
  await breakSource(stage, "orders.invalid", ["a"]);
  await refresh(stage);
  await incident(stage, "orders.invalid").waitFor();
  // The next attempt has begun.
  await refresh(stage, MINUTE - 10_000);
  await stage.page.getByText("Nothing is failing now; CouchDB retries 1 replication after a failure").waitFor();
});

test("is operated by the keyboard, and keeps the focus when the order changes", async (t) => {
  const stage = await openEmpty(t);
  const { page } = stage;
  await breakSource(stage, "orders.invalid", ["a", "b"]);
  await breakSource(stage, "stock.invalid", ["x"]);
  await refresh(stage);
  const stock = incident(stage, "stock.invalid").getByRole("button");
  await stock.focus();
  await page.keyboard.press("Enter");
  await until(async () => (await stage.shown()) === 1, "only its row");
  await breakSource(stage, "stock.invalid", ["y", "z"]);
  await refresh(stage);
  const hosts = page.locator("incident-list .where");
  await until(async () => (await hosts.first().textContent()) === "source at stock.invalid", "another order");
  const focused = () =>
    page.evaluate(() => document.querySelector("incident-list")?.shadowRoot?.activeElement?.textContent ?? "");
  assert.match(await focused(), /stock\.invalid/);
  await page.keyboard.press("Enter");
  await until(async () => (await stage.shown()) === 5, "all rows");
});

test("shows the largest of forty incidents, and all of them on demand", async (t) => {
  const stage = await openEmpty(t);
  const { page } = stage;
  for (let n = 0; n < 40; n++) await breakSource(stage, `host${n}.invalid`, n === 7 ? ["big", "bigger"] : [`d${n}`]);
  await refresh(stage);
  const incidents = page.locator("incident-list li.incident");
  await incidents.first().waitFor();
  assert.equal(await incidents.count(), 3);
  assert.match((await incidents.first().textContent()) ?? "", /host7\.invalid/);
  assert.equal(await announced(stage), "New incident: 40");
  await page.getByRole("button", { name: "37 more" }).click();
  await until(async () => (await incidents.count()) === 40, "all incidents");
  await incident(stage, "host33.invalid").getByRole("button").click();
  await until(async () => (await stage.shown()) === 1, "only its row");
  await page.getByRole("button", { name: "Fewer" }).click();
  await until(async () => (await incidents.count()) === 4, "the largest, and the chosen one");
});

test("says since when an incident lasts, also when what failed first is tried again or gone", async (t) => {
  const stage = await openEmpty(t);
  const orders = incident(stage, "orders.invalid");
  const since = async () => Date.parse((await orders.locator(".since time").getAttribute("datetime")) ?? "");
  await breakSource(stage, "orders.invalid", ["first"]);
  await refresh(stage);
  await orders.waitFor();
  const began = await since();
  await breakSource(stage, "orders.invalid", ["second"]);
  await refresh(stage, 10 * MINUTE);
  await until(async () => /2 replications/.test((await orders.textContent()) ?? ""), "both");
  await remove(stage, ["first"]);
  await refresh(stage);
  await until(async () => /1 replications/.test((await orders.textContent()) ?? ""), "the other one");
  assert.ok((await since()) - began < MINUTE, `${new Date(await since())}, not ${new Date(began)}`);
});

test("keeps the incidents of the day", async (t) => {
  const stage = await openEmpty(t);
  const { page } = stage;
  await breakSource(stage, "orders.invalid", ["a", "b"]);
  await refresh(stage);
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  const day = page.locator("day-of-incidents li");
  const orders = day.filter({ hasText: "orders.invalid" });
  await orders.waitFor();
  assert.match((await day.first().textContent()) ?? "", /Watched\s+since \d/);
  assert.match((await orders.textContent()) ?? "", /since \d[^,]+\(2 replications\)/);
  assert.equal(await orders.locator(".lasting").count(), 1);
  await remove(stage, ["a", "b"]);
  await refresh(stage, 1000);
  await page.clock.fastForward(2 * MINUTE);
  await until(async () => {
    await stage.refresh();
    return (await orders.locator(".ended").count()) === 1;
  }, "its end");
  assert.match((await orders.textContent()) ?? "", /\d:\d\d.* – \d.*\(2 replications\)/);
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  await until(async () => (await day.count()) === 0, "it is hidden");
});

test("restarts what an incident affects, only where changes are allowed", async (t) => {
  const stage = await openEmpty(t);
  const { page } = stage;
  await breakSource(stage, "orders.invalid", ["first", "second"]);
  await breakSource(stage, "stock.invalid", ["other"]);
  await refresh(stage);
  const restart = incident(stage, "orders.invalid").getByRole("button", { name: /^Restart these/ });
  await incident(stage, "orders.invalid").waitFor();
  assert.equal(await restart.count(), 0);
  await page.getByRole("switch").click();
  await restart.click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  const text = (await dialog.textContent()) ?? "";
  assert.match(text, /first/);
  assert.match(text, /second/);
  assert.doesNotMatch(text, /other/);
  assert.equal(await stage.shown(), 3, "the filter is another button");
});

test("the day goes on in the next visit, from the journal", async (t) => {
  const stage = await openEmpty(t);
  const { page } = stage;
  const address = page.url();
  await breakSource(stage, "orders.invalid", ["a", "b"]);
  await refresh(stage);
  await incident(stage, "orders.invalid").waitFor();
  await refresh(stage, 1000);
  await page.goto("about:blank");
  await remove(stage, ["a", "b"]);
  await page.goto(address);
  await stage.connected();
  await page.getByText("Nothing is failing").waitFor();
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  const orders = page.locator("day-of-incidents li").filter({ hasText: "orders.invalid" });
  await until(async () => {
    await stage.refresh();
    return (await orders.locator(".ended").count()) === 1;
  }, "the incident of the last visit");
  assert.equal(await page.locator("day-of-incidents .watched").count(), 2);
});
