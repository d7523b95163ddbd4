// @ts-check

/** The states of a replication document, as CouchDB names them, in the order of a replication's life. */
export const REPLICATION_STATES = Object.freeze(
  /** @type {const} */ (["initializing", "running", "completed", "pending", "crashing", "error", "failed"]),
);
