// @ts-check
// incidents(): unhealthy documents by cause, end and host, in one replicator database or in all of them. The wasm counts rows as
// they arrive; it asks here for the group of the first row of each kind.

import * as glue from "#glue";
import { method } from "./call.js";
import { COUNTING, countEach } from "./databases.js";
import { IncidentGroups } from "./incident-groups.js";

/** The states of unhealthy documents. The server filters the list. */
const QUERY = `?states=${encodeURIComponent("crashing,error,failed")}`;

/** @param {import("#glue").Client} client @param {unknown} [options] */
export async function incidents(client, options) {
  return method(client, "incidents", options, { examples: "count", ...COUNTING }, async (call, given) => {
    const { database, examples = 5, onProgress } = given;
    const groups = new IncidentGroups((row) => glue.diagnose(row), examples);
    await countEach(call, database, onProgress, async (path, report) => {
      groups.add(await client.__incidents(path + QUERY, examples, groups.numberOf, report, call.signal));
    });
    return groups.incidents();
  });
}
