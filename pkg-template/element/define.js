// @ts-check
// `couchdb-scheduler/element/define`: registers the elements, where there are elements. Copied as it is.

import { CouchdbIncidents, CouchdbReplications } from "./index.js";

const ELEMENTS = { "couchdb-replications": CouchdbReplications, "couchdb-incidents": CouchdbIncidents };

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (globalThis.customElements?.get(name) === undefined) globalThis.customElements?.define(name, element);
}
