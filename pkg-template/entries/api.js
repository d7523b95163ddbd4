// @ts-check
// Every name that the package exports, whichever way its wasm arrives.

export { diagnose, progress } from "#glue";
export { Client, Replicator, Scheduler } from "../methods.js";
export { REPLICATION_STATES } from "../replication-states.js";
export { SchedulerError } from "../scheduler-error.js";
