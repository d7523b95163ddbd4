// @ts-check
// `serve --demo` in a browser: the dashboard of a simulated server, without any other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../pkg/serve/index.js";
import { newContext } from "./browsers/index.js";
import { listen, stopTime } from "./open-page.js";

test("shows a simulated server, and allows changes", async (t) => {
  const server = await serve({ demo: true, port: 0, log: () => {} });
  const context = await newContext();
  const page = await context.newPage();
  const complaints = listen(page, { failedRequests: true });
  t.after(async () => {
    await context.close();
    await server.close();
    assert.deepEqual(complaints, [], "the page complained");
  });
  await stopTime(page);
  await page.goto(server.url);
  await page.locator("#freshness time").waitFor();
  await page.locator("#server", { hasText: "changes allowed" }).waitFor();
  await page.locator("#matches", { hasText: /^1[, ]?000$/ }).waitFor();
  await page.locator("#grid .grid-body [role=row]").first().click();
  await page.locator("#details .parts").waitFor();
});
