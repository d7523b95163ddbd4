//! Knowing what changed, at little cost for the server.
//!
//! A list makes the server look up every document. But most documents cannot have changed unseen:
//!
//! - what is running, pending or crashing has a job. `/_scheduler/jobs` is answered from memory; a job whose history is still
//!   the same is in the same state, and its counters are those of the document's row.
//! - what is written to a document is in `_changes`: new ones, edited ones, deleted ones, and how a replication ended.
//!
//! What is left is asked for one by one: documents whose job has a new history, has come or has gone, those that changed, and those whose
//! state neither of the two shows (`error`, `initializing`, or none yet). [`Table`] holds the rows and says what to ask; [`Asks`] is the
//! cheapest way to.

mod lookups;
mod row;
mod table;

pub use lookups::Ask;
pub use row::{has_no_state, says_the_same, state};
pub use table::{Change, Table};
