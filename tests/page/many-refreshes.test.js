// @ts-check
// A page that stays open for days: nothing accumulates.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./open-page.js";

const FEW = 5;
const MANY = 20;

/** Runs before the page. Counts the listeners of what lives as long as the page: leaks begin there. */
function countListeners() {
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  /** By object, then by event and listener. @type {Map<EventTarget, Map<string, Set<unknown>>>} */
  const all = new Map();
  /** @param {EventTarget} target @param {string} type */
  const listeners = (target, type) => {
    const ofTarget = all.get(target) ?? all.set(target, new Map()).get(target);
    return ofTarget?.get(type) ?? ofTarget?.set(type, new Set()).get(type);
  };
  const isKept = (/** @type {unknown} */ target) =>
    target === document ||
    !(target instanceof Node || target instanceof IDBRequest || target instanceof IDBTransaction);
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (isKept(this)) listeners(this, type)?.add(listener);
    return addEventListener.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    if (isKept(this)) listeners(this, type)?.delete(listener);
    return removeEventListener.call(this, type, listener, options);
  };
  const count = () => {
    let sum = 0;
    for (const [target, types] of all) {
      // What has been aborted has told its listeners, and is gone.
      if (target instanceof AbortSignal && target.aborted) continue;
      for (const set of types.values()) sum += set.size;
    }
    return sum;
  };
  Object.assign(window, { countListeners: count });
}

/** Runs in the page. The number of elements, those in shadow trees included. */
function countElements() {
  /** @param {ParentNode} root @returns {number} */
  const count = (root) =>
    [...root.querySelectorAll("*")].reduce((sum, { shadowRoot }) => sum + 1 + (shadowRoot ? count(shadowRoot) : 0), 0);
  return count(document);
}

test(`has no more elements and listeners after ${MANY} refreshes`, async (t) => {
  const stage = await openPage(t, { simulator: { docs: 200 } });
  const { page } = stage;
  await page.context().addInitScript(countListeners);
  await page.reload();
  await stage.connected();
  const refresh = async (/** @type {number} */ times) => {
    for (let i = 0; i < times; i++) {
      stage.simulator.clock.advance(5000);
      await stage.refresh();
    }
    return {
      elements: await page.evaluate(countElements),
      listeners: await page.evaluate(() => /** @type {any} */ (window).countListeners()),
    };
  };
  const few = await refresh(FEW);
  const many = await refresh(MANY);
  assert.ok(few.listeners > 0);
  assert.ok(many.listeners <= few.listeners + 3, `${few.listeners} listeners, then ${many.listeners}`);
  // Rows in sight change, so a few more or less.
  assert.ok(many.elements <= 1.1 * few.elements, `${few.elements} elements, then ${many.elements}`);
});

test("has no more listeners after its views were shown many times", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 20 } });
  const { page } = stage;
  await page.context().addInitScript(countListeners);
  await page.reload();
  await stage.connected();
  const show = async (/** @type {number} */ times) => {
    for (let i = 0; i < times; i++) {
      for (const [name, shown] of [
        ["Topology", "topology-view"],
        ["Journal", "journal-view"],
        ["Replications", "replication-table"],
      ]) {
        await page.getByRole("button", { name, exact: true }).click();
        await page.locator(String(shown)).waitFor();
      }
    }
    return page.evaluate(() => /** @type {any} */ (window).countListeners());
  };
  const few = await show(1);
  assert.ok(few > 0);
  assert.equal(await show(5), few);
});

test("has no more listeners and databases after it was connected many times", async (t) => {
  const stage = await openPage(t, { simulator: { docs: 20 } });
  const { page } = stage;
  await page.context().addInitScript(countListeners);
  await page.context().addInitScript(() => {
    localStorage.setItem("couchdb-scheduler.journal", "on");
    const { open } = IDBFactory.prototype;
    Object.assign(window, { opened: 0 });
    IDBFactory.prototype.open = function (...options) {
      /** @type {any} */ (window).opened++;
      return open.apply(this, options);
    };
  });
  await page.reload();
  await stage.connected();
  const again = async (/** @type {number} */ times) => {
    for (let i = 0; i < times; i++) {
      await page.getByRole("button", { name: "Disconnect" }).click();
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await stage.connected();
    }
    return page.evaluate(() => {
      const { countListeners, opened } = /** @type {any} */ (window);
      return { listeners: countListeners(), opened };
    });
  };
  const few = await again(2);
  const many = await again(10);
  assert.ok(few.listeners > 0 && few.opened > 0);
  assert.ok(many.listeners <= few.listeners + 3, `${few.listeners} listeners, then ${many.listeners}`);
  assert.equal(many.opened, few.opened);
});
