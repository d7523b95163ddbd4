// @ts-check
// Which changes become entries of the journal, and how they are read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING } from "../../www/src/model/filter.js";
import { Chronicle, incidentEvents } from "../../www/src/model/journal.js";
import { continued, gapsOf, hoursOf, kindOf, MAX_SILENCE, seenSince } from "../../www/src/model/journal-hours.js";
import { docRow } from "../../www/src/model/row.js";

/** @typedef {import("../../www/src/model/journal.js").Entry} Entry */

const MINUTE = 60_000;
const NOW = Date.parse("2026-11-25T12:00:00Z");

/** @param {string} doc_id @param {string | null} state @param {number} [error_count] */
function row(doc_id, state, error_count = state === "crashing" || state === "error" ? 1 : 0) {
  const isFailing = state === "crashing" || state === "error" || state === "failed";
  const info = isFailing ? { error: "db_not_found: could not open https://berlin.test:6984/secret/" } : null;
  const ends = { source: "https://berlin.test:6984/secret", target: "https://cloud.test/copy" };
  const given = {
    database: "_replicator",
    doc_id,
    id: null,
    state,
    error_count,
    info,
    node: null,
    last_updated: null,
    ...ends,
  };
  return docRow(/** @type {any} */ ({ ...given, start_time: null }));
}

/** @param {{ added?: any[], changed?: [any, any][], removed?: any[] }} some */
const delta = ({ added = [], changed = [], removed = [] }) => ({
  added,
  changed: changed.map(([previous, row]) => ({ previous, row })),
  removed,
});

/** @template Result @param {Generator<unknown, Result, undefined>} work @returns {Result} */
function run(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function begin() {
  const chronicle = new Chronicle();
  /** @type {Map<string, Entry>} */
  const kept = new Map();
  const keep = (/** @type {Entry[]} */ entries) => {
    for (const entry of entries) kept.set(entry.id, entry);
    return entries;
  };
  return {
    chronicle,
    kept: () => [...kept.values()],
    take: (/** @type {Parameters<typeof delta>[0]} */ some, at = NOW) => keep(run(chronicle.take(delta(some), at))),
    keep,
  };
}

/** @param {Entry[]} entries */
const brief = (entries) => entries.map(({ what, keys, from, to }) => [what, keys.join(), from, to]);

test("a failure, a recovery and an end are entries; the scheduler's turns are not", () => {
  const { take } = begin();
  const steps = /** @type {[string | null, number?][]} */ ([
    ["running"],
    ["pending"],
    ["running"],
    ["crashing"],
    ["pending", 1],
    ["running", 1],
    ["crashing", 2],
    ["running", 2],
    ["running", 0],
    ["completed"],
  ]);
  const entries = steps
    .slice(1)
    .flatMap((step, i) =>
      take({ changed: [[row("a", ...(steps[i] ?? [null])), row("a", ...step)]] }, NOW + i * 61 * MINUTE),
    );
  assert.deepEqual(brief(entries), [
    ["state", "a", "running", "crashing"],
    ["state", "a", "crashing", "running"],
    ["state", "a", "running", "completed"],
  ]);
  assert.deepEqual(
    entries.map(({ cause, side, host }) => ({ cause, side, host })),
    [
      { cause: "database_missing", side: "source", host: "berlin.test:6984" },
      ...Array(2).fill({ cause: null, side: null, host: null }),
    ],
  );
});

test("one that waits for a slot after a failure does not work again before it runs", () => {
  const { take } = begin();
  const states = ["running", "crashing", "pending", "crashing", "pending", "running", "pending", "crashing"];
  const rows = states.map((state) => row("a", state));
  const entries = rows.slice(1).map((now, i) =>
    brief(take({ changed: [[rows[i], now]] }))
      .map(([, , , to]) => to)
      .join(),
  );
  assert.deepEqual(entries, ["crashing", "", "", "", "running", "", "crashing"]);
});

test("a state that says nothing is neither a recovery nor a failure", () => {
  const { take } = begin();
  assert.deepEqual(take({ changed: [[row("a", "crashing"), row("a", "initializing")]] }), [], "CouchDB was restarted");
  assert.deepEqual(take({ changed: [[row("a", "initializing"), row("a", null)]] }), []);
  assert.deepEqual(take({ changed: [[row("a", null), row("a", "crashing")]] }), []);
  take({ changed: [[row("b", "crashing"), row("b", "initializing")]] });
  assert.deepEqual(brief(take({ changed: [[row("b", "initializing"), row("b", "running")]] })), [
    ["state", "b", "crashing", "running"],
  ]);
  assert.deepEqual(brief(take({ changed: [[row("c", "initializing"), row("c", "failed")]] })), [
    ["state", "c", "running", "failed"],
  ]);
});

test("new and deleted replications are entries", () => {
  const { take } = begin();
  assert.deepEqual(
    brief(take({ added: [row("a", "initializing"), row("b", "failed")], removed: [row("c", "crashing")] })),
    [
      ["added", "a", null, "initializing"],
      ["added", "b", null, "failed"],
      ["removed", "c", "crashing", null],
    ],
  );
});

test("thousands of hosts that fail at once are not thousands of entries, and none is forgotten", () => {
  const { take } = begin();
  const changed = Array.from({ length: 5000 }, (_, i) => {
    const failing = row(`r${i}`, "crashing");
    failing.source = `https://h${i}.test/secret`;
    return /** @type {[any, any]} */ ([row(`r${i}`, "running"), failing]);
  });
  const entries = take({ changed });
  assert.ok(entries.length <= 200, `${entries.length} entries`);
  assert.equal(
    entries.reduce((sum, { count }) => sum + count, 0),
    5000,
  );
  assert.deepEqual([entries[0]?.cause, entries[0]?.host], ["database_missing", "h0.test"]);
});

test("a flapping row has one entry per hour", () => {
  const { take, kept } = begin();
  for (let minute = 0; minute < 120; minute += 2) {
    take({ changed: [[row("a", "running"), row("a", "crashing")]] }, NOW + minute * MINUTE);
    take({ changed: [[row("a", "crashing"), row("a", "running")]] }, NOW + (minute + 1) * MINUTE);
  }
  assert.deepEqual(
    kept().map(({ at, until, times, from, to, cause }) => ({ at, until, times, from, to, cause })),
    [0, 60].map((minute) => ({
      at: NOW + minute * MINUTE,
      until: NOW + (minute + 59) * MINUTE,
      times: 60,
      from: "running",
      to: "running",
      cause: "database_missing",
    })),
  );
});

test("many rows that change alike have one entry, also over several refreshes", () => {
  const { take, kept } = begin();
  const all = Array.from({ length: 300 }, (_, i) => `orders-${i}`);
  const fail = (/** @type {string[]} */ ids, /** @type {number} */ at) =>
    take({ changed: ids.map((id) => [row(id, "running"), row(id, "crashing")]) }, at);
  const first = fail(all.slice(0, 200), NOW)[0];
  assert.ok(first);
  const copy = structuredClone(first);
  fail(all.slice(200), NOW + 5000);
  assert.deepEqual(first, copy, "an entry is replaced, not changed");
  assert.deepEqual(
    kept().map(({ keys, count, times, until }) => ({ keys: keys.length, count, times, until })),
    [{ keys: 100, count: 300, times: 2, until: NOW + 5000 }],
  );
  assert.equal(fail(all.slice(0, 10), NOW + 9000).length, 10, "a few have one each");
});

test("incidents come back as events", () => {
  const { chronicle, keep, kept } = begin();
  const incident = {
    cause: /** @type {const} */ ("timeout"),
    side: /** @type {const} */ ("source"),
    host: "berlin.test",
    total: 3,
    message: "",
    since: null,
  };
  const events = [
    { at: NOW - 2 * MINUTE, what: /** @type {const} */ ("found"), incident },
    { at: NOW, what: /** @type {const} */ ("opened"), incident },
    { at: NOW + 90 * MINUTE, what: /** @type {const} */ ("closed"), incident },
    { at: NOW + 121 * MINUTE, what: /** @type {const} */ ("opened"), incident },
    { at: NOW + 150 * MINUTE, what: /** @type {const} */ ("closed"), incident },
  ];
  for (const event of events) keep([chronicle.incident(event)]);
  assert.equal(kept().length, 4, "those of one hour are one");
  assert.deepEqual(incidentEvents(kept().reverse()), events);
});

test("entries are plain JSON without URLs or messages", () => {
  const { take, chronicle } = begin();
  const entries = [...take({ added: [row("a", "crashing")] }), chronicle.unreachable(NOW)];
  const text = JSON.stringify(entries);
  assert.deepEqual(JSON.parse(text), entries);
  assert.doesNotMatch(text, /secret|https?:/);
});

/** @param {Partial<Entry>} some @returns {Entry} */
const entry = (some) => ({
  ...{
    id: `${some.at}`,
    at: NOW,
    until: some.at ?? NOW,
    times: 1,
    what: "state",
    list: "docs",
    database: "_replicator",
  },
  ...{ keys: [], count: 1, from: null, to: null, cause: null, side: null, host: null, ...some },
});

test("is read newest first, by hour, and filtered", () => {
  const entries = [
    entry({ at: NOW, keys: ["Orders"], from: "running", to: "crashing", cause: "timeout", host: "berlin.test" }),
    entry({ at: NOW + 10 * MINUTE, keys: ["orders"], from: "crashing", to: "running" }),
    entry({ at: NOW - 30 * MINUTE, keys: ["stock"], from: "running", to: "completed" }),
    entry({ at: NOW - 31 * MINUTE, what: "removed", keys: ["stock"], from: "running" }),
    entry({ at: NOW - 32 * MINUTE, what: "opened", cause: "timeout" }),
    entry({ at: NOW - 33 * MINUTE, what: "unreachable" }),
    entry({ at: NOW - 34 * MINUTE, what: "found", cause: "internal" }),
  ];
  assert.deepEqual(entries.slice(0, 5).map(kindOf), ["failing", "recovered", "completed", "changed", "incidents"]);
  /** @param {import("../../www/src/model/journal-hours.js").Kind} kind @param {Partial<typeof EVERYTHING>} [filter] */
  const hours = (kind, filter) =>
    hoursOf(entries, [], kind, { ...EVERYTHING, ...filter }, NOW).map(({ items }) =>
      items.map(({ at }) => (at - NOW) / MINUTE),
    );
  const GONE = [-33];
  assert.deepEqual(hours("all"), [
    [10, 0],
    [-30, -31, -32, -33],
  ]);
  assert.deepEqual(
    hours("all", { text: " ORDERS" }),
    [[10, 0], GONE],
    "that the server was gone is part of every list",
  );
  assert.deepEqual(hours("all", { text: "berlin" }), [[0], GONE]);
  assert.deepEqual(hours("failing"), [[0], GONE]);
  assert.deepEqual(hours("all", { states: new Set(["completed", "running"]) }), [[10], [-30, ...GONE]]);
  const incident = { cause: /** @type {const} */ ("timeout"), side: null };
  assert.deepEqual(hours("incidents"), [[-32, -33, -34]], "also what was there before");
  assert.deepEqual(hours("all", { incident: { ...incident, host: null } }), [[-32, ...GONE]]);
  assert.deepEqual(hours("all", { incident: { ...incident, host: "berlin.test" } }), [[0], GONE]);
});

test("silence is shown, whatever is searched for", () => {
  const few = { total: 10, unhealthy: 1 };
  const many = { total: 10, unhealthy: 7 };
  const sessions = [
    { from: NOW, until: NOW + 60 * MINUTE, first: few, last: few },
    { from: NOW + 61 * MINUTE, until: NOW + 70 * MINUTE, first: few, last: few },
    { from: NOW + 500 * MINUTE, until: NOW + 510 * MINUTE, first: many, last: many },
  ];
  const gap = { what: "gap", at: NOW + 70 * MINUTE, until: NOW + 500 * MINUTE, before: few, after: many };
  const gaps = gapsOf(sessions, NOW + 510 * MINUTE + MAX_SILENCE);
  assert.deepEqual(gaps, [gap]);
  const open = gapsOf(sessions, NOW + 511 * MINUTE + MAX_SILENCE);
  assert.deepEqual(open[1], { what: "gap", at: NOW + 510 * MINUTE, until: null, before: many, after: null });
  assert.deepEqual(hoursOf([], gaps, "incidents", { ...EVERYTHING, text: "x" }, NOW), [
    { from: NOW + 480 * MINUTE, items: [gap] },
  ]);
  assert.deepEqual(gapsOf([], NOW), []);
  assert.deepEqual(
    hoursOf([], open, "all", EVERYTHING, NOW + 600 * MINUTE).map(({ items }) => items),
    [[open[1]], [gap]],
    "one that lasts is the newest",
  );
  assert.equal(seenSince(sessions, NOW + 30 * MINUTE), (30 + 9 + 10) * MINUTE);
});

test("of the tabs that see a list, one writes", () => {
  const count = { total: 10, unhealthy: 1 };
  const first = continued(undefined, "one", NOW, count);
  assert.ok(first);
  assert.equal(continued(first, "two", NOW + MINUTE, count), null);
  const next = continued(first, "one", NOW + 2 * MINUTE, { total: 10, unhealthy: 2 });
  assert.deepEqual(next, { ...first, until: NOW + 2 * MINUTE, last: { total: 10, unhealthy: 2 } });
  const taken = continued(first, "two", NOW + 3 * MINUTE, count);
  assert.deepEqual(
    taken,
    { ...first, until: NOW + 3 * MINUTE, writer: "two" },
    "it has ended: the other one continues",
  );
  const later = NOW + 3 * MINUTE + MAX_SILENCE + 1;
  assert.deepEqual(
    taken && continued(taken, "two", later, count),
    { ...taken, from: later, until: later },
    "after a silence",
  );
  assert.ok(continued(first, "two", NOW - 60 * MINUTE, count), "a clock that was set back does not stop it");
});
