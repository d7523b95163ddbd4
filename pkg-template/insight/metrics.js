// @ts-check
// metrics(): documents, jobs, incidents and findings as OpenMetrics text. What cannot be read is absent, and `up` is 0 if the documents
// are, so that a scrape always gets a text.

import { argument, kind, optionsOf } from "../runtime/arguments.js";
import { during } from "./call.js";
import { nodesOf } from "./capacity.js";
import { ENDPOINTS } from "./endpoints.js";
import { incidents } from "./incidents.js";
import { LagReader } from "./lag-reader.js";
import { OpenMetrics } from "./open-metrics.js";
import { rowFrom } from "./position.js";
import { namesOf } from "./replicator-databases.js";
import { docsOf, WITH_JOB } from "./scheduler-rows.js";
import { summary } from "./summary.js";

/**
 * @typedef {import("./call.js").Call} Call
 * @typedef {import("./endpoints.js").Endpoints} Endpoints
 * @typedef {import("../runtime/arguments.js").Kind} Kind
 * @typedef {import("./position.js").Row} Row
 * @typedef {import("../index.js").ReplicationState} ReplicationState
 */

const PREFIX = "couchdb_scheduler_";

/** @satisfies {Record<string, import("./open-metrics.js").Family>} */
const FAMILIES = {
  up: { type: "gauge", help: "1 if the documents of all databases were counted, 0 if not." },
  scrape_errors: { type: "gauge", help: "1 for each part of these metrics that could not be read." },
  scrape_duration_seconds: { type: "gauge", unit: "seconds", help: "Time that was needed to read these metrics." },
  replications: { type: "gauge", help: "Replication documents in each state." },
  incidents: { type: "gauge", help: "Groups of unhealthy documents with the same cause at the same host." },
  findings: { type: "gauge", help: "Confirmed findings of the latest audit." },
  jobs: { type: "gauge", help: "Jobs on each node in each state." },
  max_jobs: { type: "gauge", help: "Jobs that can run on a node at the same time." },
  consecutive_failures: { type: "gauge", help: "Consecutive failures of a replication." },
  docs_written: { type: "counter", help: "Document revisions that a replication has written to its target." },
  doc_write_failures: { type: "gauge", help: "Document revisions that the target of a replication has refused." },
  changes_pending: { type: "gauge", help: "Changes of the source that are not replicated yet." },
  backlog: { type: "gauge", help: "Changes of the source after the position of a replication, whatever its state is." },
  last_progress_timestamp_seconds: {
    type: "gauge",
    unit: "seconds",
    help: "Time at which a checkpoint of a replication last moved, in seconds since 1970.",
  },
  series_dropped: { type: "gauge", help: "Series of single replications that are absent because there are too many." },
};

/** @typedef {OpenMetrics<keyof typeof FAMILIES>} Metrics */

/** The states of the replications that have series of their own. @type {Record<string, ReplicationState[] | undefined>} */
const STATES = { unhealthy: ["crashing", "error", "failed"], all: undefined };

/** The counters of a replication that have a series. */
const COUNTERS = /** @type {const} */ (["docs_written", "doc_write_failures", "changes_pending"]);

/** The number of series of a lag: `backlog` and `last_progress_timestamp_seconds`. */
const LAG_SERIES = 2;

/** Replications whose lags are read together. */
const PAGE = 1000;

/** @type {Kind} */
const DATABASES = (value, call, name) => {
  if (value === "all") return value;
  if (!Array.isArray(value)) return argument(call, name, 'an array of replicator databases, or "all"', value);
  return Array.from(value, (database) => argument(call, `each of ${name}`, "database", database));
};

/** @type {Kind} */
const PER_REPLICATION = kind('"none", "unhealthy" or "all"', (value) => ["none", "unhealthy", "all"].includes(value));

/** @param {any} finding */
const isFinding = (finding) => typeof finding?.kind === "string" && typeof finding.confirmed === "boolean";

/** @type {Kind} */
const AUDIT = (value, call, name) => {
  const { findings } = Object(value);
  if (Array.isArray(findings) && findings.every(isFinding)) return findings;
  return argument(call, name, "an Audit, the result of audit()", value);
};

/** @type {Record<string, Kind>} */
const OPTIONS = {
  databases: DATABASES,
  perReplication: PER_REPLICATION,
  maxSeries: "count",
  lag: "boolean",
  endpoints: ENDPOINTS,
  audit: AUDIT,
  signal: "signal",
};

/** @param {import("#glue").Client} client @param {unknown} [options] */
export async function metrics(client, options) {
  const given = optionsOf("metrics", options, OPTIONS);
  const { databases = ["_replicator"], perReplication = "none", maxSeries = 2000, lag, endpoints, audit = [] } = given;
  const { signal } = given;
  if (lag && perReplication === "none") {
    throw new RangeError('metrics: lag is about single replications: set perReplication to "unhealthy" or "all"');
  }
  const started = performance.now();
  /** @type {Metrics} */
  const found = new OpenMetrics(PREFIX, FAMILIES);
  for (const { kind, confirmed } of audit) if (confirmed) found.count("findings", { kind });
  await during(client, signal, async (call) => {
    const scrape = new Scrape(call, found);
    const names = await scrape.countDocuments(databases);
    found.set("up", {}, scrape.isUp ? 1 : 0);
    if (scrape.isLost) return;
    await scrape.countJobs();
    if (perReplication === "none") return;
    const shown = await scrape.addReplications(names, STATES[perReplication], maxSeries, lag ? LAG_SERIES : 0);
    if (lag) await scrape.addLags(shown, endpoints);
  });
  found.set("scrape_duration_seconds", {}, (performance.now() - started) / 1000);
  return String(found);
}

/** Reads one part after the other, so that a scrape is a small load. */
class Scrape {
  #call;
  #found;
  /** Whether the documents of all databases were counted. */
  isUp = true;
  /** Whether the server does not respond to this user, so that nothing more is requested. */
  isLost = false;

  /** @param {Call} call @param {Metrics} found */
  constructor(call, found) {
    this.#call = call;
    this.#found = found;
  }

  /**
   * Reads one part. A part that cannot be read is reported.
   *
   * @template T
   * @param {Record<string, string>} part the labels of the report
   * @param {() => Promise<T>} read
   * @returns {Promise<{ value: T } | { code: string }>}
   */
  async #read(part, read) {
    try {
      return { value: await read() };
    } catch (error) {
      const { code } = this.#call.failureOf(error);
      this.#found.set("scrape_errors", { ...part, code }, 1);
      return { code };
    }
  }

  /**
   * Counts the documents and the incidents.
   *
   * @param {string[] | "all"} databases
   * @returns {Promise<string[]>} the databases that were counted
   */
  async countDocuments(databases) {
    const names = await this.#namesOf(databases);
    const counted = [];
    /** Those of several databases with the same cause, side and host are one. @type {Map<string, { cause: string, side: string | null }>} */
    const found = new Map();
    const addIncidents = async (/** @type {string} */ database) => {
      const { client, signal } = this.#call;
      for (const { cause, side, host } of await incidents(client, { database, examples: 0, signal })) {
        found.set(JSON.stringify([cause, side, host]), { cause, side });
      }
    };
    let areAllKnown = true;
    for (const database of names) {
      const read = await this.#read({ part: "documents", database }, () => this.#countStates(database));
      if ("value" in read) {
        counted.push(database);
        const added = await this.#read({ part: "incidents", database }, () => addIncidents(database));
        areAllKnown &&= "value" in added;
        continue;
      }
      this.isLost = read.code !== "not_found";
      // A listed database that is missing was deleted meanwhile.
      this.isUp &&= databases === "all" && !this.isLost;
      if (this.isLost) break;
    }
    if (areAllKnown) for (const labels of found.values()) this.#found.count("incidents", labels);
    return counted;
  }

  /** @param {string[] | "all"} databases @returns {Promise<Iterable<string>>} */
  async #namesOf(databases) {
    if (databases !== "all") return new Set(databases);
    const read = await this.#read({ part: "databases" }, () => namesOf(this.#call));
    if ("value" in read) return read.value;
    this.isUp = false;
    this.isLost = true;
    return [];
  }

  /** @param {string} database */
  async #countStates(database) {
    const { states, unknown } = await summary(this.#call.client, { database, signal: this.#call.signal });
    for (const [state, count] of Object.entries(states)) this.#found.set("replications", { database, state }, count);
    if (unknown > 0) this.#found.set("replications", { database, state: "unknown" }, unknown);
  }

  async countJobs() {
    await this.#read({ part: "jobs" }, async () => {
      const { nodes } = await nodesOf(this.#call);
      for (const { node, up, limits, ...jobs } of nodes) {
        // Another node lists no jobs of one that is down, so their number is unknown.
        if (!up) continue;
        for (const state of WITH_JOB) {
          this.#found.set("jobs", { node, state }, jobs[state]);
        }
        this.#found.set("max_jobs", { node }, limits?.max_jobs);
      }
    });
  }

  /**
   * Adds the series of single replications, in the order of their ids, as many as are allowed.
   *
   * @param {string[]} databases
   * @param {ReplicationState[] | undefined} states
   * @param {number} maxSeries
   * @param {number} ofLag series that are kept free for each replication that has a lag
   * @returns {Promise<Map<string, Row[]>>} those of the replications that have a lag, by database
   */
  async addReplications(databases, states, maxSeries, ofLag) {
    /** @type {Map<string, Row[]>} */
    const shown = new Map();
    let [left, dropped] = [maxSeries, 0];
    let areAllRead = true;
    for (const database of databases) {
      /** @type {Row[]} */
      const rows = [];
      shown.set(database, rows);
      const read = await this.#read({ part: "replications", database }, async () => {
        for await (const row of docsOf(this.#call, database, states)) {
          const { doc_id, error_count, info } = row;
          const counters = COUNTERS.map((name) => /** @type {const} */ ([name, info?.[name]]));
          const known = counters.filter(([, value]) => typeof value === "number");
          // All series of a replication, or none.
          const hasLag = ofLag > 0 && WITH_JOB.includes(row.state);
          const series = 1 + known.length + (hasLag ? ofLag : 0);
          if (series > left) {
            dropped += series;
            left = 0;
            continue;
          }
          left -= series;
          if (hasLag) rows.push(rowFrom(database, row));
          this.#found.set("consecutive_failures", { database, doc_id }, error_count);
          for (const [name, value] of known) this.#found.set(name, { database, doc_id }, value);
        }
      });
      areAllRead &&= "value" in read;
    }
    if (areAllRead) this.#found.set("series_dropped", {}, dropped);
    return shown;
  }

  /**
   * Adds how far these replications are.
   *
   * @param {Map<string, Row[]>} shown by database
   * @param {Endpoints | undefined} endpoints
   */
  async addLags(shown, endpoints) {
    const reader = new LagReader(this.#call, endpoints);
    for (const [database, rows] of shown) {
      await this.#read({ part: "lag", database }, async () => {
        for (let first = 0; first < rows.length; first += PAGE) {
          const page = rows.slice(first, first + PAGE);
          await reader.readDocuments(page);
          for await (const { doc_id, backlog, last_progress } of reader.read(page)) {
            this.#found.set("backlog", { database, doc_id }, backlog);
            const seconds = last_progress === null ? null : Date.parse(last_progress) / 1000;
            this.#found.set("last_progress_timestamp_seconds", { database, doc_id }, seconds);
          }
        }
      });
    }
  }
}
