// @ts-check
// The options of `npm run bench`.

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { PACKAGE } from "./paths.js";
import { MEASUREMENTS } from "./plan.js";

export const USAGE = `npm run bench -- [options]

  --quick            fewer rounds: minutes become seconds, medians become rough
  --only NAME        these measurements alone: ${MEASUREMENTS.map(({ name }) => name).join(", ")}
  --in PLACE         node, chromium or page (the dashboard) alone
  --size             measures no time, but bytes: of the wasm, the entries and the dashboard, part by part
  --docs N           number of documents of the dashboard, and of --real; default: 10000
  --real             measure the server of COUCHDB_URL instead, in a replicator database of its own
  --package FOLDER   a build other than pkg/, for comparing two
  --help             this`;

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {boolean} quick
 * @property {string[]} only names of measurements
 * @property {string[]} places
 * @property {boolean} size
 * @property {number} docs of the dashboard, and of the real server
 * @property {boolean} real
 * @property {string} package folder of the measured package
 */

/**
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      in: { type: "string", multiple: true },
      docs: { type: "string", default: "10000" },
      size: { type: "boolean", default: false },
      real: { type: "boolean", default: false },
      package: { type: "string", default: PACKAGE },
    },
  });
  const docs = Number(values.docs);
  if (!Number.isInteger(docs) || docs < 1)
    throw new RangeError(`--docs ${values.docs}: must be a positive whole number`);
  return {
    help: values.help,
    quick: values.quick,
    only: oneOf("--only", values.only, [...MEASUREMENTS.map(({ name }) => name)]),
    places: oneOf("--in", values.in, ["node", "chromium", "page"]),
    docs,
    size: values.size,
    real: values.real,
    package: resolve(values.package),
  };
}

/**
 * @param {string} option
 * @param {string[] | undefined} given separated by commas, or repeated; empty means all
 * @param {string[]} known
 */
function oneOf(option, given, known) {
  const names = given?.flatMap((list) => list.split(",")) ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`${option} ${unknown}: choose from ${known.join(", ")}`);
  return names;
}
