//! Ask a CouchDB or Cloudant server how its replications are doing.
//!
//! The way of a call: [`api`] checks its arguments, [`operations`] send the requests that answer it through [`http`], [`js`]
//! builds what JavaScript gets. The arrows go down only. Below are two crates that know nothing of JavaScript: `rows` reads the
//! answers, `scheduler_core` decides what to request and what an answer means.

/// Instead of the standard library's allocator, which is as fast and 3 kB larger (as gzip).
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

mod api;
mod http;
mod js;
mod operations;
