// @ts-check
// updateReplication(): against the simulator or a real server, and what it refuses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Replicator } from "couchdb-scheduler";
import { valueText } from "../../pkg-template/insight/json-text.js";
import { OneDocument } from "../support/one-document.js";
import { errorOf } from "../support/promises.js";
import { randomOf } from "../support/random.js";
import { COUCHDB_URL, simulated, testOfSimulator, testServer } from "../support/server.js";

const TEXT =
  '{"_id":"a","_rev":"7-abc","source":"http://u:S3CR3T-a@h.test/a","target":{"url":"http://h.test/b","headers":' +
  '{"X-Key":"S3CR3T-b"}},"selector":{"10":1.0}}';

test("updateReplication() writes the changed fields, and returns their names", async () => {
  const server = new OneDocument(TEXT);
  const basic = { username: "u", password: "S3CR3T-new" };
  const changes = { continuous: true, source: { auth: { basic } }, workerProcesses: 2, create_target: undefined };
  assert.deepEqual(await server.replicator().updateReplication("a", changes), {
    id: "a",
    rev: server.rev,
    rewinds: false,
    changed: ["continuous", "source", "worker_processes"],
  });
  assert.equal(server.puts.length, 1);
  const [, rest] = TEXT.split('"http://u:S3CR3T-a@h.test/a"');
  assert.equal(
    server.puts[0],
    `{"_id":"a","_rev":"7-abc","source":{"url":"http://h.test/a","auth":{"basic":${JSON.stringify(basic)}}}${rest.slice(0, -1)}` +
      ',"continuous":true,"worker_processes":2}',
  );
  assert.deepEqual(server.requests, ["GET /_replicator/a", "PUT /_replicator/a"]);
});

test("updateReplication() writes nothing if nothing changes", async () => {
  const server = new OneDocument(TEXT);
  for (const changes of [{}, { source: "http://u:S3CR3T-a@h.test/a" }, { selector: { 10: 1 }, continuous: null }]) {
    const updated = await server.replicator().updateReplication("a", changes);
    assert.deepEqual(updated, { id: "a", rev: "7-abc", rewinds: false, changed: [] });
  }
  assert.deepEqual(server.puts, []);
});

test("updateReplication() refuses what begins from the beginning, unless allowRewind", async () => {
  for (const [changes, names] of /** @type {[import("couchdb-scheduler").ReplicationChanges, string][]} */ ([
    [{ source: { auth: { basic: { username: "other", password: "S3CR3T-c" } } } }, "source.auth"],
    [{ target: { headers: { "X-Key": "S3CR3T-c" } } }, "target.headers"],
    [{ target: "http://h.test:6984/S3CR3T-c", docIds: ["S3CR3T-c"] }, "target.url and target.headers and doc_ids"],
    [{ selector: null }, "selector"],
  ])) {
    const server = new OneDocument(TEXT);
    for (const options of [undefined, {}, { allowRewind: false }]) {
      const error = await errorOf(server.replicator().updateReplication("a", changes, options));
      assert.deepEqual([error.code, error.status, error.method], ["would_rewind", null, "GET"]);
      assert.equal(
        error.message,
        `a change of ${names} makes this another replication for CouchDB, which begins from the beginning instead of its ` +
          "checkpoint; nothing was written. Pass { allowRewind: true } to change it all the same " +
          "(GET http://couch.test/_replicator/a)",
      );
      assert.ok(!inspect(error).includes("S3CR3T"));
    }
    assert.deepEqual(server.puts, []);
    const { rewinds } = await server.replicator().updateReplication("a", changes, { allowRewind: true });
    assert.deepEqual([rewinds, server.puts.length], [true, 1]);
  }
});

test("updateReplication() decides by the document that it edits: another client may have changed it meanwhile", async () => {
  const server = new OneDocument(TEXT);
  const selector = { 10: 2 };
  server.happenings = [{ before: () => server.write(server.text.replace('{"10":1.0}', '{"10":2},"note":1')) }];
  const options = { allowRewind: true };
  const { rewinds, changed } = await server.replicator().updateReplication("a", { selector }, options);
  assert.deepEqual([rewinds, changed], [false, []]);
});

test("updateReplication() makes a bare name the URL of a database on this server, with the client's credentials", async () => {
  const server = new OneDocument(TEXT);
  const auth = { username: "admin", password: "pw" };
  await server.replicator({ auth }).updateReplication("a", { source: "team/x" }, { allowRewind: true });
  assert.deepEqual(JSON.parse(valueText(server.text, "source") ?? ""), {
    auth: { basic: auth },
    url: "http://couch.test/team%2Fx",
  });
  const wrong = server.replicator().updateReplication("a", { target: { url: "S3CR3T not a URL" } });
  await assert.rejects(wrong, (/** @type {any} */ error) => {
    assert.ok(error instanceof RangeError);
    assert.match(error.message, /^updateReplication: target must be a URL that begins with http/);
    return !error.message.includes("S3CR3T");
  });
});

test("updateReplication() refuses changes that no document can have, and sends nothing", async () => {
  const server = new OneDocument(TEXT);
  for (const [changes, message] of /** @type {[any, RegExp][]} */ ([
    [undefined, /^updateReplication: changes must be an object with the fields to change, not undefined/],
    [null, /changes must be .*not null/],
    ["S3CR3T", /changes must be .*not this string/],
    [[], /changes must be/],
    [{ id: "b" }, /^updateReplication: id must be left out: a document keeps its id/],
    [{ _id: "b" }, /_id must be left out/],
    [{ _rev: "1-a" }, /_rev must be left out: the current revision is changed/],
    [{ _replication_state: "completed" }, /_replication_state must be left out: CouchDB alone writes it/],
    [{ fields: { _replication_id: "S3CR3T" } }, /_replication_id must be left out/],
    [{ fields: { _other: 1 } }, /_other is not a field that can be written/],
    [{ fields: { continuous: true } }, /continuous is a known field: move it out of `fields`/],
    [{ fields: null }, /fields must be a plain object, not null/],
    [{ continous: true }, /continous is not a field.*did you mean "continuous"/],
    [{ continuous: "S3CR3T" }, /continuous must be true or false, not this string/],
    [{ createTarget: true, create_target: true }, /create_target is given twice/],
    [{ source: null }, /source must be a URL.*not null/],
    [{ source: { url: null } }, /source must be a URL.*not null/],
    [{ source: { auth: "S3CR3T" } }, /source\.auth must be \{ basic/],
    [{ source: { user: "S3CR3T" } }, /source\.user is unknown: an end has url, headers and auth/],
    [{ auth: {} }, /auth is not a field.*belongs to an end/],
    [{ source: "http://u:*****@h.test/a" }, /source holds a masked value.*Leave out what does not change$/],
    [{ target: { headers: { "X-Key": "*****" } } }, /target\.headers\.X-Key holds a masked value/],
  ])) {
    await assert.rejects(server.replicator().updateReplication("a", changes), (/** @type {any} */ error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
      assert.match(error.message, /^updateReplication: /);
      assert.match(error.message, message);
      return !error.message.includes("S3CR3T");
    });
  }
  assert.deepEqual(server.requests, []);
});

testOfSimulator("a changed password heals a replication, from its checkpoint", async () => {
  const { simulator, scheduler } = simulated({ clock: { speed: 20 } });
  const auth = { username: "admin", password: "pass" };
  const replicator = new Replicator("http://couch.test:5984", { auth, fetch: simulator.fetch });
  for (const name of ["from", "to"]) {
    const headers = { authorization: `Basic ${btoa("admin:pass")}` };
    await simulator.fetch(`http://couch.test:5984/${name}`, { method: "PUT", headers });
  }
  const source = { url: "http://couch.test:5984/from", auth: { basic: { ...auth, password: "wrong" } } };
  await replicator.createReplication({ id: "a", source, target: "to", continuous: true });
  const { id } = await scheduler.waitFor("a", { until: ["crashing"], interval: 10 });
  const { changed, rewinds } = await replicator.updateReplication("a", { source: { auth: { basic: auth } } });
  assert.deepEqual([changed, rewinds], [["source"], false]);
  assert.equal((await scheduler.waitFor("a", { until: ["running"], interval: 10 })).id, id);
});

test("a completed replication runs again with its changes", async (t) => {
  const server = await testServer(t, { clock: { speed: 20 } });
  const database = await server.createDatabase();
  const [scheduler, replicator] = [server.scheduler(), new Replicator(server.client())];
  const names = ["from", "to"].map((name) => `${database.split("/")[0]}-${name}`);
  for (const name of names) {
    await server.request("PUT", `/${name}`);
    t.after(() => server.request("DELETE", `/${name}`));
  }
  await replicator.createReplication({ id: "a", source: names[0], target: names[1] }, { database });
  await scheduler.waitFor("a", { until: ["completed"], interval: 20, database });
  await replicator.updateReplication("a", { fields: { note: "seen" } }, { database });
  assert.equal(await replicator.replicationState("a", { database }), "completed");
  const { changed } = await replicator.updateReplication("a", { continuous: true }, { database });
  assert.deepEqual(changed, ["continuous"]);
  await scheduler.waitFor("a", { until: ["running"], interval: 20, database });
  /** @type {any} */
  const document = await replicator.getReplication("a", { database });
  assert.deepEqual([document.note, document.continuous, document._replication_state], ["seen", true, undefined]);
});

/**
 * What a document can have, and what it can be changed to: anything of it. Nothing listens at its ends, so that no wrong password
 * locks an account.
 *
 * @param {import("../support/random.js").Random} random
 */
function randomFields(random) {
  const user = () => random.pick(["ann", "bob"]);
  const host = "127.0.0.1:9";
  const headers = () =>
    Object.fromEntries(
      random.some([
        ["X-A", "1"],
        ["x-a", "1"],
        ["X-B", user()],
        ["Accept", "application/json"],
        ["Authorization", `Basic ${btoa(`${user()}:${user()}`)}`],
      ]),
    );
  const end = (/** @type {string} */ name) =>
    random.pick([
      `http://${host}/${name}`,
      `http://${user()}:${user()}@${host}/${name}`,
      { url: `http://${host}/${name}/` },
      { url: `http://${host}/${name}`, auth: { basic: { username: user(), password: user() } } },
      { url: `http://${host}/${name}`, headers: headers() },
      { url: `http://${user()}:x@${host}/${name}`, headers: headers() },
    ]);
  /** @type {[string, () => any][]} */
  const options = [
    ["continuous", () => random.chance(0.5)],
    ["create_target", () => random.chance(0.5)],
    ["worker_processes", () => random.whole(1, 3)],
    ["winning_revs_only", () => random.chance(0.5)],
    ["since_seq", () => random.pick([0, "0"])],
  ];
  /** @type {[string, () => any][]} */
  const choices = [
    ["doc_ids", () => random.pick([["a", "b"], ["b", "a", "a"], ["a%20b"], ["a b"]])],
    ["selector", () => random.pick([{ t: "x" }, { t: { $eq: "x" } }, { a: 1, b: 2 }, { b: 2, a: 1 }])],
  ];
  const fields = random.some(options);
  if (random.chance(0.4)) fields.push(random.pick(choices));
  return { end, fields: Object.fromEntries(fields.map(([name, value]) => [name, value()])) };
}

const COUNT = COUCHDB_URL === undefined ? 150 : 40;

test(`the ids that the server gives to ${COUNT} replications change exactly if updateReplication() says so`, async (t) => {
  const server = await testServer(t, { clock: { speed: 50 } });
  const database = await server.createDatabase();
  const replicator = new Replicator(server.client());
  const random = randomOf(Number(process.env.SEED ?? 7));
  const ids = Array.from({ length: COUNT }, (_, i) => `r${i}`);
  /** Replications that crash have an id. @param {string} id @param {number} i */
  const documentOf = (id, i) => {
    const { end, fields } = randomFields(random);
    return { _id: id, source: end("no-such-database"), target: end(`none-${i}`), ...fields };
  };
  await server.write(database, ids.map(documentOf));
  /** Waits until each row fits. @param {(row: any) => boolean} fits */
  const rows = async (fits) => {
    for (;;) {
      const { docs } = await server.request("GET", `/_scheduler/docs/${encodeURIComponent(database)}?limit=1000`);
      const known = new Map(
        docs.filter((/** @type {any} */ row) => row.id !== null).map((/** @type {any} */ row) => [row.doc_id, row]),
      );
      if (ids.every((id) => known.has(id) && fits(known.get(id)))) return known;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const before = await rows(({ state }) => state === "crashing");
  /** @type {Map<string, import("couchdb-scheduler").Updated>} */
  const updates = new Map();
  for (const [i, id] of ids.entries()) {
    const { end, fields } = randomFields(random);
    const removed = Object.keys(await replicator.getReplication(id, { database })).filter((name) =>
      ["doc_ids", "selector"].includes(name),
    );
    const changes = {
      ...Object.fromEntries(
        removed.map((name) => [
          name,
          random.chance(0.3) || "doc_ids" in fields || "selector" in fields ? null : undefined,
        ]),
      ),
      ...fields,
      ...(random.chance(0.4) && { source: end("no-such-database") }),
      ...(random.chance(0.4) && { target: end(`none-${i}`) }),
      ...(random.chance(0.1) && { source: { auth: { basic: { username: "ann", password: "new" } } } }),
      // Restarts it, so that its row is new.
      checkpointInterval: 5000 + i,
    };
    updates.set(id, await replicator.updateReplication(id, changes, { database, allowRewind: true }));
  }
  const after = await rows(({ doc_id, start_time }) => start_time !== before.get(doc_id)?.start_time);
  const base = (/** @type {any} */ row) => row.id.split("+")[0];
  for (const id of ids) {
    const isOther = base(before.get(id)) !== base(after.get(id));
    assert.equal(
      updates.get(id)?.rewinds,
      isOther,
      `${id}: ${inspect([before.get(id), after.get(id), updates.get(id)])}`,
    );
  }
  const rewinding = [...updates.values()].filter(({ rewinds }) => rewinds).length;
  assert.ok(rewinding > COUNT * 0.2 && rewinding < COUNT * 0.95, `${rewinding} of ${COUNT}`);
});
