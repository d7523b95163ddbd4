//! The JavaScript classes: they call an operation and return its result. JavaScript has checked their arguments.

mod arguments;
mod ask;
mod audit;
mod client;
mod client_arguments;
mod insight;
mod replicator;
mod row_stream;
mod scheduler;
