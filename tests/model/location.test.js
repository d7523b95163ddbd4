// @ts-check
// The URL's fragment: reading it back gives the same place, whatever the ids are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING } from "../../www/src/model/filter.js";
import { fragmentOf, readFragment, START, VIEWS } from "../../www/src/model/location.js";
import { SHOWN_STATES } from "../../www/src/model/states.js";

const ODD = [
  "a",
  "%",
  "%41",
  "/",
  "#",
  "?",
  "&",
  "=",
  "+",
  " ",
  ",",
  ":",
  ";",
  "ü",
  "🐑",
  '"<b>',
  "\n",
  "..",
  "-",
  "'",
  "~",
  "_",
];

/** Reproducible. @param {number} seed */
function randomness(seed) {
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) / 2 ** 24;
  };
  const pick = (/** @type {readonly any[]} */ list) => list[Math.floor(next() * list.length)];
  const some = (/** @type {readonly any[]} */ list) => list.filter(() => next() < 0.4);
  const odd = () => Array.from({ length: 1 + Math.floor(next() * 6) }, () => pick(ODD)).join("");
  return { pick, some, odd };
}

/** @param {ReturnType<typeof randomness>} random @returns {import("../../www/src/model/location.js").Place} */
function anyPlace({ pick, some, odd }) {
  const list = pick(["docs", "jobs"]);
  const columns = some(["state", "id", "endpoints", "lastProgress"]);
  const side = pick([null, "source", "target"]);
  return {
    server: pick([null, odd()]),
    view: pick(VIEWS),
    list,
    database: list === "jobs" ? "_replicator" : pick(["_replicator", `${odd()}/_replicator`]),
    key: pick([null, odd()]),
    filter: {
      states: new Set(some(SHOWN_STATES)),
      retrying: pick([true, false]),
      text: pick(["", odd()]),
      incident: pick([
        null,
        { cause: "timeout", side, host: side && pick([null, odd(), "db.example:6984", "[::1]:5984"]) },
      ]),
      finding: pick([null, "stalled"]),
      ends: pick([null, { source: "" }, { source: `h${odd()}`, target: "/orders" }, { either: "[::1]:5984/a%2Fb" }]),
    },
    order: pick([null, { column: pick(["updated", "lastProgress"]), descending: pick([true, false]) }]),
    columns: columns.length > 0 ? columns : null,
  };
}

test("every place is read as it was written, and has one fragment", () => {
  const random = randomness(7);
  for (let i = 0; i < 3000; i++) {
    const place = anyPlace(random);
    const fragment = fragmentOf(place);
    assert.deepEqual(readFragment(fragment), place, fragment);
    assert.equal(fragmentOf(readFragment(fragment)), fragment);
    // As the browser gives it back: it escapes what a URL cannot contain.
    assert.equal(new URL(fragment, "http://page.test/").hash, fragment);
    assert.match(fragment, /^#\/[\x21-\x7e]+$/, "no character that a mail program ends the link at");
  }
});

test("is short and readable", () => {
  assert.equal(fragmentOf(START), "#/docs/_replicator");
  assert.equal(
    fragmentOf({
      ...START,
      filter: {
        ...EVERYTHING,
        states: new Set(["failed", "unknown", "crashing"]),
        text: "orders berlin",
        incident: { cause: "connection_refused", side: "target", host: "berlin.example:6984" },
      },
      order: { column: "updated", descending: true },
      columns: ["state", "id", "backlog"],
    }),
    "#/docs/_replicator?state=crashing,failed,unknown&search=orders+berlin" +
      "&incident=connection_refused:target:berlin.example:6984&sort=-updated&columns=state,id,backlog",
  );
  assert.equal(
    fragmentOf({ ...START, list: "jobs", view: "journal", key: "c0ffee+continuous" }),
    "#/jobs/c0ffee%2Bcontinuous?view=journal",
  );
});

test("the order of the states is no difference", () => {
  const [one, other] = [
    ["error", "failed"],
    ["failed", "error"],
  ].map((states) => fragmentOf({ ...START, filter: { ...EVERYTHING, states: new Set(/** @type {any} */ (states)) } }));
  assert.equal(one, other);
});

test("old links work", () => {
  assert.deepEqual(readFragment(""), START);
  assert.deepEqual(readFragment("#"), START);
  assert.deepEqual(readFragment("#/docs/_replicator/a%2Fb%3F%23%25"), { ...START, key: "a/b?#%" });
  assert.deepEqual(readFragment("#/docs/mine%2F_replicator"), { ...START, database: "mine/_replicator" });
  assert.deepEqual(readFragment("#/jobs/c0ffee%2Bcontinuous"), { ...START, list: "jobs", key: "c0ffee+continuous" });
});

test("ignores what it does not understand", () => {
  for (const fragment of [
    "#/elsewhere",
    "#/docs?state=melting&sort=<b>&columns=,,%20&view=moon&incident=:&finding=A+B&retrying=maybe&new=1",
    "#/docs?incident=timeout%3Amiddle&sort=-&state",
    "#?search",
  ]) {
    assert.deepEqual(readFragment(fragment), START, fragment);
  }
  assert.deepEqual(
    readFragment("#/docs/%E0%A4%A/%?search=%E0%A4%A").database,
    "%E0%A4%A",
    "a broken escape stays as it is",
  );
  assert.deepEqual(readFragment("#/docs?columns=id,id,x-y,state&state=error,melting"), {
    ...START,
    columns: ["id", "state"],
    filter: { ...EVERYTHING, states: new Set(["error"]) },
  });
});

test("half a character is no error", () => {
  const place = { ...START, key: "a\ud83d", filter: { ...EVERYTHING, text: "\udc11" } };
  assert.equal(fragmentOf(place), "#/docs/_replicator/a%EF%BF%BD?search=%EF%BF%BD");
});

test("a link cannot name columns without end", () => {
  const many = Array.from({ length: 200_000 }, (_, at) => `c${at}`).join();
  assert.ok(fragmentOf(readFragment(`#/docs?columns=id,${many}`)).length < 500);
  assert.equal(readFragment(`#/docs?columns=id,${many}`).columns?.[0], "id");
});
