// @ts-check
// How long a job waits for a slot: what was measured on a real server, and the corners.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_LIMITS, expectedWait, limitsOf } from "../../pkg-template/insight/expected-wait.js";

test("a configuration lists only what was set", () => {
  assert.deepEqual(limitsOf({}), DEFAULT_LIMITS);
  assert.deepEqual(limitsOf({ max_jobs: "3", interval: " 10000 ", health_threshold: "60", max_churn: "0" }), {
    max_jobs: 3,
    max_churn: 0,
    interval: 10_000,
    health_threshold: 60_000,
  });
});

test("a setting that is not a number is CouchDB's default", () => {
  for (const value of ["many", "", "-3", "1.5", "1e3", "0x10", "9".repeat(400), null, 7, {}]) {
    assert.deepEqual(limitsOf({ max_jobs: value, health_threshold: value }), DEFAULT_LIMITS, String(value));
  }
});

test("the wait is what was measured", () => {
  /** @type {[number | null, Partial<import("../../pkg-template/insight/expected-wait.js").Limits>, number[]][]} */
  const waits = [
    // Ten jobs, max_jobs 3, interval 10 s: 23.9 s and 70 s on a real server.
    [23_333, { max_jobs: 3, interval: 10_000 }, [3, 3, 7]],
    [70_000, { max_jobs: 3, interval: 10_000, max_churn: 1 }, [3, 3, 7]],
    // The defaults and 1,500 jobs.
    [3_000_000, {}, [500, 500, 1000]],
    [0, { max_jobs: 3 }, [3, 3, 0]],
    // Free slots are filled at the next interval, by as many as there are.
    [30_000, { max_jobs: 3 }, [1, 0, 2]],
    [60_000, { max_jobs: 3 }, [1, 0, 3]],
    [90_000, { max_jobs: 3 }, [1, 0, 5]],
    // Replications that are not continuous are never stopped.
    [null, { max_jobs: 3 }, [3, 0, 1]],
    [420_000, { max_jobs: 3 }, [3, 1, 7]],
    [null, { max_jobs: 3, max_churn: 0 }, [3, 3, 1]],
    [null, { max_jobs: 0 }, [0, 0, 1]],
    // The number of slots was lowered, and more jobs run than it allows.
    [60_000, { max_jobs: 3 }, [5, 5, 2]],
  ];
  for (const [expected, limits, [running, stoppable, pending]] of waits) {
    const what = JSON.stringify([limits, running, stoppable, pending]);
    assert.equal(expectedWait({ ...DEFAULT_LIMITS, ...limits }, { running, stoppable, pending }), expected, what);
  }
});
