// @ts-check
// The classes: those of the wasm, with the methods that put several responses of the server together.

import { Client, Replicator, Scheduler } from "#glue";
import { lag, lags } from "../insight/lag.js";
import { replicatorDatabases } from "../insight/replicator-databases.js";
import { complete } from "../runtime/methods.js";

complete(Client, "Client");
complete(Scheduler, "Scheduler", { promises: { lag, replicatorDatabases }, iterators: { lags } });
complete(Replicator, "Replicator");

export { Client, Replicator, Scheduler };
