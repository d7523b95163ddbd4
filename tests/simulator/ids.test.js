// @ts-check
// Replications have the same id in the simulator exactly if they have the same id in CouchDB.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { replicationId } from "../../simulator/world/replication.js";

/** The beginning of the id that CouchDB 3.5 gave to each document. @type {[id: string, document: string][]} */
const RECORDED = JSON.parse(readFileSync(new URL("../support/recorded-ids.json", import.meta.url), "utf8"));

/** The simulator knows neither CouchDB's own User-Agent, nor that selectors can be written in several ways. */
const NOT_SIMULATED = /User-Agent|"\$eq"|"t\.a"/;

test("ids are equal where CouchDB's are, for each pair of recorded documents", () => {
  const known = RECORDED.filter(([, document]) => !NOT_SIMULATED.test(document));
  assert.ok(known.length > 80);
  const ids = known.map(([, document]) => replicationId(JSON.parse(document)));
  for (const [i, [recorded, document]] of known.entries()) {
    for (const [j, [other, compared]] of known.entries()) {
      assert.equal(ids[i].split("+")[0] === ids[j].split("+")[0], recorded === other, `${document} and ${compared}`);
    }
  }
});
