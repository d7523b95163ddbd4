// @ts-check
// Search, filters and order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, until } from "./open-page.js";

/** @typedef {Awaited<ReturnType<typeof openPage>>} Stage */

/** @param {Stage} stage @param {string} text @param {number} many */
async function search(stage, text, many) {
  await stage.page.getByLabel("Search").fill(text);
  await until(async () => (await stage.shown()) === many, `${many} rows for ${text}`);
}

test("searches literally, in id, source, target and error", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const docs = await stage.truth();
  /** @param {string} text */
  const holding = (text) =>
    docs.filter(({ doc_id, source, target, info }) =>
      [doc_id, source, target, info && "error" in info ? info.error : ""].some((part) =>
        part?.toLowerCase().includes(text.toLowerCase()),
      ),
    );
  for (const text of ['"quoted"<b>', "übersicht", "ORDERS", "cloud.example.com/payments", "_session", "eu+us"]) {
    assert.ok(holding(text).length > 0, text);
    await search(stage, text, holding(text).length);
  }
  for (const pattern of [".*", "^orders", "(", "\\"]) {
    assert.equal(holding(pattern).length, pattern === "\\" ? holding("\\").length : 0);
    await search(stage, pattern, holding(pattern).length);
  }
  await stage.page.getByText("No replication matches the search and the filters.").or(stage.rows.first()).waitFor();
  await search(stage, "  ", docs.length);
  await until(
    async () => (await stage.page.locator("#announcer").innerText()) === "60 replications shown",
    "it is announced to screen readers",
  );
});

test("filters by state, by several states, by health, and without a filter", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const docs = await stage.truth();
  const many = (/** @type {string[]} */ ...states) => docs.filter(({ state }) => states.includes(state ?? "")).length;
  const becomes = (/** @type {number} */ rows) => until(async () => (await stage.shown()) === rows, `${rows} rows`);
  const button = (/** @type {string} */ state) => stage.page.locator(`.state-filter.${state}`);
  await button("crashing").click();
  await becomes(many("crashing"));
  assert.equal(await button("crashing").getAttribute("aria-pressed"), "true");
  await button("failed").click();
  await becomes(many("crashing", "failed"));
  assert.equal(await stage.count("running"), many("running"), "counts are of all");
  await button("error").click();
  await becomes(many("crashing", "failed", "error"));
  const unhealthy = stage.page.getByRole("button", { name: "Unhealthy" });
  assert.equal(await unhealthy.getAttribute("aria-pressed"), "true");
  await unhealthy.click();
  await becomes(docs.length);
  // The bar is a filter, too.
  await stage.page.locator(".state-bar .completed").click();
  await becomes(many("completed"));
  await stage.page.locator(".state-bar .completed").click();
  await becomes(docs.length);
});

test("sorts by each column, both ways, with unknown values at the end", async (t) => {
  const stage = await openPage(t, {
    simulator: { docs: 40 },
    window: { viewport: { width: 1440, height: 2400 } },
  });
  await stage.connected();
  const docs = new Map((await stage.truth()).map((doc) => [doc.doc_id, doc]));
  const URGENCY = ["crashing", "error", "failed", "unknown", "initializing", "pending", "running", "completed"];
  /** @type {Record<string, (id: string) => string | number | null | undefined>} */
  const keys = {
    State: (id) => URGENCY.indexOf(docs.get(id)?.state ?? "unknown"),
    Document: (id) => id,
    "Source → target": (id) =>
      docs
        .get(id)
        ?.source?.replace(/^https?:\/\//, "")
        .replace(/\/$/, "") ?? null,
    Pending: (id) => {
      const info = docs.get(id)?.info;
      return info && "docs_read" in info ? info.changes_pending : null;
    },
    Errors: (id) => docs.get(id)?.error_count,
    "Last change": (id) => docs.get(id)?.last_updated,
    Node: (id) => docs.get(id)?.node,
  };
  for (const [title, key] of Object.entries(keys)) {
    const header = stage.page.getByRole("columnheader", { name: title });
    for (const way of ["first", "second"]) {
      const before = await header.getAttribute("aria-sort");
      await header.getByRole("button").click();
      await until(async () => (await header.getAttribute("aria-sort")) !== before, `${title} ${way}`);
      const sign = (await header.getAttribute("aria-sort")) === "descending" ? -1 : 1;
      /** @param {string[]} ids */
      const isSorted = (ids) =>
        ids.every((id, i) => {
          const a = i === 0 ? undefined : key(ids[i - 1] ?? "");
          const b = key(id);
          if (i === 0 || a === b) return true;
          if (a === null || a === undefined) return false;
          if (b === null || b === undefined) return true;
          return sign * (a < b ? -1 : 1) < 0;
        });
      await until(async () => isSorted(await stage.column("id")), `${title}, ${sign}`);
      assert.equal((await stage.column("id")).length, 40);
    }
  }
});

test("keeps order and filter while rows change", async (t) => {
  const stage = await openPage(t, { window: { viewport: { width: 1280, height: 1400 } } });
  await stage.connected();
  await stage.page.locator(".state-filter.completed").click();
  const before = await stage.count("completed");
  await until(async () => (await stage.shown()) === before, "the filter");
  // A one-shot replication completes in the meantime.
  stage.simulator.clock.advance(3_600_000);
  const after = (await stage.truth()).filter(({ state }) => state === "completed");
  assert.ok(after.length > before);
  await stage.refresh();
  await until(async () => (await stage.shown()) === after.length, "one more");
  assert.deepEqual(await stage.column("id"), after.map(({ doc_id }) => doc_id).sort());
});
