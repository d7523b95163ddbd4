//! One exchange with a server, done right: it settles in time, stops at once when told to, and fails in words.

mod address;
mod attempt;
pub mod auth;
mod body;
pub mod clock;
mod connection;
mod deadline;
mod exchange;
mod failure;
mod list;
mod listener;
mod pause;
mod redirect;
mod refusal;
mod response;
mod retry;
mod secrets;
mod task;

pub use address::Address;
pub use body::Body;
pub use connection::{Call, Connection, Expected};
pub use deadline::Deadline;
pub use exchange::Transport;
pub use failure::{Code, Failure, Fault};
pub use list::List;
pub use listener::Leash;
pub use pause::pause;
pub use retry::Retry;
pub use secrets::Secrets;
pub use task::next_task;
