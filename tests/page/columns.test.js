// @ts-check
// The columns of the table are the user's choice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, until } from "./open-page.js";

/** @param {import("playwright-core").Page} page */
const headers = async (page) => (await page.getByRole("columnheader").allTextContents()).map((text) => text.trim());

test("chooses columns by keys, keeps them in the URL, and returns to the default", async (t) => {
  const { page, connected, rows } = await openPage(t, { fragment: "#/docs/_replicator?columns=errors,state" });
  await connected();
  const chosen = (await headers(page)).filter(Boolean);
  assert.deepEqual(chosen, ["State", "Document", "Errors"]);
  assert.equal(await rows.first().locator(".cell.node").count(), 0);

  await page.getByRole("button", { name: "Columns" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.getByRole("checkbox", { name: "Errors" }).isChecked(), true);
  assert.equal(await page.getByRole("checkbox", { name: "Document" }).count(), 0, "it names the row");
  const node = page.getByRole("checkbox", { name: "Node" });
  assert.equal(await node.isChecked(), false);
  await node.focus();
  await page.keyboard.press("Space");
  await until(async () => (await headers(page)).includes("Node"), "the column");
  assert.match(page.url(), /columns=state,errors,node$/);
  assert.equal(await node.isChecked(), true);
  await until(async () => (await rows.first().locator(".cell.node").textContent()) === "127.0.0.1", "its cells");

  // Escape closes only the list of columns, and returns to its button.
  await page.keyboard.press("Escape");
  assert.equal(await node.isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Columns");
  await page.reload();
  await connected();
  assert.deepEqual((await headers(page)).filter(Boolean), ["State", "Document", "Errors", "Node"]);

  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "Default", exact: true }).click();
  await until(async () => (await headers(page)).includes("Progress"), "the default");
  assert.doesNotMatch(page.url(), /columns/);
  await page.mouse.move(5, 5);
  await page.mouse.down();
  await page.mouse.up();
  assert.equal(await page.getByRole("checkbox", { name: "Errors" }).isVisible(), false);
});
