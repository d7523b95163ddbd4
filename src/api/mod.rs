//! The JavaScript classes: they check arguments, call an operation and return its result.

mod arguments;
mod ask;
mod audit;
mod auth_options;
mod client;
mod client_options;
mod insight;
mod options;
mod replicator;
mod row_stream;
mod scheduler;
mod validate;
mod values;
