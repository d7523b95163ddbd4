// @ts-check
// Recorded errors of CouchDB: each becomes a SchedulerError with the server's own words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SchedulerError } from "couchdb-scheduler";
import { schedulerAnswered } from "../support/answers.js";
import { schedulerRecordings } from "../support/recordings.js";

/** @type {Record<number, string>} */
const CODES = {
  302: "invalid_response",
  400: "bad_request",
  401: "unauthorized",
  403: "locked_out",
  404: "not_found",
  405: "bad_request",
  500: "server_error",
};

const refusals = schedulerRecordings.filter(({ method, status }) => method !== "HEAD" && status >= 300);

for (const { name, status, headers, body } of refusals) {
  test(`listDocs(), getDoc(), listJobs(), getJob() and summary() fail as in ${name}`, async () => {
    const said = JSON.parse(body);
    const scheduler = schedulerAnswered({ status, headers: { ...headers, "x-couch-request-id": "0123456789" }, body });
    const calls = [
      scheduler.listDocs(),
      scheduler.getDoc("x"),
      scheduler.listJobs(),
      scheduler.getJob("x"),
      scheduler.summary(),
      scheduler.docs().next(),
      scheduler.jobs().next(),
    ];
    for (const [i, call] of calls.entries()) {
      const error = await call.then(
        () => assert.fail("it did not fail"),
        (reason) => reason,
      );
      assert.ok(error instanceof SchedulerError, String(error));
      const { code, status: seen, error: word, reason, requestId, method, url, attempts, retryAfter } = error;
      assert.deepEqual(
        { code, seen, word, reason, requestId, method, attempts, retryAfter },
        {
          code: CODES[status],
          seen: status,
          word: said.error,
          reason: said.reason ?? null,
          requestId: "0123456789",
          method: "GET",
          attempts: 1,
          retryAfter: null,
        },
      );
      assert.equal(url, scheduler.calls[i].url);
      assert.ok(error.message.includes(String(status)) && error.message.includes(said.error), error.message);
    }
  });
}

test("there are recordings of each error", () => {
  assert.deepEqual(new Set(refusals.map(({ status }) => status)), new Set(Object.keys(CODES).map(Number)));
  assert.ok(refusals.length >= 70);
});
