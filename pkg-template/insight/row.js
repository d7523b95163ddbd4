// @ts-check
// What diagnose() and progress() accept as a row.

import { kind } from "../runtime/arguments.js";
import { isObject } from "../runtime/checks.js";

/** A job has a history, and at the server no state. */
export const ROW = kind(
  "a ReplicationDoc or ReplicationJob",
  (value) => isObject(value) && (value.state !== undefined || value.history !== undefined),
);
