//! What is asked of the replication scheduler, and what its answer means.

pub mod docs;
pub mod documents;
pub mod endpoints;
pub mod jobs;
mod masked;
pub mod paging;
pub mod states;
pub mod summary;
pub mod watch;
