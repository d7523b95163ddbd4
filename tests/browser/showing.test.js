// @ts-check
// What the page shows of a fleet, and how it is filtered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { everythingOn, openPage, PASSWORD, until } from "./stage.js";

const STATES = /** @type {const} */ ([
  "initializing",
  "running",
  "completed",
  "pending",
  "crashing",
  "error",
  "failed",
]);

/** @param {Awaited<ReturnType<typeof openPage>>} stage */
async function truth({ simulator }) {
  const auth = { username: "admin", password: PASSWORD };
  const { docs } = await new Scheduler("http://couch.test", { auth, fetch: simulator.fetch }).listDocs();
  return docs;
}

test("connects by itself and shows the rows and the count of each state", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const docs = await truth(stage);
  assert.deepEqual(
    await stage.column("name"),
    docs.map(({ doc_id }) => doc_id),
  );
  assert.deepEqual(
    await stage.column("state"),
    docs.map(({ state }) => state),
  );
  assert.equal(await stage.count("all"), docs.length);
  for (const state of STATES) {
    const many = docs.filter((doc) => doc.state === state).length;
    assert.ok(many > 0, `the fleet has none ${state}`);
    assert.equal(await stage.count(state), many, state);
  }
  await stage.page.locator("#server", { hasText: "CouchDB 3.5.0" }).waitFor();
});

test("shows each fact of a running replication and of its job", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const doc = (await truth(stage)).find(({ doc_id }) => doc_id === "orders to warehouse");
  assert.ok(doc?.state === "running" && doc.info);
  const cells = await stage.row(doc.doc_id).locator("th, td").allTextContents();
  const bare = (/** @type {string} */ url) => url.replace("https://", "").replace(/\/$/, "");
  const { docs_written, changes_pending } = doc.info;
  assert.deepEqual(cells.slice(0, 8), [
    "running",
    doc.doc_id,
    "_replicator",
    bare(doc.source ?? ""),
    bare(doc.target ?? ""),
    docs_written.toLocaleString("en-US"),
    changes_pending?.toLocaleString("en-US"),
    "0",
  ]);
  const time = stage.row(doc.doc_id).locator("time");
  assert.equal(await time.getAttribute("title"), doc.last_updated?.replace("T", " ").replace("Z", " UTC"));

  await stage.page.getByRole("tab", { name: /Jobs/ }).click();
  const job = stage.page.locator("#jobs-panel tbody").filter({ hasText: doc.doc_id }).first();
  assert.match(await job.innerText(), /running.*_replicator.*continuous/s);
  assert.equal(await stage.page.locator("#docs-panel").isVisible(), false);
});

test("shows why a replication crashes: in a line, and whole", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const doc = (await truth(stage)).find(({ doc_id }) => doc_id === "telemetry-100%25");
  assert.ok(doc?.state === "crashing" && doc.info);
  const row = stage.row(doc.doc_id);
  assert.equal(await row.locator(".short").isVisible(), true);
  assert.equal(await row.locator("pre").isVisible(), false);
  await row.locator("summary").click();
  assert.equal(await row.locator("pre").isVisible(), true);
  assert.match(await row.locator("pre").innerText(), /example/);
});

test("filters by state, by several, and by none", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const docs = await truth(stage);
  const ids = (/** @type {(string | null)[]} */ states) =>
    docs.filter(({ state }) => states.includes(state)).map(({ doc_id }) => doc_id);
  await stage.page.locator(".count.crashing").click();
  assert.deepEqual(await stage.column("name"), ids(["crashing"]));
  assert.equal(await stage.page.locator(".count.crashing").getAttribute("aria-pressed"), "true");
  await stage.page.locator(".count.failed").click();
  assert.deepEqual(await stage.column("name"), ids(["crashing", "failed"]));
  assert.equal(await stage.count("all"), docs.length, "counts are of all");
  await stage.page.locator(".count.crashing").click();
  await stage.page.locator(".count.failed").click();
  assert.deepEqual((await stage.column("name")).length, docs.length);
  await stage.page.locator(".count.error").click();
  await stage.page.locator(".count.all").click();
  assert.deepEqual((await stage.column("name")).length, docs.length);
});

test("filters by text, taken literally, in id, source, target and error", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const search = stage.page.getByLabel("Filter");
  await search.fill("log#2026&ALL=1;");
  assert.deepEqual(await stage.column("name"), ['audit?log#2026&all=1;"quoted"<b>']);
  await search.fill(".*");
  assert.deepEqual(await stage.column("name"), []);
  assert.equal(await stage.page.locator("#docs-panel .foot").innerText(), "Nothing matches the filter");
  await search.fill("berlin");
  const berlin = (await truth(stage)).filter((doc) => JSON.stringify(doc).includes("berlin"));
  assert.deepEqual(
    await stage.column("name"),
    berlin.map(({ doc_id }) => doc_id),
  );
  assert.match(await stage.page.locator("#announcer").innerText(), /documents and \d+ jobs match/);
  await search.fill("");
  assert.equal((await stage.column("name")).length, 60);
});

test("shows another replicator database, one that is known and one that is named", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await page.getByLabel("Database").selectOption("team/_replicator");
  await until(async () => (await stage.column("database")).includes("team/_replicator"), "rows of the other");
  assert.deepEqual(new Set(await stage.column("database")), new Set(["team/_replicator"]));

  await page.getByLabel("Database").selectOption({ label: "another one…" });
  await page.getByLabel("Its name").fill("nobody/_replicator");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("There is no database “nobody/_replicator” on this server.").waitFor();
  assert.deepEqual(await stage.column("name"), []);

  await page.getByLabel("Database").selectOption("_replicator");
  await until(async () => (await stage.column("name")).length === 60, "the first again");
  assert.equal(await page.locator("#notice").isVisible(), false);
});

test("draws 500 of many rows, and more when asked", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 1200 } });
  await stage.connected();
  assert.equal((await stage.column("name")).length, 500);
  assert.match(await stage.page.locator("#docs-panel .foot").innerText(), /The first 500 of 1,200/);
  const more = stage.page.locator("#docs-panel").getByRole("button", { name: "Show 500 more" });
  await more.click();
  assert.equal((await stage.column("name")).length, 1000);
  await more.click();
  assert.equal((await stage.column("name")).length, 1200);
  assert.equal(await more.isVisible(), false);
});

test("says that an empty server has no replications", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 0 } });
  await stage.connected();
  assert.equal(await stage.page.locator("#health").innerText(), "No replications");
  assert.equal(await stage.page.locator("#docs-panel .foot").innerText(), "No replication documents in _replicator");
});

test("shows no secret, wherever the server lets one slip", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 300 } });
  await stage.connected();
  const authorization = `Basic ${btoa(`admin:${PASSWORD}`)}`;
  const list = await stage.simulator.fetch("http://couch.test/_scheduler/docs", { headers: { authorization } });
  const said = await list.text();
  const secret = /api_key=(K\d+)/.exec(said)?.[1];
  assert.ok(secret, "the fleet has no secrets in it");
  await stage.page.getByLabel("Filter").fill("api_key");
  assert.ok((await stage.column("name")).length > 0);
  const everything = await everythingOn(stage.page);
  assert.match(everything, /api_key=\*{5}/);
  assert.doesNotMatch(everything, /api_key=K\d/);
  for (const word of [secret, "s3cret", PASSWORD]) assert.ok(!everything.includes(word), word);
  await stage.page.getByLabel("Filter").fill(secret);
  assert.deepEqual(await stage.column("name"), [], "a secret can be guessed by searching");
});

test("is sent a strict Content-Security-Policy, and keeps it", async (t) => {
  // A page that breaks it is told so on the console, which the stage looks at.
  const stage = await openPage(t);
  await stage.connected();
  assert.match(stage.policy ?? "", /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  assert.match(stage.policy ?? "", /style-src 'self'(;|$)/);
});

for (const width of [1440, 1024, 768, 390]) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`fits a window of ${width} px, ${colorScheme}`, async (t) => {
      const stage = await openPage(t, { window: { viewport: { width, height: 844 }, colorScheme } });
      await stage.connected();
      const overflow = await stage.page.evaluate(() => {
        const box = document.querySelector("#docs-panel .box");
        return {
          page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          box: (box?.scrollWidth ?? 0) - (box?.clientWidth ?? 0),
        };
      });
      assert.deepEqual(overflow, { page: 0, box: 0 });
      assert.equal(await stage.row("orders to warehouse").locator(".col-written").isVisible(), true);
    });
  }
}
