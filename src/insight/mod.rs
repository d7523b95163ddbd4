//! What the scheduler's rows tell a person, and what they must not tell.

pub mod diagnosis;
pub mod progress;

// A crate of its own, as it is compiled for speed.
pub use couchdb_scheduler_mask as mask;
