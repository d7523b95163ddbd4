// @ts-check
// audit(): whether the scheduler's account is true. The rules are in crates/core/src/audit.

import { Evidence } from "./audit-evidence.js";
import { findingsOf, remembered, verdictOf } from "./audit-findings.js";
import { applyRules } from "./audit-numbers.js";
import { areTasks, docRow, jobOf, jobRow, latestTime, taskRow } from "./audit-rows.js";
import { NONE, previousOf, SNAPSHOT, snapshotOf } from "./audit-snapshot.js";
import { AuditedDatabases } from "./audited-databases.js";
import { method } from "./call.js";
import { ENDPOINTS } from "./endpoints.js";
import { entry } from "./entry.js";
import { membershipOf } from "./nodes.js";
import { DATABASES, namesOf } from "./replicator-databases.js";
import { docsOf, jobsOf, WITH_JOB } from "./scheduler-rows.js";

/**
 * @typedef {import("./call.js").Call} Call
 * @typedef {import("./audit-numbers.js").Look} Look
 * @typedef {import("./audit-numbers.js").Node} Node
 * @typedef {import("./audit-rows.js").JobRow} JobRow
 * @typedef {import("./audit-rows.js").DocRow} DocRow
 * @typedef {import("./audit-rows.js").TaskRow} TaskRow
 * @typedef {import("./audit-snapshot.js").Previous} Previous
 * @typedef {import("../index.js").Audit} Audit
 * @typedef {import("./audit-rows.js").Reported} Reported
 */

/** After this many milliseconds of trouble, a warning is critical. */
const GRACE = 600_000;

/** States of documents without a job. */
const WITHOUT_JOB = ["failed", "error", "completed"];

/** @type {Record<string, import("../runtime/arguments.js").Kind>} */
const OPTIONS = {
  database: DATABASES,
  endpoints: ENDPOINTS,
  previous: SNAPSHOT,
  window: "count",
  grace: "count",
  maxBacklog: "count",
  maxSilence: "count",
};

/** @param {import("#glue").Client} client @param {unknown} [options] @returns {Promise<Audit>} */
export async function audit(client, options) {
  return method(client, "audit", options, OPTIONS, async (call, given) => {
    const { window = 0, previous = NONE } = given;
    const first = await new Auditor(call, given).look(previous);
    if (window === 0) return first;
    await call.sleep(window);
    return new Auditor(call, given).look(previousOf(first.snapshot) ?? NONE);
  });
}

/** One look. */
class Auditor {
  #call;
  #databases;
  /** Those that are requested; null for all of the server. @type {string[] | null} */
  #names;
  #endpoints;
  #thresholds;
  /** @type {Audit["blind_spots"]} */
  #blindSpots = [];

  /** @param {Call} call @param {Record<string, any>} options */
  constructor(call, { database, endpoints, grace = GRACE, maxBacklog = NaN, maxSilence = NaN }) {
    this.#call = call;
    this.#names = database === "all" ? null : [database];
    this.#databases = new AuditedDatabases(database);
    this.#endpoints = endpoints;
    this.#thresholds = { grace, maxBacklog, maxSilence };
  }

  /** @param {Previous} previous @returns {Promise<Audit>} */
  async look(previous) {
    const reported = await this.#read();
    let report = applyRules(compared(reported, previous, this.#thresholds));
    const needs = report.needs.filter(({ list, at }) => list === "nodes" || this.#databases.has(reported.jobs[at]));
    if (needs.length > 0) {
      const evidence = new Evidence(this.#call, this.#endpoints, this.#databases, this.#blindSpots);
      await evidence.collect(needs, reported.nodes, reported.jobs);
      report = applyRules(compared(reported, previous, this.#thresholds));
    }
    const findings = findingsOf(report.findings, reported).filter((finding) => this.#databases.has(finding));
    const { now, nodes, jobs, tasks, docsRead } = reported;
    const audited = jobs.filter((job) => this.#databases.has(job));
    return {
      verdict: verdictOf(findings, this.#blindSpots),
      findings,
      checked: {
        docs: docsRead + audited.filter(({ doc_id }) => doc_id !== null).length,
        jobs: audited.length,
        tasks: tasks?.filter((task) => this.#databases.has(task)).length ?? 0,
        nodes: nodes.length,
      },
      blind_spots: this.#blindSpots,
      snapshot: snapshotOf(now, remembered(report.seen, reported, previous.rows)),
    };
  }

  /** @returns {Promise<Reported>} */
  async #read() {
    /** @type {Node[]} */
    const nodes = [];
    /** @type {Map<string, number>} */
    const places = new Map();
    const nodeAt = (/** @type {string} */ name) => {
      return entry(places, name, () => nodes.push({ name, isMissing: false, limits: null }) - 1);
    };
    const [[jobs, answer, membership], [docs, docsRead]] = await Promise.all([
      this.#reportOfNodes(nodeAt),
      this.#docs(),
    ]);
    await this.#findName(jobs);
    const { all_nodes = [], cluster_nodes = [] } = membership?.json ?? {};
    const connected = new Set(all_nodes);
    for (const name of [...all_nodes, ...cluster_nodes]) {
      const node = nodes[nodeAt(name)];
      if (node) node.isMissing = !connected.has(name);
    }
    /** @type {TaskRow[] | null} */
    const tasks = answer?.json.filter((/** @type {any} */ { type }) => type === "replication").map(taskRow) ?? null;
    // A page of another origin cannot read the header. A time that is late makes findings late, not false. Without a row, only this
    // clock is left.
    const now = answer?.date ?? membership?.date ?? (latestTime(jobs, tasks ?? []) || Date.now());
    return { now, nodes, jobs, tasks, orphans: joined(jobs, tasks), docs, docsRead };
  }

  /**
   * Tasks are read after the jobs: a job that has just started can have its task. So are the nodes: CouchDB waits for a node that hangs,
   * for about a minute, and then lists the jobs of the others. Only after that, it says that the node is missing.
   *
   * @param {(node: string) => number} nodeAt
   */
  async #reportOfNodes(nodeAt) {
    /** @type {JobRow[]} */
    const jobs = [];
    for await (const row of jobsOf(this.#call)) jobs.push(jobRow(row, nodeAt));
    const [tasks, membership] = await Promise.all([
      this.#unlessBlind("tasks", () => this.#call.read("/_active_tasks", areTasks)),
      this.#unlessBlind("membership", () => membershipOf(this.#call)),
    ]);
    return /** @type {const} */ ([jobs, tasks, membership]);
  }

  /** The documents without a job about which there is something to say, and how many were read. @returns {Promise<[DocRow[], number]>} */
  async #docs() {
    /** @type {DocRow[]} */
    const docs = [];
    let count = 0;
    const names = this.#names ?? (await this.#unlessBlind("databases", () => namesOf(this.#call))) ?? [];
    for (const database of names) {
      try {
        for await (const row of docsOf(this.#call, database, WITHOUT_JOB)) {
          count++;
          this.#databases.add(database, row.database);
          const doc = docRow(row);
          if (doc !== null) docs.push(doc);
        }
      } catch (error) {
        const isMissing = this.#call.failureOf(error).code === "not_found";
        if (!isMissing) this.#blind(`documents of ${database}`, error);
        // Otherwise it was deleted since its name was read.
        else if (this.#names !== null) throw error;
      }
    }
    return [docs, count];
  }

  /** Where no row has the name that was requested, as with Cloudant, a row of the database shows the other name. @param {JobRow[]} jobs */
  async #findName(jobs) {
    const [database] = this.#names ?? [];
    if (database === undefined || jobs.length === 0 || this.#databases.hasDatabaseOf(jobs)) return;
    await this.#unlessBlind(`documents of ${database}`, async () => {
      for await (const row of docsOf(this.#call, database, WITH_JOB)) {
        this.#databases.add(database, row.database);
        break;
      }
    });
  }

  /** @template T @param {string} what @param {() => Promise<T>} work @returns {Promise<T | null>} */
  async #unlessBlind(what, work) {
    try {
      return await work();
    } catch (error) {
      this.#blind(what, error);
      return null;
    }
  }

  /** Throws an abort again. @param {string} what @param {unknown} error */
  #blind(what, error) {
    this.#blindSpots.push({ what, error: this.#call.failureOf(error) });
  }
}

/** Gives jobs their tasks, and returns those without a job. @param {JobRow[]} jobs @param {TaskRow[] | null} tasks */
function joined(jobs, tasks) {
  if (tasks === null) return [];
  const orphans = new Map(tasks.map((task) => [jobOf(task), task]));
  for (const job of jobs) {
    const id = jobOf(job);
    const { updated = 0, interval = 0 } = orphans.get(id) ?? {};
    Object.assign(job.numbers, { updated, interval });
    orphans.delete(id);
  }
  return [...orphans.values()];
}

/** @param {Reported} reported @param {Previous} previous @param {Look["thresholds"]} thresholds @returns {Look} */
function compared({ now, nodes, jobs, docs, orphans }, { at, rows }, thresholds) {
  return {
    now,
    previous: at,
    thresholds,
    nodes: nodes.map((node) => [node, rows.get(node.name)]),
    jobs: jobs.map(({ key, numbers }) => [numbers, rows.get(key)]),
    docs: docs.map(({ key, numbers }) => [numbers, rows.get(key)]),
    orphans: orphans.map(({ key }) => rows.get(key)),
  };
}
