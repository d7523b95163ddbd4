// @ts-check
// What a replication document reads of its source, and positions in that feed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { feedOf, hideParams, lookupQuery, PLAIN as PLAIN_FEED, pageQuery } from "../../pkg-template/insight/feed.js";
import { valueTexts } from "../../pkg-template/insight/json-text.js";
import { caveatsOf, passedOf, Tally } from "../../pkg-template/insight/verification.js";

/** @param {string} text of a replication document */
const feed = (text) => feedOf(JSON.parse(text), text);

/** @param {string} text @param {string | number} [since] */
const page = (text, since = "7-a/b") => [pageQuery(feed(text), since, 10), feed(text).body];

const PLAIN = "?style=all_docs&limit=10&seq_interval=10&since=7-a%2Fb";

describe("feedOf()", () => {
  test("a plain replication reads everything", () => {
    assert.deepEqual(page('{"source":"a"}'), [PLAIN, undefined]);
    assert.deepEqual(page('{"doc_ids":null,"selector":null,"filter":null,"query_params":{"a":1}}'), [PLAIN, undefined]);
    const plain = { filter: "none", style: "all_docs", since: 0, query: "", body: undefined };
    assert.deepEqual([feed("{}"), feed('{"filter":""}'), PLAIN_FEED], [plain, plain, plain]);
  });

  test("the text of a selector stays as it is", () => {
    const selector = '{"z": 1.0, "10": 12345678901234567890, "2": {"$gt": "a\\"}b"}}';
    assert.deepEqual(page(`{"a":[1,{"selector":2}],"selector" : ${selector} ,"b":1}`), [
      `${PLAIN}&filter=_selector`,
      `{"selector":${selector}}`,
    ]);
    assert.equal(feed('{"selector":{}}').filter, "selector");
  });

  test("ids are decoded as CouchDB decodes them", () => {
    const [query, body] = page(JSON.stringify({ doc_ids: ["a", "a+b", "c%2Fd%C3%A9", "100%", "%ff", 7] }));
    assert.equal(query, `${PLAIN}&filter=_doc_ids`);
    assert.equal(feed('{"doc_ids":[]}').filter, "doc_ids");
    assert.equal(body, '{"doc_ids":["a","a b","c/dé","100%","%ff","7"]}');
    assert.equal(page('{"doc_ids":[]}')[1], '{"doc_ids":[]}');
  });

  test("a filter gets its parameters, and not those of the feed", () => {
    const params = '{"a&b":"c d","n":1.0,"yes":true,"since":"0","limit":1,"style":"x"}';
    assert.deepEqual(page(`{"filter":"dd/f","query_params":${params}}`), [
      `${PLAIN}&filter=dd%2Ff&a%26b=c%20d&n=1.0&yes=true`,
      undefined,
    ]);
    assert.match(String(page('{"filter":"dd/f","query_params":{"a":"(it\'s!)*"}}')[0]), /&a=%28it%27s%21%29%2A$/);
    assert.equal(feed('{"filter":"dd/f_"}').filter, "function");
    assert.equal(feed('{"filter":"_design"}').filter, "builtin");
  });

  test("winning_revs_only and since_seq", () => {
    assert.match(String(page('{"winning_revs_only":true}')[0]), /^\?style=main_only&/);
    assert.equal(feed('{"winning_revs_only":1}').style, "all_docs");
    assert.equal(feed('{"since_seq":"3-x"}').since, "3-x");
    assert.equal(feed('{"since_seq":5}').since, 5);
    assert.equal(feed('{"since_seq":null}').since, 0);
    assert.equal(lookupQuery("main_only", "3-a+b"), "?style=main_only&since=3-a%2Bb&filter=_doc_ids");
  });
});

describe("hideParams()", () => {
  /** What an error says afterwards. @param {string} document @param {string} says with the URL of the request in place of @ */
  function hidden(document, says) {
    const { body } = feed(document);
    const query = pageQuery(feed(document), 0, 10);
    const url = `https://couch.test/source/_changes${query}`;
    const text = says.replaceAll("@", url);
    const error = { message: text, url, reason: text, cause: new Error(text) };
    hideParams(error, query, body);
    const { message, reason, cause } = error;
    assert.equal(reason, message);
    // Parameters stay in the URLs of a cause, without what is secret in them.
    if (says.includes("@")) assert.doesNotMatch(cause.message, /s3cret|h1dden/);
    else assert.equal(cause.message, message);
    const plain = { message: "", url, reason: null };
    hideParams(plain, query, body);
    assert.deepEqual([plain.reason, Object.hasOwn(plain, "cause")], [null, false]);
    return { message, url: error.url };
  }

  const FILTER =
    '{"filter":"d/f","query_params":{"a":"s3cret","b":"short","n":1,"c":[{"d":"h1dden"},"[s3cret"],"e":["1","2","3","4","5","6"]}}';

  test("URLs end where their parameters begin", () => {
    const url = `https://couch.test/source/_changes?style=all_docs&limit=10&seq_interval=10&since=0&filter=d%2Ff&…`;
    assert.deepEqual(hidden(FILTER, "from @ and (@)."), { message: `from ${url} and (${url}).`, url });
    const plain = `https://couch.test/source/_changes${pageQuery(feed("{}"), 0, 10)}`;
    assert.deepEqual(hidden("{}", "from @."), { message: `from ${plain}.`, url: plain });
  });

  test("texts of at least six characters are hidden, in parameters and selectors", () => {
    const says = "s3cret h1dden short [s3cret 1";
    assert.equal(hidden(FILTER, says).message, "***** ***** short ***** 1");
    const selector = '{"selector":{"a":{"$in":["s3cret",{"b":"h1dden"},"short","[s3cret",1]}}}';
    assert.equal(hidden(selector, says).message, "***** ***** short ***** 1");
    assert.equal(hidden('{"doc_ids":["s3cret"]}', says).message, says, "ids are no secrets");
  });

  test("text that begins or continues like JSON is text", () => {
    for (const text of ["[s3cret]", "{s3cret", "s3cret[1]"]) {
      const document = JSON.stringify({ filter: "d/f", query_params: { a: text } });
      assert.equal(hidden(document, `no ${text}`).message, "no *****");
    }
  });

  test("a hundred texts are hidden", () => {
    const texts = Array.from({ length: 101 }, (_, n) => `s3cret-${String(n).padStart(3, "0")}`);
    const says = hidden(JSON.stringify({ selector: { a: { $in: texts } } }), texts.join(" ")).message;
    assert.equal(says, [...texts.slice(0, 100).map(() => "*****"), texts[100]].join(" "));
  });
});

test("valueTexts() finds the members of an object as text", () => {
  assert.deepEqual(
    [...valueTexts(' { "a" : [1, {"b": "}"}] , "c\\u0041\\"":"x,y:{" ,"d":{},"__proto__":1.50,"a":2 } ')],
    [
      ["a", "2"],
      ['cA"', '"x,y:{"'],
      ["d", "{}"],
      ["__proto__", "1.50"],
    ],
  );
  for (const text of ["[1]", "{}", '"{"', "1", "null", ""]) assert.equal(valueTexts(text).size, 0, text);
});

describe("passedOf()", () => {
  const job = { id: "0a+continuous" };
  const checkpoint = { session_id: "s", source_last_seq: "5-x", history: [{ session_id: "s", recorded_seq: "5-x" }] };

  test("a running job is where its row says, or at its checkpoint", () => {
    const info = { through_seq: "9-x" };
    assert.deepEqual(passedOf({ ...job, state: "running", info }, {}, checkpoint, checkpoint), { seq: "9-x" });
    assert.deepEqual(passedOf({ ...job, state: "running", info: { through_seq: "0" } }, {}, checkpoint, checkpoint), {
      seq: "5-x",
    });
    assert.equal(passedOf({ ...job, state: "running", info: null }, {}, null, null), "nothing");
  });

  test("other jobs start again at their checkpoints", () => {
    // A pending row keeps the position of its last run.
    const row = { ...job, state: "pending", info: { through_seq: "9-x" } };
    assert.deepEqual(passedOf(row, {}, checkpoint, checkpoint), { seq: "5-x" });
    assert.equal(passedOf(row, {}, checkpoint, null), "nothing", "the target lost its checkpoint");
    assert.equal(passedOf(row, { since_seq: 3 }, checkpoint, checkpoint), "nothing");
    assert.equal(passedOf(row, {}, checkpoint, undefined), "unknown");
    const older = { session_id: "t", history: [{ session_id: "r", recorded_seq: "2-x" }] };
    const newer = { ...checkpoint, history: [...checkpoint.history, { session_id: "r", recorded_seq: "2-x" }] };
    assert.deepEqual(passedOf(row, {}, newer, older), { seq: "2-x" });
  });

  test("what has no job", () => {
    const end = { checkpointed_source_seq: "9-x" };
    assert.deepEqual(passedOf({ id: null, state: "completed", info: end }, {}, undefined, undefined), { seq: "9-x" });
    for (const info of [null, {}, { checkpointed_source_seq: "0" }, { checkpointed_source_seq: "<b>" }]) {
      assert.equal(passedOf({ id: null, state: "completed", info }, {}, undefined, undefined), "everything");
    }
    const failed = { id: null, state: "failed", info: null };
    assert.equal(passedOf(failed, {}, undefined, undefined), "unknown");
    // It will begin there.
    assert.equal(passedOf(failed, { since_seq: "3-x" }, undefined, undefined), "nothing");
  });
});

describe("Tally", () => {
  test("all are counted, and the first are listed: refused ones before others", () => {
    const tally = new Tally(4);
    tally.add("in_flight", "f", ["1-a", "1-b", "1-c"]);
    tally.add("extra", "e", ["1-a"]);
    tally.add("refused", "r", ["1-a", "1-b"]);
    tally.add("refused", "s", ["1-a", "1-b", "1-c"]);
    assert.deepEqual([tally.total("refused"), tally.total("in_flight"), tally.total("extra")], [5, 3, 1]);
    const doc = (/** @type {string} */ doc_id, /** @type {string[]} */ revs) => ({
      doc_id,
      revs,
      what: "refused",
      reason: null,
    });
    assert.deepEqual(tally.docs(), [doc("r", ["1-a", "1-b"]), doc("s", ["1-a", "1-b"])]);
  });

  test("a revision that is listed is counted once", () => {
    const tally = new Tally(10);
    tally.add("refused", "a", ["1-a"]);
    tally.add("in_flight", "a", ["1-a", "1-b"]);
    assert.deepEqual([tally.total("refused"), tally.total("in_flight")], [1, 1]);
    assert.deepEqual(
      tally.docs().map(({ revs }) => revs),
      [["1-a"], ["1-b"]],
    );
  });

  test("each kind is listed up to the limit, and what is not listed is not remembered", () => {
    for (const what of /** @type {const} */ (["refused", "in_flight", "extra"])) {
      const tally = new Tally(2);
      tally.add(what, "a", ["1-a"]);
      tally.add(what, "b", ["1-a", "1-b"]);
      tally.add(what, "b", ["1-b"]);
      assert.equal(tally.total(what), 4);
      assert.deepEqual(
        tally.docs().map(({ doc_id, revs }) => [doc_id, revs]),
        [
          ["a", ["1-a"]],
          ["b", ["1-a"]],
        ],
      );
    }
  });

  test("nothing is listed with 0", () => {
    const tally = new Tally(0);
    tally.add("refused", "a", ["1-a"]);
    assert.deepEqual([tally.total("refused"), tally.docs()], [1, []]);
  });
});

test("caveatsOf() says what applies, and nothing else", () => {
  const seen = { feed: feed("{}"), passed: { seq: "1-x" }, refused: 0, in_flight: 0, extra: false, hasMoved: false };
  assert.deepEqual(caveatsOf(seen), []);
  /** @type {[Partial<Parameters<typeof caveatsOf>[0]>, RegExp[]][]} */
  const cases = [
    [{ refused: 1 }, [/purged at the target.*_revs_limit/]],
    [{ in_flight: 1 }, []],
    [{ passed: "unknown", in_flight: 1 }, [/position .* is unknown/]],
    [{ passed: "unknown" }, []],
    [{ passed: "everything", refused: 1 }, [/purged at the target/, /No checkpoint is known/]],
    [{ passed: "everything" }, []],
    [{ feed: feed('{"filter":"a/b"}') }, [/filter ran on the source/]],
    [{ feed: feed('{"selector":{"a":1}}') }, [/deletion .* selector/]],
    [{ feed: feed('{"doc_ids":[]}'), extra: true }, [/has a filter/]],
    [{ feed: feed('{"doc_ids":[]}') }, []],
    [{ extra: true }, []],
    [{ hasMoved: true }, [/source changed meanwhile/]],
    [{ feed: feed('{"since_seq":"now"}') }, [/since_seq/]],
    [{ feed: feed('{"since_seq":0}') }, []],
    [{ feed: feed('{"since_seq":"0"}') }, []],
  ];
  for (const [case_, expected] of cases) {
    const caveats = caveatsOf({ ...seen, ...case_ });
    assert.equal(caveats.length, expected.length, `${JSON.stringify(case_)}: ${caveats}`);
    for (const [i, says] of expected.entries()) assert.match(String(caveats[i]), says);
  }
});
