// @ts-check
// Every method with every kind of wrong argument: the error names the argument, and no request is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { forbiddenFetch } from "../support/answers.js";
import { outcomeOf } from "../support/promises.js";
import {
  ARRAYS,
  countingGetters,
  FUNCTIONS,
  kinds,
  NUMBERS,
  OBJECTS,
  PRIMITIVES,
  STRINGS,
  THROWN,
  throwingGetter,
} from "../support/wrong-values.js";

/** @typedef {import("../support/wrong-values.js").Kinds} Kinds */

const everything = kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS]);

/** Wrong values for each option. @type {Record<string, Kinds>} */
const WRONG = {
  count: kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS], { but: ["zero", "one"] }),
  positive: kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS], { but: ["one"] }),
  name: [
    ...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS], {
      but: ["a word", "digits", "a long string"],
    }),
    ["a dot", "."],
    ["two dots", ".."],
  ],
  database: [
    ...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS]),
    ["a dot", "."],
    ["two dots", ".."],
    ["the default without its underscore", "replicator"],
    ["a database of another kind", "orders"],
    ["a system database of another kind", "_users"],
    ["a name that only ends like one", "orders_replicator"],
    ["one that only begins like one", "_replicator/team"],
    ["one with a trailing slash", "team/_replicator/"],
    ["one with a slash before", "/_replicator"],
    ["one with a trailing space", "_replicator "],
    ["one with a trailing line break", "_replicator\n"],
    ["capitals", "_Replicator"],
    ["capitals before the slash", "Team/_replicator"],
    ["a percent-encoded slash", "team%2F_replicator"],
    ["a digit in front", "5team/_replicator"],
    ["an underscore in front", "_team/_replicator"],
    ["a dot in it", "team.a/_replicator"],
    ["a way up in it", "team/../_replicator"],
    ["a letter that is not ASCII", "t\u00e9am/_replicator"],
    ["a document's path", "_replicator/doc"],
    ["a URL", "http://u:pw@h/_replicator"],
  ],
  states: [
    ...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS], { but: ["an array", "an empty array"] }),
    ["a state", "failed"],
    ["states in one string", "failed,error"],
    ["an array of an unknown state", ["nonsense"]],
    ["an array with an unknown state after a known one", ["failed", "nonsense"]],
    ["an array of a state in capitals", ["FAILED"]],
    ["an array of a state with a space", [" failed"]],
    ["an array of the empty string", [""]],
    ["an array of null", [null]],
    ["an array of a number", [5]],
    ["an array of a symbol", [Symbol("failed")]],
    ["an array of a String object", [new String("failed")]],
    ["an array of an inherited name", ["toString"]],
    ["an array of half a surrogate pair", ["failed\ud83d"]],
    ["an array with a hole", Object.assign(new Array(2), { 1: "failed" })],
    ["a set", new Set(["failed"])],
  ],
  get someStates() {
    return [...this.states, /** @type {[string, unknown]} */ (["an empty array", []])];
  },
  signal: [
    ...everything,
    ["an AbortController", new AbortController()],
    ["an EventTarget", new EventTarget()],
    ["half a signal", { aborted: false }],
    ["an object with addEventListener only", { addEventListener() {} }],
    ["a signal whose aborted is a string", { aborted: "no", addEventListener() {} }],
  ],
  function: kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, OBJECTS]),
  endpoints: [...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, OBJECTS]), ["the word in capitals", "STORED"]],
  snapshot: kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS]),
  boolean: kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS], { but: ["true", "false"] }),
  timeout: [
    ...kinds([STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS]),
    ["minus one", -1],
    ["NaN", Number.NaN],
    ["minus Infinity", Number.NEGATIVE_INFINITY],
  ],
  ids: [
    ...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS], { but: ["an array", "an empty array"] }),
    ["an array of the empty string", [""]],
    ["an array of a dot", ["."]],
    ["an array of null", [null]],
    ["an array of a number after an id", ["a", 5]],
    ["an array of half a surrogate pair", ["a\ud83d"]],
    ["a set", new Set(["a"])],
  ],
  get databases() {
    return /** @type {Kinds} */ ([
      ...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS], { but: ["an array", "an empty array"] }),
      ...this.database.map(([name, value]) => [`an array of ${name}`, [value]]),
    ]);
  },
  perReplication: [...everything, ["a word in capitals", "NONE"], ["an array of a right word", ["all"]]],
  audit: [...everything, ["findings that are no array", { findings: {} }], ["an unknown finding", { findings: [5] }]],
  options: [
    ...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS]),
    ["an unknown option", { limitt: 5 }],
    ["an option in the wrong case", { LIMIT: 5 }],
    ["an unknown option that is undefined", { nonsense: undefined }],
    ["an option named by half a surrogate pair", { "\ud83d": 1 }],
  ],
};

/** @type {Record<string, string>} */
const KIND_OF_OPTION = {
  limit: "count",
  skip: "count",
  examples: "count",
  pageSize: "positive",
  database: "database",
  states: "states",
  signal: "signal",
  onProgress: "function",
  onUpdate: "function",
  onRetry: "function",
  transient: "boolean",
  endpoints: "endpoints",
  previous: "snapshot",
  window: "count",
  grace: "count",
  maxBacklog: "count",
  maxSilence: "count",
  docIds: "ids",
  interval: "positive",
  pauseWhenHidden: "boolean",
  until: "someStates",
  timeout: "timeout",
  databases: "databases",
  perReplication: "perReplication",
  maxSeries: "count",
  lag: "boolean",
  audit: "audit",
  allowRewind: "boolean",
};

const FOLLOWING = /** @type {const} */ (["until", "interval", "timeout", "onUpdate", "database", "signal"]);

/** Each method: the arguments that precede its options, and its options. Names of Replicator's methods are not names of Scheduler's. */
const METHODS = /** @type {const} */ ([
  ["listDocs", [], ["limit", "skip", "states", "database", "signal"]],
  ["docs", [], ["states", "pageSize", "database", "signal"]],
  ["summary", [], ["database", "onProgress", "signal"]],
  ["incidents", [], ["examples", "database", "onProgress", "signal"]],
  ["listJobs", [], ["limit", "skip", "signal"]],
  ["jobs", [], ["signal"]],
  ["audit", [], ["database", "endpoints", "previous", "window", "grace", "maxBacklog", "maxSilence", "signal"]],
  ["capacity", [], ["signal"]],
  ["metrics", [], ["databases", "perReplication", "maxSeries", "lag", "endpoints", "audit", "signal"]],
  ["getDoc", ["id"], ["database", "signal"]],
  ["lag", ["id"], ["database", "endpoints", "signal"]],
  ["lags", [], ["database", "endpoints", "signal"]],
  ["getJob", ["id"], ["signal"]],
  ["watch", [], ["states", "docIds", "interval", "pauseWhenHidden", "onRetry", "database", "signal"]],
  ["watchJobs", [], ["transient", "interval", "pauseWhenHidden", "onRetry", "signal"]],
  ["waitFor", ["id"], FOLLOWING],
  ["createReplication", [{ source: "a", target: "b" }], ["database", "signal"]],
  ["listReplications", [], ["database", "signal"]],
  ["replicationState", ["id"], ["database", "signal"]],
  ["followReplication", ["id"], FOLLOWING],
  ["getReplication", ["id"], ["database", "signal"]],
  ["stopReplication", ["id"], ["database", "signal"]],
  ["restartReplication", ["id"], ["database", "signal"]],
  ["updateReplication", ["id", { continuous: true }], ["allowRewind", "database", "signal"]],
]);

/** The code with which a call failed; metrics() has it in its text. @param {import("../support/promises.js").Outcome} outcome */
function codeOf(outcome) {
  if (outcome.status === "rejected") return outcome.reason.code;
  return outcome.status === "fulfilled" && /,code="(\w+)"/.exec(outcome.value)?.[1];
}

/** Calls a method and returns the promise of its first result. @param {any} object @param {string} method @param {unknown[]} args */
function called(object, method, args) {
  const result = (object[method] ? object : object.replicator)[method](...args);
  return typeof result.next === "function" ? result.next() : result;
}

/**
 * @param {string} what
 * @param {Promise<unknown>} promise
 * @param {string} named
 */
async function assertRefused(what, promise, named) {
  const outcome = await outcomeOf(promise);
  assert.equal(outcome.status, "rejected", `${what}: ${outcome.status}`);
  if (outcome.status === "rejected") assertNames(what, outcome.reason, named);
}

/** @param {string} what @param {any} error @param {string} named */
function assertNames(what, error, named) {
  assert.ok(error instanceof TypeError || error instanceof RangeError, `${what}: ${error}`);
  assert.ok(error.message.includes(named), `${what}: "${error.message}" does not name ${named}`);
  assert.ok(error.message.length < 400, `${what}: ${error.message}`);
}

function refusingClient() {
  const { fetch, calls } = forbiddenFetch();
  const client = new Client("http://couch.test:5984", { retries: 0, fetch });
  const scheduler = Object.assign(new Scheduler(client), { replicator: new Replicator(client) });
  return { client, scheduler, calls };
}

for (const [method, before, options] of METHODS) {
  test(`${method}() refuses options that are not an object`, async () => {
    const { scheduler, calls } = refusingClient();
    for (const [name, value] of WRONG.options) {
      const isOption = typeof value === "object" && value !== null && !Array.isArray(value);
      const named = isOption ? Object.keys(value)[0].replace("\ud83d", "option") : "options";
      await assertRefused(`${method}(${name})`, called(scheduler, method, [...before, value]), named);
    }
    assert.equal(calls(), 0);
  });

  for (const option of options) {
    const wrong = WRONG[KIND_OF_OPTION[option]];
    test(`${method}() refuses a wrong ${option}, of ${wrong.length} kinds`, async () => {
      const { scheduler, calls } = refusingClient();
      for (const [name, value] of wrong) {
        const what = `${method}({ ${option}: ${name} })`;
        await assertRefused(what, called(scheduler, method, [...before, { [option]: value }]), option);
      }
      assert.equal(calls(), 0);
    });

    test(`${method}() rejects with the error of the getter of ${option}`, async () => {
      const { scheduler, calls } = refusingClient();
      const promise = called(scheduler, method, [...before, throwingGetter(option)]);
      assert.deepEqual(await outcomeOf(promise), { status: "rejected", reason: THROWN });
      assert.equal(calls(), 0);
    });
  }
}

for (const [method, argument] of [
  ["getDoc", "docId"],
  ["lag", "docId"],
  ["getJob", "jobId"],
  ["waitFor", "docId"],
  ["replicationState", "id"],
  ["followReplication", "id"],
  ["getReplication", "id"],
  ["stopReplication", "id"],
  ["restartReplication", "id"],
  ["updateReplication", "id"],
]) {
  test(`${method}() refuses a wrong ${argument}, of ${WRONG.name.length + 1} kinds`, async () => {
    const { scheduler, calls } = refusingClient();
    for (const [name, value] of [...WRONG.name, ["undefined", undefined]]) {
      await assertRefused(`${method}(${String(name)})`, called(scheduler, method, [value]), argument);
    }
    assert.equal(calls(), 0);
  });
}

for (const method of ["info", "session"]) {
  test(`Client.${method}() refuses options that are not an object, and a wrong signal`, async () => {
    const { client, calls } = refusingClient();
    for (const [name, value] of kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS])) {
      await assertRefused(`${method}(${name})`, called(client, method, [value]), "options");
    }
    await assertRefused(`${method}({ limit })`, called(client, method, [{ limit: 5 }]), "limit");
    for (const [name, value] of WRONG.signal) {
      await assertRefused(`${method}({ signal: ${name} })`, called(client, method, [{ signal: value }]), "signal");
    }
    assert.equal(calls(), 0);
  });
}

test("docs() and jobs() reject once, and then end", async () => {
  const { scheduler, calls } = refusingClient();
  for (const rows of [scheduler.docs(/** @type {any} */ ({ pageSize: 0 })), scheduler.jobs(/** @type {any} */ (5))]) {
    const nexts = [rows.next(), rows.next(), rows.next()];
    const outcomes = await Promise.allSettled(nexts);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["rejected", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(await rows.next(), { done: true, value: undefined });
  }
  assert.equal(calls(), 0);
});

test("listDocs() and the others treat undefined as an omitted option", async () => {
  const { scheduler, calls } = refusingClient();
  for (const [method, before, options] of METHODS) {
    const undefinedOptions = Object.fromEntries(options.map((name) => [name, undefined]));
    const sent = calls();
    const outcome = await outcomeOf(called(scheduler, method, [...before, undefinedOptions]));
    assert.equal(codeOf(outcome), "network", method);
    assert.ok(calls() > sent, `${method} sent nothing`);
  }
});

/** @type {Record<string, unknown>} */
const RIGHT = {
  limit: 1,
  skip: 1,
  pageSize: 1,
  database: "_replicator",
  states: ["failed"],
  signal: new AbortController().signal,
  onProgress() {},
  onUpdate() {},
  docIds: ["a"],
  endpoints: "stored",
  previous: { version: 1, at: 1, nodes: [], rows: [] },
  window: 0,
  grace: 1,
  maxBacklog: 1,
  maxSilence: 1,
  interval: 1,
  pauseWhenHidden: true,
  until: ["completed"],
  timeout: 60_000,
  databases: ["_replicator"],
  perReplication: "all",
  maxSeries: 1,
  audit: { findings: [] },
  allowRewind: true,
};

test("every method reads each of its options once", async () => {
  const { scheduler } = refusingClient();
  for (const [method, before, options] of METHODS) {
    const { object, reads } = countingGetters(Object.fromEntries(options.map((name) => [name, RIGHT[name]])));
    const outcome = await outcomeOf(called(scheduler, method, [...before, object]));
    assert.equal(codeOf(outcome), "network", method);
    assert.deepEqual(reads, Object.fromEntries(options.map((name) => [name, 1])), method);
  }
});

test("an unknown option is refused with the names of all options, in the order of the documentation", async () => {
  const { scheduler } = refusingClient();
  for (const [method, before, options] of METHODS) {
    const outcome = await outcomeOf(called(scheduler, method, [...before, { nonsense: 1 }]));
    if (outcome.status !== "rejected") throw new Error(`${method}: ${outcome.status}`);
    const message = `${method}: unknown option "nonsense"; the options are ${options.join(", ")}`;
    assert.equal(outcome.reason.message, message);
  }
});

test("the error about a wrong database says what to pass, without a password", async () => {
  const { scheduler } = refusingClient();
  for (const [database, message] of /** @type {[string, RegExp][]} */ ([
    ["replicator", /must be "_replicator".* or end in "\/_replicator".*not "replicator"$/],
    ["orders", /must be "_replicator".* not "orders"$/],
    ["Team/_replicator", /must be in lowercase letters.* not "Team\/_replicator"$/],
    ["_REPLICATOR", /must be in lowercase letters/],
    ["team%2F_replicator", /not percent-encoded, as in "team\/_replicator"/],
    ["5e1f-bluemix/_replicator", /Cloudant's rows say "account\/_replicator"/],
    ["http://u:s3cret@h/_replicator", /not "a URL"$/],
    ["u:s3cret@h/_replicator", /not "a URL"$/],
  ])) {
    const outcome = await outcomeOf(scheduler.listDocs({ database }));
    if (outcome.status !== "rejected") throw new Error(`${database}: ${outcome.status}`);
    assert.ok(outcome.reason instanceof RangeError);
    assert.match(outcome.reason.message, /^listDocs: database must be /);
    assert.match(outcome.reason.message, message);
    assert.doesNotMatch(outcome.reason.message, /s3cret/);
  }
});

test("every name of a replicator database is accepted", async () => {
  for (const database of [
    "_replicator",
    "team/_replicator",
    "a/b/_replicator",
    "a0_$()+-/_replicator",
    "x//_replicator",
  ]) {
    const { scheduler, calls } = refusingClient();
    const outcome = await outcomeOf(scheduler.listDocs({ database }));
    assert.equal(outcome.status === "rejected" && outcome.reason.code, "network", database);
    assert.equal(calls(), 1);
  }
});
