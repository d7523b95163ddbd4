// @ts-check
// Calls of several requests: each fault, abort and free() at each of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Client, Replicator, Scheduler, SchedulerError } from "couchdb-scheduler";
import { all, nextTurn } from "../support/promises.js";
import { changesPage, json, ORIGIN, replicationAnswering } from "../support/replication-answers.js";
import { FAULTS } from "./faults.js";

/** @typedef {import("../support/replication-answers.js").Answer} Answer */
/** @typedef {{ scheduler: Scheduler, replicator: Replicator, client: Client }} Handles */

/** Milliseconds after which a call counts as never settling. */
const BOUND = 20_000;

/** @type {unknown[]} */
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

const PASSWORD = "pl4nted-passw0rd";
const elsewhere = (/** @type {string} */ name) => `http://user:${PASSWORD}@${name}.test/${name}`;
const stored = {
  document: { source: elsewhere("source"), target: { url: elsewhere("target"), headers: { "X-Key": PASSWORD } } },
  row: { source: "http://source.test/source/", target: "http://target.test/target/" },
};

/** The replication is at 5-x, two documents are missing at the target, and one of them changed since. @type {Record<string, Answer>} */
const ANSWERS = {
  _all_dbs: () => ["_replicator", "a"],
  "_scheduler/docs/_replicator": () => {
    const row = { database: "_replicator", doc_id: "r", id: "0a+continuous", state: "running", info: null };
    return { total_rows: 1, offset: 0, docs: [{ ...row, ...stored.row }] };
  },
  "_replicator/_all_docs": () => ({
    rows: [{ key: "r", id: "r", value: { rev: "1-a" }, doc: { _id: "r", _rev: "1-a", ...stored.document } }],
  }),
  "source/_local_docs": ({ body }) => ({
    rows: body.keys.map((/** @type {string} */ key) => ({
      key,
      doc: {
        _id: key,
        session_id: "s",
        source_last_seq: "5-x",
        history: [{ session_id: "s", recorded_seq: "5-x", doc_write_failures: 1 }],
      },
    })),
  }),
  "source/_changes": ({ query, body }) => {
    if (query.get("limit") === "0") return { ...changesPage({}, "9-x"), pending: 4 };
    const ids = body?.doc_ids ?? ["a", "b"];
    const changed = query.get("since") === "5-x" ? ids.slice(0, 1) : ids;
    return changesPage(Object.fromEntries(changed.map((/** @type {string} */ id) => [id, ["1-a"]])), "9-x");
  },
  "target/_changes": ({ body }) => changesPage(body ? {} : { c: ["1-c"] }, "3-x"),
  "target/_revs_diff": ({ body }) => Object.fromEntries(Object.entries(body).map(([id, missing]) => [id, { missing }])),
  "source/_revs_diff": ({ body }) => Object.fromEntries(Object.entries(body).map(([id, missing]) => [id, { missing }])),
  "source/a": ({ query }) => ({ _id: "a", _rev: query.get("rev") }),
  "source/b": ({ query }) => ({ _id: "b", _rev: query.get("rev") }),
  "target/_bulk_docs": ({ body }) =>
    json(JSON.stringify([{ id: body.docs[0]._id, error: "forbidden", reason: `not with ${PASSWORD}` }]), 201),
};

/** A document that can be written, and its row, which is newer after that. */
function writable() {
  let writes = 0;
  /** @type {Record<string, Answer>} */
  const answers = {
    "_replicator/r": ({ method }) => {
      if (method === "PUT") return json(JSON.stringify({ ok: true, id: "r", rev: `${++writes + 1}-a` }), 201);
      return { _id: "r", _rev: `${writes + 1}-a`, ...stored.document, continuous: writes > 0 };
    },
    "_scheduler/docs/_replicator/r": () => ({
      database: "_replicator",
      doc_id: "r",
      id: "0a+continuous",
      state: "running",
      start_time: new Date(Date.UTC(2026, 0, 1) + writes * 60_000).toISOString(),
      ...stored.row,
    }),
  };
  return answers;
}

const refused = ["a", "b"].map((doc_id) => ({
  doc_id,
  revs: ["1-a"],
  what: /** @type {const} */ ("refused"),
  reason: null,
}));

/**
 * @typedef {object} Sequence
 * @property {string} name
 * @property {number} requests how many it sends
 * @property {number[]} [reported] those of which a fault is part of the result
 * @property {(fault: import("./faults.js").Fault, at: number) => boolean} [tolerated] whether there is a result all the same
 * @property {() => Record<string, Answer>} answers
 * @property {(handles: Handles, signal?: AbortSignal) => Promise<unknown>} make
 */

/** @param {AbortSignal | undefined} signal */
const on = (signal) => (signal === undefined ? {} : { signal });
const endpoints = /** @type {const} */ ("stored");

/** Refusals of one document, which its outcome reports. */
const OF_ONE_DOCUMENT = ["400 bad_request", "412 precondition_failed", "413 HTML"];

/** @type {Sequence[]} */
const SEQUENCES = [
  {
    name: "lag",
    requests: 5,
    reported: [2, 3, 4],
    answers: () => ANSWERS,
    make: ({ scheduler }, signal) => scheduler.lag("r", { endpoints, ...on(signal) }),
  },
  {
    name: "lags",
    requests: 6,
    reported: [3, 4, 5],
    // The database was deleted, and its documents with it; or the list of those in some states was cut off, and all are read.
    tolerated: ({ code }, at) => (at === 2 && code === "not_found") || (at === 1 && code === "truncated"),
    answers: () => ANSWERS,
    make: ({ scheduler }, signal) => all(scheduler.lags({ database: "all", endpoints, ...on(signal) })),
  },
  {
    name: "verify",
    requests: 12,
    // Without checkpoints the position is unknown, and {} says that nothing is missing.
    tolerated: ({ name }, at) => [2, 3].includes(at) || (name.endsWith(": {}") && [5, 7, 10].includes(at)),
    answers: () => ANSWERS,
    make: ({ scheduler }, signal) => scheduler.verify("r", { endpoints, extra: true, ...on(signal) }),
  },
  {
    name: "retryRefused",
    requests: 6,
    tolerated: ({ name, code }, at) =>
      [2, 4].includes(at) ? code === "not_found" : [3, 5].includes(at) && OF_ONE_DOCUMENT.includes(name),
    answers: () => ANSWERS,
    make: ({ replicator }, signal) => all(replicator.retryRefused("r", refused, { endpoints, ...on(signal) })),
  },
  {
    name: "restartReplication",
    requests: 4,
    answers: writable,
    make: ({ replicator }, signal) => replicator.restartReplication("r", on(signal)),
  },
  {
    name: "restartReplications",
    requests: 4,
    reported: [0, 1, 2, 3],
    answers: writable,
    make: ({ replicator }, signal) => all(replicator.restartReplications(["r"], on(signal))),
  },
  {
    name: "updateReplication",
    requests: 2,
    // The document is as it is to be.
    tolerated: ({ name }, at) => at === 1 && name === "409 conflict",
    answers: writable,
    make: ({ replicator }, signal) => replicator.updateReplication("r", { continuous: true }, on(signal)),
  },
];

/**
 * A call whose request number `at` is answered by `answer`.
 *
 * @param {Sequence} sequence
 * @param {number} at
 * @param {(good: string, init: RequestInit) => unknown} answer
 * @param {number} [timeout]
 */
function interrupted(sequence, at, answer, timeout = 30_000) {
  const { fetch } = replicationAnswering(sequence.answers(), stored);
  /** @type {{ requests: number, leaks: string[] }} */
  const seen = { requests: 0, leaks: [] };
  const wrapped = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      const sent = JSON.stringify([...new Headers(init.headers)]) + url;
      const secrets = [PASSWORD, btoa(`user:${PASSWORD}`)];
      const isElsewhere = url.startsWith("http://source.test/") || url.startsWith("http://target.test/");
      if (!isElsewhere && secrets.some((secret) => sent.includes(secret))) seen.leaks.push(url);
      if (seen.requests++ !== at) return fetch(url, init);
      return answer(await (await fetch(url, init)).text(), init);
    }
  );
  const client = new Client(ORIGIN, {
    auth: { username: "admin", password: "other-pl4nted" },
    retries: 0,
    timeout,
    fetch: wrapped,
  });
  return { seen, handles: { client, scheduler: new Scheduler(client), replicator: new Replicator(client) } };
}

/** @param {Promise<unknown>} promise @param {string} what @returns {Promise<{ value?: any, error?: any }>} */
async function settled(promise, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what}: did not settle` })), BOUND);
  });
  const outcome = promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}

test("each call sends as many requests as are interrupted below", async () => {
  for (const sequence of SEQUENCES) {
    const { seen, handles } = interrupted(sequence, -1, () => undefined);
    await sequence.make(handles);
    assert.equal(seen.requests, sequence.requests, sequence.name);
  }
});

/**
 * What a call is to end with: the code of the error that it rejects with, or that is part of its result, or a result
 * without an error.
 *
 * @param {Sequence} sequence
 * @param {import("./faults.js").Fault} fault
 * @param {number} at
 */
function expectedOf({ name, reported = [], tolerated }, fault, at) {
  if (tolerated?.(fault, at)) return "a result";
  const isConflict = name.startsWith("restart") && at === 2 && fault.name === "409 conflict";
  const code = isConflict ? "conflict" : fault.code;
  return reported.includes(at) ? `a result with ${code}` : code;
}

/** @param {any} value @returns {string} */
function describe(value) {
  const codes = [value].flat().flatMap((one) => [one?.error?.code, one?.source?.error?.code, one?.target?.error?.code]);
  const [code] = codes.filter((each) => each !== undefined);
  return code === undefined ? "a result" : `a result with ${code}`;
}
const QUICK = FAULTS.filter(({ name }) => !name.endsWith("without an end"));

for (const sequence of SEQUENCES) {
  const requests = Array.from({ length: sequence.requests }, (_, at) => at);

  test(`${sequence.name} and each fault at each request`, async () => {
    const cases = QUICK.flatMap((fault) => requests.map((at) => ({ fault, at })));
    await Promise.all(
      cases.map(async ({ fault, at }) => {
        const what = `${sequence.name}: ${fault.name}, request ${at}`;
        const { seen, handles } = interrupted(sequence, at, fault.answer, fault.timeout);
        const { value, error } = await settled(sequence.make(handles), what);
        assert.ok(error === undefined || error instanceof SchedulerError, `${what}: ${inspect(error)}`);
        assert.equal(error?.code ?? describe(value), expectedOf(sequence, fault, at), what);
        assert.deepEqual(seen.leaks, [], what);
        assert.doesNotMatch(inspect(error ?? value, { depth: 9 }), /pl4nted|S3CR3T/, what);
        const sent = seen.requests;
        await nextTurn();
        assert.equal(seen.requests, sent, `${what}: a request continues`);
      }),
    );
  });

  test(`${sequence.name} and an abort at each request`, async () => {
    /** @type {((good: string, init: RequestInit) => unknown)[]} */
    const moments = [
      () => new Promise(() => {}),
      (_, { signal }) => new Promise((_, reject) => signal?.addEventListener("abort", reject)),
      (good) => new Response(good),
      (good) =>
        new Response(
          new ReadableStream({
            start: (body) => body.enqueue(new TextEncoder().encode(good.slice(0, 9))),
            pull: () => new Promise(() => {}),
          }),
        ),
    ];
    for (const at of requests) {
      for (const [moment, answer] of moments.entries()) {
        const what = `${sequence.name}: request ${at}, moment ${moment}`;
        const controller = new AbortController();
        const reason = new Error(what);
        const { seen, handles } = interrupted(sequence, at, (good, init) => {
          if (moment === 2) controller.abort(reason);
          else setImmediate(() => controller.abort(reason));
          return answer(good, init);
        });
        const { error } = await settled(sequence.make(handles, controller.signal), what);
        assert.equal(error, reason, what);
        const sent = seen.requests;
        for (let turn = 0; turn < 5; turn++) await nextTurn();
        assert.equal(seen.requests, sent, `${what}: a request continues`);
      }
    }
  });

  test(`${sequence.name} and free() at each request`, async () => {
    const expected = JSON.stringify(await sequence.make(interrupted(sequence, -1, () => undefined).handles));
    await Promise.all(
      requests.map(async (at) => {
        const what = `${sequence.name}: request ${at}`;
        const { handles } = interrupted(sequence, at, (good) => {
          for (const handle of Object.values(handles)) handle.free();
          return new Response(good);
        });
        const { value, error } = await settled(sequence.make(handles), what);
        assert.equal(error, undefined, what);
        assert.equal(JSON.stringify(value), expected, what);
      }),
    );
  });
}

test("no rejection was left unhandled", async () => {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  assert.deepEqual(unhandled, []);
});
