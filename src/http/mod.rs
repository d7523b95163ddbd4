//! HTTP over `fetch`: authentication, time limits, abort, retries, redirects, and error messages.

mod abort;
mod address;
mod attempt;
pub mod auth;
mod body;
mod error;
mod failure;
mod hints;
mod list;
mod redirect;
mod request;
mod request_info;
mod requester;
mod response;
mod retry;
mod secrets;
mod server;
mod sleep;
mod timer;
mod transport;

pub use address::Address;
pub use body::Body;
pub use failure::{Code, Failure, Fault};
pub use list::List;
pub use request::{Expected, Request};
pub use requester::Requester;
pub use retry::Retry;
pub use secrets::Secrets;
pub use server::Server;
pub use transport::Transport;
