// @ts-check
// When incidents began and ended, by the looks of a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { IncidentTimeline } from "../../www/src/model/incident-timeline.js";
import { incidentKey } from "../../www/src/model/incidents.js";
import { DAY, MINUTE } from "../../www/src/model/periods.js";
import { forEachSeed } from "../support/random.js";

const NOON = Date.parse("2026-11-22T12:00:00Z");
const LOOK = 5000;

/** @param {string} host @param {number} [total] @returns {import("../../www/src/model/incidents.js").Incident} */
const incident = (host, total = 1) => ({
  cause: "timeout",
  side: "source",
  host,
  message: `The source at ${host} does not respond in time.`,
  hint: "Wait.",
  total,
  states: { crashing: total, error: 0, failed: 0 },
  since: "2026-11-22T11:59:00Z",
  began: "2026-11-22T11:00:00Z",
  latest: "2026-11-22T11:59:30Z",
  next_retry: null,
  doc_ids: [],
});

/** @param {IncidentTimeline} timeline @param {import("../../www/src/model/incidents.js").Incident[]} list @param {number} at */
function look(timeline, list, at) {
  const byKey = new Map(list.map((one) => [incidentKey(one), one]));
  return timeline.look({ list, get: (key) => byKey.get(key) }, at);
}

/** @param {import("../../www/src/model/incident-timeline.js").IncidentEvent[]} events */
const brief = (events) => events.map(({ what, at, incident }) => `${what} ${incident.host} ${(at - NOON) / 1000}`);

test("incidents of the first look are found, later ones open, and those without a failure for a minute close", () => {
  const timeline = new IncidentTimeline();
  assert.deepEqual(brief(look(timeline, [incident("a", 3)], NOON)), ["found a 0"]);
  assert.deepEqual(brief(look(timeline, [incident("a", 7), incident("b")], NOON + LOOK)), ["opened b 5"]);
  assert.deepEqual(look(timeline, [incident("b")], NOON + 2 * LOOK), []);
  // Retried, and it failed again.
  assert.deepEqual(look(timeline, [incident("a", 2), incident("b")], NOON + MINUTE), []);
  assert.deepEqual(look(timeline, [incident("b")], NOON + MINUTE + LOOK), []);
  assert.deepEqual(look(timeline, [incident("b")], NOON + 2 * MINUTE), []);
  assert.deepEqual(brief(look(timeline, [incident("b")], NOON + 2 * MINUTE + LOOK)), ["closed a 65"]);
  const [a, b] = timeline.spells;
  assert.deepEqual([a?.from, a?.to, a?.peak], [NOON - 60 * MINUTE, NOON + MINUTE + LOOK, 7]);
  assert.deepEqual([b?.from, b?.to, b?.peak], [NOON + LOOK, null, 1]);
  assert.deepEqual(brief(look(timeline, [incident("a"), incident("b")], NOON + 3 * MINUTE)), ["opened a 180"]);
  assert.equal(timeline.spells.length, 3);
});

test("events that were stored give the same timeline again", () =>
  forEachSeed(50, (random) => {
    const first = new IncidentTimeline();
    const hosts = ["a", "b", "c", "d"];
    const stored = [];
    let at = NOON;
    for (let i = 0; i < 60; i++, at += random.whole(1, 40) * 1000) {
      stored.push(
        ...look(
          first,
          random.some(hosts).map((host) => incident(host)),
          at,
        ),
      );
    }
    const open = first.spells.filter(({ to }) => to === null).map(({ incident }) => incident.host ?? "");
    const second = new IncidentTimeline();
    // The next page finds the same incidents.
    look(
      second,
      open.map((host) => incident(host)),
      at,
    );
    assert.deepEqual(second.fill(JSON.parse(JSON.stringify(stored)), first.watched), []);
    const times = (/** @type {IncidentTimeline} */ { spells }) =>
      spells
        // An event does not say since when the replications of a found incident had been failing.
        .filter(({ from }) => from >= NOON)
        .map(({ key, from, to }) => `${key} ${from} ${to}`)
        .sort();
    assert.deepEqual(times(second), times(first));
  }));

test("an incident that ended while no page looked ends with the last look, and the pause is known", () => {
  const night = new IncidentTimeline();
  const stored = [...look(night, [incident("a")], NOON), ...look(night, [incident("a"), incident("b")], NOON + MINUTE)];
  const morning = new IncidentTimeline();
  const later = NOON + 8 * 60 * MINUTE;
  assert.deepEqual(brief(look(morning, [incident("b"), incident("c")], later)), ["found b 28800", "found c 28800"]);
  assert.deepEqual(brief(morning.fill(stored, night.watched)), ["closed a 60"]);
  assert.deepEqual(
    morning.spells.map(({ incident, from, to }) => [incident.host, from < NOON, to]),
    [
      ["a", true, NOON + MINUTE],
      ["b", false, null],
      ["c", true, null],
    ],
  );
  assert.deepEqual(morning.watched, [
    { from: NOON, to: NOON + MINUTE },
    { from: later, to: later },
  ]);
  look(morning, [], later + MINUTE);
  // The machine slept.
  look(morning, [], later + 60 * MINUTE);
  assert.deepEqual(morning.watched.slice(1), [
    { from: later, to: later + MINUTE },
    { from: later + 60 * MINUTE, to: later + 60 * MINUTE },
  ]);
});

test("an incident that had ended when the page opened does not continue in a later one", () => {
  const timeline = new IncidentTimeline();
  look(timeline, [], NOON);
  look(timeline, [incident("a")], NOON + MINUTE);
  const opened = { at: NOON - 60 * MINUTE, what: /** @type {const} */ ("opened"), incident: incident("a") };
  assert.deepEqual(brief(timeline.fill([opened], [{ from: NOON - 70 * MINUTE, to: NOON - 50 * MINUTE }])), [
    "closed a -3000",
  ]);
  assert.deepEqual(
    timeline.spells.map(({ from, to }) => [from, to]),
    [
      [NOON - 60 * MINUTE, NOON - 50 * MINUTE],
      [NOON + MINUTE, null],
    ],
  );
});

test("keeps a day, and a limited number", () => {
  const timeline = new IncidentTimeline();
  look(timeline, [incident("a"), incident("long")], NOON);
  look(timeline, [incident("long")], NOON + LOOK);
  look(timeline, [incident("long")], NOON + 2 * MINUTE);
  look(timeline, [incident("long")], NOON + DAY - MINUTE);
  assert.deepEqual(
    timeline.spells.map(({ incident }) => incident.host),
    ["a", "long"],
  );
  look(timeline, [incident("long")], NOON + DAY + MINUTE);
  assert.deepEqual(
    timeline.spells.map(({ incident }) => incident.host),
    ["long"],
  );
  const many = Array.from({ length: 2000 }, (_, n) => incident(`h${n}`));
  let at = NOON + DAY + MINUTE;
  for (let i = 0; i < 5; i++, at += 6 * MINUTE) {
    look(timeline, many.slice(400 * i, 400 * i + 400), at);
    look(timeline, [], at + 2 * MINUTE);
    look(timeline, [], at + 4 * MINUTE);
    assert.ok(timeline.spells.length <= 500);
  }
  assert.ok(timeline.spells.some(({ incident }) => incident.host === "h1700"));
  look(timeline, many, at + MINUTE);
  assert.ok(timeline.spells.length <= 500);
});

test("the largest of more incidents than it keeps are looked at, and no others", () => {
  const timeline = new IncidentTimeline();
  const list = Array.from({ length: 2000 }, (_, n) => incident(`h${n}`, 2000 - n));
  let looks = 0;
  // Reading any of the others would take long where there are a hundred thousand.
  const counted = new Proxy(list, {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) looks++;
      return Reflect.get(target, name);
    },
  });
  const byKey = new Map(list.map((one) => [incidentKey(one), one]));
  const incidents = { list: counted, get: (/** @type {string} */ key) => byKey.get(key) };
  assert.equal(timeline.look(incidents, NOON).length, 500);
  assert.deepEqual(timeline.look(incidents, NOON + LOOK), []);
  assert.deepEqual(
    timeline.spells.map(({ peak }) => peak),
    list.slice(0, 500).map(({ total }) => total),
  );
  assert.ok(looks <= 2 * 501, `${looks} were looked at`);
});
