//! HTTP over `fetch`: authentication, time limits, abort, retries, redirects, and error messages.

mod abort;
mod address;
mod attempt;
pub mod auth;
mod body;
mod deadline;
mod error;
mod failure;
mod list;
mod redirect;
mod refusal;
mod request_info;
mod response;
mod retry;
mod secrets;
mod server;
mod sleep;
mod transport;

pub use abort::Leash;
pub use address::{Address, UserInfo};
pub use body::Body;
pub use deadline::Deadline;
pub use failure::{Code, Failure, Fault};
pub use list::List;
pub use retry::Retry;
pub use secrets::Secrets;
pub use server::{Call, Connection, Expected};
pub use sleep::pause;
pub use transport::Transport;
