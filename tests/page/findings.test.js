// @ts-check
// Whether replications really move: findings, backlogs, capacity.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, movingFleet } from "./moving.js";
import { openPage, PASSWORD, until } from "./open-page.js";

/** @typedef {import("./open-page.js").SimulatorOptions} SimulatorOptions */

/**
 * A page about replications of one source that have run for some minutes.
 *
 * @param {import("node:test").TestContext} t
 * @param {string[]} ids
 * @param {SimulatorOptions} [simulator]
 * @param {string} [fragment]
 */
async function pageOf(t, ids, simulator, fragment) {
  const stage = await openPage(t, { simulator: { docs: 0, ...simulator }, fragment });
  const fleet = movingFleet(stage);
  fleet.source("source");
  for (const id of ids) await fleet.replicate(id);
  fleet.pass(5 * MINUTE);
  await stage.connected();
  await stage.refresh();
  return { stage, fleet, page: stage.page, strip: stage.page.locator("#findings") };
}

/** The number of requests of a kind. @param {import("../../simulator/index.js").Simulator} simulator @param {string} path */
const many = ({ requests }, path) =>
  requests.filter((request) => request.method !== "PUT" && request.path.startsWith(path)).length;

test("a replication that hangs is suspected, then confirmed; its kind filters the table", async (t) => {
  const { stage, fleet, page, strip } = await pageOf(t, ["fine", "stuck"]);
  assert.equal(await strip.count(), 0);
  stage.simulator.provoke.stick("stuck");
  fleet.write("source");
  fleet.pass(5 * MINUTE);
  await stage.pass(2 * MINUTE);
  const stalled = page.getByRole("button", { name: /1 stalled/ });
  await stage.seen(stalled);
  await stalled.click();
  await until(async () => (await stage.shown()) === 1, "only the one that hangs");
  await stage.row("stuck").waitFor();
  assert.equal(await stalled.getAttribute("aria-pressed"), "true");
  const item = strip.locator(".finding");
  assert.match(
    await item.innerText(),
    /stalled\s+stuck\s+suspected[\s\S]*although 5 changes are pending[\s\S]*restart/,
  );
  assert.equal(await item.locator("a").getAttribute("href"), "#/docs/_replicator/stuck?finding=stalled");

  fleet.pass(3 * MINUTE);
  await stage.pass(2 * MINUTE);
  await stage.seen(strip.locator(".finding.warning"));
  assert.doesNotMatch(await item.innerText(), /suspected/);
  await item.locator("a").click();
  const details = page.locator("replication-details");
  await details.getByRole("heading", { level: 2, name: "stuck" }).waitFor();
  await details.locator(".finding", { hasText: "stalled" }).waitFor();
  await page.keyboard.press("Escape");

  await stalled.click();
  await until(async () => (await stage.shown()) === 2, "all");
  assert.equal(await strip.locator(".finding").count(), 0);
});

test("findings of nodes are shown, though no replication has them", async (t) => {
  const { stage, fleet, strip } = await pageOf(t, ["r"]);
  stage.simulator.provoke.loseTasks();
  fleet.pass(5 * MINUTE);
  await stage.pass(2 * MINUTE);
  await stage.seen(strip.locator(".finding", { hasText: "couchdb@127.0.0.1" }));
});

test("what cannot be looked at is said calmly, and the next look is in two minutes", async (t) => {
  const { stage, strip } = await pageOf(t, ["r"]);
  const heal = stage.simulator.fail({ path: "/_active_tasks", status: 403 });
  await stage.pass(2 * MINUTE);
  await stage.seen(strip.getByText("1 check was not possible"));
  await strip.getByText("1 check was not possible").click();
  assert.match(await strip.locator("li").innerText(), /tasks/);
  const before = many(stage.simulator, "/_membership");
  for (let refreshes = 0; refreshes < 5; refreshes++) await stage.pass(10_000);
  assert.equal(many(stage.simulator, "/_membership"), before);
  heal();
  await stage.pass(2 * MINUTE);
  await until(async () => {
    await stage.pass(5000);
    return (await strip.count()) === 0;
  }, "nothing to say");
});

test("backlogs and last progress, also of what crashes; the table is sorted by them", async (t) => {
  const { stage, fleet, page } = await pageOf(t, ["a", "b", "c"]);
  assert.equal(await page.getByRole("columnheader", { name: "Backlog" }).count(), 0);
  const columns = page.getByRole("button", { name: "Backlog, last progress, findings" });
  await columns.focus();
  await page.keyboard.press("Enter");
  for (const name of ["Backlog", "Last progress", "Finding"]) await page.getByRole("columnheader", { name }).waitFor();
  assert.match(page.url(), /sort=-backlog/);
  fleet.source("other");
  await fleet.replicate("z", { source: `${fleet.origin}/other`.replace("://", `://admin:${PASSWORD}@`) });
  fleet.pass(2 * MINUTE);
  stage.simulator.provoke.hang("other");
  fleet.write("other", 7);
  for (let looks = 0; looks < 100; looks++) {
    const docs = await stage.truth();
    if (docs.find(({ doc_id }) => doc_id === "z")?.state === "crashing") break;
    fleet.pass(20_000);
  }
  await stage.pass(MINUTE);
  const cell = stage.row("z").locator(".cell.backlog");
  await until(async () => {
    await stage.pass(5000);
    return (await cell.innerText()) === "7";
  }, "its backlog");
  assert.match(await stage.row("z").locator(".cell.last_progress").innerText(), /\d/);
  await until(async () => {
    await stage.pass(5000);
    await stage.settled();
    return (await stage.column("backlog")).join(" ") === "7 0 0 0";
  }, "the largest first");
  await page.getByRole("columnheader", { name: "Backlog" }).getByRole("button").click();
  await until(async () => {
    await stage.settled();
    return (await stage.column("backlog")).join(" ") === "0 0 0 7";
  }, "the smallest first");
  assert.equal(await columns.getAttribute("aria-pressed"), "true");
  await columns.click();
  await until(async () => (await page.getByRole("columnheader", { name: "Backlog" }).count()) === 0, "the default");
  assert.doesNotMatch(page.url(), /columns|sort/);
});

test("with many jobs, only those on the screen are requested, and all after the user was told how many", async (t) => {
  const ids = Array.from({ length: 150 }, (_, n) => `r${String(n).padStart(3, "0")}`);
  const { stage, page } = await pageOf(t, ids, { maxJobs: 500 }, "#/docs/_replicator?columns=backlog,last_progress");
  const first = stage.row("r000").locator(".cell.last_progress");
  await until(async () => {
    await stage.pass(1000);
    return /\d/.test(await first.innerText());
  }, "the first row");
  assert.equal(many(stage.simulator, "/_replicator/r149"), 0, "not on the screen");
  const ofAll = () =>
    stage.simulator.requests.filter(({ method, path }) => method === "POST" && /\/_all_docs/.test(path));
  assert.equal(ofAll().length, 0);
  await page.getByRole("button", { name: "Measure all…" }).click();
  await page.getByText("This takes up to 303 requests.").waitFor();
  await page.getByRole("button", { name: "Measure 150" }).click();
  await page.getByRole("button", { name: "Measure all…" }).waitFor();
  assert.equal(ofAll().length, 1);
  await page.getByRole("columnheader", { name: "Last progress" }).getByRole("button").click();
  await until(async () => (await stage.column("last_progress")).every((text) => /\d/.test(text)), "all are known");
});

test("capacity by node, while replications wait and when the user opens it", async (t) => {
  const { stage, fleet, page } = await pageOf(t, ["a", "b", "c"]);
  const capacity = page.locator("#capacity");
  assert.equal(await capacity.locator("summary").innerText(), "Capacity");
  assert.equal(many(stage.simulator, "/_node/couchdb@127.0.0.1/_config/replicator"), 0);
  await capacity.locator("summary").click();
  const cells = async () => (await capacity.locator("tbody tr").innerText()).split(/\s*[\t\n]\s*/);
  await capacity.locator("tbody tr").waitFor();
  assert.deepEqual(await cells(), ["couchdb@127.0.0.1", "3 of 500", "0", "0", "–", "–"]);
  await capacity.locator("summary").click();

  stage.simulator.provoke.starve(1);
  fleet.pass(5 * MINUTE);
  await stage.pass(2 * MINUTE);
  await stage.seen(capacity.getByText(/2 replications wait, about \d+ min/));
  await capacity.locator("summary").click();
  await until(async () => (await cells())[1] === "1 of 1", "the new limit");
  assert.match(String((await cells())[5]), /min.* [abc]$/);
});

test("no secret of the server or its documents is on the page", async (t) => {
  const { stage, fleet, page } = await pageOf(
    t,
    ["stuck"],
    {},
    "#/docs/_replicator?columns=backlog,last_progress,finding",
  );
  stage.simulator.provoke.stick("stuck");
  fleet.write("source");
  fleet.pass(5 * MINUTE);
  await stage.pass(2 * MINUTE);
  await stage.seen(page.getByRole("button", { name: /1 stalled/ }));
  const shown = await page.evaluate(() => document.documentElement.outerHTML);
  assert.ok(!shown.includes(PASSWORD));
});
