//! The rules for jobs, documents and tasks. Each comment says why healthy replications do not break the rule.

use super::look::{Before, Doc, DocTrouble, Job, JobState, Seen, Task};
use super::{Finding, Kind, Need, Rules, Severity, Subject};
use crate::diagnosis::{RetrySettings, Streak, Timestamp, streak};

/// A task appears within 5 seconds of a start, when both ends have responded. A start that hangs ends after 93 seconds.
const TASK_APPEARS: i64 = 150_000;

/// A task is updated at each checkpoint interval; one that waits for a source that hangs, after up to 122 seconds.
const TASK_IS_LATE: i64 = 130_000;

/// CouchDB restarts a job that was healthy at once, and other jobs after 30 seconds or more.
const AT_ONCE: i64 = 10_000;

/// Crashes of healthy jobs within this time count together.
const HIDDEN_CRASHES_WITHIN: i64 = 3_600_000;

/// An outage is one crash of a healthy job: its state shows those that follow.
const HIDDEN_CRASHES: u64 = 3;

/// How many times longer than the average a job waits that starves. Fair shares let single jobs wait five times as long.
const STARVING_FACTOR: i64 = 6;

/// No interval is so long by default that a job waits for longer where a slot is free.
const WAITS_LONG: i64 = 180_000;

impl Rules<'_> {
    pub(super) fn job(&mut self, subject: Subject, job: &Job) {
        let streak = streak(&job.history, RetrySettings::default().health_threshold);
        if is_crashing(job, &streak, self.look.now) {
            self.unhealthy(subject, &job.before, Kind::Crashing, streak.since, streak.crashes);
        } else {
            self.hidden_crashes(subject, job);
            self.task(subject, job);
        }
        self.wait(subject, job);
        self.lagging(subject, job);
        self.rewound(subject, job);
        self.write_failures(subject, &job.before, job.failures);
    }

    pub(super) fn doc(&mut self, subject: Subject, doc: &Doc) {
        match doc.trouble {
            Some(DocTrouble { is_permanent, since }) => {
                let kind = if is_permanent { Kind::Failed } else { Kind::Error };
                self.unhealthy(subject, &doc.before, kind, since, 0);
            }
            None => self.write_failures(subject, &doc.before, doc.failures),
        }
    }

    /// Only if two looks see the same task without its job: jobs and tasks are not read at the same moment.
    pub(super) fn orphan(&mut self, subject: Subject, before: &Before) {
        let since = self.see(subject, before, Kind::OrphanTask, true);
        if self.is_confirmed(since) {
            let severity = Severity::Warning;
            self.find(Finding {
                subject,
                kind: Kind::OrphanTask,
                severity,
                confirmed: true,
                since: Some(since),
                number: 0,
            });
        }
    }

    /// What the server itself reports.
    fn unhealthy(&mut self, subject: Subject, before: &Before, kind: Kind, since: Option<Timestamp>, number: u64) {
        let seen = self.see(subject, before, kind, true);
        let since = Some(since.unwrap_or(seen));
        let (severity, confirmed) = (self.warning(since), self.is_confirmed(seen));
        self.find(Finding { subject, kind, severity, confirmed, since, number });
    }

    /// A task that is missing or not updated, of a job that has not moved between two looks although both saw changes left.
    /// An idle job has no backlog, or a new one; a job whose task was lost with those of its node moves, or is idle.
    fn task(&mut self, subject: Subject, job: &Job) {
        let now = self.look.now;
        let started = job.newest("started");
        let (kind, since) = match job.task {
            Task::Missing if started.is_some_and(|started| now - started > TASK_APPEARS) => (Kind::NoTask, started),
            Task::Present { updated, interval } if now - updated > 2 * interval + TASK_IS_LATE => {
                (Kind::Stalled, Some(updated))
            }
            _ => return,
        };
        if job.state != JobState::Running {
            return;
        }
        // Tasks are read after the jobs.
        let may_be_over = kind == Kind::NoTask && !job.is_continuous;
        // A job that hangs while it starts never reports.
        let hangs_at_start = kind == Kind::NoTask && job.done.is_none();
        if !hangs_at_start && !job.has_moved() && job.backlog.is_none() {
            self.need(subject, Need::Backlog);
        }
        let left = job.backlog.or(job.pending).unwrap_or(0);
        if !job.has_moved() && (left > 0 || hangs_at_start) {
            let seen = self.see(subject, &job.before, kind, job.before.run == job.run);
            let confirmed = self.is_confirmed(seen);
            let severity = self.suspicion(confirmed, since);
            // Without checkpoints, the task of an idle job is never updated, and it has a backlog while it reads a change.
            let may_be_idle = kind == Kind::Stalled && job.checkpoint == 0;
            if confirmed || !(may_be_idle || may_be_over) {
                self.find(Finding { subject, kind, severity, confirmed, since, number: left });
            }
        } else if kind == Kind::NoTask
            && !may_be_over
            && let Some(load) = self.loads.get_mut(job.node)
        {
            load.without_task += 1;
        }
    }

    /// Only crashes after which CouchDB restarted the job at once, since it had been healthy: it does not count these.
    fn hidden_crashes(&mut self, subject: Subject, job: &Job) {
        let (mut crashes, mut oldest) = (0, None);
        for events in job.history.windows(2) {
            let [started, crashed] = events else { continue };
            let (Some(start), Some(crash)) = (started.time, crashed.time) else { continue };
            if (started.kind, crashed.kind) == ("started", "crashed")
                && start - crash <= AT_ONCE
                && self.look.now - crash <= HIDDEN_CRASHES_WITHIN
            {
                (crashes, oldest) = (crashes + 1, Some(crash));
            }
        }
        if crashes >= HIDDEN_CRASHES {
            let kind = Kind::CrashesHidden;
            let seen = self.see(subject, &job.before, kind, true);
            let confirmed = self.is_confirmed(seen);
            let severity = if confirmed { Severity::Warning } else { Severity::Info };
            self.find(Finding { subject, kind, severity, confirmed, since: oldest, number: crashes });
        }
    }

    /// A wait far beyond the average, by the job's history and between the looks: the load can have been higher earlier.
    fn wait(&mut self, subject: Subject, job: &Job) {
        let Some(since) = job.history.first().and_then(|newest| newest.time) else { return };
        let waited = self.look.now - since;
        if job.state != JobState::Pending || waited <= WAITS_LONG {
            return;
        }
        let Some(limits) = self.limits(job.node) else { return };
        let (longest, confirmed_after) = match limits.expected_wait {
            Some(expected) => {
                let longest = STARVING_FACTOR * expected + 3 * limits.interval;
                (longest, longest)
            }
            None => (self.thresholds.grace, 0),
        };
        if waited <= longest {
            return;
        }
        let kind = Kind::Starving;
        let seen = self.see(subject, &job.before, kind, job.before.run == job.run);
        let confirmed = self.is_confirmed(seen) && self.look.now - seen >= confirmed_after;
        let severity = self.suspicion(confirmed, Some(since));
        self.find(Finding { subject, kind, severity, confirmed, since: Some(since), number: 0 });
    }

    /// Beyond the limits of the caller. A silence counts only while changes are left: an idle job writes no checkpoint.
    fn lagging(&mut self, subject: Subject, job: &Job) {
        let (max_backlog, max_silence) = (self.thresholds.max_backlog, self.thresholds.max_silence);
        if max_backlog.or(max_silence.map(|_| 0)).is_none() {
            return;
        }
        if job.backlog.is_none() {
            self.need(subject, Need::Backlog);
        }
        if max_silence.is_some() && job.progress.is_none() {
            self.need(subject, Need::Checkpoint);
        }
        let left = job.backlog.or(job.pending).unwrap_or(0);
        let silent =
            job.progress.filter(|progress| left > 0 && max_silence.is_some_and(|max| self.look.now - progress > max));
        if silent.is_none() && max_backlog.is_none_or(|max| left <= max) {
            return;
        }
        let kind = Kind::Lagging;
        let seen = self.see(subject, &job.before, kind, true);
        let confirmed = self.is_confirmed(seen);
        let since = Some(silent.unwrap_or(seen));
        let severity = self.suspicion(confirmed, since);
        self.find(Finding { subject, kind, severity, confirmed, since, number: left });
    }

    /// Counters add up over all runs, unless a run begins at the beginning. A run that begins at the last checkpoint can
    /// lose a little of them after a crash: its position is not before that checkpoint, and its session is not new.
    fn rewound(&mut self, subject: Subject, job: &Job) {
        let Before { checkpoint, done, ref seen, .. } = job.before;
        if checkpoint == 0 {
            return;
        }
        // The time of the look that knew the counters.
        let known = seen.iter().find(|seen| seen.kind == Kind::Rewound as u8).map(|seen| seen.since);
        let Some(previous) = known.or(self.look.previous) else { return };
        // Of a look that cannot decide: the next one compares with the same counters.
        let undecided = (subject, Seen { kind: Kind::Rewound as u8, since: previous });
        let Some(done_now) = job.done else { return self.report.seen.push(undecided) };
        if done_now >= done {
            return;
        }
        // Replicas of a shard differ in their sequences.
        let is_far_back = job.through < checkpoint - checkpoint / 10 && done_now < done - done / 10;
        if is_far_back || job.began.is_some_and(|began| began >= previous) {
            let since = job.began.or(job.newest("started"));
            self.find(Finding {
                subject,
                kind: Kind::Rewound,
                severity: Severity::Warning,
                confirmed: true,
                since,
                number: 0,
            });
            return;
        }
        if job.began.is_none() {
            self.need(subject, Need::Checkpoint);
        }
        if !self.has_written(job) {
            self.report.seen.push(undecided);
        }
    }

    /// Whether this run is so old that it has written its checkpoint.
    fn has_written(&self, job: &Job) -> bool {
        let interval = if let Task::Present { interval, .. } = job.task { interval } else { 0 };
        job.newest("started").is_none_or(|started| self.look.now - started > 2 * interval + TASK_APPEARS)
    }

    /// The counter covers all runs, so only its growth is news.
    fn write_failures(&mut self, subject: Subject, before: &Before, failures: u64) {
        if failures == 0 {
            return;
        }
        let kind = Kind::WriteFailures;
        let seen = self.see(subject, before, kind, true);
        let grows = before.is_known && before.failures < failures;
        let severity = if grows { Severity::Warning } else { Severity::Info };
        let confirmed = grows || self.is_confirmed(seen);
        self.find(Finding { subject, kind, severity, confirmed, since: None, number: failures });
    }

    /// The limits of a node; requested if they are not known.
    pub(super) fn limits(&mut self, node: usize) -> Option<super::Limits> {
        let limits = self.look.nodes.get(node)?.limits;
        let load = self.loads.get_mut(node)?;
        if limits.is_none() && !load.needs_limits {
            load.needs_limits = true;
            self.need(Subject::Node(node), Need::Limits);
        }
        limits
    }
}

/// Waits for the next attempt; or attempts it, and has no task yet.
fn is_crashing(job: &Job, streak: &Streak, now: Timestamp) -> bool {
    match job.state {
        JobState::Crashing => true,
        JobState::Pending => false,
        JobState::Running => {
            let has_just_started = job.newest("started").is_some_and(|started| now - started <= TASK_APPEARS);
            streak.crashes >= 1 && job.task == Task::Missing && has_just_started
        }
    }
}
