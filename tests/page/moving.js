// @ts-check
// Replications between databases of the simulator, as the server of the page sees them: at its address.

import { PASSWORD } from "./open-page.js";

/** @typedef {Awaited<ReturnType<typeof import("./open-page.js").openPage>>} Stage */

export const MINUTE = 60_000;

/** @param {Stage} stage */
export function movingFleet({ simulator, dev }) {
  const { clock, fleet } = simulator;
  const origin = dev.shows;
  let written = 0;
  const write = (/** @type {string} */ name, docs = 5) => {
    clock.advance(0);
    const database = fleet.databases.get(name);
    for (let n = 0; n < docs; n++) database?.write(`d${++written}`, { n });
  };
  return {
    origin,
    write,
    /** A database with documents. @param {string} name @param {number} [docs] */
    source(name, docs = 20) {
      fleet.createDatabase(name);
      write(name, docs);
    },
    /** @param {string} id @param {Record<string, unknown>} [more] @param {string} [database] */
    async replicate(id, more = {}, database = "_replicator") {
      const at = (/** @type {string} */ name) => `${origin}/${name}`.replace("://", `://admin:${PASSWORD}@`);
      const ends = { source: at("source"), target: at(`target-${id}`), create_target: true, continuous: true };
      const response = await fetch(`${origin}/${encodeURIComponent(database)}/${encodeURIComponent(id)}`, {
        method: "PUT",
        headers: { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, "Content-Type": "application/json" },
        body: JSON.stringify({ ...ends, ...more }),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    /** Time of the server. @param {number} ms */
    pass(ms) {
      for (let left = ms; left > 0; left -= 20_000) clock.advance(Math.min(left, 20_000));
    },
  };
}
