// @ts-check
// Rows as a graph: servers or databases, and the replications between two of them as one arrow.

import { endsOf, hostOf, isDatabase } from "./ends.js";
import { sorted } from "./sort.js";
import { Tally } from "./tally.js";

/** Stand for the nodes that are not drawn. No server or database has such a name. */
export const OTHER_SERVERS = "\n";
export const OTHER_DATABASES = "\n/";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./ends.js").End} End
 *
 * @typedef {object} TopologyNode
 * @property {End} end
 * @property {Tally} load
 * @property {boolean} sends
 * @property {boolean} receives
 * @property {number} stands number of the servers or databases that are gathered in it
 *
 * @typedef {object} TopologyEdge
 * @property {End} source
 * @property {End} target
 * @property {Tally} load
 *
 * @typedef {object} Topology
 * @property {TopologyNode[]} nodes the largest first
 * @property {TopologyEdge[]} edges
 * @property {number} unknown number of rows that are not in it, because their source or target is unknown
 */

/** Nodes and edges by their ends. */
class Graph {
  /** @type {Map<End, TopologyNode>} */
  #nodes = new Map();
  /** @type {Map<End, Map<End, TopologyEdge>>} */
  #edges = new Map();

  /** @param {End} end */
  node(end) {
    const node = this.#nodes.get(end) ?? { end, load: new Tally(), sends: false, receives: false, stands: 0 };
    this.#nodes.set(end, node);
    return node;
  }

  /** @param {End} source @param {End} target @param {(load: Tally) => void} count is called for each load that grows */
  add(source, target, count) {
    const targets = this.#edges.get(source) ?? new Map();
    const edge = targets.get(target) ?? { source, target, load: new Tally() };
    this.#edges.set(source, targets.set(target, edge));
    const sender = this.node(source);
    const receiver = this.node(target);
    count(edge.load);
    count(sender.load);
    if (sender === receiver) return;
    count(receiver.load);
    sender.sends = true;
    receiver.receives = true;
  }

  /** @param {number} unknown @returns {Generator<undefined, Topology, undefined>} */
  *result(unknown) {
    const edges = [...this.#edges.values()].flatMap((targets) => [...targets.values()]);
    return { nodes: yield* sorted([...this.#nodes.values()], largestFirst), edges, unknown };
  }
}

/** @param {TopologyNode} a @param {TopologyNode} b */
const largestFirst = (a, b) => b.load.total - a.load.total || (a.end < b.end ? -1 : 1);

/**
 * @param {Iterable<Row>} rows
 * @param {End | null} server null: all servers; otherwise its databases, and the servers that they replicate with
 * @returns {Generator<undefined, Topology, undefined>}
 */
export function* topologyOf(rows, server) {
  const graph = new Graph();
  let unknown = 0;
  for (const row of rows) {
    yield;
    if (row.source === null || row.target === null) {
      unknown++;
      continue;
    }
    const source = placeOf(row.source, server);
    const target = placeOf(row.target, server);
    if (server !== null && !isDatabase(source) && !isDatabase(target)) continue;
    graph.add(source, target, (load) => load.count(row));
  }
  return yield* graph.result(unknown);
}

/** @param {string} url @param {End | null} server whose databases are apart @returns {End} */
function placeOf(url, server) {
  const host = hostOf(url) ?? "";
  return host === server ? endsOf(url).database : host;
}

/**
 * The part that is drawn: the largest nodes, and the others gathered into one of each kind.
 *
 * @param {Topology} topology
 * @param {number} max number of nodes that are drawn
 * @returns {Generator<undefined, Topology, undefined>}
 */
export function* gathered({ nodes, edges, unknown }, max) {
  if (nodes.length <= max) return { nodes, edges, unknown };
  const graph = new Graph();
  const drawn = new Set(nodes.slice(0, max - 2).map(({ end }) => end));
  const drawnAs = (/** @type {End} */ end) =>
    drawn.has(end) ? end : isDatabase(end) ? OTHER_DATABASES : OTHER_SERVERS;
  for (const { end } of nodes) if (!drawn.has(end)) graph.node(drawnAs(end)).stands++;
  for (const edge of edges) {
    yield;
    graph.add(drawnAs(edge.source), drawnAs(edge.target), (load) => load.join(edge.load));
  }
  return yield* graph.result(unknown);
}
