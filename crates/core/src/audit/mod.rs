//! Whether the scheduler's account is true: jobs without a task, jobs that do not move, jobs that starve or crash
//! unnoticed.
//!
//! One look suspects, two looks confirm: a [`Look`] is what the server reports now, with [`Before`] of each row, which an
//! earlier look has left. [`job`] and [`node`] hold the rules. A late finding is better than a false one.
//!
//! The texts are not here: names, messages and hints stay in JavaScript, which refers to rows by their numbers.
//!
//! All times are the server's. With a clock that differs by minutes, every task would look old.

mod job;
mod look;
mod node;

use crate::diagnosis::Timestamp;
pub use look::{Before, Doc, DocTrouble, Job, JobState, Limits, Look, Node, Seen, Task};
use node::Load;

/// Milliseconds for which a trouble must last to be confirmed.
pub const CONFIRMED_AFTER: i64 = 120_000;

/// What is wrong. JavaScript knows these by their numbers: `KINDS` in pkg-template/insight/audit-numbers.js.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// A document has failed permanently.
    Failed,
    /// A job cannot be created.
    Error,
    /// A job crashes.
    Crashing,
    /// A job crashes, and its state does not show it.
    CrashesHidden,
    /// A job runs and has no task.
    NoTask,
    /// A job runs and does not move.
    Stalled,
    /// A job waits much longer than the load explains.
    Starving,
    /// A backlog or a silence beyond the limits of the caller.
    Lagging,
    /// The target refused documents.
    WriteFailures,
    /// A replication reads its source again.
    Rewound,
    /// A task without a job.
    OrphanTask,
    /// A node restarts all its jobs.
    PoisonedDocument,
    /// A node is not connected.
    NodeMissing,
    /// Crashing jobs push healthy ones out of their slots.
    ChurnedByCrashes,
}

/// How bad it is. JavaScript knows these by their numbers.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Good to know, or only suspected.
    Info,
    /// Wrong.
    Warning,
    /// Wrong for longer than the grace, or for all jobs of a node.
    Critical,
}

/// A row of the look, by its index.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Subject {
    /// One of the nodes
    Node(usize),
    /// One of the jobs
    Job(usize),
    /// One of the documents
    Doc(usize),
    /// One of the tasks without a job
    Task(usize),
}

/// Something that is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// What it is about
    pub subject: Subject,
    /// What is wrong
    pub kind: Kind,
    /// How bad it is
    pub severity: Severity,
    /// Two looks agree.
    pub confirmed: bool,
    /// Since when, if known
    pub since: Option<Timestamp>,
    /// For the message: crashes, refused documents, changes of a backlog, jobs without a task
    pub number: u64,
}

/// What would decide about a suspicion, and is not known yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// The limits of a node
    Limits,
    /// The backlog of a job
    Backlog,
    /// The checkpoint of a job
    Checkpoint,
}

/// From when on something is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// Milliseconds of trouble after which a warning becomes critical
    pub grace: i64,
    /// Changes
    pub max_backlog: Option<u64>,
    /// Milliseconds without progress
    pub max_silence: Option<i64>,
}

/// The result of a look.
#[derive(Debug, Default)]
pub struct Report {
    /// What is wrong
    pub findings: Vec<Finding>,
    /// What the next look must know: suspicions included
    pub seen: Vec<(Subject, Seen)>,
    /// What to find out before the next attempt at this look
    pub needs: Vec<(Subject, Need)>,
}

/// Applies the rules to a look.
pub fn audit(look: &Look, thresholds: &Thresholds) -> Report {
    let loads = look.nodes.iter().map(|_| Load::default()).collect();
    let mut rules = Rules { look, thresholds, loads, report: Report::default() };
    for job in &look.jobs {
        rules.count(job);
    }
    for (at, job) in look.jobs.iter().enumerate() {
        rules.job(Subject::Job(at), job);
    }
    for (at, doc) in look.docs.iter().enumerate() {
        rules.doc(Subject::Doc(at), doc);
    }
    for (at, before) in look.orphans.iter().enumerate() {
        rules.orphan(Subject::Task(at), before);
    }
    for (at, node) in look.nodes.iter().enumerate() {
        rules.node(at, node);
    }
    rules.report
}

/// A look while the rules are applied.
struct Rules<'a> {
    look: &'a Look,
    thresholds: &'a Thresholds,
    /// In the order of the nodes
    loads: Vec<Load>,
    report: Report,
}

impl Rules<'_> {
    /// Notes a trouble for the next look. Returns since when consecutive looks have seen it: since now, unless it
    /// `continues`.
    fn see(&mut self, subject: Subject, before: &Before, kind: Kind, continues: bool) -> Timestamp {
        let first = before.seen.iter().find(|seen| seen.kind == kind as u8 && continues);
        let since = first.map_or(self.look.now, |seen| seen.since);
        self.report.seen.push((subject, Seen { kind: kind as u8, since }));
        since
    }

    fn is_confirmed(&self, since: Timestamp) -> bool {
        self.look.now - since >= CONFIRMED_AFTER
    }

    /// A warning, or critical after the grace.
    fn warning(&self, since: Option<Timestamp>) -> Severity {
        let is_critical = since.is_some_and(|since| self.look.now - since >= self.thresholds.grace);
        if is_critical { Severity::Critical } else { Severity::Warning }
    }

    /// Of what one look only suspects.
    fn suspicion(&self, confirmed: bool, since: Option<Timestamp>) -> Severity {
        if confirmed { self.warning(since) } else { Severity::Info }
    }

    fn find(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }

    /// Two rules can need the same.
    fn need(&mut self, subject: Subject, need: Need) {
        if self.report.needs.last() != Some(&(subject, need)) {
            self.report.needs.push((subject, need));
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
