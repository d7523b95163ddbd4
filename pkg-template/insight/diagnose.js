// @ts-check
// diagnose(): its decisions are in the wasm; this file finds the settings of the row's node.

import * as glue from "#glue";
import { argument, optionsOf } from "../runtime/arguments.js";
import { isCount } from "../runtime/checks.js";
import { ROW } from "./row.js";

/** @typedef {import("../index.js").NodeCapacity} NodeCapacity */

/** @param {any} node */
const isNode = (node) => typeof node?.node === "string" && isCount(node.interval) && isCount(node.health_threshold);

/** The kind of the option `capacity`. @type {import("../runtime/arguments.js").Kind} */
const CAPACITY = (value, call, name) => {
  const { known, nodes } = Object(value);
  if (typeof known === "boolean" && Array.isArray(nodes) && nodes.every(isNode)) return { known, nodes };
  return argument(call, name, "a Capacity, the result of capacity()", value);
};

/**
 * @param {any} row
 * @param {unknown} [options]
 * @returns {import("../index.js").Diagnosis | null}
 */
export function diagnose(row, options) {
  const { capacity } = optionsOf("diagnose", options, { capacity: CAPACITY });
  // The defaults of a server that does not show its settings may be wrong.
  const nodes = /** @type {NodeCapacity[]} */ (capacity?.known ? capacity.nodes : []);
  const node = nodes.find(({ node, up }) => up && node === row?.node);
  return glue.diagnose(argument("diagnose", "row", ROW, row), node?.interval, node?.health_threshold);
}
