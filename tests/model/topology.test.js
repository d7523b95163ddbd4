// @ts-check
// Rows as a graph, and where it is drawn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endsOf, isAt, nameOfEnd, zoomOf } from "../../www/src/model/ends.js";
import { EVERYTHING, fitting } from "../../www/src/model/filter.js";
import { docRow } from "../../www/src/model/row.js";
import { gathered, OTHER_DATABASES, OTHER_SERVERS, topologyOf } from "../../www/src/model/topology.js";
import { boxesOf, layout, neighbor, overlap } from "../../www/src/model/topology-layout.js";

/** @typedef {import("../../www/src/model/row.js").Row} Row */

/** @template T @param {Generator<unknown, T, undefined>} work @returns {T} */
function finished(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** @param {number} seed */
function random(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const STATES = /** @type {const} */ (["running", "pending", "completed", "crashing", "failed", "error"]);
let made = 0;

/** @param {string | null} source @param {string | null} target @param {string} [state] @param {number} [errors] @returns {Row} */
const row = (source, target, state = "running", errors = 0) =>
  docRow(
    /** @type {any} */ ({
      database: "_replicator",
      doc_id: `doc-${made++}`,
      source,
      target,
      state,
      error_count: errors,
      info: null,
      last_updated: null,
      node: null,
    }),
  );

/** @param {number} seed @param {number} servers @param {number} many */
function fleet(seed, servers, many) {
  const next = random(seed);
  const end = () => {
    const at = next(servers + 1);
    const name = `db${next(40)}`;
    if (at === 0) return name;
    return next(30) === 0 ? null : `https://user:*****@host${at}.test:6984/${name}/`;
  };
  return Array.from({ length: many }, () => row(end(), end(), STATES[next(STATES.length)], next(3)));
}

test("reads servers and databases from sources and targets", () => {
  assert.deepEqual(endsOf("https://u:*****@a.test:6984/team%2Forders/"), {
    host: "a.test:6984",
    database: "a.test:6984/team/orders",
  });
  assert.deepEqual(endsOf("http://a.test/orders?x=*****"), { host: "a.test", database: "a.test/orders" });
  assert.deepEqual(endsOf("orders"), { host: "", database: "/orders" });
  assert.deepEqual(endsOf("team/orders"), { host: "", database: "/team/orders" });
  assert.deepEqual(endsOf("http://a.test/%E0"), { host: "a.test", database: "a.test/%E0" });
  assert.equal(nameOfEnd(""), "this server");
  assert.equal(nameOfEnd("/orders"), "this server/orders");
  assert.equal(nameOfEnd("a.test/orders"), "a.test/orders");
  assert.ok(isAt("orders", "") && isAt("orders", "/orders") && !isAt("orders", "/order"));
  assert.ok(!isAt(null, ""), "an unknown source is not on this server");
});

test("derives the place from what is chosen", () => {
  assert.equal(zoomOf(null), null);
  assert.equal(zoomOf({ source: "a", target: "b" }), null);
  assert.equal(zoomOf({ either: "a" }), "a");
  assert.equal(zoomOf({ either: "" }), "");
  assert.equal(zoomOf({ either: "/orders" }), "");
  assert.equal(zoomOf({ source: "b", target: "a/orders" }), "a");
});

test("narrows the list to the ends of an arrow or a node", () => {
  const rows = [
    row("https://a.test/x/", "y"),
    row("x", "https://a.test/y/"),
    row("https://b.test/x/", "y"),
    row(null, "y"),
  ];
  const found = (/** @type {import("../../www/src/model/filter.js").Ends} */ ends) => {
    const fits = fitting({ ...EVERYTHING, ends });
    return rows.flatMap((each, at) => (fits(each) ? [at] : []));
  };
  assert.deepEqual(found({ source: "a.test", target: "" }), [0]);
  assert.deepEqual(found({ source: "" }), [1]);
  assert.deepEqual(found({ either: "a.test" }), [0, 1]);
  assert.deepEqual(found({ either: "/y" }), [0, 2, 3]);
  assert.deepEqual(found({ source: "a.test/x", target: "/y" }), [0]);
});

test("counts each replication of a random fleet once", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rows = fleet(seed, 1 + (seed % 7) * 9, 600);
    const known = rows.filter(({ source, target }) => source !== null && target !== null);
    const whole = finished(topologyOf(rows, null));
    const drawn = finished(gathered(whole, 12));
    assert.ok(drawn.nodes.length <= 12);
    for (const { nodes, edges, unknown } of [whole, drawn]) {
      assert.equal(unknown, rows.length - known.length);
      for (const [part, wanted] of /** @type {const} */ ([
        ["total", known.length],
        ["unhealthy", known.filter(({ state }) => ["crashing", "error", "failed"].includes(state)).length],
        ["retrying", known.filter(({ isRetrying }) => isRetrying).length],
      ])) {
        assert.equal(sum(edges.map(({ load }) => load[part])), wanted, `${part}, seed ${seed}`);
      }
      for (const { load } of edges) assert.equal(sum(Object.values(load.states)), load.total);
      for (const { end, load, sends, receives } of nodes) {
        const mine = edges.filter(({ source, target }) => source === end || target === end);
        assert.equal(load.total, sum(mine.map(({ load }) => load.total)), end);
        assert.equal(
          sends,
          mine.some(({ source, target }) => source === end && target !== end),
        );
        assert.equal(
          receives,
          mine.some(({ source, target }) => target === end && source !== end),
        );
      }
    }
    // The arrow's number is that of the rows it stands for.
    for (const { source, target, load } of whole.edges.filter((_, at) => at % 37 === 0)) {
      assert.equal(rows.filter(fitting({ ...EVERYTHING, ends: { source, target } })).length, load.total);
    }
    const servers = new Set(
      known.flatMap(({ source, target }) => [source, target].map((url) => endsOf(url ?? "").host)),
    );
    assert.equal(whole.nodes.length, servers.size);
    assert.equal(drawn.nodes.length + sum(drawn.nodes.map(({ stands }) => stands && stands - 1)), servers.size);
  }
});

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);

test("shows a server's databases, and what they replicate with", () => {
  const rows = [
    row("https://a.test/x/", "https://b.test/x/"),
    row("https://a.test/y/", "https://a.test/z/", "failed"),
    row("https://b.test/x/", "https://c.test/x/"),
  ];
  const { nodes, edges } = finished(topologyOf(rows, "a.test"));
  assert.deepEqual(nodes.map(({ end }) => end).sort(), ["a.test/x", "a.test/y", "a.test/z", "b.test"]);
  assert.deepEqual(
    edges.map(({ source, target, load }) => [source, target, load.health]),
    [
      ["a.test/x", "b.test", "healthy"],
      ["a.test/y", "a.test/z", "unhealthy"],
    ],
  );
});

test("gathers the smallest nodes by kind", () => {
  const rows = Array.from({ length: 50 }, (_, i) => row(`https://h${i}.test/x/`, `d${i}`));
  rows.push(row("https://h49.test/x/", "d49"));
  const drawn = finished(gathered(finished(topologyOf(rows, "")), 10));
  const { length } = drawn.nodes;
  assert.equal(length, 10);
  const stands = Object.fromEntries(drawn.nodes.map((node) => [node.end, node.stands]));
  assert.equal((stands[OTHER_SERVERS] ?? 0) + (stands[OTHER_DATABASES] ?? 0), 92);
  assert.ok("h49.test" in stands && "/d49" in stands, "the largest are drawn");
});

/** @param {number} many @param {boolean} isHub */
function drawing(many, isHub) {
  const rows = Array.from({ length: many }, (_, i) => [
    row(`https://host${i}.test/x/`, isHub ? "x" : `https://host${(i + 1) % many}.test/x/`),
    ...(i % 3 === 0 ? [row("x", `https://host${i}.test/x/`, "failed")] : []),
  ]).flat();
  return finished(gathered(finished(topologyOf(rows, null)), 30));
}

test("draws 1 to 30 nodes and a hub of 300 without overlapping labels, always at the same places", () => {
  for (const many of [1, 2, 3, 5, 12, 29, 300]) {
    for (const isHub of [true, false]) {
      for (const width of [360, 900, 1400]) {
        const topology = drawing(many, isHub);
        const { nodes, arrows, height } = layout(topology, width);
        const what = `${many} nodes, ${isHub ? "hub" : "ring"}, ${width} px`;
        assert.equal(nodes.length, topology.nodes.length, what);
        assert.equal(arrows.length, topology.edges.length, what);
        const boxes = nodes.flatMap((node) => boxesOf(node).map((box) => ({ box, node })));
        for (const [i, { box, node }] of boxes.entries()) {
          assert.ok(box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height, `${what}: in sight`);
          for (const other of boxes.slice(i + 1)) {
            assert.ok(node === other.node || !overlap(box, other.box), `${what}: ${JSON.stringify([box, other.box])}`);
          }
        }
        for (const { line, head } of arrows) assert.doesNotMatch(line + head, /NaN|Infinity/);
        const reversed = { nodes: [...topology.nodes].reverse(), edges: [...topology.edges].reverse() };
        const places = (/** @type {ReturnType<typeof layout>} */ { nodes }) =>
          nodes.map(({ node, x, y }) => [node.end, x, y]).sort();
        assert.deepEqual(places(layout(reversed, width)), places({ nodes, arrows, height }), what);
      }
    }
  }
});

test("reaches every node by arrow keys", () => {
  for (const [many, isHub] of /** @type {const} */ ([
    [2, false],
    [5, false],
    [30, true],
    [30, false],
  ])) {
    const { nodes } = layout(drawing(many, isHub), 900);
    const reached = new Set([nodes[0]]);
    for (const from of reached) {
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
        const next = from && neighbor(nodes, from, key);
        if (next) reached.add(next);
      }
    }
    assert.equal(reached.size, nodes.length, `${many}`);
    assert.equal(neighbor(nodes, /** @type {any} */ (nodes[0]), "a"), undefined);
  }
});
