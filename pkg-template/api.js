// @ts-check
// Every name that the package exports, whichever way its wasm arrives.

export { Client, diagnose, progress, Replicator, Scheduler } from "#glue";
export { REPLICATION_STATES } from "./replication-states.js";
export { SchedulerError } from "./scheduler-error.js";
