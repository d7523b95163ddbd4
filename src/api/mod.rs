//! The JavaScript classes: they check arguments, call an operation and return its result.

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
mod shared_options;
mod validate;
mod values;
