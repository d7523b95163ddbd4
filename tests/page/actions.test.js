// @ts-check
// Restarting, stopping and changing replications: one, the selected, or all that match.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingOn, openPage, until } from "./open-page.js";

const HIDDEN_WORD = "open-sesame";
const CRASHING = "invoices-graz-00032";

/** @typedef {Awaited<ReturnType<typeof openPage>>} Stage */

/** A page where changes are allowed; restarts need a clock that runs. @param {import("node:test").TestContext} t @param {{ fragment?: string, speed?: number, docs?: number }} [options] */
async function writable(t, { fragment = "", speed = 0, docs = 60 } = {}) {
  const stage = await openPage(t, { fragment, simulator: { docs, clock: { speed, start: "2026-11-23T08:00:00Z" } } });
  await stage.connected();
  const { page } = stage;
  await page.getByRole("switch", { name: "Read-only" }).click();
  return {
    ...stage,
    dialog: page.getByRole("dialog"),
    said: (/** @type {string} */ text) => page.locator("#announcer", { hasText: text }).waitFor({ state: "attached" }),
    document: async (/** @type {string} */ id) =>
      (await stage.elsewhere("GET", `_replicator/${encodeURIComponent(id)}`)).body,
  };
}

/** Thirty replications of a user at one server, all of them shown and selected. @param {Awaited<ReturnType<typeof writable>>} stage */
async function thirty(stage) {
  const { page, elsewhere, refresh, simulator, shown } = stage;
  const ids = Array.from({ length: 30 }, (_, at) => `bulk-${String(at).padStart(2, "0")}`);
  for (const id of ids) {
    const source = { url: `https://paris.example.net/${id}`, auth: { basic: { username: "bob", password: "old" } } };
    await elsewhere("PUT", `_replicator/${id}`, {
      source,
      target: `https://cloud.example.com/${id}`,
      continuous: true,
    });
  }
  simulator.clock.advance(60_000);
  await refresh();
  await page.locator("#search").fill("bulk-");
  await until(async () => (await shown()) === 30, "thirty");
  await page.getByRole("button", { name: "Document", exact: true }).click();
  await page.getByLabel("Select all 30").click();
  await page.getByText("30 selected", { exact: true }).first().waitFor();
  return ids;
}

test("restarts one after a confirmation, and keeps its credentials", async (t) => {
  const { page, dialog, said, document, simulator } = await writable(t, {
    fragment: `#/docs/_replicator/${CRASHING}`,
    speed: 50,
  });
  const before = await document(CRASHING);
  const restart = page.getByRole("button", { name: "Restart…" });
  await restart.click();
  await page.getByRole("dialog", { name: `Restart “${CRASHING}”?` }).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await restart.evaluate((button) => button.matches(":focus")), true);
  await restart.click();
  await dialog.getByRole("button", { name: "Restart it" }).click();
  await said(`${CRASHING} was restarted`);
  await dialog.waitFor({ state: "hidden" });
  const { _rev, create_target_params, ...rest } = await document(CRASHING);
  const { _rev: old, ...expected } = before;
  assert.notEqual(_rev, old);
  assert.deepEqual(create_target_params, {});
  assert.deepEqual(rest, expected);
  assert.equal(simulator.requests.filter(({ method }) => method === "PUT").length, 1);
});

test("shows each restarted one as it is, before the list is requested again", async (t) => {
  const stage = await writable(t, { speed: 50 });
  const { page, dialog, row } = stage;
  await page.locator("#search").fill(CRASHING);
  await page.getByLabel("Select all 1").click();
  await page.locator("#selection").getByRole("button", { name: "Restart…" }).click();
  const before = await row(CRASHING).innerText();
  const refreshed = await page.locator("#freshness time").getAttribute("datetime");
  await dialog.getByRole("button", { name: "Restart it" }).click();
  await dialog.waitFor({ state: "hidden" });
  await until(async () => (await row(CRASHING).innerText()) !== before, "another state or time");
  assert.equal(await page.locator("#freshness time").getAttribute("datetime"), refreshed);
});

test("stops many, reports each, and tries the failed again", async (t) => {
  const stage = await writable(t);
  const { page, dialog, elsewhere, simulator } = stage;
  const ids = await thirty(stage);
  await page.locator("#selection").getByRole("button", { name: "Stop…" }).click();
  await page.getByRole("dialog", { name: "Stop 30 replications?" }).waitFor();
  assert.deepEqual(await dialog.locator(".ids li").allTextContents(), [...ids.slice(0, 10), "and 20 others"]);
  const body = '{"error":"bad_request","reason":"Only on Sundays."}';
  for (const id of [ids[4], ids[17]]) {
    simulator.fail({ path: `/_replicator/${id}`, method: "DELETE", status: 400, body });
  }
  await dialog.getByRole("button", { name: "Stop 30" }).click();
  await page.getByRole("dialog", { name: "28 of 30 replications stopped, 2 failed" }).waitFor();
  const lines = await dialog.locator(".results li").allTextContents();
  assert.equal(lines.length, 30);
  // The failures come first.
  for (const line of lines.slice(0, 2)) assert.match(line, /failed\s+bulk-(04|17)\s.*Only on Sundays/s);
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: async (/** @type {string} */ text) => void Object.assign(window, { copied: text }) },
    });
  });
  await dialog.getByRole("button", { name: "Copy Report" }).click();
  const copied = await page.evaluate(() => /** @type {any} */ (window).copied);
  assert.match(copied, /^28 of 30 replications stopped, 2 failed\nbulk-04\tfailed\t.*Only on Sundays.*\nbulk-17\t/);
  simulator.fail({ path: `/_replicator/${ids[17]}`, method: "DELETE", delay: 1000 });
  await dialog.getByRole("button", { name: "Try these 2 again" }).click();
  await page.getByRole("dialog", { name: "Stopping: 1 of 2" }).waitFor();
  simulator.clock.advance(1000);
  await page.getByRole("dialog", { name: /^30 of 30 replications stopped$/ }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "hidden" });
  for (const id of ids) assert.equal((await elsewhere("GET", `_replicator/${id}`)).status, 404, id);
  await until(async () => (await stage.shown()) === 0, "none of them, before the list is requested again");
});

test("cancels in the middle, and says what was not tried", async (t) => {
  const stage = await writable(t);
  const { page, dialog, simulator } = stage;
  const ids = await thirty(stage);
  // Four are under way, and wait: one of them not as long.
  for (const [at, id] of ids.slice(10, 15).entries())
    simulator.fail({ path: `/_replicator/${id}`, method: "DELETE", delay: at === 0 ? 1000 : 1e9 });
  await page.locator("#selection").getByRole("button", { name: "Stop…" }).click();
  await dialog.getByRole("button", { name: "Stop 30" }).click();
  await page.getByRole("dialog", { name: "Stopping: 10 of 30" }).waitFor();
  assert.equal(await dialog.locator("progress").getAttribute("value"), "10");
  assert.equal(await dialog.locator(".hint").innerText(), "");
  await page.clock.fastForward(20_000);
  simulator.clock.advance(1000);
  await page.getByRole("dialog", { name: "Stopping: 11 of 30" }).waitFor();
  await dialog.getByText("about 35 s left", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "11 of 30 replications stopped, 4 unknown, 15 not tried" }).waitFor();
  await dialog.getByText("Canceled.", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  // The server makes the four that it has begun, or not: it makes no others.
  assert.ok(simulator.requests.filter(({ method }) => method === "DELETE").length <= 15);
});

test("asks again before a change makes a replication start from the beginning", async (t) => {
  const { page, dialog, said, document, elsewhere, refresh, simulator } = await writable(t, {
    fragment: "#/docs/_replicator/mine",
  });
  const source = { url: "https://paris.example.net/x", auth: { basic: { username: "bob", password: HIDDEN_WORD } } };
  await elsewhere("PUT", "_replicator/mine", { source, target: "https://cloud.example.com/x", worker_processes: 8 });
  simulator.clock.advance(60_000);
  await refresh();
  await page.getByRole("button", { name: "Change…" }).click();
  const field = (/** @type {string} */ name) => dialog.getByLabel(name, { exact: true });
  await field("Name at the source").waitFor();
  assert.equal(await field("Name at the source").inputValue(), "bob");
  assert.equal(await field("Worker processes").inputValue(), "8");
  assert.ok(!(await everythingOn(page)).includes(HIDDEN_WORD), "no password on the page");

  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await dialog.getByText("Nothing was written").waitFor();
  await field("Worker processes").fill("x");
  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await dialog.getByText("Enter a whole number of at least 1").waitFor();
  await field("Worker processes").fill("2");
  await field("Which documents").selectOption("selector");
  await field("Selector").fill('{"type": "order"}');
  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await dialog.getByText("A change of selector makes this another replication").waitFor();
  assert.equal((await document("mine")).worker_processes, 8, "nothing was written");
  const anyway = dialog.getByRole("button", { name: "Change, and start from the beginning" });
  await field("Retries of a request").fill("3");
  await anyway.waitFor({ state: "hidden" });
  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await anyway.click();
  await said("mine was changed");
  await dialog.waitFor({ state: "hidden" });
  const { selector, worker_processes, retries_per_request, source: kept } = await document("mine");
  assert.deepEqual(
    { selector, worker_processes, retries_per_request, kept },
    { selector: { type: "order" }, worker_processes: 2, retries_per_request: 3, kept: source },
  );
});

test("the answer to a closed dialog is no consent in the next one", async (t) => {
  const { page, dialog, elsewhere, document, refresh, simulator, quiet } = await writable(t, {
    fragment: "#/docs/_replicator/mine",
  });
  const ends = { source: "https://paris.example.net/x", target: "https://cloud.example.com/x" };
  await elsewhere("PUT", "_replicator/mine", { ...ends, continuous: true });
  simulator.clock.advance(60_000);
  await refresh();
  // Holds back the first change.
  await page.evaluate(() => {
    const { fetch } = window;
    let isFirst = true;
    window.fetch = async (url, init) => {
      if (!String(url).includes("/api/update") || !isFirst) return fetch(url, init);
      isFirst = false;
      await new Promise((resolve) => {
        Object.assign(window, { release: resolve });
      });
      const response = await fetch(url, init);
      Object.assign(window, { responseStatus: response.status });
      return response;
    };
  });
  const changeSelector = async () => {
    await page.getByRole("button", { name: "Change…" }).click();
    await dialog.getByLabel("Which documents", { exact: true }).selectOption("selector");
    await dialog.getByLabel("Selector", { exact: true }).fill('{"type": "order"}');
  };
  const submit = dialog.getByRole("button", { name: "Change", exact: true });
  await changeSelector();
  await submit.click();
  await until(() => page.evaluate("'release' in window"), "the change");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await changeSelector();
  await page.evaluate(() => /** @type {any} */ (window).release());
  await until(() => page.evaluate(() => "responseStatus" in window), "its response");
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).responseStatus), 409);
  await quiet();
  await submit.click();
  await dialog.getByText("A change of selector makes this another replication").waitFor();
  assert.equal((await document("mine")).selector, undefined, "nothing was written");
});

test("what is typed is forgotten when a dialog closes", async (t) => {
  const { page, dialog } = await writable(t, { fragment: `#/docs/_replicator/${CRASHING}` });
  const open = () => page.getByRole("button", { name: "Change…" }).click();
  const field = dialog.getByLabel("New password at the source", { exact: true });
  await open();
  await field.fill(HIDDEN_WORD);
  // A busy browser reports late that a dialog has closed.
  await page.evaluate(() =>
    window.addEventListener("close", (event) => event.stopPropagation(), { capture: true, once: true }),
  );
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(!(await everythingOn(page)).includes(HIDDEN_WORD));
  await open();
  await field.waitFor();
  assert.equal(await field.inputValue(), "");
  await page.evaluate(() => {
    location.hash = "#/docs/_replicator/0001";
  });
  await dialog.waitFor({ state: "hidden" });
});

test("changes the password of all at one server, and leaves alone what has another user", async (t) => {
  const stage = await writable(t);
  const { page, dialog, document, elsewhere } = stage;
  const ids = await thirty(stage);
  const other = await document(ids[3] ?? "");
  const eve = { ...other, source: { ...other.source, auth: { basic: { username: "eve", password: "old" } } } };
  assert.equal((await elsewhere("PUT", `_replicator/${ids[3]}`, eve)).status, 201);
  await page.locator("#selection").getByRole("button", { name: "Change password…" }).click();
  await page.getByRole("dialog", { name: "Change the password of 30 replications?" }).waitFor();
  assert.deepEqual(await dialog.locator("option").allTextContents(), [
    "source paris.example.net (30)",
    "target cloud.example.com (30)",
  ]);
  await dialog.getByRole("button", { name: "Change 30" }).click();
  await dialog.getByText("Enter the new password.").waitFor();
  await dialog.getByLabel("User name").fill("bob");
  await dialog.getByLabel("New password").fill(HIDDEN_WORD);
  await dialog.getByRole("button", { name: "Change 30" }).click();
  await page.getByRole("dialog", { name: "29 of 30 replications changed, 1 failed" }).waitFor();
  await dialog
    .getByText("Not changed: a change of source.auth would make it start from the beginning.", { exact: true })
    .waitFor();
  assert.ok(!(await everythingOn(page)).includes(HIDDEN_WORD));
  assert.equal((await document(ids[0] ?? "")).source.auth.basic.password, HIDDEN_WORD);
  assert.equal((await document(ids[3] ?? "")).source.auth.basic.password, "old");
});

test("changes settings of many, and starts none from the beginning without consent", async (t) => {
  const stage = await writable(t);
  const { page, dialog, document } = stage;
  const ids = await thirty(stage);
  const open = () => page.locator("#selection").getByRole("button", { name: "Change settings…" }).click();
  const field = (/** @type {string} */ name) => dialog.getByLabel(name, { exact: true });
  const confirm = dialog.getByRole("button", { name: "Change 30" });
  await open();
  await page.getByRole("dialog", { name: "Change the settings of 30 replications?" }).waitFor();
  await confirm.click();
  await dialog.getByText("Nothing would change: choose or enter a new setting.").waitFor();
  await field("Worker processes").fill("2");
  await confirm.click();
  await page.getByRole("dialog", { name: "30 of 30 replications changed" }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();

  await open();
  assert.equal(await field("Worker processes").inputValue(), "");
  await field("Which documents").selectOption("selector");
  await field("Selector").fill('{"type": "order"}');
  await confirm.click();
  await page.getByRole("dialog", { name: "0 of 30 replications changed, 30 failed" }).waitFor();
  await dialog
    .getByText("Not changed: a change of selector would make it start from the beginning.", { exact: true })
    .first()
    .waitFor();
  assert.equal((await document(ids[7] ?? "")).selector, undefined);
  await dialog.getByRole("button", { name: "Close" }).click();

  await open();
  await field("Which documents").selectOption("selector");
  await field("Selector").fill('{"type": "order"}');
  await field("Start from the beginning where another choice of documents requires it").check();
  await confirm.click();
  await page.getByRole("dialog", { name: "30 of 30 replications changed" }).waitFor();
  await dialog.getByText("Changed: selector. It starts from the beginning.", { exact: true }).first().waitFor();
  for (const id of ids) {
    const { worker_processes, selector, continuous, source } = await document(id);
    assert.deepEqual(
      { worker_processes, selector, continuous, password: source.auth.basic.password },
      { worker_processes: 2, selector: { type: "order" }, continuous: true, password: "old" },
    );
  }
});

test("a refusal of the credentials ends it", async (t) => {
  const stage = await writable(t);
  const { page, dialog, simulator } = stage;
  await thirty(stage);
  const body = '{"error":"forbidden","reason":"Account is temporarily locked due to multiple authentication failures"}';
  simulator.fail({ path: "/_replicator", method: "DELETE", status: 403, body });
  await page.locator("#selection").getByRole("button", { name: "Stop…" }).click();
  await dialog.getByRole("button", { name: "Stop 30" }).click();
  await page.getByRole("dialog", { name: /not tried$/ }).waitFor();
  await dialog.getByText("The account is locked").first().waitFor();
});

test("restarts the replications of an incident, and no others", async (t) => {
  const { page, dialog, document, elsewhere, refresh } = await writable(t, { docs: 0, speed: 50 });
  const ids = ["a", "b", "c", "z"];
  for (const id of ids) {
    const source = `https://${id === "z" ? "stock" : "orders"}.invalid/${id}`;
    await elsewhere("PUT", `_replicator/${id}`, { source, target: "https://cloud.example.com/x", continuous: true });
  }
  const incident = page.locator("incident-list .incident").filter({ hasText: "orders.invalid" });
  await until(async () => {
    await refresh();
    return /^3\D/.test((await incident.locator(".total").allTextContents())[0] ?? "");
  }, "the incident of three");
  await incident.locator(".restart").click();
  await page.getByRole("dialog", { name: "Restart 3 replications?" }).waitFor();
  assert.deepEqual((await dialog.locator(".ids li").allTextContents()).sort(), ["a", "b", "c"]);
  await dialog.getByRole("button", { name: "Restart 3" }).click();
  await page.getByRole("dialog", { name: "3 of 3 replications restarted" }).waitFor();
  const restarted = await Promise.all(ids.map(async (id) => (await document(id)).create_target_params !== undefined));
  assert.deepEqual(restarted, [true, true, true, false]);
});

test("the keyboard alone selects, acts, and returns to the table", async (t) => {
  const { page, dialog, rows } = await writable(t);
  await page.getByLabel("Select all 60").waitFor();
  await rows.first().getByRole("link").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByText("2 selected", { exact: true }).first().waitFor();
  const bar = page.locator("#selection");
  await page.keyboard.press("Tab");
  const hasFocus = (/** @type {Element} */ element) => element.matches(":focus");
  await until(async () => bar.getByRole("button").first().evaluate(hasFocus), "the focus in the bar");
  const stop = bar.getByRole("button", { name: "Stop…" });
  await stop.focus();
  await page.keyboard.press("Enter");
  await until(async () => dialog.getByRole("button", { name: "Keep it" }).evaluate(hasFocus), "the safe button");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await stop.evaluate(hasFocus), true, "the focus is where it was");
  await bar.getByRole("button", { name: "Select all" }).press("Enter");
  await page.getByText("60 selected", { exact: true }).first().waitFor();
  await bar.getByRole("button", { name: "Clear" }).press("Enter");
  await bar.waitFor({ state: "hidden" });
  await until(async () => (await page.locator("#grid a:focus").count()) === 1, "the focus in the table");
});

test("nothing can be selected or changed while it is read-only", async (t) => {
  const { page, connected, rows, simulator } = await openPage(t, { fragment: `#/docs/_replicator/${CRASHING}` });
  await connected();
  await page.locator("#details .parts").waitFor();
  const actions = page.getByRole("button", { name: /^(Restart|Change|Stop)…$/ });
  assert.equal(await actions.count(), 0);
  assert.equal(await page.getByLabel("Select all").count(), 0);
  const readOnly = page.getByRole("switch", { name: "Read-only" });
  await readOnly.click();
  await page.getByLabel("Select all 60").waitFor();
  assert.equal(await actions.count(), 3);
  await rows.first().getByRole("link").focus();
  await page.keyboard.press("Space");
  await page.locator("#selection").waitFor();
  await readOnly.click();
  await page.locator("#selection").waitFor({ state: "hidden" });
  assert.equal(await actions.count(), 0);
  assert.ok(simulator.requests.every(({ method }) => method === "GET"));
});

test("a server that only reads makes no change, whatever is sent", async (t) => {
  const { page, connected, simulator } = await openPage(t, { allowWrites: false });
  await connected();
  const statuses = await page.evaluate(async () => {
    const post = (/** @type {string} */ action) =>
      fetch(`api/${action}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: '{"id":"0001"}',
      }).then(({ status }) => status);
    return [await post("restart"), await post("update")];
  });
  assert.deepEqual(statuses, [405, 405]);
  assert.ok(simulator.requests.every(({ method }) => method === "GET"));
});
