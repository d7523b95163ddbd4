// @ts-check
// updateReplication(): changes a replication, and refuses what would make it begin from the beginning.

import { argument } from "../runtime/arguments.js";
import { changesOf, isCouchdbField } from "../runtime/new-replication.js";
import { faultOf, method, pathOf } from "./call.js";
import { withChanges } from "./changes.js";
import { rewindsOf } from "./identity.js";
import { edited } from "./replication-document.js";

const NAME = "updateReplication";

const OPTIONS = { allowRewind: "boolean", database: "database" };

/** @param {import("#glue").Client} client @param {any} id @param {unknown} changes @param {unknown} [options] */
export async function updateReplication(client, id, changes, options) {
  argument(NAME, "id", "replication", id);
  const given = changesOf(changes);
  return method(client, NAME, options, OPTIONS, async (call, { allowRewind = false, database }) => {
    for (const name of ["source", "target"]) {
      const end = given[name];
      const url = end?.url ?? end;
      // The bare name of a database becomes its URL, with this client's credentials.
      if (typeof url === "string") given[name] = await call.client.__end(NAME, name, end, call.signal);
    }
    /** @type {string[]} */
    let causes = [];
    /** @type {string[]} */
    let changed = [];
    const rev = await edited(call, { database, id }, (text) => {
      const after = withChanges(text, given, isCouchdbField);
      causes = rewindsOf(text, after.text);
      if (causes.length > 0 && !allowRewind) throw wouldRewind(call.client.url + pathOf(database, id), causes);
      changed = after.changed;
      return after.text;
    });
    return { id, rev, rewinds: causes.length > 0, changed };
  });
}

/** @param {string} url @param {string[]} causes */
function wouldRewind(url, causes) {
  const message =
    `a change of ${causes.join(" and ")} makes this another replication for CouchDB, which begins from the beginning instead of ` +
    "its checkpoint; nothing was written. Pass { allowRewind: true } to change it all the same";
  return faultOf("GET", url, "would_rewind", message);
}
