//! The rules for nodes: their load, and what concerns all their jobs.

use super::look::{Job, JobState, Node};
use super::{Finding, Kind, Rules, Severity, Subject};

/// A poisoned document restarts all jobs every 5 seconds.
const ADDED_JUST_NOW: i64 = 10_000;

/// A job that is stopped for another one and started into the next free slot misses no interval.
const RESTARTED_WITHIN: i64 = 5_000;

/// CouchDB's default, for a node whose limits are not known yet.
const INTERVAL: i64 = 60_000;

/// The load of a node.
#[derive(Default)]
pub struct Load {
    running: u64,
    pending: u64,
    crashing: u64,
    /// Jobs that were stopped and started again at one of the latest intervals.
    restarted: u64,
    /// Jobs that were added just now.
    added: u64,
    /// Jobs that have no task and are not known to hang.
    pub without_task: u64,
    pub needs_limits: bool,
}

impl Rules<'_> {
    pub(super) fn count(&mut self, job: &Job) {
        let now = self.look.now;
        let limits = self.look.nodes.get(job.node).and_then(|node| node.limits);
        let interval = limits.map_or(INTERVAL, |limits| limits.interval);
        let Some(load) = self.loads.get_mut(job.node) else { return };
        let of_state = match job.state {
            JobState::Running => &mut load.running,
            JobState::Pending => &mut load.pending,
            JobState::Crashing => &mut load.crashing,
        };
        *of_state += 1;
        load.added += u64::from(job.newest("added").is_some_and(|added| now - added <= ADDED_JUST_NOW));
        let is_restarted = job.state == JobState::Running
            && job.history.windows(2).any(|events| {
                let [started, stopped] = events else { return false };
                let (Some(start), Some(stop)) = (started.time, stopped.time) else { return false };
                (started.kind, stopped.kind) == ("started", "stopped")
                    && start - stop <= RESTARTED_WITHIN
                    && now - start <= 2 * interval + RESTARTED_WITHIN
            });
        load.restarted += u64::from(is_restarted);
    }

    pub(super) fn node(&mut self, at: usize, node: &Node) {
        let Some(load) = self.loads.get_mut(at).map(std::mem::take) else { return };
        if node.is_missing {
            let kind = Kind::NodeMissing;
            let since = self.see(Subject::Node(at), &node.before, kind, true);
            self.node_finding(at, kind, self.warning(Some(since)), since, 0);
        }
        if load.without_task > 0 {
            // The table of tasks is lost when its process restarts; the jobs go on.
            self.node_suspicion(at, node, Kind::NoTask, load.without_task, [Severity::Info; 2]);
        }
        if load.crashing > 0 && load.pending == 0 && load.restarted > 0 {
            // Where others wait, healthy jobs are stopped for them.
            let limits = self.limits(at);
            if limits.is_some_and(|limits| load.crashing > limits.max_jobs.saturating_sub(load.running)) {
                let severities = [Severity::Info, Severity::Warning];
                self.node_suspicion(at, node, Kind::ChurnedByCrashes, load.restarted, severities);
            }
        }
        if load.added > 1 && load.added == load.running + load.pending + load.crashing {
            // A node that has just started looks the same, so one look does not even suspect.
            let kind = Kind::PoisonedDocument;
            let since = self.see(Subject::Node(at), &node.before, kind, true);
            if self.is_confirmed(since) {
                self.node_finding(at, kind, Severity::Critical, since, load.added);
            }
        }
    }

    /// `severities` of one look, and of two.
    fn node_suspicion(&mut self, at: usize, node: &Node, kind: Kind, number: u64, severities: [Severity; 2]) {
        let since = self.see(Subject::Node(at), &node.before, kind, true);
        let [suspected, confirmed] = severities;
        let severity = if self.is_confirmed(since) { confirmed } else { suspected };
        self.node_finding(at, kind, severity, since, number);
    }

    fn node_finding(&mut self, at: usize, kind: Kind, severity: Severity, since: i64, number: u64) {
        let confirmed = self.is_confirmed(since);
        self.find(Finding { subject: Subject::Node(at), kind, severity, confirmed, since: Some(since), number });
    }
}
