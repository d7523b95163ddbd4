//! What JavaScript sees. Takes arguments apart and hands results out; decides nothing.

mod answer;
mod arguments;
mod client;
mod docs;
mod error;
mod follow;
mod insight;
mod jobs;
mod new_replication;
mod objects;
mod replications;
mod replicator;
mod row_source;
mod scheduler;
mod watch;
