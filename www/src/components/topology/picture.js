// @ts-check
// The drawing of a topology: nodes with their names, and arrows as thick as they are many. Health has a color, a dash and an icon.

import { html, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { isDatabase, nameOfEnd, serverOf } from "../../model/ends.js";
import { counted, number, shortNumber } from "../../model/format.js";
import { SHOWN_STATES } from "../../model/states.js";
import { OTHER_DATABASES, OTHER_SERVERS } from "../../model/topology.js";
import { isGathered } from "../../model/topology-layout.js";
import { SHAPES } from "../icons.js";

/**
 * @typedef {import("../../model/tally.js").Tally} Load
 * @typedef {import("../../model/topology.js").TopologyNode} TopologyNode
 * @typedef {import("../../model/topology-layout.js").PlacedNode} PlacedNode
 * @typedef {import("../../model/topology-layout.js").PlacedArrow} PlacedArrow
 * @typedef {import("../../model/filter.js").Ends} Ends
 */

/** Average width of a letter in pixels: of names, and of amounts. */
const LETTER = 6.8;
const SMALL_LETTER = 5.9;

/** @type {Record<import("../../model/tally.js").Health, import("../icons.js").IconName | null>} */
const ICON = { unhealthy: "error", retrying: "pending", healthy: null };

/** @param {import("../../model/ends.js").End} end */
const endName = (end) =>
  end === OTHER_SERVERS ? "other servers" : end === OTHER_DATABASES ? "other databases" : nameOfEnd(end);

/** @param {TopologyNode} node @param {import("../../model/ends.js").End | null} server whose databases are shown */
function labelOf(node, server) {
  const { end, stands } = node;
  if (isGathered(node)) return counted(stands, end === OTHER_DATABASES ? "other database" : "other server");
  return isDatabase(end) && serverOf(end) === server ? end.slice(server.length + 1) : nameOfEnd(end);
}

/** 40 replications: 37 running, 3 crashing. @param {Load} load */
function contentsOf({ total, retrying, states }) {
  const parts = SHOWN_STATES.filter((state) => states[state] > 0).map((state) => `${number(states[state])} ${state}`);
  const note = retrying > 0 ? `; ${number(retrying)} retrying` : "";
  return `${counted(total, "replication")}: ${parts.join(", ")}${note}`;
}

/** @param {PlacedArrow} arrow */
const keyOf = ({ edge }) => `${edge.source} ${edge.target}`;

/** @param {PlacedArrow["edge"]} edge */
const titleOf = ({ source, target, load }) => `${endName(source)} → ${endName(target)}, ${contentsOf(load)}`;

/** In one line of a drawing, the most detailed first. @param {Load} load */
function briefly({ total, unhealthy, retrying }) {
  const [many, what] = unhealthy > 0 ? [unhealthy, "unhealthy"] : [retrying, "retrying"];
  return many > 0
    ? [`${number(total)} · ${number(many)} ${what}`, `${number(many)} ${what}`, number(many)]
    : [number(total)];
}

/** The first text that fits; none is cut, since the end of "1,281 · 40 unhealthy" would say "healthy". @param {readonly string[]} texts @param {number} room in pixels */
const firstWithin = (texts, room) => texts.find(({ length }) => length * SMALL_LETTER <= room) ?? texts.at(-1);

/** Without the middle of a text that is too long. @param {string} text @param {number} room in pixels @param {number} letter width */
function fitted(text, room, letter) {
  const max = Math.max(6, Math.floor(room / letter));
  if (text.length <= max) return text;
  const tail = Math.floor((max - 1) / 2);
  return `${text.slice(0, max - 1 - tail)}…${text.slice(-tail)}`;
}

/**
 * @param {object} options
 * @param {readonly PlacedNode[]} options.nodes
 * @param {readonly PlacedArrow[]} options.arrows
 * @param {number} options.width
 * @param {number} options.height
 * @param {Ends | null} options.ends chosen
 * @param {import("../../model/ends.js").End | null} options.server
 * @param {import("../../model/ends.js").End | undefined} options.current the node that Tab reaches
 * @param {(node: TopologyNode) => void} options.onNode
 * @param {(arrow: PlacedArrow) => void} options.onArrow
 * @param {(event: KeyboardEvent, placed: PlacedNode) => void} options.onKey
 * @param {(placed: PlacedNode) => void} options.onFocus
 */
export function picture({ nodes, arrows, width, height, ends, server, current, ...on }) {
  const isChosen = (/** @type {PlacedArrow} */ { edge }) =>
    edge.source === ends?.source && edge.target === ends?.target;
  const classOf = (/** @type {PlacedArrow} */ arrow) =>
    `arrow ${arrow.edge.load.health} ${isChosen(arrow) ? "chosen" : ""}`;
  const drawArrow = (/** @type {PlacedArrow} */ arrow) => {
    const { edge, line, head, thickness } = arrow;
    return svg`<g class=${classOf(arrow)} @click=${() => on.onArrow(arrow)}>
      <title>${titleOf(edge)}</title>
      <path class="reach" d=${line}></path>
      <path class="shaft" d=${line} stroke-width=${thickness}></path>
      <path class="head" d=${head}></path>
    </g>`;
  };
  const drawLabel = (/** @type {PlacedArrow} */ arrow) => {
    const { edge, label } = arrow;
    if (!label) return nothing;
    const { load } = edge;
    const symbol = ICON[load.health];
    const text = shortNumber(load.unhealthy || load.retrying || load.total);
    const half = Math.max(22, (text.length * LETTER) / 2 + (symbol ? 14 : 6));
    return svg`<g class=${classOf(arrow)} @click=${() => on.onArrow(arrow)}
      transform="translate(${label.x.toFixed(1)} ${label.y.toFixed(1)})">
      <title>${titleOf(edge)}</title>
      <rect x=${-half} y="-9" width=${2 * half} height="18" rx="9"></rect>
      ${symbol ? svg`<g class="icon" transform="translate(${4 - half} -6) scale(0.75)">${SHAPES[symbol]}</g>` : nothing}
      <text x=${symbol ? 6 : 0} y="4">${text}</text>
    </g>`;
  };
  const drawNode = (/** @type {PlacedNode} */ placed) => {
    const { node, x, y, radius, anchor, room } = placed;
    const label = labelOf(node, server);
    const isPressed = node.end === ends?.either && isDatabase(node.end);
    const action = isGathered(node) ? "see the table" : isDatabase(node.end) ? "" : "show its databases";
    const left = anchor === "start" ? radius + 6 : anchor === "end" ? -radius - 6 : 0;
    const top = anchor === "middle" ? radius + 15 : -2;
    const shape = isDatabase(node.end)
      ? svg`<rect x=${-radius} y=${-radius * 0.8} width=${2 * radius} height=${1.6 * radius} rx="4"></rect>`
      : svg`<circle r=${radius}></circle>`;
    return svg`<g class="node ${node.load.health} ${isPressed ? "chosen" : ""} ${isDatabase(node.end) ? "database" : ""}"
      data-end=${node.end} transform="translate(${x.toFixed(1)} ${y.toFixed(1)})" @click=${() => on.onNode(node)}>
      <title>${label}, ${contentsOf(node.load)}</title>
      <g role="button" tabindex=${node.end === current ? 0 : -1}
        aria-pressed=${isDatabase(node.end) && !isGathered(node) ? String(isPressed) : nothing}
        aria-label="${label}, ${contentsOf(node.load)}${action && `; ${action}`}" @focus=${() => on.onFocus(placed)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => on.onKey(event, placed)}>${shape}</g>
      <text aria-hidden="true" text-anchor=${anchor} x=${left} y=${top}>${fitted(label, room, LETTER)}</text>
      <text aria-hidden="true" class="amount" text-anchor=${anchor} x=${left} y=${top + 14}>${firstWithin(briefly(node.load), anchor === "middle" ? 1.5 * room : room)}</text>
    </g>`;
  };
  // The table says the same as the arrows.
  return html`<svg class="picture box" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="group"
    aria-label="Picture of the replications">
    <g aria-hidden="true">${repeat(arrows, keyOf, drawArrow)}${repeat(arrows, keyOf, drawLabel)}</g>
    ${repeat(nodes, ({ node }) => node.end, drawNode)}
  </svg>`;
}
