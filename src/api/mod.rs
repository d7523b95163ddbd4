//! What JavaScript sees. Takes arguments apart and hands results out; decides nothing.

mod arguments;
mod client;
mod error;
mod objects;
mod scheduler;
