// @ts-check
// The fleets: as many documents or jobs as the name says, always the same.

import { createSimulator } from "../../simulator/index.js";
import { jobRows } from "../../simulator/world/demo.js";

/** @typedef {import("../../simulator/index.js").Simulator} Simulator */

/** @type {Map<number, Simulator>} */
const made = new Map();

/** @param {number} docs */
function withDocs(docs) {
  const simulator = made.get(docs) ?? createSimulator({ docs, seed: 1 });
  made.set(docs, simulator);
  simulator.prepare();
  return simulator;
}

/** @param {number} count */
function withJobs(count) {
  const simulator = createSimulator();
  simulator.fleet.loadVerbatim({}, jobRows(count, { history: 10 }));
  simulator.prepare();
  return simulator;
}

/** Copies of the unhealthy documents of a fleet, with ids of their own. @param {number} count */
function allUnhealthy(count) {
  const { fleet } = createSimulator({ docs: 20_000, seed: 1 });
  const database = fleet.databases.get("_replicator");
  if (database === undefined) throw new Error("the simulator has no _replicator");
  const unhealthy = [...database.entries.values()].filter((entry) =>
    ["crashing", "error", "failed"].includes(fleet.listedState(entry) ?? ""),
  );
  const rows = Array.from({ length: count }, (_, n) => {
    const entry = unhealthy[n % unhealthy.length];
    // Some reasons have the id, too.
    return JSON.parse(fleet.rowText(database, entry).replaceAll(entry.id, `${entry.id}-${n}`));
  });
  const simulator = createSimulator();
  simulator.fleet.loadVerbatim({ _replicator: { rows } });
  simulator.prepare();
  return simulator;
}

/** Chunk sizes of a complete list: as a proxy sends it, and as CouchDB does. */
const LARGE = 65_536;
const COUCHDBS = 1_490;

/** A database after a few months: most replications have ended. @param {number} ended @param {number} live */
function mostlyEnded(ended, live) {
  const simulator = createSimulator();
  const database = simulator.fleet.databases.get("_replicator");
  if (database === undefined) throw new Error("the simulator has no _replicator");
  const host = "127.0.0.1:5984";
  for (let n = 0; n < ended; n++) {
    const addresses = { source: `https://branch-${n}.example.com/orders/`, target: "https://head.example.com/orders/" };
    const stats = { docs_read: n, docs_written: n, doc_write_failures: 0, changes_pending: null };
    const state = { _replication_state: "completed", _replication_state_time: "2026-11-22T10:00:00Z" };
    simulator.fleet.write(database, `done-${n}`, { ...addresses, ...state, _replication_stats: stats }, { host });
  }
  for (let n = 0; n < live; n++) {
    const addresses = { source: `http://there.example.com/${n}`, target: "http://there.example.com/all" };
    simulator.fleet.write(database, `live-${n}`, { ...addresses, continuous: true }, { host });
  }
  simulator.clock.advance(120_000);
  simulator.prepare();
  return simulator;
}

/** @type {Record<import("../lib/plan.js").FleetName, { fleet: () => Simulator, chunkBytes: number, refuses?: string }>} */
export const FLEETS = {
  docs1k: { fleet: () => withDocs(1_000), chunkBytes: LARGE },
  docs10k: { fleet: () => withDocs(10_000), chunkBytes: LARGE },
  docs10kEnded: { fleet: () => mostlyEnded(9_950, 50), chunkBytes: LARGE },
  docs10kInListsAlone: { fleet: () => withDocs(10_000), chunkBytes: LARGE, refuses: "/_replicator/_changes" },
  docs100k: { fleet: () => withDocs(100_000), chunkBytes: LARGE },
  docs100kInSmallChunks: { fleet: () => withDocs(100_000), chunkBytes: COUCHDBS },
  unhealthy100k: { fleet: () => allUnhealthy(100_000), chunkBytes: LARGE },
  jobs10k: { fleet: () => withJobs(10_000), chunkBytes: LARGE },
};
