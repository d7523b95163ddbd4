// @ts-check
// verify(): what the target lacks, and which answers are believed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { errorOf } from "../support/promises.js";
import { changesPage, json, ORIGIN, replicationAnswering } from "../support/replication-answers.js";
import { simulated, testOfSimulator } from "../support/server.js";

/** @typedef {import("../support/replication-answers.js").Answer} Answer */

/** @param {string} file @param {string} name @returns {any} the recorded response */
function recorded(file, name) {
  const calls = JSON.parse(readFileSync(new URL(`../recordings/beyond/${file}.json`, import.meta.url), "utf8"));
  return JSON.parse(calls.find((/** @type {any} */ call) => call.name === name).body);
}

/** The target has nothing. @type {Answer} */
const allMissing = ({ body }) => Object.fromEntries(Object.entries(body).map(([id, missing]) => [id, { missing }]));

/** A source with one page. @param {Record<string, string[]>} revisions @returns {Answer} */
const onePage =
  (revisions) =>
  ({ query, body }) => {
    const ids = query.get("filter") === "_doc_ids" ? body.doc_ids : Object.keys(revisions);
    return changesPage(Object.fromEntries(Object.entries(revisions).filter(([id]) => ids.includes(id))), "9-x");
  };

describe("recorded responses", () => {
  test("the nine refused documents are found", async () => {
    const changes = recorded("36-refused", "find-changes-0");
    const difference = recorded("36-refused", "find-revs-diff-0");
    const row = recorded("36-refused", "completed-row");
    const { scheduler, asked } = replicationAnswering(
      {
        "source/_changes": ({ query, body }) => {
          // Nothing changed after the checkpoint.
          if (query.get("since") !== "0") return { ...changes, results: [] };
          const ids = body?.doc_ids;
          return {
            ...changes,
            results: changes.results.filter((/** @type {any} */ { id }) => !ids || ids.includes(id)),
          };
        },
        "target/_revs_diff": () => difference,
      },
      { row: { state: row.state, id: row.id, info: row.info } },
    );
    const found = await scheduler.verify("r");
    assert.deepEqual(found.docs.map(({ doc_id }) => doc_id).sort(), [
      "_design/dd",
      "att-refused",
      "bad0",
      "bad1",
      "bad2",
      "big0",
      "confl",
      "gonebad",
      "unauth0",
    ]);
    assert.deepEqual(
      found.docs.map(({ revs }) => revs),
      found.docs.map(({ doc_id }) => difference[doc_id].missing),
    );
    assert.deepEqual([found.refused, found.in_flight, found.complete, found.checked], [9, 0, false, 22]);
    const since = asked.map(({ query }) => query.get("since")).filter((seq) => seq !== null);
    assert.deepEqual(since, ["0", "0", row.info.checkpointed_source_seq]);
  });
});

describe("requests", () => {
  test("a document that a feed has twice counts once", async () => {
    const twice = [["1-a"], ["1-a", "2-b"]].map((revs) => ({ id: "a", changes: revs.map((rev) => ({ rev })) }));
    const { scheduler } = replicationAnswering({
      "source/_changes": () => ({ results: twice, last_seq: "9-x", pending: 0 }),
      "target/_revs_diff": allMissing,
    });
    const { in_flight, docs } = await scheduler.verify("r");
    assert.deepEqual([in_flight, docs[0]?.revs], [2, ["1-a", "2-b"]]);
  });

  test("pages follow each other, the next one while this one is compared, and a position is percent-encoded", async () => {
    /** @type {string[]} */
    const order = [];
    let isAhead = (/** @type {unknown} */ _) => {};
    const ahead = new Promise((resolve) => {
      isAhead = resolve;
    });
    const { scheduler, asked } = replicationAnswering({
      "source/_changes": ({ query }) => {
        const since = query.get("since");
        order.push(`page ${since}`);
        if (since === "0") return changesPage({ a: ["1-a"], b: ["1-b"] }, "2-a+b", 1);
        isAhead(undefined);
        return changesPage({ c: ["1-c"] }, "3-x");
      },
      "target/_revs_diff": async ({ body }) => {
        // Responds only if the second page is requested before the first one is compared.
        await ahead;
        order.push(`compared ${Object.keys(body)}`);
        return {};
      },
    });
    /** @type {number[][]} */
    const progress = [];
    const found = await scheduler.verify("r", {
      batchSize: 2,
      onProgress: (checked, total) => progress.push([checked, total]),
    });
    assert.deepEqual(order, ["page 0", "page 2-a+b", "compared a,b", "compared c"]);
    assert.deepEqual(progress, [
      [2, 3],
      [3, 3],
    ]);
    assert.deepEqual(found, {
      complete: true,
      checked: 3,
      refused: 0,
      in_flight: 0,
      extra: null,
      docs: [],
      caveats: [],
    });
    assert.match(
      String(asked.find(({ url }) => url.includes("since=2"))?.url),
      /limit=2&seq_interval=2&since=2-a%2Bb$/,
    );
    assert.ok(asked.every(({ method, path }) => method === "GET" || /_(local_docs|revs_diff)$/.test(path)));
  });

  test("what arrived or was replaced meanwhile is not reported", async () => {
    let comparisons = 0;
    const { scheduler } = replicationAnswering({
      "source/_changes": ({ query }) =>
        query.get("filter") === null
          ? changesPage({ arrived: ["1-a"], replaced: ["1-a"], purged: ["1-a"], missing: ["1-a", "1-b"] }, "4-x")
          : changesPage({ arrived: ["1-a"], replaced: ["2-b"], missing: ["1-b"] }, "4-x"),
      "target/_revs_diff": ({ body }) => {
        if (comparisons++ === 0) return allMissing(/** @type {any} */ ({ body }));
        assert.deepEqual(body, { arrived: ["1-a"], missing: ["1-b"] });
        return { missing: { missing: ["1-b"], possible_ancestors: [] } };
      },
    });
    const { docs, in_flight } = await scheduler.verify("r");
    // Nothing has a checkpoint yet.
    assert.deepEqual(docs, [{ doc_id: "missing", revs: ["1-b"], what: "in_flight", reason: null }]);
    assert.equal(in_flight, 1);
  });

  test("single documents are looked up by at most 100 ids at a time", async () => {
    const revisions = Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`d${n}`, ["1-a"]]));
    const { scheduler, asked } = replicationAnswering({
      "source/_changes": onePage(revisions),
      "target/_revs_diff": allMissing,
    });
    const { in_flight, docs } = await scheduler.verify("r");
    assert.deepEqual([in_flight, docs.length], [250, 100], "a hundred are listed by default");
    assert.equal((await scheduler.verify("r", { list: 7 })).docs.length, 7);
    assert.deepEqual(
      asked.filter(({ path, body }) => path === "source/_changes" && body).map(({ body }) => body.doc_ids.length),
      [100, 100, 50, 100, 100, 50],
    );
  });

  test("a source that changes meanwhile is reported", async () => {
    for (const [pending, caveats] of /** @type {[number[], number][]} */ ([
      [[2, 1, 0], 0],
      [[1, 1, 0], 1],
      [[2, 2, 1, 0], 1],
    ])) {
      const { scheduler } = replicationAnswering({
        "source/_changes": ({ query }) => {
          const page = Number.parseInt(String(query.get("since")), 10);
          return changesPage({ [`d${page}`]: ["1-a"] }, `${page + 1}-x`, pending[page]);
        },
        "target/_revs_diff": () => ({}),
      });
      const found = await scheduler.verify("r");
      assert.equal(found.caveats.filter((text) => text.startsWith("The source changed meanwhile")).length, caveats);
    }
  });

  test("what changed after the checkpoint is in flight, all else that is missing was refused", async () => {
    /** @type {Answer} */
    const checkpoints = ({ body }) => ({
      rows: body.keys.map((/** @type {string} */ key) => ({
        key,
        doc: { _id: key, session_id: "s", source_last_seq: "5-x", history: [] },
      })),
    });
    const { scheduler, asked } = replicationAnswering({
      "source/_local_docs": checkpoints,
      "target/_local_docs": checkpoints,
      "source/_changes": ({ query }) =>
        changesPage(query.get("since") === "5-x" ? { b: ["1-b"] } : { a: ["1-a"], b: ["1-b"] }, "9-x"),
      "target/_revs_diff": allMissing,
    });
    const { complete, refused, in_flight, docs } = await scheduler.verify("r");
    assert.deepEqual([complete, refused, in_flight], [false, 1, 1]);
    assert.deepEqual(
      docs.map(({ doc_id, what }) => [doc_id, what]),
      [
        ["a", "refused"],
        ["b", "in_flight"],
      ],
    );
    // A revision that lost counts as well.
    assert.equal(asked.find(({ query }) => query.get("since") === "5-x")?.query.get("style"), "all_docs");
  });

  test("a completed replication has read everything, so what is missing was refused", async () => {
    const answers = { "source/_changes": onePage({ a: ["1-a"] }), "target/_revs_diff": allMissing };
    const { scheduler } = replicationAnswering(answers, { row: { state: "completed" } });
    const { refused, in_flight, caveats } = await scheduler.verify("r");
    assert.deepEqual([refused, in_flight], [1, 0]);
    assert.match(caveats.join("\n"), /^No checkpoint is known/m);
  });

  test("the document says that a replication is completed while its row has no state, as in a cluster after the end", async () => {
    const changed = { a: ["1-a"], b: ["2-b"] };
    const answers = {
      "source/_changes": (/** @type {{ query: URLSearchParams }} */ { query }) =>
        query.get("since") === "5-x" ? changesPage({ b: ["2-b"] }, "9-x") : changesPage(changed, "9-x"),
      "target/_revs_diff": allMissing,
    };
    const stats = { checkpointed_source_seq: "5-x" };
    const document = { _replication_state: "completed", _replication_stats: stats };
    const { scheduler } = replicationAnswering(answers, { row: { state: null, id: null }, document });
    const { refused, in_flight } = await scheduler.verify("r");
    assert.deepEqual([refused, in_flight], [1, 1]);
  });

  test("a missing checkpoint is known, one that cannot be read is not", async () => {
    const answers = { "source/_changes": onePage({ a: ["1-a"] }), "target/_revs_diff": allMissing };
    assert.deepEqual((await replicationAnswering(answers).scheduler.verify("r")).caveats, []);
    const refuse = () => json({ error: "forbidden", reason: "no" }, 403);
    const refusing = { ...answers, "source/_local_docs": refuse, "target/_local_docs": refuse };
    const { caveats } = await replicationAnswering(refusing).scheduler.verify("r");
    assert.match(caveats.join("\n"), /^The position of the replication in its feed is unknown[^\n]*$/);
  });

  test("the replication's own feed is read", async () => {
    const document = { selector: { z: 1, a: { $gt: null } }, since_seq: "5-a", winning_revs_only: true };
    const { scheduler, asked } = replicationAnswering(
      { "source/_changes": () => changesPage({}, "9-x"), "target/_changes": () => changesPage({}, "9-x") },
      { document },
    );
    const { caveats } = await scheduler.verify("r", { extra: true });
    assert.equal(caveats.length, 3);
    const [source, target] = asked.filter(({ path }) => path.endsWith("/_changes"));
    assert.equal(source?.query.toString(), "style=main_only&limit=1000&seq_interval=1000&since=5-a&filter=_selector");
    assert.deepEqual(source?.body, { selector: document.selector });
    assert.equal(target?.query.toString(), "style=all_docs&limit=1000&seq_interval=1000&since=0");
  });
});

describe("responses that are not believed", () => {
  /** @type {Record<string, Record<string, Answer>>} */
  const WRONG = {
    "a page again and again": { "source/_changes": () => changesPage({ a: ["1-a"] }, "1-x", 5) },
    "pages in a circle": {
      "source/_changes": ({ query }) => changesPage({}, query.get("since") === "1-x" ? "2-x" : "1-x", 5),
    },
    "more rows than requested": {
      "source/_changes": ({ query }) =>
        query.has("limit") ? changesPage({ a: ["1-a"], b: ["1-a"], c: ["1-a"] }, "1-x") : {},
    },
    "an id that is not text": {
      "source/_changes": () => ({ results: [{ id: 7, changes: [{ rev: "1-a" }] }], last_seq: "1-x", pending: 0 }),
    },
    "a row without revisions": { "source/_changes": () => changesPage({ a: [] }, "1-x") },
    "a revision that is not text": {
      "source/_changes": () => ({ ...changesPage({ a: /** @type {any} */ ([null]) }, "1-x") }),
    },
    "no pending": { "source/_changes": () => ({ results: [], last_seq: "1-x" }) },
    "a negative pending": { "source/_changes": () => changesPage({}, "1-x", -1) },
    "no position": { "source/_changes": () => ({ results: [], pending: 0 }) },
    "no list": { "source/_changes": () => ({ results: {}, last_seq: "1-x", pending: 0 }) },
    "an unknown id is missing": { "target/_revs_diff": () => ({ other: { missing: ["1-a"] } }) },
    "an unknown revision is missing": { "target/_revs_diff": () => ({ a: { missing: ["2-a"] } }) },
    "a difference without revisions": { "target/_revs_diff": () => ({ a: {} }) },
    "a list of differences": { "target/_revs_diff": () => [] },
    "a changed document that was not requested": {
      "source/_changes": ({ query }) => changesPage(query.has("filter") ? { other: ["1-a"] } : { a: ["1-a"] }, "1-x"),
    },
    "documents that changed, without a position": {
      "source/_changes": ({ query }) =>
        query.has("filter") ? { results: [], pending: 0 } : changesPage({ a: ["1-a"] }, "1-x"),
    },
    "another document": { "_replicator/r": () => ({ _id: "other" }) },
  };
  for (const [name, answers] of Object.entries(WRONG)) {
    test(name, async () => {
      const { scheduler, asked } = replicationAnswering({
        "source/_changes": onePage({ a: ["1-a"] }),
        "target/_revs_diff": allMissing,
        ...answers,
      });
      const error = await errorOf(scheduler.verify("r", { batchSize: 2 }));
      assert.equal(error.code, "invalid_response");
      assert.ok(error.message.includes(error.url) && error.url.startsWith(ORIGIN), error.message);
      assert.ok(asked.length < 300);
    });
  }

  /** Verifies a feed with these numbers of pending changes, page by page. @param {number[]} pending */
  async function paged(pending) {
    const { scheduler } = replicationAnswering({
      "source/_changes": ({ query }) => {
        const page = Number.parseInt(String(query.get("since")), 10);
        return changesPage({}, `${page + 1}-x`, pending[page]);
      },
    });
    return scheduler.verify("r");
  }
  const times = (/** @type {number} */ count, /** @type {number} */ pending) => Array(count).fill(pending);

  test("a feed whose end does not come closer for 100 pages", async () => {
    assert.equal((await paged([...times(100, 5), 0])).complete, true);
    // Whatever comes closer counts.
    assert.equal((await paged([...times(100, 5), ...times(100, 4), 0])).complete, true);
    assert.equal((await errorOf(paged([...times(101, 5), 0]))).code, "invalid_response");
    assert.equal((await errorOf(paged([3, ...times(100, 5), 0]))).code, "invalid_response");
  });

  test("a feed of many pages", async () => {
    assert.equal((await paged(Array.from({ length: 251 }, (_, n) => 250 - n))).complete, true);
  });

  test("an end that refuses is an error of this end", async () => {
    for (const [path, code] of /** @type {const} */ ([
      ["source/_changes", "forbidden"],
      ["target/_revs_diff", "not_found"],
    ])) {
      const { scheduler } = replicationAnswering({
        "source/_changes": onePage({ a: ["1-a"] }),
        [path]: () => json({ error: code, reason: "no" }, code === "forbidden" ? 403 : 404),
      });
      const error = await errorOf(scheduler.verify("r"));
      assert.equal(error.code, code);
      assert.equal(error.url.split("?")[0], `${ORIGIN}/${path}`);
    }
  });
});

test("no error shows the parameters of a filter", async () => {
  const document = { filter: "d/f", query_params: { token: "s3cret", "a)b": "it's (h1dden)" } };
  for (const answer of [() => json({ error: "forbidden", reason: "no" }, 403), () => ({}), () => json("<html>", 502)]) {
    const { scheduler, asked } = replicationAnswering({ "source/_changes": answer }, { document });
    const error = await errorOf(scheduler.verify("r"));
    assert.equal(asked.at(-1)?.query.get("token"), "s3cret");
    assert.equal(asked.at(-1)?.query.get("a)b"), "it's (h1dden)");
    for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error.stack)]) {
      assert.ok(!/s3cret|h1dden/.test(text), text);
    }
    assert.match(error.url, /&since=0&filter=d%2Ff&…$/);
    assert.ok(error.message.includes(error.url), error.message);
  }
});

test("no error shows what a server or a fetch repeats of a filter's parameters or of a selector", async () => {
  const documents = [
    { filter: "d/f", query_params: { token: "s3cret-1", deep: [{ a: "s3cret 2" }] } },
    { selector: { token: "s3cret-1", deep: { $in: ["s3cret 2"] } } },
  ];
  /** @type {import("../support/replication-answers.js").Answer[]} */
  const answers = [
    ({ url, text }) => json({ error: "bad_request", reason: `no ${url} ${text} s3cret 2` }, 400),
    // As node-fetch says it.
    ({ url, text }) => Promise.reject(Object.assign(new Error(`request to ${url} ${text} failed`), { code: "E_TEST" })),
    ({ url, text }) => Promise.reject(new TypeError("fetch failed", { cause: new Error(url + text) })),
  ];
  for (const document of documents) {
    for (const answer of answers) {
      const { scheduler } = replicationAnswering({ "source/_changes": answer }, { document });
      const error = await errorOf(scheduler.verify("r"));
      assert.ok(error.reason || error.cause instanceof Error);
      for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error.stack)]) {
        assert.ok(!/s3cret(-1|%20| )/.test(text), text);
      }
    }
  }
});

describe("ends on other servers", () => {
  const PASSWORD = "s3cret-of-the-document";
  const row = { source: "https://far.test/source/" };
  const document = {
    source: { url: "https://far.test/source", auth: { basic: { username: "u", password: PASSWORD } } },
  };

  test("are not requested unless the caller says so", async () => {
    const { scheduler, asked } = replicationAnswering({}, { row, document });
    await assert.rejects(scheduler.verify("r"), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(
        error.message,
        /^verify: the source of "r" is on another server: .*endpoints must be "stored".*a function/,
      );
      return !inspect(error).includes(PASSWORD);
    });
    assert.ok(asked.every(({ url }) => url.startsWith(ORIGIN)));
    const { scheduler: other } = replicationAnswering({}, { row, document });
    await assert.rejects(other.verify("r", { endpoints: () => null }), RangeError);
    const { scheduler: onward } = replicationAnswering({}, { row: { target: "https://far.test/target/" } });
    await assert.rejects(onward.verify("r"), /^RangeError: verify: the target of "r" is on another server/);
  });

  test("get their own credentials, and no others, and show none", async () => {
    const answers = {
      "source/_changes": onePage({ a: ["1-a"] }),
      "target/_revs_diff": allMissing,
    };
    const { scheduler, asked } = replicationAnswering(answers, { row, document });
    const found = await scheduler.verify("r", { endpoints: "stored" });
    assert.equal(found.in_flight, 1);
    assert.ok(!inspect(found, { depth: 9 }).includes(PASSWORD));
    const stored = `Basic ${btoa(`u:${PASSWORD}`)}`;
    for (const { url, headers } of asked) {
      assert.equal(headers.get("authorization") === stored, url.startsWith("https://far.test/"), url);
    }
    assert.ok(asked.some(({ url }) => url.startsWith("https://far.test/")));

    const refusing = {
      ...answers,
      "source/_changes": () => json({ error: "unauthorized", reason: `not ${PASSWORD}` }, 401),
    };
    const error = await errorOf(
      replicationAnswering(refusing, { row, document }).scheduler.verify("r", { endpoints: "stored" }),
    );
    assert.equal(error.code, "unauthorized");
    assert.ok(!inspect(error, { depth: 9 }).includes(PASSWORD) && !JSON.stringify(error).includes(PASSWORD));
  });

  test("are requested by the caller's clients", async () => {
    const { scheduler, asked } = replicationAnswering({ "target/_revs_diff": () => ({}) }, { row, document });
    const far = replicationAnswering({ "source/_changes": onePage({ a: ["1-a"] }) });
    /** @type {unknown[]} */
    const questions = [];
    const { complete } = await scheduler.verify("r", {
      endpoints: (url, side) => {
        questions.push([url, side]);
        return far.client;
      },
    });
    assert.equal(complete, true);
    assert.deepEqual(questions, [["https://far.test/source", "source"]]);
    assert.ok(far.asked.some(({ path }) => path === "source/_changes"));
    assert.ok(!asked.some(({ path }) => path === "source/_changes"));
  });
});

describe("the end of a call", () => {
  test("an abort ends all requests", async () => {
    const controller = new AbortController();
    let pages = 0;
    const { scheduler, asked } = replicationAnswering({
      "source/_changes": () => {
        if (++pages === 3) controller.abort(new Error("enough"));
        return changesPage({ a: ["1-a"] }, `${pages}-x`, 1000 - pages);
      },
      "target/_revs_diff": () => ({}),
    });
    await assert.rejects(scheduler.verify("r", { batchSize: 1, signal: controller.signal }), /enough/);
    const { length } = asked;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked.length, length);
    assert.ok(pages < 5);
  });

  test("what onProgress throws is thrown", async () => {
    const { scheduler, asked } = replicationAnswering({
      "source/_changes": ({ query }) =>
        changesPage({ a: ["1-a"] }, `${Number.parseInt(String(query.get("since")), 10) + 1}-x`, 9),
      "target/_revs_diff": () => ({}),
    });
    const thrown = new Error("mine");
    const onProgress = () => {
      throw thrown;
    };
    await assert.rejects(scheduler.verify("r", { batchSize: 1, onProgress }), (error) => error === thrown);
    assert.ok(asked.length < 10);
  });
});

testOfSimulator("verify() of a replication with everything that replicates", async () => {
  const { simulator, scheduler } = simulated();
  const source = simulator.fleet.createDatabase("source");
  simulator.fleet.createDatabase("target");
  source.write("plain", { n: 1 });
  source.write("deleted", { n: 1 });
  source.write("deleted", {}, true);
  source.write("_design/d", { views: {} });
  source.write("attached", { _attachments: { a: { content_type: "text/plain", data: "YQ==" } } });
  source.merge("conflict", ["1-a"], { deleted: false, body: {} });
  source.merge("conflict", ["1-b"], { deleted: false, body: {} });
  source.write("__proto__", { n: 1 });
  const accept = simulator.provoke.refuse("target", () => "nothing at all");
  const authorization = `Basic ${btoa("admin:pass")}`;
  const end = (/** @type {string} */ name) => `http://admin:pass@couch.test:5984/${name}`;
  const put = (/** @type {string} */ id, /** @type {unknown} */ document) =>
    simulator.fetch(`${ORIGIN}/_replicator/${id}`, {
      method: "PUT",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(document),
    });
  await put("r", { source: end("source"), target: end("target") });
  simulator.clock.advance(60_000);
  const refused = await scheduler.verify("r", { list: 3 });
  // Design documents are not validated.
  assert.deepEqual([refused.refused, refused.in_flight, refused.checked], [6, 0, 6]);
  assert.equal(refused.docs.flatMap(({ revs }) => revs).length, 3);
  assert.match(refused.caveats.join(), /purged at the target/);

  accept();
  await put("again", { source: end("source"), target: end("target"), since_seq: 0 });
  simulator.clock.advance(60_000);
  assert.equal((await scheduler.verify("again")).complete, true);
  source.write("later", {});
  assert.deepEqual(
    (await scheduler.verify("again")).docs.map(({ doc_id, what }) => [doc_id, what]),
    [["later", "in_flight"]],
  );
});

test("verify() refuses wrong arguments before any request", async () => {
  const { scheduler, asked } = replicationAnswering({});
  /** @type {[any[], RegExp][]} */
  const cases = [
    [[7], /^TypeError: verify: docId must be a string, not 7/],
    [["r", { list: -1 }], /^RangeError: verify: list must be a whole number from 0 up, not -1/],
    [["r", { batchSize: 0 }], /^RangeError: verify: batchSize must be a whole number from 1 up, not 0/],
    [["r", { extra: 1 }], /^TypeError: verify: extra must be true or false/],
    [["r", { onProgress: 1 }], /^TypeError: verify: onProgress must be a function/],
    [["r", { endpoints: "none" }], /^TypeError: verify: endpoints must be "stored"/],
    [["r", { lists: 1 }], /^TypeError: verify: unknown option "lists"/],
    [["r", { database: "other" }], /^RangeError: verify: database must be/],
  ];
  for (const [args, says] of cases) {
    await assert.rejects(
      /** @type {any} */ (scheduler).verify(...args),
      (error) => says.test(String(error)),
      String(says),
    );
  }
  assert.equal(asked.length, 0);
});
