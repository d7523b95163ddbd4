// @ts-check
// What the page shows about a fleet.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingOn, openPage, PASSWORD, until } from "./open-page.js";

const STATES = /** @type {const} */ ([
  "initializing",
  "running",
  "completed",
  "pending",
  "crashing",
  "error",
  "failed",
]);

/** @param {string | null} url */
const bare = (url) => url?.replace(/^https?:\/\//, "").replace(/\/$/, "");

for (const state of STATES) {
  test(`shows a replication that is ${state}: in its row, and in full`, async (t) => {
    const stage = await openPage(t);
    await stage.connected();
    const { page } = stage;
    const docs = (await stage.truth()).filter((doc) => doc.state === state);
    const [doc] = docs;
    assert.ok(doc, "the fleet has none");
    await page.locator(`.state-filter.${state}`).click();
    await until(async () => (await stage.shown()) === docs.length, "only that state");
    assert.equal(await stage.count(state), docs.length);
    const row = stage.row(doc.doc_id);
    const text = await row.innerText();
    assert.match(text, new RegExp(state));
    const ends = doc.source || doc.target ? `${bare(doc.source) ?? "–"} → ${bare(doc.target) ?? "–"}` : "–";
    assert.equal(await row.locator(".cell.endpoints").textContent(), ends);
    assert.equal(await row.locator(".cell.errors").innerText(), String(doc.error_count));
    const time = row.locator(".cell.updated time");
    assert.equal(await time.getAttribute("title"), doc.last_updated?.replace("T", " ").replace("Z", " UTC"));

    await row.click();
    const details = page.locator("#details");
    await details.getByRole("heading", { level: 2, name: doc.doc_id, exact: true }).waitFor();
    assert.equal(await details.locator(".details-state .badge").innerText(), state);
    const isUnhealthy = ["crashing", "error", "failed"].includes(state);
    assert.equal(await details.locator(".diagnosis").isVisible(), isUnhealthy);
    if (isUnhealthy) {
      const words = await details.locator(".diagnosis h3").innerText();
      const title = (await row.locator(".cell.progress .far").getAttribute("title")) ?? "";
      assert.ok(title.replaceAll("`", "").startsWith(words), title);
      const names = Array.from(title.matchAll(/`([^`]+)`/g), ([, name]) => name);
      assert.deepEqual(await details.locator(".diagnosis > :is(h3, p) code").allInnerTexts(), names);
      assert.ok(
        (await row.locator(".cell.progress").innerText()).startsWith(await details.locator(".tag").first().innerText()),
      );
      await details.getByText("The server's own message").click();
      assert.equal(await details.locator(".diagnosis pre").isVisible(), true);
    }
    if (state === "failed") await details.getByText("CouchDB will not retry it.").waitFor();
    if (doc.info && "docs_written" in doc.info) {
      const written = doc.info.docs_written.toLocaleString("en-US");
      await details.locator(".progress-words", { hasText: `${written} documents written` }).waitFor();
      assert.match(await details.locator(".counters").innerText(), new RegExp(`docs written\\n+${written}`));
    }
    if (doc.id) {
      await details.locator(".timeline li", { hasText: "added" }).first().waitFor();
      assert.ok((await details.locator(".identity").innerText()).includes(doc.id));
    }
    const curl = await details.locator(".code-line code", { hasText: /^curl / }).innerText();
    assert.ok(curl.endsWith(`/couchdb/_scheduler/docs/_replicator/${encodeURIComponent(doc.doc_id)}'`), curl);
  });
}

test("counts the replications in each state", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 400 } });
  await stage.connected();
  const docs = await stage.truth();
  const many = (/** @type {(doc: typeof docs[number]) => boolean} */ fits) => docs.filter(fits).length;
  const unhealthy = many(({ state }) => ["crashing", "error", "failed"].includes(state ?? ""));
  assert.equal(await stage.shown(), docs.length);
  for (const state of STATES)
    assert.equal(
      await stage.count(state),
      many((doc) => doc.state === state),
      state,
    );
  assert.equal(await stage.tile("unhealthy"), unhealthy);
  assert.equal(await stage.tile("healthy"), docs.length - unhealthy);
  const pending = docs.reduce((sum, { info }) => sum + ((info && "docs_read" in info && info.changes_pending) || 0), 0);
  assert.equal(await stage.tile("waiting"), pending);
  assert.equal(await stage.page.title(), `(${unhealthy}) CouchDB replications`);
  await stage.page.locator("#server", { hasText: "CouchDB 3.5.0" }).waitFor();
});

test("counts retrying replications and written documents", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 400 } });
  await stage.connected();
  const isRetrying = (/** @type {{ state: string | null, error_count: number }} */ { state, error_count }) =>
    (state === "running" || state === "pending") && error_count > 0;
  let retrying = 0;
  // Crashing replications sometimes start again, and crash again.
  for (let minute = 0; minute < 40 && retrying === 0; minute++) {
    stage.simulator.clock.advance(30_500);
    retrying = (await stage.truth()).filter(isRetrying).length;
  }
  assert.ok(retrying > 0);
  await stage.refresh();
  assert.equal(await stage.tile("retrying"), retrying);
  assert.ok((await stage.tile("written")) > 0);
  await stage.page.getByRole("button", { name: "Retrying" }).click();
  await until(async () => (await stage.shown()) === retrying, "only those");
  for (const state of await stage.column("state")) assert.match(state, /retry/);
  await stage.refresh();
  const chart = stage.page.getByRole("img", { name: /Documents written per second: \d+ min, maximum/ });
  await chart.waitFor();
  assert.match((await chart.locator(".line").getAttribute("d")) ?? "", /^M[\d.]+,[\d.]+L/);
});

test("counts down to the next attempt", async (t) => {
  const stage = await openPage(t, { fragment: "#/docs/_replicator/payments-to-bank" });
  await stage.connected();
  const retry = stage.page.locator("#details .retry");
  // The simulator's time stands still; the page's advances.
  await stage.page.clock.setFixedTime(stage.simulator.clock.now());
  await stage.page.clock.runFor(1000);
  await until(async () => /^Next retry in .+, at /.test(await retry.innerText()), "a countdown");
  const before = await retry.innerText();
  await stage.page.clock.setFixedTime(stage.simulator.clock.now() + 7_000);
  await stage.page.clock.runFor(1000);
  await until(async () => (await retry.innerText()) !== before, "less than before");
});

test("has a URL for each replication, which can be shared", async (t) => {
  const id = 'audit?log#2026&all=1;"quoted"<b>';
  const stage = await openPage(t, { fragment: `#/docs/_replicator/${encodeURIComponent(id)}` });
  await stage.connected();
  const { page } = stage;
  await page.getByRole("heading", { level: 2, name: id, exact: true }).waitFor();
  await stage.row(id).waitFor();
  assert.equal(await stage.row(id).getAttribute("aria-selected"), "true", "it is in sight in the list, too");
  await page.getByLabel("Search").fill("warehouse");
  await stage.row("orders to warehouse").click();
  await page.getByRole("heading", { level: 2, name: "orders to warehouse" }).waitFor();
  assert.equal(new URL(page.url()).hash, "#/docs/_replicator/orders%20to%20warehouse?search=warehouse");
  assert.equal(await stage.row("orders to warehouse").getAttribute("aria-selected"), "true");
  await page.evaluate("history.back()");
  await page.getByRole("heading", { level: 2, name: id, exact: true }).waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.locator("#details").waitFor({ state: "hidden" });
  assert.equal(new URL(page.url()).hash, "#/docs/_replicator?search=warehouse");
  await page.getByRole("button", { name: "Show all", exact: true }).click();
  await until(async () => (await stage.shown()) === 60, "no filter any more");
  assert.equal(new URL(page.url()).hash, "#/docs/_replicator");
  assert.equal(await page.getByLabel("Search").inputValue(), "");
});

test("reports a missing replication", async (t) => {
  const stage = await openPage(t, { fragment: "#/docs/_replicator/nobody" });
  await stage.connected();
  await stage.page.getByText("The server no longer has this replication").waitFor();
});

test("shows another replicator database, and reports a missing one", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  const field = page.getByLabel("Database");
  assert.equal(await page.locator("#databases option").count(), 1);
  await field.focus();
  await until(
    async () => (await page.locator("#databases option").count()) === 2,
    "the databases of the server are suggested",
  );
  await field.fill("team/_replicator");
  await field.blur();
  const team = await stage.truth("team/_replicator");
  await until(async () => (await stage.shown()) === team.length, "rows of the other");
  assert.equal(await stage.tile("healthy").then((healthy) => healthy <= team.length), true);
  assert.equal(new URL(page.url()).hash, "#/docs/team%2F_replicator");

  await field.fill("nobody/_replicator");
  await field.blur();
  await page.getByText("The database “nobody/_replicator” does not exist on this server.").waitFor();
  assert.equal(await stage.shown(), 0);

  await field.fill("orders");
  await field.blur();
  assert.equal(await field.evaluate((input) => /** @type {HTMLInputElement} */ (input).validity.valid), false);

  await field.fill("_replicator");
  await field.blur();
  await until(async () => (await stage.shown()) === 60, "the first again");
  await page.locator("#notice").waitFor({ state: "hidden" });
});

test("shows the jobs without a document", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await page.getByRole("button", { name: "Transient jobs" }).click();
  await until(async () => (await stage.shown()) === 3, "the demo fleet has three");
  assert.deepEqual(new Set(await stage.column("state")), new Set(["running"]));
  await stage.rows.first().click();
  await page.locator(".timeline li", { hasText: "started" }).first().waitFor();
  assert.match(await page.locator(".identity").innerText(), /User\n+admin/);
  await page.getByRole("button", { name: "Documents", exact: true }).click();
  await until(async () => (await stage.shown()) === 60, "documents again");

  // Back from the jobs, the page shows the database that was selected before.
  await page.getByLabel("Database").fill("team/_replicator");
  await page.getByLabel("Database").blur();
  const team = await stage.truth("team/_replicator");
  await until(async () => (await stage.shown()) === team.length, "rows of the other");
  await page.getByRole("button", { name: "Transient jobs" }).click();
  await until(async () => (await stage.shown()) === 3, "jobs");
  await page.getByRole("button", { name: "Documents", exact: true }).click();
  await until(async () => (await stage.shown()) === team.length, "rows of the previous database");
  assert.equal(await page.getByLabel("Database").inputValue(), "team/_replicator");
});

test("reports that an empty server has no replications", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 0 } });
  await stage.connected();
  await stage.page.getByText("No replication documents in _replicator.").waitFor();
  assert.equal(await stage.tile("unhealthy"), 0);
});

test("shows no secret, wherever the server leaks one", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 300 } });
  await stage.connected();
  const { page } = stage;
  const { body } = await stage.elsewhere("GET", "_scheduler/docs");
  const said = JSON.stringify(body);
  const secret = /api_key=(K\d+)/.exec(said)?.[1];
  assert.ok(secret, "the fleet has no secrets in it");
  await page.getByLabel("Search").fill("api_key");
  await until(async () => (await stage.shown()) < 300, "the search");
  assert.ok((await stage.shown()) > 0);
  await stage.rows.first().click();
  await page.locator(".timeline li").first().waitFor();
  const everything = await everythingOn(page);
  assert.match(everything, /api_key=\*{5}/);
  assert.doesNotMatch(everything, /api_key=K\d/);
  for (const word of [secret, "s3cret", PASSWORD]) assert.ok(!everything.includes(word), word);
  await page.getByLabel("Search").fill(secret);
  await until(async () => (await stage.shown()) === 0, "a secret cannot be guessed by searching");
});

test("has a strict Content-Security-Policy, and obeys it", async (t) => {
  // The browser's console reports violations, and the test checks the console.
  const stage = await openPage(t);
  await stage.connected();
  const policy = (await stage.policy()) ?? "";
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  assert.match(policy, /style-src 'self'(;|$)/);
});

for (const width of [1440, 1024, 768, 390]) {
  test(`fits a window of ${width} px`, async (t) => {
    const stage = await openPage(t, { window: { viewport: { width, height: 844 } } });
    await stage.connected();
    const overflow = () =>
      stage.page.evaluate(() =>
        ["html", "main", "#lists", "#grid"].filter((name) => {
          const table = document.querySelector("replication-table")?.shadowRoot;
          const element = document.querySelector(name) ?? table?.querySelector(name);
          return element && element.scrollWidth > element.clientWidth;
        }),
      );
    assert.deepEqual(await overflow(), []);
    assert.equal(await stage.rows.first().locator(".cell.endpoints").isVisible(), true);
    await stage.rows.first().click();
    await stage.page.locator("#details .parts").waitFor();
    assert.deepEqual(await overflow(), []);
    const box = await stage.page.locator("#details").boundingBox();
    assert.ok(box && box.x + box.width <= width);
  });
}
