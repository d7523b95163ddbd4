// @ts-check
// The picture of which servers replicate with which, and the table that says the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, until } from "./open-page.js";

/** @param {string | null} url */
const hostIn = (url) => /\/\/(?:[^/@]*@)?([^/]+)/.exec(url ?? "")?.[1] ?? "this server";

/** @param {import("node:test").TestContext} t @param {Parameters<typeof openPage>[1]} [options] */
async function openTopology(t, options) {
  const stage = await openPage(t, { fragment: "#/docs/_replicator?view=topology", ...options });
  const { page } = stage;
  await stage.connected();
  await page.locator(".picture").waitFor();
  const docs = await stage.truth();
  /** Number of replications between two servers. @type {Map<string, number>} */
  const arrows = new Map();
  for (const { source, target } of docs) {
    if (source === null || target === null) continue;
    const name = `${hostIn(source)} → ${hostIn(target)}`;
    arrows.set(name, (arrows.get(name) ?? 0) + 1);
  }
  return {
    ...stage,
    docs,
    arrows,
    node: (/** @type {string} */ name) => page.getByRole("button", { name: new RegExp(`^${name}, `) }),
    place: page.getByRole("navigation", { name: "Place in the topology" }),
  };
}

test("draws the servers and their replications, and lists those of an arrow", async (t) => {
  const { page, arrows, shown, node, docs } = await openTopology(t);
  const titles = await page
    .locator(".picture .arrow .shaft")
    .evaluateAll((shafts) => shafts.map((shaft) => shaft.parentElement?.querySelector("title")?.textContent ?? ""));
  const drawn = new Map(titles.map((title) => [title.split(",")[0], Number(/(\d+) replication/.exec(title)?.[1])]));
  assert.deepEqual([...drawn].sort(), [...arrows].sort());
  const unknown = docs.filter(({ source, target }) => source === null || target === null).length;
  await page.getByText(`Not shown: ${unknown} replications whose source or target is unknown.`).waitFor();
  assert.ok(await node("cloud.example.com").isVisible());

  await page.getByRole("button", { name: "Table", exact: true }).click();
  const table = page.getByRole("table");
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())));
  assert.deepEqual(rows.map(([from, to, many]) => [`${from} → ${to}`, Number(many)]).sort(), [...arrows].sort());
  await table.getByRole("button", { name: "Source", exact: true }).click();
  const first = async () => (await table.locator("tbody tr").first().locator("th").textContent())?.trim();
  const names = [...new Set([...arrows.keys()].map((name) => name.split(" → ")[0]))].sort();
  await until(async () => (await first()) === names[0], "the order of the sources");
  await table.getByRole("button", { name: "Source", exact: true }).click();
  await until(async () => (await first()) === names.at(-1), "the other way round");

  const [name, many] = [...arrows].find(([name]) => name.startsWith("berlin")) ?? ["", 0];
  await table.getByRole("button", { name: name.replace("→", "to"), exact: true }).click();
  await page.getByRole("link", { name: `List ${many} replication` }).click();
  await until(async () => (await shown()) === many, `${many} rows`);
  await page.getByRole("button", { name: "Show all" }).click();
  await until(async () => (await shown()) === docs.length, "all rows");
});

test("says how many are unhealthy in whole words and numbers, also where there is little room", async (t) => {
  const { page } = await openTopology(t, {
    simulator: { docs: 4000 },
    window: { viewport: { width: 390, height: 844 } },
  });
  const list = page.locator(".picture .node.unhealthy .amount");
  await until(async () => (await list.count()) > 3, "unhealthy servers");
  const amounts = await list.allTextContents();
  for (const text of amounts) assert.match(text, /^([\d,]+ · )?[\d,]+( unhealthy)?$/);
  assert.ok(
    amounts.some((text) => /^[\d,]+ unhealthy$/.test(text)),
    amounts.join(", "),
  );
  const crowded = await page.locator(".picture .arrow:has(.icon)").evaluateAll((labels) =>
    labels.flatMap((label) => {
      const [box, icon, text] = ["rect", ".icon", "text"].map((name) =>
        label.querySelector(name)?.getBoundingClientRect(),
      );
      if (!box || !icon || !text) return ["incomplete"];
      return icon.right <= text.left && text.right <= box.right && box.left <= icon.left ? [] : [label.textContent];
    }),
  );
  assert.deepEqual(crowded, []);
});

test("is drawn without an error in the log of a page that reports its errors", async (t) => {
  const { page } = await openTopology(t, { window: { viewport: { width: 780, height: 600 } } });
  await page.evaluate(() => {
    Object.assign(globalThis, { reported: [] });
    addEventListener("error", ({ message }) => /** @type {any} */ (globalThis).reported.push(message));
  });
  for (const view of ["Replications", "Topology", "Table", "Picture"]) {
    await page.getByRole("button", { name: view, exact: true }).click();
  }
  await page.locator(".picture").waitFor();
  // Browsers report it after the next frame.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))),
  );
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).reported), []);
});

test("shows the databases of a server, by keyboard alone", async (t) => {
  const { page, docs, node, place, shown } = await openTopology(t);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  await page.locator(".picture [tabindex='0']").focus();
  // From the hub to the left, and down and up again.
  const start = await focused();
  await page.keyboard.press("ArrowLeft");
  const left = await focused();
  assert.notEqual(left, start);
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await focused(), left);
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), left);

  await node("berlin.example.net").focus();
  await page.keyboard.press("Enter");
  await place.getByText("berlin.example.net").waitFor();
  const berlin = docs.filter((doc) => [doc.source, doc.target].some((url) => hostIn(url) === "berlin.example.net"));
  const databases = new Set(
    berlin.flatMap((doc) => [doc.source, doc.target]).filter((url) => hostIn(url) === "berlin.example.net"),
  );
  await until(async () => (await page.locator(".node.database").count()) === databases.size, "its databases");
  await until(async () => /, /.test(await focused()), "the focus stays in the picture");
  await page.getByRole("link", { name: `List ${berlin.length} replications` }).waitFor();

  await page.locator(".node.database [role=button]").first().focus();
  await page.keyboard.press(" ");
  await until(async () => (await page.locator(".node.chosen").count()) === 1, "the database is chosen");
  assert.match(page.url(), /between=berlin\.example\.net/);
  await page.keyboard.press("Escape");
  await node("cloud.example.com").waitFor();
  await page.evaluate("history.back()");
  await place.getByText("berlin.example.net").waitFor();
  await place.getByRole("button", { name: "All servers" }).click();
  await page.getByRole("button", { name: "Replications", exact: true }).click();
  await until(async () => (await shown()) === docs.length, "all rows");
});

test("the table opens servers and databases, too", async (t) => {
  const { page, docs, place } = await openTopology(t);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  const chooser = page.getByLabel("Server or database");
  const sources = page.getByRole("table").locator("tbody th");
  await chooser.selectOption("berlin.example.net");
  await place.getByText("berlin.example.net").waitFor();
  const berlin = docs.filter(({ source, target }) =>
    [source, target].some((url) => hostIn(url) === "berlin.example.net"),
  );
  await page.getByRole("link", { name: `List ${berlin.length} replication` }).waitFor();
  await until(async () => /^berlin\.example\.net\//.test((await sources.first().innerText()).trim()), "its databases");

  const database = (await sources.first().innerText()).trim();
  await chooser.selectOption(database);
  await until(() => page.url().includes(`between=${encodeURIComponent(database)}`), "the database in the address");
  const many = berlin.filter(({ source, target }) =>
    [source, target].some((url) => url?.replace(/\/$/, "").endsWith(`/${database}`)),
  ).length;
  await page.getByRole("link", { name: new RegExp(`List\\s+${many} replication`) }).waitFor();

  await chooser.selectOption("All servers");
  await until(async () => !page.url().includes("between="), "all servers");
  assert.equal(await chooser.locator("option:checked").innerText(), "All servers");
});

test("keeps its places while the replications change, and fits a phone", async (t) => {
  const { page, refresh, simulator, place } = await openTopology(t, {
    window: { viewport: { width: 390, height: 844 } },
  });
  const places = () =>
    page
      .locator(".node")
      .evaluateAll((nodes) =>
        nodes.map((node) => `${node.getAttribute("data-end")} ${node.getAttribute("transform")}`).sort(),
      );
  const before = await places();
  assert.ok(before.length > 5);
  simulator.clock.advance(600_000);
  await refresh();
  assert.deepEqual(await places(), before);
  assert.equal(await place.isVisible(), true);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 390);
  const box = await page.locator(".picture").boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 390);
});
