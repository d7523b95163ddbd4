//! Decisions without I/O, each a function of its inputs and of the time: which requests to send, and what an answer means.

pub mod diagnosis;
pub mod endpoints;
pub mod paging;
pub mod progress;
pub mod watch;
