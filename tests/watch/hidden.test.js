// @ts-check
// A hidden page has no ticks; when it becomes visible, there is one immediately.

import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../support/promises.js";
import { simulated } from "../support/server.js";

const INTERVAL = 5000;

/** A replacement of the page's document, with a visibility that can be changed. @param {import("node:test").TestContext} t */
function page(t) {
  const page = Object.assign(new EventTarget(), {
    visibilityState: "visible",
    /** @param {"visible" | "hidden"} state */
    become(state) {
      page.visibilityState = state;
      page.dispatchEvent(new Event("visibilitychange"));
    },
  });
  Object.defineProperty(globalThis, "document", { value: page, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, "document"));
  return page;
}

/** Long enough for several ticks of a watch that does not pause. @param {import("node:test").TestContext} t */
async function aWhile(t) {
  for (let tick = 0; tick < 6; tick++) {
    t.mock.timers.tick(INTERVAL);
    await outcomeOf(new Promise(() => {}));
  }
}

for (const method of /** @type {const} */ (["watch", "watchJobs"])) {
  test(`${method}() pauses while the page is hidden, and continues when it is shown`, async (t) => {
    const document = page(t);
    const { simulator, scheduler } = simulated();
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const watch = scheduler[method]({ interval: INTERVAL });
    await watch.next();
    document.become("hidden");
    const asked = simulator.requests.length;
    const waiting = watch.next();
    await aWhile(t);
    assert.equal((await outcomeOf(waiting)).status, "pending");
    assert.equal(simulator.requests.length, asked);
    document.become("visible");
    assert.deepEqual((await waiting).value, []);
    assert.ok(simulator.requests.length > asked);
    await watch.return();
  });

  test(`${method}(): pauseWhenHidden: false continues`, async (t) => {
    page(t).become("hidden");
    const { scheduler } = simulated();
    const watch = scheduler[method]({ interval: 1, pauseWhenHidden: false });
    await watch.next();
    assert.deepEqual((await watch.next()).value, []);
    await watch.return();
  });

  test(`${method}(): leaving the loop ends the pause of a hidden page`, { timeout: 20_000 }, async (t) => {
    page(t).become("hidden");
    const { scheduler } = simulated();
    const watch = scheduler[method]({ interval: 1 });
    await watch.next();
    const waiting = watch.next();
    await watch.return();
    assert.deepEqual(await waiting, { done: true, value: undefined });
  });
}
