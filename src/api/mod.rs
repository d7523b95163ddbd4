//! The JavaScript classes: they check arguments, call an operation and return its result.

mod ask;
mod audit;
mod auth_options;
mod client;
mod client_options;
mod insight;
mod options;
mod plans;
mod replicator;
mod row_stream;
mod scheduler;
mod validate;
mod values;
