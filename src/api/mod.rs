//! What JavaScript sees. Takes arguments apart and hands results out; decides nothing.

mod arguments;
mod client;
mod docs;
mod error;
mod insight;
mod jobs;
mod objects;
mod row_source;
mod scheduler;
