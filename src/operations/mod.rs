//! One file per question: which requests answer it, and how their responses become its result.

mod changes;
pub mod collect;
pub mod create_replication;
mod endpoint_auth;
pub mod follow;
pub mod get_doc;
pub mod incidents;
pub mod list_docs;
pub mod list_jobs;
pub mod list_replications;
pub mod progress;
pub mod replication;
pub mod retrying_stream;
pub mod stop_replication;
pub mod summarize;
pub mod ticks;
pub mod watch;
pub mod watch_jobs;
