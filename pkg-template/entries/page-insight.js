// @ts-check
// What the dashboard calls of ./insight.js.

export { audit } from "../insight/audit.js";
export { capacity } from "../insight/capacity.js";
export { incidents } from "../insight/incidents.js";
export { lag, lags } from "../insight/lag.js";
export { replicatorDatabases } from "../insight/replicator-databases.js";
export { restartReplication } from "../insight/restart.js";
export { summary } from "../insight/summary.js";
export { updateReplication } from "../insight/update.js";
export { verify } from "../insight/verify.js";
