// @ts-check
// onRetry of watch() and watchJobs(): it is called for each tick that failed and will be retried, and for nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SchedulerError } from "couchdb-scheduler";
import { outcomeOf } from "../support/promises.js";
import { simulated, testOfSimulator } from "../support/server.js";

/** @typedef {import("couchdb-scheduler").TickOptions & import("couchdb-scheduler").CallOptions} Options */

const START = Date.parse("2026-11-25T12:00:00Z");
const INTERVAL = 5000;
const END = { done: true, value: undefined };

for (const method of /** @type {const} */ (["watch", "watchJobs"])) {
  /** A watch after its first tick. @param {Options} options @param {import("couchdb-scheduler").ClientOptions} [clientOptions] */
  const begun = async (options, clientOptions) => {
    const { simulator, scheduler } = simulated(undefined, clientOptions);
    const watch = scheduler[method](options);
    assert.deepEqual(await watch.next(), { done: false, value: [] });
    simulator.requests.length = 0;
    return { simulator, watch };
  };

  testOfSimulator(
    `${method}(): onRetry gets the error and the time of the next attempt, before the wait`,
    async (t) => {
      t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
      /** @type {[SchedulerError, number][]} */
      const calls = [];
      const onRetry = (/** @type {SchedulerError} */ error, /** @type {number} */ retryAt) =>
        calls.push([error, retryAt]);
      const { simulator, watch } = await begun({ interval: INTERVAL, onRetry });
      simulator.fail({ reset: true });
      simulator.fail({ status: 503, body: '{"error":"x","reason":"restarting"}' });
      simulator.fail({ status: 503, headers: { "Retry-After": "3600" } });
      const waiting = watch.next();
      await outcomeOf(waiting);
      assert.deepEqual([calls.length, simulator.requests.length], [0, 0], "the tick is not due yet");
      for (const [code, least, most] of /** @type {const} */ ([
        ["network", 4_500, 5_500],
        ["server_error", 9_000, 11_000],
        ["server_error", 3_600_000, 3_600_000],
      ])) {
        const made = calls.length;
        t.mock.timers.tick(made === 0 ? 5_500 : calls[made - 1][1] - Date.now());
        assert.equal((await outcomeOf(waiting)).status, "pending");
        assert.equal(calls.length, made + 1, "once for each tick that failed");
        const [error, retryAt] = calls[made];
        assert.ok(error instanceof SchedulerError);
        assert.equal(error.code, code);
        const wait = retryAt - Date.now();
        assert.ok(wait >= least && wait <= most, `${code}: in ${wait} ms`);
        assert.equal(simulator.requests.length, calls.length, "the next attempt is not made yet");
      }
      t.mock.timers.tick(3_600_000);
      assert.deepEqual(await waiting, { done: false, value: [] });
      assert.equal(calls.length, 3);
      await watch.return();
    },
  );

  testOfSimulator(`${method}(): the retries of the client come first`, async () => {
    /** @type {number[]} */
    const attempts = [];
    const onRetry = (/** @type {SchedulerError} */ error) => attempts.push(error.attempts);
    const { simulator, watch } = await begun({ interval: 1, onRetry }, { retries: 1 });
    simulator.fail({ reset: true, times: 5 });
    assert.deepEqual(await watch.next(), { done: false, value: [] });
    assert.deepEqual(attempts, [2, 2]);
    await watch.return();
  });

  testOfSimulator(`${method}(): errors that end it are not passed to onRetry`, async () => {
    const onRetry = () => assert.fail("it was called");
    const { simulator, scheduler } = simulated();
    simulator.fail({ reset: true });
    await assert.rejects(scheduler[method]({ interval: 1, onRetry }).next(), { code: "network" });
    const { simulator: other, watch } = await begun({ interval: 1, onRetry });
    other.fail({ status: 401, body: '{"error":"unauthorized","reason":"no"}' });
    await assert.rejects(watch.next(), { code: "unauthorized" });
  });

  testOfSimulator(`${method}(): what onRetry throws ends it`, async () => {
    for (const thrown of [new Error("enough"), "enough", undefined, null, 0]) {
      const onRetry = () => {
        throw thrown;
      };
      const { simulator, watch } = await begun({ interval: 1, onRetry });
      simulator.fail({ reset: true, times: Number.POSITIVE_INFINITY });
      assert.deepEqual(await outcomeOf(watch.next(), 1000), { status: "rejected", reason: thrown });
      assert.deepEqual(await watch.next(), END);
      assert.equal(simulator.requests.length, 1, "no further attempt");
    }
  });

  testOfSimulator(`${method}(): onRetry can end it`, { timeout: 20_000 }, async () => {
    for (const end of ["return", "abort"]) {
      const controller = new AbortController();
      const options = {
        interval: 1,
        signal: controller.signal,
        onRetry: () => void (end === "return" ? watch.return() : controller.abort("enough")),
      };
      const { simulator, watch } = await begun(options);
      simulator.fail({ status: 503, headers: { "Retry-After": "3600" }, times: Number.POSITIVE_INFINITY });
      const outcome = watch.next().catch((/** @type {unknown} */ reason) => reason);
      assert.deepEqual(await outcome, end === "return" ? END : "enough");
      assert.equal(simulator.requests.length, 1);
    }
  });
}

test("onRetry is called without a receiver and its result does not matter", async () => {
  const { simulator, scheduler } = simulated();
  /** @type {unknown[]} */
  const receivers = [];
  const watch = scheduler.watchJobs({
    interval: 1,
    onRetry: /** @this {unknown} */ function () {
      receivers.push(this);
      return Promise.resolve(false);
    },
  });
  await watch.next();
  simulator.fail({ reset: true });
  assert.deepEqual((await watch.next()).value, []);
  assert.deepEqual(receivers, [undefined]);
  await watch.return();
});
