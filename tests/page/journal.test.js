// @ts-check
// The journal: what happened while the page was open, and when it was not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, PASSWORD, until } from "./open-page.js";

/** @typedef {Awaited<ReturnType<typeof openPage>>} Stage */
/** @typedef {Awaited<ReturnType<Stage["truth"]>>} Docs */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** @param {Stage} stage */
const lines = ({ page }) => page.locator("journal-view li");

/** @param {Stage} stage */
const openJournal = ({ page }) => page.getByRole("button", { name: "Journal", exact: true }).click();

/** Another user starts a replication. @param {Stage} stage @param {string} id @param {object} body */
async function start(stage, id, body) {
  assert.equal((await stage.elsewhere("PUT", `_replicator/${id}`, body)).status, 201);
  stage.simulator.clock.advance(MINUTE);
  await stage.refresh();
}

const isFailing = (/** @type {Docs[0]} */ { state, error_count }) =>
  state === "crashing" || state === "error" || state === "failed" || error_count > 0;

test("lists what began to fail, with a link to it, and can be searched", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 300 } });
  await stage.connected();
  await stage.quiet();
  const before = new Map((await stage.truth()).map((doc) => [doc.doc_id, doc]));
  stage.simulator.clock.advance(10 * MINUTE);
  await stage.refresh();
  const broken = (await stage.truth()).filter((doc) => {
    const previous = before.get(doc.doc_id);
    return previous && /running|pending/.test(previous.state ?? "") && !isFailing(previous) && doc.state === "crashing";
  });
  assert.ok(broken.length > 0 && broken.length <= 10, `${broken.length}`);
  await openJournal(stage);
  const { page } = stage;
  await page.getByLabel("Show", { exact: true }).selectOption("failing");
  const links = lines(stage).locator("a");
  await until(async () => (await links.count()) >= broken.length, "entries");
  const ids = await links.allTextContents();
  for (const { doc_id } of broken) assert.ok(ids.includes(doc_id), doc_id);
  assert.match(page.url(), /view=journal/);

  const [first] = broken;
  assert.ok(first);
  await page.getByLabel("Search").fill(first.doc_id);
  await until(async () => (await links.count()) === 1, "one entry");
  assert.match(page.url(), /search=/);
  await links.first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: first.doc_id }).waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await until(() => page.evaluate(() => document.activeElement?.tagName === "A"), "the focus on the link again");

  await page.getByLabel("Search").fill("");
  await page.getByLabel("Show", { exact: true }).selectOption("all");
  await page.locator(".state-filter.completed").click();
  await until(async () => (await lines(stage).locator(".badge.crashing").count()) === 0, "only completed ones");
});

test("a closed page is a gap, also after a reload", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await start(stage, "late", { source: "https://a.test/x", target: "https://b.test/x" });
  await openJournal(stage);
  await lines(stage).filter({ hasText: "late" }).waitFor();
  assert.equal(await page.getByText("Nothing was seen").count(), 0);

  const address = page.url();
  await page.goto("about:blank");
  await page.clock.fastForward(7 * HOUR);
  await page.goto(address);
  await stage.connected();
  await lines(stage).filter({ hasText: "late" }).waitFor();
  const gap = lines(stage).filter({ hasText: "Nothing was seen from" });
  await gap.waitFor();
  assert.match(
    (await gap.textContent()) ?? "",
    /At the beginning, \d+ of \d+ were failing; at the end, \d+ of \d+ were failing\./,
  );
  assert.equal(await gap.count(), 1);
  // A search for something else does not hide it.
  await page.getByLabel("Search").fill("no such replication");
  await lines(stage).filter({ hasText: "late" }).waitFor({ state: "detached" });
  assert.ok(await gap.isVisible());
});

test("says when the server did not respond", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await stage.stopServer();
  await stage.seen(page.locator("failure-notice [role=alert]").filter({ hasText: /\w/ }));
  await openJournal(stage);
  await lines(stage).filter({ hasText: "the server did not respond" }).waitFor();
  await page.clock.fastForward(6 * MINUTE);
  await stage.startServer();
  await stage.refresh();
  await lines(stage).filter({ hasText: "Nothing was seen from" }).waitFor();
});

test("is kept on this computer only as long as the user wants, and deleted on request", async (t) => {
  const stage = await openPage(t);
  await stage.connected();
  const { page } = stage;
  await start(stage, "late", {
    source: "https://user:s3cret@a.test/x",
    target: "https://b.test/x",
  });
  await openJournal(stage);
  await lines(stage).filter({ hasText: "late" }).waitFor();
  const kept = () =>
    page.evaluate(
      () =>
        /** @type {Promise<string>} */ (
          new Promise((resolve) => {
            const request = indexedDB.open("couchdb-scheduler-journal");
            request.onsuccess = () => {
              const all = request.result.transaction("entries").objectStore("entries").getAll();
              all.onsuccess = () => resolve(JSON.stringify(all.result));
              request.result.close();
            };
          })
        ),
    );
  assert.match(await kept(), /late/);
  for (const word of ["s3cret", PASSWORD, "https:", new URL(page.url()).host])
    assert.ok(!(await kept()).includes(word), word);

  const toggle = page.getByRole("switch", { name: "Keep on this computer" });
  assert.equal(await toggle.getAttribute("aria-checked"), "true", "the server of the page needs no login");
  await toggle.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Kept until this page is closed.").waitFor();
  await start(stage, "later", { source: "https://a.test/x", target: "https://b.test/y" });
  await lines(stage).filter({ hasText: "later" }).waitFor();
  assert.doesNotMatch(await kept(), /later/);

  await page.getByRole("button", { name: "Delete the journal…" }).focus();
  await page.keyboard.press("Enter");
  await until(() => page.evaluate(() => document.activeElement?.textContent === "Delete them"), "a question");
  await page.keyboard.press("Enter");
  await lines(stage).first().waitFor({ state: "detached" });
  assert.equal(await kept(), "[]");
  await page.reload();
  await stage.connected();
  assert.equal(await page.getByRole("switch", { name: "Keep on this computer" }).getAttribute("aria-checked"), "false");
});

test("keeps the day's incidents for the next page", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 0 } });
  await stage.connected();
  const { page, simulator } = stage;
  const slow = "https://slow.test/db";
  for (const id of ["slow-1", "slow-2"]) {
    await start(stage, id, { source: slow, target: `https://b.test/${id}`, continuous: true });
  }
  const answer = simulator.provoke.hang(slow);
  await openJournal(stage);
  await page.getByLabel("Show", { exact: true }).selectOption("incidents");
  const opened = lines(stage).filter({ hasText: "slow.test" });
  await until(async () => {
    simulator.clock.advance(20_000);
    await stage.refresh();
    return (await opened.count()) > 0;
  }, "an incident");
  assert.match((await opened.textContent()) ?? "", /incident opened\s+2 replications\s+timeout · source slow\.test/);

  // It ends while no page is open.
  const address = page.url();
  await page.goto("about:blank");
  answer();
  simulator.clock.advance(2 * HOUR);
  await page.clock.fastForward(2 * HOUR);
  await page.goto(address);
  await stage.connected();
  await page.getByLabel("Show", { exact: true }).selectOption("incidents");
  await lines(stage).filter({ hasText: "incident closed" }).filter({ hasText: "slow.test" }).waitFor();
  await stage.refresh();
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: "slow.test" })
    .filter({ hasText: /12:0\d.*–.*12:0\d/ })
    .first()
    .waitFor();
});
