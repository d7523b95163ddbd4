// @ts-check
// All commands, in the order of the help.

import { completion } from "./completion.js";
import { jobs } from "./jobs.js";
import { list } from "./list.js";
import { show } from "./show.js";
import { start } from "./start.js";
import { stop } from "./stop.js";
import { summary } from "./summary.js";
import { wait } from "./wait.js";
import { watch } from "./watch.js";

/** @type {readonly import("../command.js").Command[]} */
export const COMMANDS = [summary, list, jobs, show, watch, wait, start, stop, completion];
