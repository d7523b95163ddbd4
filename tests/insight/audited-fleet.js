// @ts-check
// Fleets of replications between databases of the simulator, and audits of them.

import { Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { here, ORIGIN, put } from "../simulator/requests.js";

/** @typedef {import("couchdb-scheduler").Audit} Audit */
/** @typedef {import("couchdb-scheduler").AuditOptions} AuditOptions */
/** @typedef {import("couchdb-scheduler").Finding} Finding */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** @param {import("../../simulator/index.js").SimulatorOptions} [options] @param {import("couchdb-scheduler").ClientOptions} [clientOptions] */
export function fleetOn(options, clientOptions) {
  const simulator = createSimulator(options);
  const scheduler = new Scheduler(ORIGIN, {
    auth: { username: "admin", password: "pass" },
    retries: 0,
    fetch: simulator.fetch,
    ...clientOptions,
  });
  const { clock, fleet } = simulator;
  let written = 0;
  return {
    simulator,
    scheduler,
    /** @param {AuditOptions} [audit] */
    audit: (audit) => scheduler.audit(audit),
    /** A database with documents. @param {string} name @param {number} [docs] */
    source(name, docs = 20) {
      fleet.createDatabase(name);
      this.write(name, docs);
    },
    /** @param {string} name @param {number} [docs] */
    write(name, docs = 5) {
      clock.advance(0);
      const database = fleet.databases.get(name);
      for (let n = 0; n < docs; n++) database?.write(`d${++written}`, { n });
    },
    /** @param {string} id @param {Record<string, unknown>} [more] @param {string} [database] */
    async replicate(id, more = {}, database = "_replicator") {
      const ends = { source: here("source"), target: here(`target-${id}`), create_target: true, continuous: true };
      await put(simulator, `/${encodeURIComponent(database)}/${encodeURIComponent(id)}`, { ...ends, ...more });
    },
    /** Writes to these sources every now and then. @param {number} duration @param {string[]} sources */
    pass(duration, sources = []) {
      for (let left = duration; left > 0; left -= 20 * SECOND) {
        for (const name of sources) this.write(name, 1);
        clock.advance(Math.min(left, 20 * SECOND));
      }
    },
    /** The nodes of replications. */
    async nodes() {
      const { jobs } = await scheduler.listJobs();
      return new Map(jobs.map(({ doc_id, node }) => [doc_id, node]));
    },
  };
}

/** What a finding is about. @param {Finding} finding */
export const nameOf = ({ kind, doc_id, node }) => `${kind} ${doc_id ?? node}`;

/** The confirmed findings, in order. @param {Audit} audit */
export const confirmed = ({ findings }) =>
  findings
    .filter((finding) => finding.confirmed)
    .map(nameOf)
    .sort();
