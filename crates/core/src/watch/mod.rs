//! Finds out what changed, at little cost for the server.
//!
//! A list makes the server look up every document. But most documents cannot have changed
//! unnoticed:
//!
//! - A replication that is running, pending or crashing has a job. `/_scheduler/jobs` is answered
//!   from memory. A job with the same history is in the same state, and its counters are those of
//!   the document's row.
//! - What is written to a document is in `_changes`: new, edited and deleted documents, and how a
//!   replication ended.
//!
//! The remaining documents are looked up: those whose job appeared, disappeared or has a new
//! history, those that changed, and those whose state neither of the two shows (`error`,
//! `initializing`, or none yet). [`Table`] holds a [`document`] for each, with its row, and marks
//! what to look up; [`lookups`] plans the cheapest requests for it. [`Schedule`] decides when the
//! next tick is, and whether it needs a complete list.

mod document;
mod lookups;
mod row;
mod schedule;
mod table;

pub use document::Change;
pub use lookups::Lookup;
pub use row::{are_equal_rows, has_no_state, state};
pub use schedule::{Schedule, Tick};
pub use table::Table;
