//! What is done to each of very many rows: making documents and jobs whole, and counting them.

extern crate couchdb_scheduler_mask as mask;
extern crate couchdb_scheduler_rows as rows;

pub mod docs;
mod info;
pub mod jobs;
pub mod masked;
pub mod seen;
pub mod states;
pub mod summary;
mod values;
