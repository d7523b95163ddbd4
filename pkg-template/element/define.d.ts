/**
 * Registers `<couchdb-replications>` and `<couchdb-incidents>`, unless these names are taken.
 *
 * @module couchdb-scheduler/element/define
 */

import type { CouchdbIncidents, CouchdbReplications } from "./index.js";

declare global {
  interface HTMLElementTagNameMap {
    /** The table. */
    "couchdb-replications": CouchdbReplications;
    /** The list of incidents. */
    "couchdb-incidents": CouchdbIncidents;
  }
}
