//! What is asked of the replication scheduler, and what its answer means.

pub mod documents;
pub mod endpoints;
pub mod paging;
pub mod watch;

// A crate of its own, as it is compiled for speed.
pub use couchdb_scheduler_whole::{docs, jobs, seen, states, summary};
