//! Ask a CouchDB or Cloudant server how its replications are doing.
//!
//! The way of a call: [`api`] takes it in, [`scheduler`] plans the request, [`http`] makes it, [`rows`] reads the body,
//! [`scheduler`] says what it means, [`api`] hands it out. What is not under `api` or `http` is plain Rust and knows
//! nothing of JavaScript.

// A crate of its own, as it alone is compiled for speed.
extern crate couchdb_scheduler_rows as rows;

/// Instead of the standard library's allocator, which is as fast and 3 kB larger (as gzip).
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

mod api;
mod http;
mod insight;
mod members;
mod promise;
mod scheduler;
mod text;
