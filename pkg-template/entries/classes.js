// @ts-check
// The classes, with everything they can do.

import { completeClasses } from "./complete-classes.js";
import * as insight from "./insight.js";

completeClasses(insight, insight);

export { Client, Replicator, Scheduler } from "#glue";
