//! What a look sees: jobs, documents, tasks and nodes, as far as the rules need them.

use crate::diagnosis::{Event, Timestamp};

/// What the server reports now.
#[derive(Default)]
pub struct Look {
    /// The server's time
    pub now: Timestamp,
    /// Time of the preceding look
    pub previous: Option<Timestamp>,
    /// All nodes that are connected, configured, or have jobs
    pub nodes: Vec<Node>,
    /// All jobs
    pub jobs: Vec<Job>,
    /// Documents that have failed, cannot start, or whose target refused documents
    pub docs: Vec<Doc>,
    /// Tasks without a job: what the preceding look saw of them
    pub orphans: Vec<Before>,
}

/// What the preceding look has left of a row; the default if it had none.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// There was such a row.
    pub is_known: bool,
    /// As in [`Job`]
    pub run: u64,
    /// As in [`Job`]
    pub moved: u64,
    /// As in [`Job`]
    pub checkpoint: u64,
    /// As in [`Job`]
    pub done: u64,
    /// As in [`Job`]
    pub failures: u64,
    /// Its troubles
    pub seen: Vec<Seen>,
}

/// A trouble that a look saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Number of a [`Kind`](super::Kind)
    pub kind: u8,
    /// Time of the first of the consecutive looks that saw it
    pub since: Timestamp,
}

/// A node.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// It is configured and not connected.
    pub is_missing: bool,
    /// `None` if unknown
    pub limits: Option<Limits>,
    /// What the preceding look has left
    pub before: Before,
}

/// The limits of a node.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Jobs that run at the same time
    pub max_jobs: u64,
    /// Milliseconds
    pub interval: i64,
    /// Milliseconds that a pending job waits on average. `None` if no slot becomes free.
    pub expected_wait: Option<i64>,
}

/// What a job does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum JobState {
    /// It has a process.
    Running,
    /// It waits for a slot.
    #[default]
    Pending,
    /// It waits for the next attempt.
    Crashing,
}

/// The task of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Task {
    /// Tasks could not be read.
    #[default]
    Unknown,
    /// It has none.
    Missing,
    /// It has one.
    Present {
        /// Its latest update
        updated: Timestamp,
        /// Milliseconds between two updates
        interval: i64,
    },
}

/// A job.
#[derive(Clone, Default)]
pub struct Job {
    /// Index of its node
    pub node: usize,
    /// What it does
    pub state: JobState,
    /// It never ends by itself.
    pub is_continuous: bool,
    /// Identifies its run: changes when it starts, stops, or crashes
    pub run: u64,
    /// Identifies its position: changes when it moves
    pub moved: u64,
    /// The number at the beginning of `through_seq`
    pub through: u64,
    /// The number at the beginning of the checkpoint. 0 if it has written none, or uses none
    pub checkpoint: u64,
    /// Revisions checked and documents written, which add up over all runs. `None` before its first report
    pub done: Option<u64>,
    /// Documents that the target refused, in all runs
    pub failures: u64,
    /// Changes that are left to read, according to its row
    pub pending: Option<u64>,
    /// Changes that are left to read, according to the source
    pub backlog: Option<u64>,
    /// When a checkpoint last moved
    pub progress: Option<Timestamp>,
    /// Start of a session that began at the beginning, according to the newest checkpoint
    pub began: Option<Timestamp>,
    /// Its task
    pub task: Task,
    /// Newest first
    pub history: Vec<Event<'static>>,
    /// What the preceding look has left
    pub before: Before,
}

impl Job {
    /// When the newest event of this kind happened.
    pub(super) fn newest(&self, kind: &str) -> Option<Timestamp> {
        self.history.iter().find(|event| event.kind == kind)?.time
    }

    /// Whether this run has moved since the preceding look.
    pub(super) fn has_moved(&self) -> bool {
        self.before.is_known && self.before.run == self.run && self.before.moved != self.moved
    }
}

/// A document without a job.
#[derive(Clone, Debug)]
pub struct Doc {
    /// What the server itself reports
    pub trouble: Option<DocTrouble>,
    /// Documents that the target refused
    pub failures: u64,
    /// What the preceding look has left
    pub before: Before,
}

/// An unhealthy document.
#[derive(Clone, Copy, Debug)]
pub struct DocTrouble {
    /// The server has given up.
    pub is_permanent: bool,
    /// Since when, if known
    pub since: Option<Timestamp>,
}
