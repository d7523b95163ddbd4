// @ts-check
// One replication: its checkpoints, a comparison of its ends, its rate, and commands for a terminal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, movingFleet } from "./moving.js";
import { openPage, PASSWORD, until } from "./open-page.js";

/**
 * A page with the details of a replication that has run for some minutes.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ docs?: number, id?: string, more?: (origin: string) => Record<string, unknown> }} [options]
 */
async function detailsOf(t, { docs = 20, id = "orders", more = () => ({}) } = {}) {
  const stage = await openPage(t, {
    simulator: { docs: 0 },
    fragment: `#/docs/_replicator/${encodeURIComponent(id)}`,
  });
  const fleet = movingFleet(stage);
  fleet.source("source", docs);
  await fleet.replicate(id, more(fleet.origin));
  fleet.pass(3 * MINUTE);
  await stage.connected();
  await stage.refresh();
  const details = stage.page.locator("replication-details");
  await details.getByRole("heading", { level: 2, name: id, exact: true }).waitFor();
  /** @param {string} title */
  const section = (title) =>
    details.locator("section", { has: stage.page.getByRole("heading", { name: title, exact: true }) });
  return { stage, fleet, page: stage.page, section };
}

test("checkpoints at both ends, and where a restart goes on", async (t) => {
  const { stage, fleet, section } = await detailsOf(t);
  const checkpoints = section("Checkpoints");
  await checkpoints.getByText("It continues from the common checkpoint.").waitFor();
  const text = await checkpoints.innerText();
  assert.match(text, /Backlog\s+0 changes/);
  assert.match(text, /At the source\s+Checkpoint found, of 1 session/);
  assert.match(text, /At the target\s+Checkpoint found, of 1 session/);
  assert.ok(text.includes(`${fleet.origin}/target-orders/`));
  assert.match(text, /From sequence\s+20-/);

  stage.simulator.provoke.rewind("orders");
  fleet.write("source", 3);
  fleet.pass(6000);
  await checkpoints.getByRole("button", { name: "Read again" }).click();
  await checkpoints.getByText("It starts from the beginning").waitFor();
  assert.match(await checkpoints.innerText(), /At the target\s+No checkpoint yet/);
});

test("an end on another server is not requested: the command line can", async (t) => {
  const { section } = await detailsOf(t, { more: () => ({ target: "http://user:secret@127.0.0.1:1/elsewhere" }) });
  const checkpoints = section("Checkpoints");
  await checkpoints.getByText("Not requested: on another server").waitFor();
  const command = await checkpoints.locator("code").innerText();
  assert.equal(command, "couchdb-scheduler lag --stored orders");

  const verify = section("Verify");
  await verify.getByRole("button").click();
  await verify.getByText("This page reads only databases of this server.").waitFor();
  assert.equal(await verify.locator("code").innerText(), "couchdb-scheduler verify --stored orders");
});

test("a comparison that finds everything", async (t) => {
  const { section, page } = await detailsOf(t);
  const verify = section("Verify");
  await verify.getByRole("button").press("Enter");
  await verify.getByText("Complete: the target has all of 20 documents.").waitFor();
  assert.equal(await page.locator("#announcer").textContent(), "Complete: the target has all of 20 documents.");
});

test("a comparison says how far it is", async (t) => {
  const { stage, fleet, section, page } = await detailsOf(t);
  fleet.write("source", 1480);
  fleet.pass(3 * MINUTE);
  stage.simulator.fail({ path: "/target-orders/_revs_diff", method: "POST", after: 1, delay: 1000 });
  const verify = section("Verify");
  await verify.getByRole("button").click();
  await until(async () => {
    await page.clock.fastForward(1000);
    return verify.getByText("1,000 of 1,500 documents compared").isVisible();
  }, "the progress");
  assert.deepEqual(
    await verify.locator("progress").evaluate((bar) => [bar.getAttribute("value"), bar.getAttribute("max")]),
    ["1000", "1500"],
  );
  stage.simulator.clock.advance(1000);
  await verify.getByText("Complete: the target has all of 1,500 documents.").waitFor();
});

test("a comparison lists what is missing, and why", async (t) => {
  const { stage, fleet, section } = await detailsOf(t);
  stage.simulator.provoke.refuse("target-orders", ({ n }) => (Number(n) < 2 ? "too small" : null));
  fleet.write("source", 4);
  fleet.pass(3 * MINUTE);
  stage.simulator.provoke.stick("orders");
  fleet.write("source", 3);
  const verify = section("Verify");
  await verify.getByRole("button").click();
  await verify.getByText("Of 27 documents, the target lacks 5 revisions: 2 refused, 3 not replicated yet.").waitFor();
  const items = await verify.locator("li").allTextContents();
  assert.deepEqual(items.map((text) => /d\d+/.exec(text)?.[0]).sort(), ["d21", "d22", "d25", "d26", "d27"]);
  assert.match(String(items[0]), /d21\s+1-[0-9a-f]{6}…\s+refused by the target/);
  assert.equal(items.filter((text) => text.includes("not replicated yet")).length, 3);
});

test("a comparison can be canceled, and begun again; another replication begins without it", async (t) => {
  const { stage, fleet, section, page } = await detailsOf(t);
  await fleet.replicate("other");
  fleet.pass(3 * MINUTE);
  await stage.refresh();
  const heal = stage.simulator.fail({ path: "/source/_changes", delay: 2 ** 30 });
  const verify = section("Verify");
  await verify.getByRole("button", { name: "Compare source and target" }).click();
  await verify.getByRole("progressbar").waitFor();
  await verify.getByRole("button", { name: "Cancel" }).click();
  await verify.getByRole("button", { name: "Compare source and target" }).waitFor();
  assert.equal(await verify.getByRole("progressbar").count(), 0);
  heal();
  await verify.getByRole("button").click();
  await verify.getByText("Complete").waitFor();
  await stage.row("other").click();
  await page.getByRole("heading", { level: 2, name: "other" }).waitFor();
  await until(async () => (await verify.getByText("Complete").count()) === 0, "nothing about another one");
});

test("the same id in another database is another replication", async (t) => {
  const { stage, fleet, section, page } = await detailsOf(t);
  const checkpoints = section("Checkpoints");
  await checkpoints.getByText("It continues from the common checkpoint.").waitFor();
  const verify = section("Verify");
  await verify.getByRole("button").click();
  await verify.getByText("Complete").waitFor();
  stage.simulator.fleet.createDatabase("team/_replicator");
  fleet.source("empty", 0);
  await fleet.replicate("orders", { source: `${fleet.origin}/empty` }, "team/_replicator");
  fleet.pass(1000);
  await page.evaluate(() => {
    location.hash = "#/docs/team%2F_replicator/orders";
  });
  await checkpoints.getByText("It starts from the beginning").waitFor();
  assert.equal(await verify.getByText("Complete").count(), 0);
});

test("a comparison that fails says why", async (t) => {
  const { stage, section } = await detailsOf(t);
  stage.simulator.fail({
    path: "/source/_changes",
    status: 403,
    body: JSON.stringify({ error: "forbidden", reason: "The source is closed." }),
  });
  const verify = section("Verify");
  await verify.getByRole("button").click();
  await verify.getByRole("alert").waitFor();
  assert.equal(await verify.getByRole("alert").innerText(), "The comparison failed: The source is closed.");
});

test("documents written in the last hour", async (t) => {
  const { stage, fleet, section } = await detailsOf(t);
  const rate = section("Last hour");
  await rate.getByText("0 documents written in 1 observed minute.").waitFor();
  fleet.write("source", 40);
  fleet.pass(2 * MINUTE);
  await stage.refresh();
  await rate.getByText(/^40 documents written in \d observed minutes?; at most \d+ in one minute\.$/).waitFor();
  assert.match(String(await rate.locator(".bars").getAttribute("d")), /^M\d+,40v-38/);
  assert.match(String(await rate.getByRole("img").getAttribute("aria-label")), /40 documents written/);
  await stage.page.clock.fastForward(61 * MINUTE);
  await rate.getByText("0 documents written in the last hour.").waitFor();
});

test("the request as curl and as a command line, quoted for a shell and without a password", async (t) => {
  const { page, section } = await detailsOf(t, { id: "it's a 'test'" });
  const commands = section("In a terminal");
  const [curl, command] = await commands.locator("code").allInnerTexts();
  assert.match(String(curl), /^curl '\S+\/couchdb\/_scheduler\/docs\/_replicator\/it'\\''s%20a%20'\\''test'\\'''$/);
  assert.match(String(command), /^couchdb-scheduler show --url \S+\/couchdb 'it'\\''s a '\\''test'\\'''$/);
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: async (/** @type {string} */ text) => Object.assign(window, { copied: text }) },
    });
  });
  await commands.getByRole("button", { name: "Copy Command line" }).click();
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).copied), command);
  assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes(PASSWORD));
});

test("requests the chosen replication between the lists, and no other", async (t) => {
  const [first, second] = /** @type {const} */ (["payments-to-bank", "orders to warehouse"]);
  const { page, simulator, connected, pass, quiet, elsewhere } = await openPage(t);
  await connected();
  const choose = async (/** @type {string} */ id) => {
    await page.evaluate((hash) => location.replace(hash), `#/docs/_replicator/${encodeURIComponent(id)}`);
    await page.getByRole("heading", { level: 2, name: id, exact: true }).waitFor();
  };
  await choose(first);
  // Nothing else has news.
  for (const path of [/^\/_scheduler\/jobs(\?|$)/, /^\/_scheduler\/docs\/_replicator(\?|$)/])
    simulator.fail({ path, status: 500, body: "{}", times: Number.POSITIVE_INFINITY });
  const freshness = page.locator("#freshness time");
  const refreshed = await freshness.getAttribute("datetime");
  const asked = (/** @type {string} */ id) =>
    simulator.requests.filter(({ path }) => decodeURIComponent(path) === `/_scheduler/docs/_replicator/${id}`).length;
  const history = page.locator("#details .timeline");
  const before = await history.innerText();
  simulator.clock.advance(3_600_000);
  await until(async () => {
    await pass();
    return (await history.innerText()) !== before;
  }, "what happened since");
  assert.equal(await freshness.getAttribute("datetime"), refreshed);

  await choose(second);
  const ofFirst = asked(first);
  const seenTwice = asked(second) + 2;
  await until(async () => {
    await pass();
    return asked(second) >= seenTwice;
  }, "two requests for the other");
  assert.equal(asked(first), ofFirst);
  // Other details do not begin it again.
  const ofSecondYet = asked(second);
  await page.getByRole("switch", { name: "Read-only" }).click();
  await page.locator("#details").getByRole("button", { name: "Stop…" }).waitFor();
  await quiet();
  assert.equal(asked(second), ofSecondYet);

  // Whether it was deleted, the list says; it can come back before.
  const { body } = await elsewhere("GET", `_replicator/${encodeURIComponent(second)}`);
  await elsewhere("DELETE", `_replicator/${encodeURIComponent(second)}?rev=${body._rev}`);
  const seenDeleted = asked(second) + 2;
  await until(async () => {
    await pass();
    return asked(second) >= seenDeleted;
  }, "a response without it");
  const ends = { source: "https://paris.example.net/again", target: "https://cloud.example.com/again" };
  await elsewhere("PUT", `_replicator/${encodeURIComponent(second)}`, ends);
  await until(async () => {
    await pass();
    simulator.clock.advance(1000);
    return (await page.locator("#details .parts").innerText()).includes("cloud.example.com/again");
  }, "the new one");

  await page.getByRole("button", { name: "Close" }).click();
  await page.locator("#details").waitFor({ state: "hidden" });
  const ofSecond = asked(second);
  for (let i = 0; i < 3; i++) await pass();
  assert.equal(asked(second), ofSecond);
});
