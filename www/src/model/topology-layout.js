// @ts-check
// Where the nodes and arrows of a topology are drawn: senders on the left, receivers on the right, and the hub, if there is one, in the
// middle. Each label has a line of its own, so none overlap. The same nodes have the same places after each refresh.

import { OTHER_DATABASES, OTHER_SERVERS } from "./topology.js";

/**
 * @typedef {import("./topology.js").TopologyNode} TopologyNode
 * @typedef {import("./topology.js").TopologyEdge} TopologyEdge
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Box
 *
 * @typedef {object} PlacedNode
 * @property {TopologyNode} node
 * @property {number} x
 * @property {number} y
 * @property {number} radius
 * @property {"start" | "middle" | "end"} anchor of the label
 * @property {number} room for the label, in pixels
 *
 * @typedef {object} PlacedArrow
 * @property {TopologyEdge} edge
 * @property {number} thickness
 * @property {string} line path
 * @property {string} head path
 * @property {Point} middle
 * @property {Point | null} label null: there is no space for it
 */

/** Height of a node with its label of two lines. */
const LINE = 38;
const MIN_HEIGHT = 300;
const MARGIN = 14;
/** Half the size of an arrow's label. */
const LABEL = { x: 23, y: 10 };
/** Where an arrow's label may be, along the arrow. */
const SPOTS = [0.5, 0.62, 0.38, 0.72, 0.28, 0.8, 0.2];

/** orders-2 precedes orders-10. */
const byName = new Intl.Collator("en", { numeric: true });

const { hypot, log2, max, min, sqrt } = Math;

/**
 * @param {Pick<import("./topology.js").Topology, "nodes" | "edges">} topology
 * @param {number} width
 */
export function layout({ nodes, edges }, width) {
  const hub = hubOf(nodes, edges);
  const ring = nodes.filter((node) => node !== hub).sort(inOrder);
  const half = hub || ring.length > 1 ? Math.ceil(ring.length / 2) : 0;
  const sides = [ring.slice(0, half), ring.slice(half)];
  const height = max(MIN_HEIGHT, LINE * max(half, ring.length - half)) + 2 * MARGIN;
  const room = min(240, width * 0.27);
  const center = { x: width / 2, y: height / 2 };
  const reach = width / 2 - room - 20;
  /** @type {Map<string, PlacedNode>} */
  const placed = new Map();
  if (hub) placed.set(hub.end, { node: hub, ...center, radius: radiusOf(hub), anchor: "middle", room: 2 * reach - 36 });
  for (const [right, side] of sides.entries()) {
    const line = (height - 2 * MARGIN) / max(1, side.length);
    for (const [i, node] of side.entries()) {
      const y = MARGIN + line * (i + 0.5);
      const bow = sqrt(1 - ((y - center.y) / (height * 0.56)) ** 2);
      const x = ring.length + (hub ? 1 : 0) === 1 ? center.x : center.x + (right ? 1 : -1) * reach * bow;
      placed.set(node.end, { node, x, y, radius: radiusOf(node), anchor: right ? "start" : "end", room });
    }
  }
  const places = [...placed.values()];
  return {
    height,
    nodes: places,
    arrows: labelled(
      edges.map((edge) => arrow(edge, placed, center, !!hub)),
      places,
    ),
  };
}

/** @param {TopologyNode} node */
const radiusOf = ({ load }) => min(16, 6 + log2(1 + load.total));

/** The node that most arrows begin or end at, if it has more neighbors than half of the others. @param {TopologyNode[]} nodes @param {TopologyEdge[]} edges */
function hubOf(nodes, edges) {
  if (nodes.length < 4) return undefined;
  /** @type {Map<string, Set<string>>} */
  const neighbors = new Map(nodes.map(({ end }) => [end, new Set()]));
  for (const { source, target } of edges) {
    if (source === target) continue;
    neighbors.get(source)?.add(target);
    neighbors.get(target)?.add(source);
  }
  const degree = (/** @type {TopologyNode} */ { end }) => neighbors.get(end)?.size ?? 0;
  const [first, second] = [...nodes].sort((a, b) => degree(b) - degree(a) || (a.end < b.end ? -1 : 1));
  // In a mesh, all are equal.
  return first && second && degree(first) > nodes.length / 2 && degree(first) > 1.5 * degree(second)
    ? first
    : undefined;
}

/** Not by size, which changes. @param {TopologyNode} a @param {TopologyNode} b */
function inOrder(a, b) {
  const side = (/** @type {TopologyNode} */ { sends, receives }) => Number(receives) - Number(sends);
  return side(a) - side(b) || Number(isGathered(a)) - Number(isGathered(b)) || byName.compare(a.end, b.end);
}

/** Whether it stands for nodes that are not drawn. @param {Pick<TopologyNode, "end">} node */
export const isGathered = ({ end }) => end === OTHER_SERVERS || end === OTHER_DATABASES;

/**
 * @param {TopologyEdge} edge
 * @param {Map<string, PlacedNode>} placed
 * @param {Point} center
 * @param {boolean} hasHub
 */
function arrow(edge, placed, center, hasHub) {
  const from = /** @type {PlacedNode} */ (placed.get(edge.source));
  const to = /** @type {PlacedNode} */ (placed.get(edge.target));
  const thickness = min(8, 1 + log2(edge.load.total) * 0.55);
  if (from === to) return { edge, thickness, ...loop(from, center, thickness) };
  // To its left, so that both directions between two nodes are seen.
  const isSpoke = from.anchor === "middle" || to.anchor === "middle";
  const bend = isSpoke ? 0.12 : hasHub ? 0.3 : 0.22;
  const pull = isSpoke ? 0 : 0.4;
  const control = {
    x: (from.x + to.x) / 2 + pull * (center.x - (from.x + to.x) / 2) + bend * (to.y - from.y),
    y: (from.y + to.y) / 2 + pull * (center.y - (from.y + to.y) / 2) - bend * (to.x - from.x),
  };
  const start = toward(from, control, from.radius + 3);
  const tip = toward(to, control, to.radius + 4);
  const base = toward(tip, control, thickness + 7);
  const at = (/** @type {number} */ t) => ({
    x: (1 - t) ** 2 * start.x + 2 * t * (1 - t) * control.x + t * t * tip.x,
    y: (1 - t) ** 2 * start.y + 2 * t * (1 - t) * control.y + t * t * tip.y,
  });
  return { edge, thickness, line: `M${xy(start)}Q${xy(control)} ${xy(base)}`, head: headOf(base, tip, thickness), at };
}

/** From a node to itself, toward the center. @param {PlacedNode} node @param {Point} center @param {number} thickness */
function loop(node, center, thickness) {
  const { x, y, radius, anchor } = node;
  const [dx, dy] = anchor === "middle" || x === center.x ? [0, -1] : [x < center.x ? 1 : -1, 0];
  const off = (/** @type {number} */ along, /** @type {number} */ across) => ({
    x: x + dx * along - dy * across,
    y: y + dy * along + dx * across,
  });
  const start = off(radius * 0.8, -radius * 0.7 - 2);
  const tip = off(radius * 0.8 + 2, radius * 0.7 + 3);
  const far = off(radius + 34, 16);
  const base = toward(tip, far, thickness + 7);
  const line = `M${xy(start)}C${xy(off(radius + 34, -16))} ${xy(far)} ${xy(base)}`;
  return { line, head: headOf(base, tip, thickness), at: () => off(radius + 24, 0) };
}

/** @param {Point} from @param {Point} to @param {number} length @returns {Point} */
function toward(from, to, length) {
  const distance = hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) * length) / distance, y: from.y + ((to.y - from.y) * length) / distance };
}

/** @param {Point} base @param {Point} tip @param {number} thickness */
function headOf(base, tip, thickness) {
  const half = (3.5 + thickness / 2) / (hypot(tip.x - base.x, tip.y - base.y) || 1);
  const x = (tip.x - base.x) * half;
  const y = (tip.y - base.y) * half;
  return `M${xy({ x: base.x - y, y: base.y + x })} ${xy(tip)} ${xy({ x: base.x + y, y: base.y - x })}z`;
}

/** @param {Point} point */
const xy = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/**
 * Gives labels to as many arrows as there is space for, first to those that need attention.
 *
 * @param {(Omit<PlacedArrow, "label" | "middle"> & { at: (t: number) => Point })[]} arrows
 * @param {PlacedNode[]} nodes
 * @returns {PlacedArrow[]}
 */
function labelled(arrows, nodes) {
  const taken = nodes.flatMap(boxesOf);
  // One replication that is well needs no number.
  const worthy = arrows.filter(({ edge: { load } }) => load.total > 1 || load.health !== "healthy");
  /** @type {Map<object, Point>} */
  const labels = new Map();
  for (const arrow of worthy.sort(urgentFirst)) {
    for (const point of SPOTS.map(arrow.at)) {
      const box = around(point, LABEL.x, LABEL.y);
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      labels.set(arrow, point);
      break;
    }
  }
  return arrows.map((arrow) => ({ ...arrow, middle: arrow.at(0.5), label: labels.get(arrow) ?? null }));
}

/** @param {Pick<PlacedArrow, "edge" | "line">} a @param {Pick<PlacedArrow, "edge" | "line">} b */
function urgentFirst({ edge: { load: a }, line }, { edge: { load: b }, line: other }) {
  return b.unhealthy - a.unhealthy || b.retrying - a.retrying || b.total - a.total || (line < other ? -1 : 1);
}

/** @param {Point} point @param {number} x @param {number} y @returns {Box} */
const around = (point, x, y) => ({ left: point.x - x, right: point.x + x, top: point.y - y, bottom: point.y + y });

/** A node, and its label. @param {PlacedNode} placed @returns {[Box, Box]} */
export function boxesOf({ x, y, radius, anchor, room }) {
  const node = around({ x, y }, radius, radius);
  if (anchor === "middle")
    return [node, { ...around({ x, y }, room / 2, 0), top: y + radius + 2, bottom: y + radius + 34 }];
  const label = around({ x, y }, 0, 17);
  return [node, anchor === "start" ? { ...label, right: x + radius + room } : { ...label, left: x - radius - room }];
}

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @type {Record<string, [x: number, y: number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The nearest node in the direction of an arrow key.
 *
 * @param {readonly PlacedNode[]} nodes
 * @param {PlacedNode} from
 * @param {string} key
 */
export function neighbor(nodes, from, key) {
  const [dx = 0, dy = 0] = DIRECTIONS[key] ?? [];
  const ahead = (/** @type {PlacedNode} */ { x, y }) => (x - from.x) * dx + (y - from.y) * dy;
  const cost = (/** @type {PlacedNode} */ node) =>
    ahead(node) + 0.5 * Math.abs((node.x - from.x) * dy + (node.y - from.y) * dx);
  return nodes.filter((node) => ahead(node) > 1).sort((a, b) => cost(a) - cost(b))[0];
}
