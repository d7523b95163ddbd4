// @ts-check
// The methods that put several responses of the server together.

export { audit } from "../insight/audit.js";
export { capacity } from "../insight/capacity.js";
export { incidents } from "../insight/incidents.js";
export { lag, lags } from "../insight/lag.js";
export { metrics } from "../insight/metrics.js";
export { replicatorDatabases } from "../insight/replicator-databases.js";
export { restartReplication, restartReplications } from "../insight/restart.js";
export { retryRefused } from "../insight/retry-refused.js";
export { summary } from "../insight/summary.js";
export { updateReplication } from "../insight/update.js";
export { verify } from "../insight/verify.js";
