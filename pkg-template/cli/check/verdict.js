// @ts-check
// From counts and findings to a status of the monitoring plugins. No I/O.

import { alerts } from "./ranges.js";

/**
 * @typedef {import("./ranges.js").Range} Range
 * @typedef {"OK" | "WARNING" | "CRITICAL" | "UNKNOWN"} Status
 * @typedef {Record<string, { warning?: Range, critical?: Range }>} Thresholds by metric
 *
 * @typedef {object} Metric
 * @property {string} name
 * @property {number | null} value null: unknown
 * @property {Status} status
 *
 * @typedef {object} Verdict
 * @property {Status} status
 * @property {Metric[]} metrics
 */

/** The exit codes of the plugins. @type {Record<Status, number>} */
export const EXITS = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };

/** From bad to worse. @type {Status[]} */
const ORDER = ["OK", "UNKNOWN", "WARNING", "CRITICAL"];

/** @param {Status[]} statuses @returns {Status} */
export const worst = (statuses) => ORDER[Math.max(0, ...statuses.map((status) => ORDER.indexOf(status)))] ?? "OK";

/** States that `audit` has as kinds of findings, too. */
const IN_SUMMARY = ["failed", "error", "crashing"];

/** Kinds of findings beyond the states; each is a metric. @type {readonly string[]} */
export const KINDS = [
  "stalled",
  "no_task",
  "starving",
  "crashes_hidden",
  "write_failures",
  "rewound",
  "duplicate",
  "poisoned_document",
  "orphan_task",
  "node_missing",
  "churned_by_crashes",
];

/** Names of the metrics without an audit. @type {readonly string[]} */
export const COUNTS = [
  "failed",
  "error",
  "crashing",
  "retrying",
  "unhealthy",
  "running",
  "pending",
  "initializing",
  "completed",
  "replications",
  "doc_write_failures",
  "changes_pending",
];

/** @param {import("couchdb-scheduler").Summary} summary @returns {[string, number | null][]} */
function countsOf({ states, retrying, unhealthy, total, doc_write_failures: refused, changes_pending: pending }) {
  const { failed, error, crashing, running, pending: waiting, initializing, completed } = states;
  const values = [
    failed,
    error,
    crashing,
    retrying,
    unhealthy,
    running,
    waiting,
    initializing,
    completed,
    total,
    refused,
    pending,
  ];
  return COUNTS.map((name, at) => [name, values[at] ?? null]);
}

/** @param {number | null} value @param {Thresholds[string] | undefined} ranges @returns {Status} */
function statusOf(value, ranges) {
  if (!ranges) return "OK";
  if (value === null) return "UNKNOWN";
  if (ranges.critical && alerts(ranges.critical, value)) return "CRITICAL";
  return ranges.warning && alerts(ranges.warning, value) ? "WARNING" : "OK";
}

/**
 * @param {import("couchdb-scheduler").Summary} summary
 * @param {Pick<import("couchdb-scheduler").Audit, "findings" | "blind_spots"> | undefined} audit
 * @param {Thresholds} thresholds
 * @returns {Verdict}
 */
export function judge(summary, audit, thresholds) {
  const metrics = countsOf(summary).map(([name, value]) => ({
    name,
    value,
    status: statusOf(value, thresholds[name]),
  }));
  if (!audit) return { status: worst(metrics.map(({ status }) => status)), metrics };
  const findings = audit.findings.filter(({ severity }) => severity !== "info");
  for (const name of KINDS) {
    const found = findings.filter(({ kind }) => kind === name);
    const own = statusOf(found.length, thresholds[name]);
    metrics.push({ name, value: found.length, status: thresholds[name] ? own : worst(found.map(statusOfFinding)) });
  }
  // A warning that has lasted for too long; unless the user has decided when it is critical.
  for (const metric of metrics.filter(({ name }) => IN_SUMMARY.includes(name) && !thresholds[name]?.critical)) {
    const found = findings.filter(({ kind }) => kind === metric.name);
    metric.status = worst([metric.status, ...found.map(statusOfFinding)]);
  }
  const unseen = audit.blind_spots.length > 0 ? /** @type {const} */ (["WARNING"]) : [];
  return { status: worst([...metrics.map(({ status }) => status), ...unseen]), metrics };
}

/** @param {{ severity: string }} finding @returns {Status} */
const statusOfFinding = ({ severity }) => (severity === "critical" ? "CRITICAL" : "WARNING");
