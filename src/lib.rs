//! Reads from a CouchDB or Cloudant server how its replications are doing.
//!
//! The way of a call: [`api`] checks the arguments, [`operations`] requests what answers it,
//! [`http`] sends the requests, [`js`] builds the JavaScript objects. A module uses those that
//! follow it in this list, never those that precede it.
//!
//! Methods that put several responses together are JavaScript, in pkg-template/insight; they send
//! their requests through `Client.__ask`.
//!
//! Three crates below know nothing of JavaScript: `rows` turns the bytes of responses into
//! normalized and masked rows; `scheduler_core` decides what to request and what a response means;
//! `mask` finds secrets in any text.
//! docs/architecture.md has a drawing, and the reasons.

/// Instead of the standard library's allocator, which is as fast and 3 kB larger (as gzip).
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

mod api;
mod http;
mod js;
mod operations;
