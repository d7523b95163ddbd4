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
//! what to look up; [`lookups`] plans the cheapest requests for it. [`Schedule`] decides whether a
//! tick needs a complete list, and [`Pace`] when it is due.
//!
//! To watch jobs, all of them are read at each tick: [`JobTable`] finds those that changed.

mod change;
mod document;
mod job_table;
mod lookups;
mod pace;
mod row;
mod schedule;
mod table;

pub use change::Change;
pub use job_table::JobTable;
pub use lookups::Lookup;
pub use pace::Pace;
pub use row::{are_equal_rows, has_no_state, state};
pub use schedule::{Schedule, Tick};
pub use table::Table;
