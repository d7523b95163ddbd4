// @ts-check
// Ten thousand rows: only visible ones are elements.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, until } from "./open-page.js";

const DOCS = 10_000;

test("keeps a window of 10,000 rows in the page, and scrolls to the last", async (t) => {
  const stage = await openPage(t, { simulator: { docs: DOCS }, window: { viewport: { width: 1440, height: 900 } } });
  await stage.connected();
  const { page } = stage;
  const grid = page.locator("#grid");
  await until(async () => (await stage.shown()) === DOCS, "all rows");
  assert.equal(await grid.getAttribute("aria-rowcount"), String(DOCS + 1));
  assert.ok((await stage.rows.count()) < 60, `${await stage.rows.count()} rows are elements`);
  assert.equal(await stage.rows.first().getAttribute("aria-rowindex"), "2");

  await page.getByRole("columnheader", { name: "Document" }).getByRole("button").click();
  const ids = (await stage.truth()).map(({ doc_id }) => doc_id).sort();
  await until(async () => (await stage.column("id"))[0] === ids[0], "in the order of their ids");
  await grid.evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await stage.row(ids.at(-1) ?? "").waitFor();
  assert.equal(await stage.row(ids.at(-1) ?? "").getAttribute("aria-rowindex"), String(DOCS + 1));
  assert.ok((await stage.rows.count()) < 60);
  const box = await stage.row(ids.at(-1) ?? "").boundingBox();
  const frame = await grid.boundingBox();
  assert.ok(box && frame && box.y + box.height <= frame.y + frame.height + 1, "it can be seen whole");

  // At any scroll position, the rows are those of the list.
  await grid.evaluate((element) => {
    element.scrollTop = 123_456;
  });
  await until(async () => (await stage.column("id")).includes(ids[Math.ceil(123_456 / 34)] ?? ""), "the middle");
  await stage.settled();
  const shown = await stage.column("id");
  const at = ids.indexOf(shown[0] ?? "");
  assert.deepEqual(shown, ids.slice(at, at + shown.length));

  await page.getByLabel("Search").fill("-0912");
  const found = ids.filter((id) => id.includes("-0912"));
  await until(async () => (await stage.shown()) === found.length, "the search");
  assert.equal(found.length, 10);
  assert.deepEqual(await stage.column("id"), found);
  assert.equal(await grid.evaluate((element) => element.scrollTop), 0, "from the top");
});
