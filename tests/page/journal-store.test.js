// @ts-check
// The journal in the storage of a browser: bounded, for several tabs, and without it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { fromRoot } from "../../scripts/lib/paths.js";
import { newContext } from "./browsers/index.js";

/** @typedef {import("../../www/src/model/journal.js").Entry} Entry */

const MINUTE = 60_000;
const COUNT = { total: 10, unhealthy: 1 };
const URL_OF_SERVER = "https://admin:correct-horse@berlin.test:6984/couch";

const server = createServer();
before(async () => {
  const contents = `
    export { Journal } from "./journal.js";
    export { MAX_AGE, MAX_ENTRIES, inMemory, onDisk } from "./journal-store.js";`;
  const bundled = await build({
    stdin: { contents, resolveDir: fromRoot("www", "src", "connection") },
    bundle: true,
    format: "iife",
    globalName: "journal",
    write: false,
  });
  const script = bundled.outputFiles[0]?.text;
  server.on("request", (_, response) =>
    response
      .writeHead(200, { "Content-Type": "text/html" })
      .end(
        `<!doctype html><meta charset="utf-8"><title>Journal</title><script>${script?.replaceAll("</", "<\\/")}</script>`,
      ),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

after(() => {
  server.close();
  server.closeAllConnections();
});

/** @param {import("node:test").TestContext} t @param {() => void} [initially] */
async function open(t, initially) {
  const context = await newContext();
  t.after(() => context.close());
  if (initially) await context.addInitScript(initially);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`);
  return page;
}

/** Everything that the page defines. @type {any} */
let journal;

test("is there again after a reload, for its list only", async (t) => {
  const page = await open(t);
  const write = () =>
    page.evaluate(
      async ([url, count]) => {
        const store = await journal.onDisk(url, "docs _replicator");
        const other = await journal.onDisk(url, "docs other/_replicator");
        await other.write([{ id: "x", at: 1, until: Date.now(), keys: ["x"] }], Date.now(), count);
        const entry = { id: "a", at: 1, until: Date.now(), keys: ["a"], times: 1 };
        await store.write([entry], Date.now(), count);
        await store.write([{ ...entry, times: 2 }], Date.now(), count);
      },
      /** @type {const} */ ([URL_OF_SERVER, COUNT]),
    );
  await write();
  await page.reload();
  const { entries, sessions } = await page.evaluate(
    // Another user of the same server.
    async (url) => (await journal.onDisk(url.replace("admin", "root"), "docs _replicator")).read(0),
    URL_OF_SERVER,
  );
  assert.deepEqual(
    entries.map((/** @type {Entry} */ { id, times }) => [id, times]),
    [["a", 2]],
  );
  assert.equal(sessions.length, 1);
  const everything = JSON.stringify([entries, sessions]);
  for (const word of ["berlin", "admin", "correct-horse"]) assert.ok(!everything.includes(word), word);
});

test("two tabs write nothing twice, and lose nothing when one is closed", async (t) => {
  const page = await open(t);
  const result = await page.evaluate(
    async ([url, count, minute]) => {
      const [one, two] = [await journal.onDisk(url, "docs"), await journal.onDisk(url, "docs")];
      const now = Date.now();
      const entry = (/** @type {string} */ id, /** @type {number} */ at) => ({ id, at, until: at, keys: [id] });
      const written = [];
      // Both see the same, at slightly different times.
      written.push(await one.write([entry("a of one", now)], now, count));
      written.push(await two.write([entry("a of two", now - 1)], now, count));
      written.push(await one.write([entry("b of one", now + 5)], now + 5, count));
      // The first one is gone; only the second sees this.
      const pending = [entry("a of two", now - 1), entry("b of two", now + 4), entry("c of two", now + minute)];
      written.push(await two.write(pending, now + minute, count));
      written.push(await two.write(pending, now + 3 * minute, count));
      written.push(await one.write([entry("d of one", now + 3 * minute)], now + 3 * minute, count));
      return { written, ...(await two.read(0)) };
    },
    /** @type {const} */ ([URL_OF_SERVER, COUNT, MINUTE]),
  );
  assert.deepEqual(result.written, [true, false, true, false, true, false]);
  assert.deepEqual(
    result.entries.map((/** @type {Entry} */ { id }) => id),
    ["a of one", "b of one", "c of two"],
  );
  assert.equal(result.sessions.length, 1);
});

test("is bounded in number and age", async (t) => {
  const page = await open(t);
  const { kept, oldest, old, max } = await page.evaluate(
    async ([url, count]) => {
      const { MAX_AGE, MAX_ENTRIES, onDisk } = journal;
      const [store, other] = [await onDisk(url, "docs"), await onDisk(url, "jobs")];
      const now = Date.now();
      const before = now - MAX_AGE - 1000;
      await other.write([{ id: "old", at: before, until: before }], before, count);
      const entries = Array.from({ length: MAX_ENTRIES + 700 }, (_, i) => ({
        id: `${i}`,
        at: now + i,
        until: now + i,
      }));
      // In parts: WebKit takes minutes for all in one transaction.
      for (let i = 0; i < entries.length; i += 2000) await store.write(entries.slice(i, i + 2000), now, count);
      const kept = (await store.read(0)).entries;
      return { kept: kept.length, oldest: kept[0].id, old: await other.read(0), max: MAX_ENTRIES };
    },
    /** @type {const} */ ([URL_OF_SERVER, COUNT]),
  );
  assert.deepEqual({ kept, oldest, old }, { kept: max, oldest: "700", old: { entries: [], sessions: [] } });
});

test("the memory of the page is bounded, too", async (t) => {
  const page = await open(t);
  const kept = await page.evaluate(async (count) => {
    const store = journal.inMemory();
    for (let i = 0; i < 5000; i++) await store.write([{ id: `${i}`, at: i, until: i }], i, count);
    return (await store.read(0)).entries;
  }, COUNT);
  assert.equal(kept.length, 2000);
  assert.equal(kept[0].id, "3000");
});

/** A journal that sees a replication fail. @param {import("playwright-core").Page} page @param {boolean} [isOnDisk] */
const seeFailure = (page, isOnDisk = true) =>
  page.evaluate(
    async ([url, count, isOnDisk]) => {
      const here = new journal.Journal({ url, list: "docs" }, () => isOnDisk);
      Object.assign(window, { here });
      const row = { key: "a", state: "running", isRetrying: false };
      const diagnosis = { cause: "timeout", side: null };
      await here.see({ added: [row], changed: [], removed: [] }, true, count);
      await here.see(
        { added: [], changed: [{ previous: row, row: { ...row, state: "crashing", diagnosis } }], removed: [] },
        false,
        count,
      );
      return { isOnDisk: here.isOnDisk, ...(await here.read(0)) };
    },
    /** @type {const} */ ([URL_OF_SERVER, COUNT, isOnDisk]),
  );

/** @type {any} */
let here;

/** What is on disk. @param {import("playwright-core").Page} page @returns {Promise<number>} */
const onDisk = (page) =>
  page.evaluate(async (url) => (await (await journal.onDisk(url, "docs")).read(0)).entries.length, URL_OF_SERVER);

test("is on disk only if this is wanted, and can be deleted", async (t) => {
  const page = await open(t);
  const { isOnDisk, entries, sessions } = await seeFailure(page, false);
  assert.deepEqual([isOnDisk, entries.length, sessions.length], [false, 1, 1], "in memory");
  assert.equal(await onDisk(page), 0);
  await page.evaluate(() => here.keep(true));
  assert.equal(await onDisk(page), 1, "with what has been seen before");
  assert.equal(await page.evaluate(() => localStorage["couchdb-scheduler.journal"]), "true");
  await page.evaluate(() => here.keep(false));
  assert.equal(await page.evaluate(() => localStorage["couchdb-scheduler.journal"]), "false");
  assert.equal(await onDisk(page), 1, "entries stay until the user deletes them");
  await page.evaluate(() => here.clear());
  assert.equal(await onDisk(page), 0);
  assert.deepEqual(await page.evaluate(() => here.read(0)), { entries: [], sessions: [] });
});

test("works without storage", async (t) => {
  const page = await open(t, () => Object.defineProperty(window, "indexedDB", { value: undefined }));
  const { isOnDisk, entries } = await seeFailure(page);
  assert.deepEqual([isOnDisk, entries.length], [false, 1]);
});

test("works if the storage is full, or closed by a newer version of the page", async (t) => {
  const full = await open(t, () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  assert.deepEqual(
    (await seeFailure(full)).entries.map((/** @type {Entry} */ { keys }) => keys),
    [["a"]],
  );

  const page = await open(t);
  assert.equal((await seeFailure(page)).isOnDisk, true);
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("couchdb-scheduler-journal", 99);
        request.onsuccess = resolve;
        request.onblocked = reject;
      }),
  );
  assert.equal((await seeFailure(page)).entries.length, 1);
});

test("a transaction that is aborted, as when the page is left, is an error of its caller only", async (t) => {
  const page = await open(t);
  const outcome = await page.evaluate(async () => {
    /** @type {string[]} */
    const unhandled = [];
    addEventListener("unhandledrejection", ({ reason }) => unhandled.push(String(reason)));
    const { getAll } = IDBIndex.prototype;
    IDBIndex.prototype.getAll = function (...args) {
      const request = getAll.apply(this, args);
      queueMicrotask(() => this.objectStore.transaction.abort());
      return request;
    };
    const store = await /** @type {any} */ (window).journal.onDisk("https://a.test", "docs");
    const refused = await store.read(0).catch((/** @type {Error} */ { name }) => name);
    IDBIndex.prototype.getAll = getAll;
    // By then the browser has reported what was not handled.
    await store.read(0);
    const { entries } = await store.read(0);
    return { refused, entries, unhandled };
  });
  assert.deepEqual(outcome, { refused: "AbortError", entries: [], unhandled: [] });
});
