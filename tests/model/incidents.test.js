// @ts-check
// The page's incidents are those of `scheduler.incidents()`, kept up to date by each change.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "couchdb-scheduler";
import { withoutNames } from "../../www/src/model/incident-message.js";
import { Incidents, incidentKey } from "../../www/src/model/incidents.js";
import { docRow } from "../../www/src/model/row.js";
import { Rows } from "../../www/src/model/rows.js";
import { inSlices } from "../../www/src/model/slices.js";
import { all } from "../support/promises.js";
import { forEachSeed } from "../support/random.js";
import { simulated } from "../support/server.js";

/** @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc */

const UNHEALTHY = ["crashing", "error", "failed"];

/** @param {readonly ReplicationDoc[]} docs */
async function incidentsOf(docs) {
  const incidents = new Incidents();
  await incidents.take({ added: docs.map(docRow), changed: [], removed: [] });
  return incidents;
}

/** Without what is the page's own. @param {readonly import("../../www/src/model/incidents.js").Incident[]} list */
const comparable = (list) =>
  new Map(list.map(({ began, doc_ids, message, ...incident }) => [incidentKey(incident), incident]));

test("the incidents of a fleet are those that the package reports, as time passes", async () => {
  const { simulator, scheduler } = simulated({ docs: 2000, seed: 3 });
  const rows = new Rows(docRow);
  const incidents = new Incidents();
  for (let minute = 0; minute < 4; minute++) {
    const docs = await all(scheduler.docs());
    const theirs = await scheduler.incidents();
    assert.ok(theirs.length > 20);
    const delta = await inSlices(rows.replace(docs));
    await incidents.take(/** @type {import("../../www/src/model/rows.js").Delta} */ (delta));
    assert.deepEqual(comparable(incidents.list), comparable(/** @type {any} */ (theirs)));
    const sizes = incidents.list.map(({ total }) => total);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
      "most replications first",
    );
    for (const incident of incidents.list) {
      const same = theirs.find((other) => incidentKey(other) === incidentKey(incident));
      const members = docs.filter((doc) => incidents.rowsOf(incident).some(({ key }) => key === doc.doc_id));
      assert.equal(members.length, incident.total);
      const began = members.flatMap((doc) => diagnose(doc)?.since ?? []).sort()[0];
      assert.equal(incident.began, began);
      if (incident.message.startsWith("Different reasons")) {
        assert.ok(new Set(members.map((doc) => diagnose(doc)?.message)).size > 1);
        assert.ok(!theirs.some(({ message }) => message === incident.message));
      } else assert.equal(incident.message, same?.message);
    }
    simulator.clock.advance(60_000);
  }
});

test("after each of many changes they are equal to a fresh grouping", () =>
  forEachSeed(30, async (random) => {
    const { scheduler } = simulated({ docs: 300, seed: random.whole(1, 1000) });
    const fleet = await all(scheduler.docs());
    const failing = fleet.filter(({ state }) => UNHEALTHY.includes(state ?? ""));
    const rows = new Rows(docRow);
    const incidents = new Incidents();
    /** @type {Map<string, ReplicationDoc>} */
    const docs = new Map();
    for (let step = 0; step < 20; step++) {
      for (let i = random.whole(0, 60); i > 0; i--) {
        const { doc_id } = random.pick(fleet);
        const doc = random.pick(random.chance(0.7) ? failing : fleet);
        if (random.chance(0.3)) docs.delete(doc_id);
        else docs.set(doc_id, { ...doc, doc_id, last_updated: `2026-11-22T22:00:${random.whole(10, 59)}Z` });
      }
      const delta = await inSlices(rows.replace([...docs.values()]));
      const taken = incidents.take(/** @type {import("../../www/src/model/rows.js").Delta} */ (delta));
      // A refresh can arrive while the one before it is still worked on.
      if (random.chance(0.3)) continue;
      await taken;
      const fresh = await incidentsOf(random.chance(0.5) ? [...docs.values()] : [...docs.values()].reverse());
      assert.deepEqual(incidents.list, fresh.list);
    }
  }));

/** @param {string} doc_id @param {string} source @param {string} error */
const crashing = (doc_id, source, error) =>
  /** @type {ReplicationDoc} */ (
    /** @type {unknown} */ ({
      database: "_replicator",
      doc_id,
      state: "crashing",
      error_count: 1,
      last_updated: "2026-11-22T22:00:00Z",
      source,
      target: "http://b.test/db/",
      info: { error },
    })
  );

/** @param {string} name */
const missing = (name) =>
  crashing(name, `http://a.test/${name}/`, `db_not_found: could not open http://a.test/${name}/`);

test("a message names a database only if all have it, and gives an example of different reasons", async () => {
  const message = async (/** @type {ReplicationDoc[]} */ ...docs) => {
    const { list } = await incidentsOf(docs);
    assert.equal(list.length, 1);
    return list[0]?.message ?? "";
  };
  assert.match(await message(missing("db")), /http:\/\/a\.test\/db\/ cannot/);
  assert.match(await message(missing("db"), missing("db2")), /http:\/\/a\.test\/… cannot/);
  // The `filter` of a replication can be unusable in several ways.
  const filter = (/** @type {string} */ name, /** @type {string} */ error) =>
    crashing(name, "http://a.test/db/", error);
  const first = filter(
    "x",
    "Couldn't open document `_design/shop` from source database `http://a.test/db/`: not_found",
  );
  const other = filter(
    "z",
    "Couldn't open document `_design/till` from source database `http://a.test/db/`: not_found",
  );
  assert.match(await message(first, other), /^Different reasons, for example: .*shop/);
});

test("a message is without the names of targets, too, and of nested databases", async () => {
  const forbidden = (/** @type {string} */ name) =>
    /** @type {ReplicationDoc} */ ({
      ...crashing(
        name,
        "http://a.test/db/",
        `{replication_auth_error,{http_request_failed,"PUT","http://b.test/${name}/_local/x",{error,{code,403}}}}`,
      ),
      target: `http://b.test/${name}/`,
    });
  const docs = [forbidden("one"), forbidden("two")];
  const [alone] = (await incidentsOf(docs.slice(0, 1))).list;
  assert.match(alone?.message ?? "", /b\.test\/one/);
  const { list } = await incidentsOf(docs);
  assert.equal(list.length, 1);
  assert.doesNotMatch(list[0]?.message ?? "", /one|two|^Different/);
  const nested = ["http://a.test/db", "http://a.test/db/sub"];
  assert.equal(withoutNames("The target http://a.test/db/sub is full.", nested), "The target http://a.test/… is full.");
});

test("the hint is that of a row that CouchDB retries, if there is one", async () => {
  const failed = /** @type {ReplicationDoc} */ ({ ...missing("a"), state: "failed" });
  const [permanent] = (await incidentsOf([failed])).list;
  const [both] = (await incidentsOf([failed, missing("b")])).list;
  assert.equal(both?.total, 2);
  assert.notEqual(both?.hint, permanent?.hint);
  assert.equal(both?.hint, diagnose(missing("b"))?.hint);
});

test("an incident ends with its last failing row", async () => {
  const doc = crashing("a", "http://a.test/db/", "db_not_found: could not open http://a.test/db/");
  const rows = new Rows(docRow);
  const incidents = new Incidents();
  const take = async (/** @type {ReplicationDoc[]} */ ...docs) =>
    incidents.take(/** @type {any} */ (await inSlices(rows.replace(docs))));
  await take(doc);
  assert.equal(incidents.list.length, 1);
  await take(/** @type {ReplicationDoc} */ ({ ...doc, state: "running", info: null }));
  assert.deepEqual(incidents.list, []);
  assert.deepEqual(incidents.rowsOf({ cause: "database_missing", side: "source", host: "a.test" }), []);
});

test("ten thousand failing rows are grouped in many short pieces", async (t) => {
  const docs = Array.from({ length: 10_000 }, (_, n) => docRow(missing(`d${n}`)));
  // Each look at the clock is 10 ms later: every piece ends as early as it can.
  let looks = 0;
  t.mock.method(performance, "now", () => 10 * looks++);
  const incidents = new Incidents();
  await incidents.take({ added: docs, changed: [], removed: [] });
  assert.equal(incidents.list[0]?.total, 10_000);
  const rowsOfPiece = docs.length / (looks / 2);
  assert.ok(rowsOfPiece <= 30, `${rowsOfPiece} rows without an interruption`);
});

test("ten thousand hosts that fail are as many short pieces, in the order of their keys", async (t) => {
  const docs = Array.from({ length: 10_000 }, (_, n) => {
    const source = `http://h${n}.test/db/`;
    return docRow(crashing(`d${n}`, source, `db_not_found: could not open ${source}`));
  });
  let looks = 0;
  t.mock.method(performance, "now", () => 10 * looks++);
  const incidents = new Incidents();
  await incidents.take({ added: docs, changed: [], removed: [] });
  const keys = incidents.list.map(incidentKey);
  assert.equal(keys.length, 10_000);
  assert.deepEqual(keys, keys.toSorted());
  assert.equal(incidents.get(keys[99] ?? ""), incidents.list[99]);
  assert.ok(looks / 2 >= docs.length, `${looks / 2} pieces`);
});
