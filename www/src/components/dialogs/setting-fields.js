// @ts-check
// The fields of the settings of a replication.

import { NUMBERS } from "../../model/change.js";

/**
 * @typedef {import("../../model/change.js").Choice} Choice
 * @typedef {keyof typeof NUMBERS} NumberName
 */

/**
 * Which documents are replicated.
 *
 * @param {[string, string][]} [before] options before the others
 * @returns {import("./fields.js").Field<Exclude<Choice, "queryParams">>[]}
 */
export const choiceFields = (before = []) => [
  {
    name: "which",
    label: "Which documents",
    kind: "select",
    options: [
      ...before,
      ["all", "all"],
      ["filter", "documents that a filter function accepts"],
      ["selector", "documents that match a selector"],
      ["docIds", "documents with these ids"],
    ],
  },
  { name: "filter", label: "Filter function", kind: "text", placeholder: "shop/open", onlyFor: "filter" },
  { name: "selector", label: "Selector", kind: "lines", placeholder: '{"type": "order"}', onlyFor: "selector" },
  { name: "docIds", label: "Ids, one per line", kind: "lines", onlyFor: "docIds" },
];

/** @type {[NumberName, label: string][]} */
const NUMBER_LABELS = [
  ["workerProcesses", "Worker processes"],
  ["workerBatchSize", "Changes per batch"],
  ["httpConnections", "HTTP connections"],
  ["connectionTimeout", "Time limit of a request in ms"],
  ["retriesPerRequest", "Retries of a request"],
  ["checkpointInterval", "Time between checkpoints in ms"],
];

/**
 * All that is not a user or a password.
 *
 * @param {{ before?: [string, string][], placeholder?: string }} [options] `placeholder` of an empty number: CouchDB's default
 * @returns {import("./fields.js").Field<Choice | NumberName>[]}
 */
export const settingFields = ({ before, placeholder } = {}) => [
  ...choiceFields(before),
  { name: "queryParams", label: "Parameters of the filter function", kind: "lines", onlyFor: "filter" },
  ...NUMBER_LABELS.map(([name, label]) => {
    const field = { name, label, kind: /** @type {const} */ ("number"), half: true };
    return { ...field, placeholder: placeholder ?? String(NUMBERS[name][2]) };
  }),
];
