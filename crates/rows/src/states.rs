//! The states a replication can be in.

/// The states of a replication document, as CouchDB names them, in the order of a replication's life.
pub const REPLICATION_STATES: [&str; 7] =
    ["initializing", "running", "completed", "pending", "crashing", "error", "failed"];
