//! The JavaScript classes and nothing else: arguments are checked, an operation is called, its result handed out.

mod client;
mod insight;
mod options;
mod replicator;
mod row_stream;
mod scheduler;
