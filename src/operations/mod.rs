//! One file for each question that users ask: which requests answer it, and what becomes of their answers.

pub mod collect;
pub mod create_replication;
mod endpoint_auth;
pub mod follow;
pub mod get_doc;
pub mod list_docs;
pub mod list_jobs;
pub mod list_replications;
pub mod replication;
pub mod stop_replication;
pub mod summarize;
pub mod watch;
