//! The JavaScript classes: they check arguments, call an operation and return its result.

mod client;
mod insight;
mod options;
mod replicator;
mod row_stream;
mod scheduler;
