// @ts-check
// `check`: for Nagios, Icinga and others that understand the monitoring plugins. All of its output is on stdout.

import { Scheduler } from "couchdb-scheduler";
import { failure, messageOf } from "../check/message.js";
import { readRange } from "../check/ranges.js";
import { COUNTS, EXITS, judge, KINDS } from "../check/verdict.js";
import { DATABASES } from "../command.js";
import { isSchedulerError, messageOf as messageOfError } from "../failures.js";
import { duration, text } from "../kinds.js";
import { lasting } from "../output/words.js";
import { readState, writeState } from "../state-file.js";
import { didYouMean } from "../suggest.js";
import { UsageError } from "../usage-error.js";

/** @typedef {import("../check/verdict.js").Thresholds} Thresholds */

const TIMEOUT = 10_000;

/** What is shown of what is wrong. */
const MAX_DETAILS = 50;

/** A range, or a metric and its range. @type {import("../kinds.js").Kind} */
const threshold = {
  shown: "[METRIC=]RANGE",
  read(value, option) {
    const [, name = "unhealthy", range = ""] = /^(?:([^=]*)=)?(.*)$/s.exec(value) ?? [];
    const names = [...COUNTS, ...KINDS];
    if (!names.includes(name)) {
      throw new UsageError(`${option}: unknown metric "${name.slice(0, 60)}"${didYouMean(name, names)}`);
    }
    return { name, range: readRange(range, option) };
  },
};

/** Unless the user decides otherwise. @returns {Thresholds} */
const defaults = () => ({
  failed: { warning: readRange("0", ""), critical: readRange("0", "") },
  error: { warning: readRange("0", "") },
  crashing: { warning: readRange("0", "") },
});

/** @param {Record<string, any>} options @returns {Thresholds} */
function thresholdsOf(options) {
  // A number of unhealthy replications that is accepted replaces the defaults about their states.
  const given = [...(options.warning ?? []), ...(options.critical ?? [])].map(({ name }) => name);
  const thresholds = given.includes("unhealthy") ? {} : defaults();
  for (const name of given) thresholds[name] = {};
  for (const { name, range } of options.warning ?? []) thresholds[name] = { ...thresholds[name], warning: range };
  for (const { name, range } of options.critical ?? []) thresholds[name] = { ...thresholds[name], critical: range };
  return thresholds;
}

/** It is not known whether the server is at fault. @param {unknown} error */
const isOfServer = (error) =>
  isSchedulerError(error) && ["network", "timeout", "server_error", "truncated", "rate_limited"].includes(error.code);

class TimeIsUp extends Error {}

/** @type {import("../command.js").Command} */
export const check = {
  name: "check",
  summary: "one line for Nagios, Icinga and other monitoring",
  options: {
    warning: { kind: threshold, short: "w", many: true, help: "WARNING outside this range; several times" },
    critical: { kind: threshold, short: "c", many: true, help: "CRITICAL outside this range; several times" },
    timeout: { kind: duration, short: "t", help: "time limit of the check; default: 10s" },
    state: { kind: text("FILE"), help: "audit, too: what one run suspects, the next one confirms" },
    ...DATABASES,
  },
  examples: [
    ["check", "CRITICAL if a replication has failed, WARNING if one crashes"],
    ["check -w 5 -c 20", "by the number of unhealthy replications"],
    ["check -c failed=3 -w pending=100 --state /var/lib/nagios/orders.json", "by metric, with an audit"],
  ],
  notes: [
    "Ranges are those of the monitoring plugins: 10 (0 to 10), 10: (10 and more), ~:10, 10:20, @10:20 (not 10 to 20). Metrics: " +
      `${COUNTS.join(", ")}; with --state also ${KINDS.join(", ")}. Without a metric, a range is about unhealthy ones, and replaces ` +
      "the defaults: failed critical above 0, error and crashing warning above 0.",
    "With --state, confirmed findings are WARNING, and CRITICAL after ten minutes. Keep one file for each server and database.",
  ],
  asks: "GET /_scheduler/docs/{database}, counted while it arrives; with --state what `audit` asks; of what is wrong also `incidents`",
  exits: {
    0: "OK",
    1: "WARNING",
    2: "CRITICAL; also if the server does not respond",
    3: "UNKNOWN: wrong usage, not authorized, not found, or anything else that keeps it from knowing",
  },
  async run(work) {
    const { options, out, connect, signal } = work;
    const { database = "_replicator", state, timeout = TIMEOUT } = options;
    const thresholds = thresholdsOf(options);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new TimeIsUp(`no result within ${lasting(timeout)}`)), timeout);
    signal.addEventListener("abort", () => limit.abort(signal.reason));
    try {
      const client = await connect(limit.signal);
      const scheduler = new Scheduler(client);
      const asked = { database, signal: limit.signal };
      const previous = readState(state, client.url, database);
      const [summary, audit] = await Promise.all([
        scheduler.summary(asked),
        state === undefined ? undefined : scheduler.audit({ ...asked, previous }),
      ]);
      if (audit) writeState(state, client.url, database, audit.snapshot);
      const verdict = judge(summary, audit, thresholds);
      const incidents = summary.unhealthy > 0 ? await scheduler.incidents(asked) : [];
      await out.line(messageOf(verdict, thresholds, summary.total, detailsOf(incidents, audit)));
      return EXITS[verdict.status];
    } finally {
      clearTimeout(timer);
    }
  },
  async failed(error, out) {
    const status = error instanceof TimeIsUp || isOfServer(error) ? "CRITICAL" : "UNKNOWN";
    await out.line(failure(status, error instanceof TimeIsUp ? error.message : messageOfError(error)));
    return EXITS[status];
  },
};

/**
 * @param {import("couchdb-scheduler").Incident[]} incidents
 * @param {import("couchdb-scheduler").Audit | undefined} audit
 */
function detailsOf(incidents, audit) {
  const found = audit?.findings.filter(({ kind, severity }) => severity !== "info" && KINDS.includes(kind)) ?? [];
  return [
    ...incidents.map(({ total, message, doc_ids }) => `${total}: ${message} (${doc_ids.join(", ")})`),
    ...found.map(({ kind, doc_id, job_id, node, message }) => `${kind} ${doc_id ?? job_id ?? node}: ${message}`),
    ...(audit?.blind_spots ?? []).map(({ what, error }) => `not seen: ${what}: ${error.message}`),
  ].slice(0, MAX_DETAILS);
}
