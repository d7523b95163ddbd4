// @ts-check
// `couchdb-scheduler/element`: the classes, without side effects.

export { CouchdbIncidents } from "./incidents.js";
export { CouchdbReplications } from "./replications.js";
