//! A model of replications: what each does, and what two looks must find of it.

use super::*;
use crate::diagnosis::Event;
use proptest::prelude::*;

const T: i64 = 1_795_600_000_000;

/// What a replication does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Life {
    Idle,
    Moving,
    /// Restarted between the looks; idle since, so that its row knows no pending changes.
    Restarted,
    /// Without a task yet.
    JustStarted,
    /// Stopped by the scheduler; now pending.
    Rotated,
    /// The source responds slowly: the task is updated only every two minutes.
    SlowSource,
    /// Idle with `use_checkpoints: false`: its task is not updated. The source gets a change just before the second look.
    WithoutCheckpoints,
    /// Crashed in an outage that is over.
    Recovered,
    /// Crashed again and again, hours ago.
    CrashedHoursAgo,
    /// Crashed once after hours, and was restarted at once.
    CrashedOnce,
    /// Lost what it did since the last checkpoint, in a crash.
    ResumedAfterCrash,
    Crashing,
    /// Attempts again, and has no task.
    CrashingAgain,
    CrashesHidden,
    /// Hangs while it starts; it has reported in an earlier run.
    NoTask,
    /// Hangs while it starts for the first time.
    NeverReported,
    Stalled,
    Starving,
    WriteFailures,
    RefusedOnce,
    Rewound,
    /// Rewound, and has caught up.
    RewoundAndDone,
    Lagging,
}

const LIVES: [Life; 23] = [
    Life::Idle,
    Life::Moving,
    Life::Restarted,
    Life::JustStarted,
    Life::Rotated,
    Life::SlowSource,
    Life::WithoutCheckpoints,
    Life::Recovered,
    Life::CrashedHoursAgo,
    Life::CrashedOnce,
    Life::ResumedAfterCrash,
    Life::Crashing,
    Life::CrashingAgain,
    Life::CrashesHidden,
    Life::NoTask,
    Life::NeverReported,
    Life::Stalled,
    Life::Starving,
    Life::WriteFailures,
    Life::RefusedOnce,
    Life::Rewound,
    Life::RewoundAndDone,
    Life::Lagging,
];

impl Life {
    /// What two looks must find.
    fn trouble(self) -> Option<(Kind, Severity)> {
        Some(match self {
            Life::Crashing | Life::CrashingAgain => (Kind::Crashing, Severity::Critical),
            Life::CrashesHidden => (Kind::CrashesHidden, Severity::Warning),
            Life::NoTask | Life::NeverReported => (Kind::NoTask, Severity::Critical),
            Life::Stalled => (Kind::Stalled, Severity::Critical),
            Life::Starving => (Kind::Starving, Severity::Critical),
            Life::WriteFailures => (Kind::WriteFailures, Severity::Warning),
            Life::RefusedOnce => (Kind::WriteFailures, Severity::Info),
            Life::Rewound | Life::RewoundAndDone => (Kind::Rewound, Severity::Warning),
            Life::Lagging => (Kind::Lagging, Severity::Warning),
            _ => return None,
        })
    }

    fn is_on_time(self) -> bool {
        matches!(self, Life::Idle | Life::Moving | Life::SlowSource | Life::CrashedOnce | Life::WriteFailures)
    }
}

/// Troubles of a node.
#[derive(Clone, Copy, Debug, Default)]
struct Troubles {
    lost_tasks: bool,
    is_missing: bool,
    is_poisoned: bool,
}

const THRESHOLDS: Thresholds = Thresholds { grace: 600_000, max_backlog: Some(1000), max_silence: None };
const GAP: i64 = 300_000;

fn event(kind: &'static str, time: i64) -> Event<'static> {
    Event { kind, time: Some(time), reason: None }
}

/// The row of a replication, in the first look or in the second.
fn job(life: Life, node: usize, now: i64, second: bool) -> Job {
    let ago = |seconds: i64| now - seconds * 1000;
    let step = u64::from(second);
    let mut job = Job {
        node,
        state: JobState::Running,
        is_continuous: true,
        run: 1,
        moved: 1,
        through: 100,
        checkpoint: 99,
        done: Some(150),
        pending: Some(0),
        backlog: Some(0),
        task: Task::Present { updated: ago(10), interval: 30_000 },
        history: vec![event("started", T - 7_200_000), event("added", T - 7_200_000)],
        ..Job::default()
    };
    let restart = |job: &mut Job, seconds: i64| {
        (job.run, job.moved) = (2, 2);
        job.history.insert(0, event("started", ago(seconds)));
    };
    match life {
        Life::Idle => {}
        Life::Moving => {
            (job.moved, job.through, job.done, job.backlog) = (1 + step, 100 + step, Some(150 + step), Some(5))
        }
        Life::Restarted if second => {
            restart(&mut job, 60);
            job.pending = None;
        }
        Life::JustStarted => {
            job.history = vec![event("started", ago(40)), event("added", ago(40))];
            (job.run, job.task, job.done, job.backlog, job.pending) = (7 + step, Task::Missing, None, None, None);
        }
        Life::Rotated => {
            (job.run, job.state, job.task) = (3 + step, JobState::Pending, Task::Missing);
            job.history.insert(0, event("stopped", ago(50)));
        }
        Life::SlowSource => {
            job.task = Task::Present { updated: ago(122), interval: 30_000 };
            (job.moved, job.backlog) = (1 + step, Some(50));
        }
        Life::WithoutCheckpoints => {
            job.task = Task::Present { updated: T - 5_000_000, interval: 30_000 };
            (job.checkpoint, job.backlog, job.pending) = (0, Some(step), None);
        }
        Life::Recovered => {
            job.history = [500, 560, 600, 630, 640, 670, 680, 7000]
                .into_iter()
                .zip(["started", "crashed"].into_iter().cycle())
                .map(|(at, kind)| event(kind, T - at * 1000))
                .collect();
        }
        Life::CrashedHoursAgo => {
            job.history = (0..5)
                .flat_map(|n| [4_000 + 210 * n, 4_001 + 210 * n])
                .zip(["started", "crashed"].into_iter().cycle())
                .map(|(at, kind)| event(kind, T - at * 1000))
                .collect();
        }
        Life::CrashedOnce => {
            job.history.splice(0..0, [event("started", T - 500_000), event("crashed", T - 501_000)]);
        }
        Life::ResumedAfterCrash if second => {
            restart(&mut job, 60);
            job.history.insert(1, event("crashed", ago(61)));
            (job.through, job.done) = (95, Some(140));
            job.began = Some(T - 7_200_000);
        }
        Life::Crashing => {
            (job.state, job.task) = (JobState::Crashing, Task::Missing);
            job.history.insert(0, event("crashed", T - 3_600_000));
        }
        Life::CrashingAgain => {
            (job.run, job.task) = (5 + step, Task::Missing);
            job.history = [(60, "started"), (120, "crashed"), (150, "started"), (1200, "crashed"), (1230, "started")]
                .map(|(at, kind)| event(kind, ago(at)))
                .into();
        }
        Life::CrashesHidden => {
            job.run = 5 + step;
            job.history = (0..5)
                .flat_map(|n| [event("started", ago(30 + 210 * n)), event("crashed", ago(31 + 210 * n))])
                .collect();
        }
        Life::NoTask => (job.task, job.backlog) = (Task::Missing, Some(7)),
        Life::NeverReported => {
            (job.task, job.done, job.backlog, job.pending) = (Task::Missing, None, None, None);
        }
        Life::Stalled => {
            job.task = Task::Present { updated: T - 7_000_000, interval: 30_000 };
            job.backlog = Some(7);
        }
        Life::Starving => {
            (job.run, job.state, job.task) = (9, JobState::Pending, Task::Missing);
            job.history.insert(0, event("stopped", T - 1_000_000));
        }
        Life::WriteFailures => (job.failures, job.moved) = (3 + step, 1 + step),
        Life::RefusedOnce => job.failures = 3,
        Life::Rewound if second => {
            restart(&mut job, 100);
            (job.through, job.done, job.backlog) = (20, Some(10), Some(80));
        }
        Life::RewoundAndDone if second => {
            restart(&mut job, 100);
            (job.done, job.began) = (Some(100), Some(ago(100)));
        }
        Life::Lagging => (job.moved, job.backlog) = (1 + step, Some(5000)),
        _ => {}
    }
    job
}

fn look(fleet: &[(Life, usize)], troubles: [Troubles; 2], now: i64, second: bool) -> Look {
    let jobs = fleet.iter().map(|&(life, node)| {
        let mut job = job(life, node, now, second);
        if troubles[node].lost_tasks && !matches!(job.state, JobState::Pending) {
            job.task = Task::Missing;
        }
        if troubles[node].is_poisoned {
            let history = vec![event("started", now - 3000), event("added", now - 3000)];
            job =
                Job { node, state: JobState::Running, run: now as u64, task: Task::Missing, history, ..Job::default() };
            job.backlog = Some(0);
        }
        job
    });
    let limits = Limits { max_jobs: 500, interval: 10_000, expected_wait: Some(10_000) };
    let node = |troubles: Troubles| Node { is_missing: troubles.is_missing, limits: Some(limits), ..Node::default() };
    Look { now, nodes: troubles.map(node).into(), jobs: jobs.collect(), ..Look::default() }
}

/// What the next look knows of this one.
fn remember(report: &Report, look: &mut Look, next: Look) -> Look {
    let before = |subject: Subject, job: Option<&Job>| {
        let seen = report.seen.iter().filter(|(other, _)| *other == subject).map(|(_, seen)| *seen).collect();
        let job = job.cloned().unwrap_or_default();
        Before {
            is_known: true,
            run: job.run,
            moved: job.moved,
            checkpoint: job.checkpoint,
            done: job.done.unwrap_or(0),
            failures: job.failures,
            seen,
        }
    };
    let mut next = Look { previous: Some(look.now), ..next };
    for (at, job) in next.jobs.iter_mut().enumerate() {
        job.before = before(Subject::Job(at), look.jobs.get(at));
    }
    for (at, node) in next.nodes.iter_mut().enumerate() {
        node.before = before(Subject::Node(at), None);
    }
    for (at, doc) in next.docs.iter_mut().enumerate() {
        doc.before = before(Subject::Doc(at), None);
        doc.before.failures = look.docs[at].failures;
    }
    for (at, orphan) in next.orphans.iter_mut().enumerate() {
        *orphan = before(Subject::Task(at), None);
    }
    next
}

fn two_looks(fleet: &[(Life, usize)], troubles: [Troubles; 2], gap: i64) -> [Report; 2] {
    let mut first = look(fleet, troubles, T, false);
    let report = audit(&first, &THRESHOLDS);
    let second = remember(&report, &mut first, look(fleet, troubles, T + gap, true));
    let second = audit(&second, &THRESHOLDS);
    [report, second]
}

type Found = (Subject, Kind, Severity, bool);

fn found(report: &Report) -> Vec<Found> {
    let mut found: Vec<Found> = report
        .findings
        .iter()
        .map(|finding| (finding.subject, finding.kind, finding.severity, finding.confirmed))
        .collect();
    found.sort();
    found
}

#[test]
fn each_trouble_is_found_and_nothing_else() {
    for life in LIVES {
        let [first, second] = two_looks(&[(life, 0), (Life::Idle, 0)], Default::default(), GAP);
        let expected: Vec<Found> =
            life.trouble().map(|(kind, severity)| (Subject::Job(0), kind, severity, true)).into_iter().collect();
        assert_eq!(found(&second), expected, "{life:?}");
        assert!(first.findings.iter().all(|finding| !finding.confirmed), "{life:?}");
        if life.trouble().is_none() {
            assert_eq!(found(&first), [], "{life:?}");
        }
    }
}

#[test]
fn looks_that_are_close_together_confirm_nothing() {
    for life in [Life::NoTask, Life::NeverReported, Life::Stalled, Life::Starving, Life::CrashesHidden, Life::Lagging] {
        let [first, second] = two_looks(&[(life, 0)], Default::default(), CONFIRMED_AFTER - 1);
        for report in [first, second] {
            assert_eq!(report.findings.len(), 1, "{life:?}");
            assert_eq!(
                (report.findings[0].confirmed, report.findings[0].severity),
                (false, Severity::Info),
                "{life:?}"
            );
        }
    }
}

#[test]
fn many_looks_that_are_close_together_confirm() {
    for life in [Life::NoTask, Life::Stalled, Life::Starving] {
        let mut now = T;
        let mut earlier = look(&[(life, 0)], Default::default(), now, false);
        let mut report = audit(&earlier, &THRESHOLDS);
        for _ in 0..4 {
            now += 40_000;
            let next = look(&[(life, 0)], Default::default(), now, false);
            earlier = remember(&report, &mut earlier, next);
            report = audit(&earlier, &THRESHOLDS);
        }
        assert!(report.findings[0].confirmed, "{life:?}");
    }
}

#[test]
fn a_wait_is_only_confirmed_between_the_looks() {
    // Most of the pending jobs were deleted a moment ago: those that are left have waited for long.
    let limits = Limits { max_jobs: 500, interval: 60_000, expected_wait: Some(60_000) };
    let looked = |gap| {
        let mut first = look(&[(Life::Starving, 0)], Default::default(), T, false);
        first.nodes[0].limits = Some(limits);
        let report = audit(&first, &THRESHOLDS);
        let mut next = look(&[(Life::Starving, 0)], Default::default(), T + gap, true);
        next.nodes[0].limits = Some(limits);
        audit(&remember(&report, &mut first, next), &THRESHOLDS).findings[0].confirmed
    };
    assert!(!looked(530_000));
    assert!(looked(540_000));
}

#[test]
fn without_free_slots_a_wait_counts_after_the_grace() {
    let starving = |since: i64| {
        let mut look = look(&[(Life::Starving, 0)], Default::default(), T, false);
        look.nodes[0].limits = Some(Limits { max_jobs: 1, interval: 60_000, expected_wait: None });
        look.jobs[0].history[0].time = Some(T - since);
        found(&audit(&look, &THRESHOLDS))
    };
    assert_eq!(starving(600_000), []);
    assert_eq!(starving(600_001), [(Subject::Job(0), Kind::Starving, Severity::Info, false)]);
}

#[test]
fn limits_are_needed_where_a_job_waits_long() {
    let needs = |life: Life, waits: i64| {
        let mut look = look(&[(life, 1), (life, 1), (Life::Idle, 0)], Default::default(), T, false);
        look.nodes[1].limits = None;
        for job in &mut look.jobs[..2] {
            job.history[0].time = Some(T - waits);
        }
        audit(&look, &THRESHOLDS).needs
    };
    assert_eq!(needs(Life::Starving, 180_000), []);
    assert_eq!(needs(Life::Starving, 180_001), [(Subject::Node(1), Need::Limits)]);
    assert_eq!(needs(Life::Idle, 900_000), []);
}

#[test]
fn backlogs_are_needed_of_suspects_only() {
    let thresholds = Thresholds { max_backlog: None, ..THRESHOLDS };
    let fleet = LIVES.map(|life| (life, 0));
    let mut look = look(&fleet, Default::default(), T, false);
    for job in &mut look.jobs {
        (job.backlog, job.pending) = (None, None);
    }
    let needs: Vec<Life> = audit(&look, &thresholds)
        .needs
        .into_iter()
        .map(|(subject, need)| match (subject, need) {
            (Subject::Job(at), Need::Backlog) => fleet[at].0,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(needs, [Life::WithoutCheckpoints, Life::NoTask, Life::Stalled]);
    let limited = Thresholds { max_silence: Some(1), ..thresholds };
    assert_eq!(audit(&look, &limited).needs.len(), 2 * LIVES.len());
}

#[test]
fn a_silence_counts_only_while_changes_are_left() {
    let thresholds = Thresholds { max_backlog: None, max_silence: Some(60_000), ..THRESHOLDS };
    let silent = |life: Life, progress: i64| {
        let mut look = look(&[(life, 0)], Default::default(), T, false);
        look.jobs[0].progress = Some(T - progress);
        audit(&look, &thresholds).findings.len()
    };
    assert_eq!(silent(Life::Moving, 60_000), 0);
    assert_eq!(silent(Life::Moving, 60_001), 1);
    assert_eq!(silent(Life::Idle, 3_600_000), 0);
}

#[test]
fn a_rewind_needs_the_checkpoint_once_it_has_caught_up() {
    let mut first = look(&[(Life::RewoundAndDone, 0)], Default::default(), T, false);
    let report = audit(&first, &THRESHOLDS);
    let next = look(&[(Life::RewoundAndDone, 0)], Default::default(), T + GAP, true);
    let mut second = remember(&report, &mut first, next);
    second.jobs[0].began = None;
    let report = audit(&second, &THRESHOLDS);
    assert_eq!((found(&report), report.needs), (vec![], vec![(Subject::Job(0), Need::Checkpoint)]));
    // The session is older than the preceding look.
    second.jobs[0].began = Some(T - 1);
    assert_eq!(found(&audit(&second, &THRESHOLDS)), []);
}

#[test]
fn a_rewind_is_compared_with_the_look_that_knew_the_counters() {
    let mut known = look(&[(Life::Idle, 0)], Default::default(), T, false);
    let mut report = audit(&known, &THRESHOLDS);
    // Looks that follow before the job reports again.
    for gap in [1, 2] {
        let mut next = remember(&report, &mut known, look(&[(Life::Restarted, 0)], Default::default(), T + gap, true));
        (next.jobs[0].done, known.now) = (None, T + gap);
        report = audit(&next, &THRESHOLDS);
        assert_eq!(found(&report), []);
    }
    let mut last = remember(&report, &mut known, look(&[(Life::RewoundAndDone, 0)], Default::default(), T + GAP, true));
    last.jobs[0].began = Some(T + 1);
    assert_eq!(found(&audit(&last, &THRESHOLDS)), [(Subject::Job(0), Kind::Rewound, Severity::Warning, true)]);
    last.jobs[0].began = Some(T - 1);
    assert_eq!(found(&audit(&last, &THRESHOLDS)), []);
}

#[test]
fn a_rewind_is_undecided_until_the_run_has_written_its_checkpoint() {
    let mut first = look(&[(Life::RewoundAndDone, 0)], Default::default(), T, false);
    let report = audit(&first, &THRESHOLDS);
    let next = look(&[(Life::RewoundAndDone, 0)], Default::default(), T + GAP, true);
    let mut second = remember(&report, &mut first, next);
    second.jobs[0].began = None;
    let mut is_undecided = |history: Vec<Event<'static>>, task: Task| {
        (second.jobs[0].history, second.jobs[0].task) = (history, task);
        let report = audit(&second, &THRESHOLDS);
        assert_eq!(found(&report), []);
        report.seen.contains(&(Subject::Job(0), Seen { kind: Kind::Rewound as u8, since: T }))
    };
    let started = |ago: i64| vec![event("started", T + GAP - ago)];
    let task = Task::Present { updated: T + GAP, interval: 30_000 };
    // Two intervals of its task, and the time until it has one.
    assert!(is_undecided(started(210_000), task));
    assert!(!is_undecided(started(210_001), task));
    assert!(is_undecided(started(150_000), Task::Unknown));
    assert!(!is_undecided(started(150_001), Task::Unknown));
    assert!(!is_undecided(vec![], task));
}

#[test]
fn a_task_is_missing_or_late_only_after_its_time() {
    let findings = |life: Life, age: i64| {
        let mut look = look(&[(life, 0)], Default::default(), T, false);
        let job = &mut look.jobs[0];
        job.history[0].time = Some(T - age);
        if let Task::Present { updated, .. } = &mut job.task {
            *updated = T - age;
        }
        audit(&look, &THRESHOLDS).findings.len()
    };
    assert_eq!([150_000, 150_001].map(|age| findings(Life::NoTask, age)), [0, 1]);
    // Two intervals, and the time that a source that hangs takes.
    assert_eq!([190_000, 190_001].map(|age| findings(Life::Stalled, age)), [0, 1]);
}

#[test]
fn a_job_that_can_end_between_jobs_and_tasks_is_missed_in_the_second_look() {
    for life in [Life::NoTask, Life::Idle] {
        let at = |now: i64, second: bool| {
            let mut look = look(&[(life, 0)], Default::default(), now, second);
            (look.jobs[0].is_continuous, look.jobs[0].task) = (false, Task::Missing);
            look
        };
        let mut first = at(T, false);
        let report = audit(&first, &THRESHOLDS);
        assert_eq!(found(&report), [], "{life:?}");
        let second = audit(&remember(&report, &mut first, at(T + GAP, true)), &THRESHOLDS);
        assert_eq!(second.findings.len(), usize::from(life == Life::NoTask), "{life:?}");
    }
}

#[test]
fn what_two_looks_see_of_two_runs_is_not_confirmed() {
    for life in [Life::NoTask, Life::NeverReported, Life::Stalled, Life::Starving] {
        let mut first = look(&[(life, 0)], Default::default(), T, false);
        let report = audit(&first, &THRESHOLDS);
        let mut second = remember(&report, &mut first, look(&[(life, 0)], Default::default(), T + GAP, true));
        second.jobs[0].run += 1;
        let report = audit(&second, &THRESHOLDS);
        assert_eq!(report.findings.iter().map(|finding| finding.confirmed).collect::<Vec<_>>(), [false], "{life:?}");
    }
}

#[test]
fn another_trouble_confirms_nothing() {
    let mut first = look(&[(Life::RefusedOnce, 0)], Default::default(), T, false);
    let report = audit(&first, &THRESHOLDS);
    let next = look(&[(Life::NoTask, 0)], Default::default(), T + GAP, true);
    let second = audit(&remember(&report, &mut first, next), &THRESHOLDS);
    assert_eq!(found(&second), [(Subject::Job(0), Kind::NoTask, Severity::Info, false)]);
}

#[test]
fn a_rewind_is_behind_the_checkpoint_and_its_counters_fell() {
    let rewound = |checkpoint, through, done| {
        let mut look = look(&[(Life::Idle, 0)], Default::default(), T, false);
        look.previous = Some(T - GAP);
        let job = &mut look.jobs[0];
        job.before = Before { is_known: true, run: 1, moved: 1, checkpoint, done: 150, ..Before::default() };
        (job.through, job.done, job.began) = (through, Some(done), (checkpoint == 0).then_some(T));
        !audit(&look, &THRESHOLDS).findings.is_empty()
    };
    assert!(rewound(1000, 899, 134));
    // The sequences of another replica of the source's shards, without a crash, and after one.
    assert!(!rewound(1000, 899, 150));
    assert!(!rewound(1000, 899, 135));
    assert!(!rewound(1000, 900, 134));
    // A new replication crashed before its first checkpoint.
    assert!(!rewound(0, 0, 10));
}

#[test]
fn jobs_that_are_added_are_not_restarted_by_a_poisoned_document() {
    for fleet in [vec![Life::JustStarted; 3], vec![Life::Idle, Life::JustStarted, Life::JustStarted]] {
        let looked = |now| {
            let mut look =
                look(&fleet.iter().map(|life| (*life, 0)).collect::<Vec<_>>(), Default::default(), now, false);
            if fleet[0] == Life::Idle {
                for job in &mut look.jobs[1..] {
                    job.history = vec![event("started", now - 3000), event("added", now - 3000)];
                }
            }
            look
        };
        let mut first = looked(T);
        let report = audit(&first, &THRESHOLDS);
        let second = remember(&report, &mut first, looked(T + GAP));
        assert_eq!(found(&audit(&second, &THRESHOLDS)), [], "{fleet:?}");
    }
}

#[test]
fn documents_and_tasks_are_compared_too() {
    let doc = |is_permanent, since| Doc {
        trouble: Some(DocTrouble { is_permanent, since: Some(since) }),
        failures: 0,
        before: Before::default(),
    };
    let refused = |failures| Doc { trouble: None, failures, before: Before::default() };
    let looked = |now, failures| Look {
        now,
        docs: vec![doc(true, T - 10), doc(false, T - 600_000), refused(failures), refused(0)],
        orphans: vec![Before::default()],
        ..Look::default()
    };
    let mut first = looked(T, 4);
    let report = audit(&first, &THRESHOLDS);
    let expected = [
        (Subject::Doc(0), Kind::Failed, Severity::Warning, false),
        (Subject::Doc(1), Kind::Error, Severity::Critical, false),
        (Subject::Doc(2), Kind::WriteFailures, Severity::Info, false),
    ];
    assert_eq!(found(&report), expected);
    let second = remember(&report, &mut first, looked(T + CONFIRMED_AFTER, 5));
    let expected = [
        (Subject::Doc(0), Kind::Failed, Severity::Warning, true),
        (Subject::Doc(1), Kind::Error, Severity::Critical, true),
        (Subject::Doc(2), Kind::WriteFailures, Severity::Warning, true),
        (Subject::Task(0), Kind::OrphanTask, Severity::Warning, true),
    ];
    assert_eq!(found(&audit(&second, &THRESHOLDS)), expected);
}

#[test]
fn crashing_jobs_churn_healthy_ones_where_no_slot_is_free() {
    let churned_at = |max_jobs, pending: bool, started: i64, stopped: i64| {
        let mut fleet = vec![(Life::Idle, 0), (Life::Crashing, 0)];
        fleet.extend(pending.then_some((Life::Rotated, 0)));
        let mut look = look(&fleet, Default::default(), T, false);
        look.nodes[0].limits = Some(Limits { max_jobs, interval: 10_000, expected_wait: Some(0) });
        look.jobs[0].history.splice(0..0, [event("started", T - started), event("stopped", T - stopped)]);
        found(&audit(&look, &THRESHOLDS)).contains(&(Subject::Node(0), Kind::ChurnedByCrashes, Severity::Info, false))
    };
    let churned = |max_jobs, pending| churned_at(max_jobs, pending, 9000, 9100);
    assert!(churned(1, false));
    assert!(!churned(2, false));
    assert!(!churned(1, true));
    // It waited for an interval, or was restarted some time ago.
    assert!(!churned_at(1, false, 9000, 19_000));
    assert!(churned_at(1, false, 25_000, 25_100));
    assert!(!churned_at(1, false, 25_001, 25_100));
}

#[test]
fn limits_are_needed_where_a_job_is_restarted_and_others_crash() {
    let needs = |fleet: &[(Life, usize)]| {
        let mut look = look(fleet, Default::default(), T, false);
        look.nodes[0].limits = None;
        look.jobs[0].history.splice(0..0, [event("started", T - 9000), event("stopped", T - 9100)]);
        audit(&look, &THRESHOLDS).needs
    };
    assert_eq!(needs(&[(Life::Idle, 0)]), []);
    assert_eq!(needs(&[(Life::Idle, 0), (Life::Crashing, 0)]), [(Subject::Node(0), Need::Limits)]);
}

#[test]
fn a_poisoned_document_restarts_all_jobs_whatever_they_do() {
    let is_poisoned = |states: &[JobState]| {
        let looked = |now| {
            let mut look = look(&vec![(Life::Idle, 0); states.len()], Default::default(), now, false);
            for (job, state) in look.jobs.iter_mut().zip(states) {
                (job.state, job.history) = (*state, vec![event("added", now - 3000)]);
            }
            look
        };
        let mut first = looked(T);
        let report = audit(&first, &THRESHOLDS);
        let second = remember(&report, &mut first, looked(T + GAP));
        let finding = (Subject::Node(0), Kind::PoisonedDocument, Severity::Critical, true);
        found(&audit(&second, &THRESHOLDS)).contains(&finding)
    };
    assert!(is_poisoned(&[JobState::Running, JobState::Running, JobState::Pending, JobState::Crashing]));
    assert!(!is_poisoned(&[JobState::Running]), "one job can be new");
}

#[test]
fn a_job_that_hangs_after_a_crash_crashes_no_longer() {
    let kinds = |age: i64| {
        let mut look = look(&[(Life::NeverReported, 0)], Default::default(), T, false);
        let events = [("started", 0), ("crashed", 1000), ("started", 31_000)];
        look.jobs[0].history = events.map(|(kind, earlier)| event(kind, T - age - earlier)).into();
        audit(&look, &THRESHOLDS).findings.iter().map(|finding| finding.kind).collect::<Vec<_>>()
    };
    assert_eq!([150_000, 150_001].map(kinds), [[Kind::Crashing], [Kind::NoTask]]);
}

proptest! {
    /// Random fleets, random troubles: two looks find exactly what was done to them.
    #[test]
    fn two_looks_find_exactly_what_was_done(
        fleet in prop::collection::vec((prop::sample::select(&LIVES[..]), 0..2_usize), 0..40),
        gap in CONFIRMED_AFTER..600_000,
        lost: bool, is_missing: bool, is_poisoned: bool,
    ) {
        // Troubles of the second node.
        let troubles = Troubles { lost_tasks: lost && !is_poisoned, is_missing, is_poisoned };
        let [first, second] = two_looks(&fleet, [Troubles::default(), troubles], gap);

        let mut expected: Vec<Found> = Vec::new();
        for (at, &(life, node)) in fleet.iter().enumerate() {
            let Some((kind, severity)) = life.trouble() else { continue };
            let kind = match life {
                // A poisoned document hides what the jobs of its node do.
                _ if node == 1 && is_poisoned => continue,
                // Where tasks are lost, a job that stalls cannot be told from one that hangs while it starts.
                Life::Stalled if node == 1 && troubles.lost_tasks => Kind::NoTask,
                _ => kind,
            };
            expected.push((Subject::Job(at), kind, severity, true));
        }
        let on_second = || fleet.iter().filter(|(_, node)| *node == 1).map(|(life, _)| *life);
        if is_missing {
            expected.push((Subject::Node(1), Kind::NodeMissing, Severity::Warning, true));
        }
        if is_poisoned && on_second().count() > 1 {
            expected.push((Subject::Node(1), Kind::PoisonedDocument, Severity::Critical, true));
        }
        let is_lost = troubles.lost_tasks && on_second().any(Life::is_on_time);
        let mut confirmed = found(&second);
        if troubles.lost_tasks {
            prop_assert!(!is_lost || confirmed.iter().any(|(_, kind, severity, _)| (*kind, *severity) == (Kind::NoTask, Severity::Info)));
            confirmed.retain(|(subject, kind, ..)| (*kind, *subject) != (Kind::NoTask, Subject::Node(1)));
            // Suspected by the second look alone: restarted since the first one, or with a new change.
            confirmed.retain(|(_, kind, _, confirmed)| *kind != Kind::NoTask || *confirmed);
        }
        expected.sort();
        prop_assert_eq!(confirmed, expected);
        prop_assert!(first.findings.iter().all(|finding| !finding.confirmed));
    }
}
