// @ts-check
// The classes, with everything they can do.

import { completeClasses } from "./complete-classes.js";
import * as insight from "./insight.js";

export const { Client, Replicator, Scheduler } = completeClasses(insight);
