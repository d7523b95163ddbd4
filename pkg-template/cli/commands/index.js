// @ts-check
// All commands, in the order of the help.

import { audit } from "./audit.js";
import { capacity } from "./capacity.js";
import { check } from "./check.js";
import { completion } from "./completion.js";
import { incidents } from "./incidents.js";
import { jobs } from "./jobs.js";
import { lag } from "./lag.js";
import { list } from "./list.js";
import { metrics } from "./metrics.js";
import { restart } from "./restart.js";
import { serve } from "./serve.js";
import { show } from "./show.js";
import { start } from "./start.js";
import { stop } from "./stop.js";
import { summary } from "./summary.js";
import { update } from "./update.js";
import { verify } from "./verify.js";
import { wait } from "./wait.js";
import { watch } from "./watch.js";

/** @type {readonly import("../command.js").Command[]} */
export const COMMANDS = [
  summary,
  list,
  jobs,
  show,
  incidents,
  audit,
  check,
  lag,
  verify,
  capacity,
  watch,
  wait,
  start,
  stop,
  restart,
  update,
  metrics,
  serve,
  completion,
];
