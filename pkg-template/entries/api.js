// @ts-check
// Every name that the package exports, in every entry.

export { diagnose } from "../insight/diagnose.js";
export { progress } from "../insight/progress.js";
export { REPLICATION_STATES } from "../runtime/replication-states.js";
export { SchedulerError } from "../runtime/scheduler-error.js";
export { Client, Replicator, Scheduler } from "./classes.js";
