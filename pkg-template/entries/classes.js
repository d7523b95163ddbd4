// @ts-check
// The classes: those of the wasm, with the methods that put several responses of the server together.

import { Client, Replicator, Scheduler } from "#glue";
import { audit } from "../insight/audit.js";
import { capacity } from "../insight/capacity.js";
import { incidents } from "../insight/incidents.js";
import { lag, lags } from "../insight/lag.js";
import { metrics } from "../insight/metrics.js";
import { replicatorDatabases } from "../insight/replicator-databases.js";
import { restartReplication, restartReplications } from "../insight/restart.js";
import { retryRefused } from "../insight/retry-refused.js";
import { summary } from "../insight/summary.js";
import { updateReplication } from "../insight/update.js";
import { verify } from "../insight/verify.js";
import { complete } from "../runtime/methods.js";

complete(Client, "Client");
complete(Scheduler, "Scheduler", {
  promises: { audit, capacity, incidents, lag, metrics, replicatorDatabases, summary, verify },
  iterators: { lags },
});
complete(Replicator, "Replicator", {
  promises: { restartReplication, updateReplication },
  iterators: { restartReplications, retryRefused },
});

export { Client, Replicator, Scheduler };
