//! Decisions without I/O: which requests to send, and what a response means.
//!
//! Each is a function of its inputs, and of the time if it matters. Nothing here knows JavaScript.

pub mod audit;
pub mod diagnosis;
pub mod endpoints;
pub mod id_range;
pub mod incidents;
pub mod list_plan;
pub mod progress;
pub mod watch;
