// @ts-check
/** The metrics of one node, as far as they are about replications. */

/**
 * @typedef {import("./node.js").Node} Node
 * @typedef {{ value: number, type: "counter" | "gauge", desc: string }} Metric
 */

/** What the simulator does not count: the names, and what CouchDB says about them. @type {Record<string, Record<string, string> | string>} */
const BEFORE_SCANS = {
  responses: {
    failure: "number of failed HTTP responses received by the replicator",
    success: "number of successful HTTP responses received by the replicator",
  },
  stream_responses: {
    success: "number of successful streaming HTTP responses received by the replicator",
    failure: "number of failed streaming HTTP responses received by the replicator",
  },
  connection: {
    creates: "number of connections created",
    owner_crashes: "number of times a connection owner crashes while owning at least one connection",
    acquires: "number of times connections are shared",
    worker_crashes: "number of times a worker unexpectedly terminates",
    closes: "number of times a worker is gracefully shut down",
    releases: "number of times ownership of a connection is released",
  },
  docs: {
    failed_state_updates: "number of 'failed' state document updates",
    dbs_deleted: "number of db shard deletions seen by replicator doc processor",
    db_changes: "number of db changes processed by replicator doc processor",
    dbs_found: "number of db shard found by replicator doc processor",
    completed_state_updates: "number of 'completed' state document updates",
  },
  worker_deaths: "number of failed replicator workers",
  changes_manager_deaths: "number of failed replicator changes managers",
  checkpoints: {
    failure: "number of failed checkpoint saves",
    success: "number of checkpoints successfully saves",
  },
  changes_read_failures: "number of failed replicator changes read failures",
  requests: "number of HTTP requests made by the replicator",
  changes_reader_deaths: "number of failed replicator changes readers",
};
/** @type {Record<string, string>} */
const AFTER_SCANS = {
  failed_starts: "number of replications that have failed to start",
  changes_queue_deaths: "number of failed replicator changes work queues",
  workers_started: "number of replicator workers started",
};

/** `_stats`. @param {Node} node */
export function statistics(node) {
  return {
    couch_replicator: { jobs: jobMetrics(node), ...zeros(BEFORE_SCANS), db_scans: scans(node), ...zeros(AFTER_SCANS) },
  };
}

/** @param {Node} node @returns {Record<string, Metric>} in CouchDB's order */
function jobMetrics({ running, waiting, counts }) {
  const crashed = [...waiting].filter(({ history }) => history[0].type === "crashed").length;
  return {
    stops: counter(counts.stops, "number of jobs stopped by replicator scheduler"),
    running: gauge(running.size, "replicator scheduler running jobs"),
    total: gauge(running.size + waiting.size, "total number of replicator scheduler jobs"),
    duplicate_adds: counter(0, "number of duplicate jobs added to replicator scheduler"),
    pending: gauge(waiting.size - crashed, "replicator scheduler pending jobs"),
    crashed: gauge(crashed, "replicator scheduler crashed jobs"),
    adds: counter(counts.adds, "number of jobs added to replicator scheduler"),
    starts: counter(counts.starts, "number of jobs started by replicator scheduler"),
    removes: counter(counts.removes, "number of jobs removed from replicator scheduler"),
    crashes: counter(counts.crashes, "number of job crashed noticed by replicator scheduler"),
  };
}

/** @param {Node} node */
function scans({ counts }) {
  return counter(counts.scans, "number of times replicator db scans have been started");
}

/** @param {Record<string, Record<string, string> | string>} descriptions @returns {Record<string, any>} */
function zeros(descriptions) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([name, desc]) => [
      name,
      typeof desc === "string" ? counter(0, desc) : zeros(desc),
    ]),
  );
}

/** @param {number} value @param {string} desc @returns {Metric} */
function counter(value, desc) {
  return { value, type: "counter", desc };
}

/** @param {number} value @param {string} desc @returns {Metric} */
function gauge(value, desc) {
  return { value, type: "gauge", desc };
}

/** `_prometheus`: the lines that name the scheduler. The gauge of all jobs has the name of a counter, as in CouchDB. @param {Node} node */
export function prometheusText(node) {
  const metrics = jobMetrics(node);
  const lines = Object.entries(metrics).map(([name, metric]) => {
    const full = `couchdb_couch_replicator_jobs_${name}${metric.type === "counter" ? "_total" : ""}`;
    return lineOf(full, metric);
  });
  return [...lines, lineOf("couchdb_couch_replicator_db_scans_total", scans(node))].sort().join("");
}

/** @param {string} name @param {Metric} metric */
function lineOf(name, { value, type, desc }) {
  return `# HELP ${name} ${desc}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}
