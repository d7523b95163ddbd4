// @ts-check
// The fleets there are: as many documents or jobs as the name says, and always the same.

import { jobRows } from "../../simulator/demo.js";
import { createSimulator } from "../../simulator/index.js";

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

/** What a whole list is sent in: like a server that is asked through a proxy, and like CouchDB itself. */
const LARGE = 65_536;
const COUCHDBS = 1_490;

/** @type {Record<import("../lib/plan.js").FleetName, { fleet: () => Simulator, chunkBytes: number }>} */
export const FLEETS = {
  docs1k: { fleet: () => withDocs(1_000), chunkBytes: LARGE },
  docs10k: { fleet: () => withDocs(10_000), chunkBytes: LARGE },
  docs100k: { fleet: () => withDocs(100_000), chunkBytes: LARGE },
  docs100kInSmallChunks: { fleet: () => withDocs(100_000), chunkBytes: COUCHDBS },
  jobs10k: { fleet: () => withJobs(10_000), chunkBytes: LARGE },
};
