//! Counts the consecutive crashes of a job, and computes when the server tries it again.

use super::Timestamp;

/// An event of a job's history.
#[derive(Clone, Copy, Default)]
pub struct Event<'a> {
    /// `added`, `started`, `stopped` or `crashed`.
    pub kind: &'a str,
    /// When it happened; `None` if unknown.
    pub time: Option<Timestamp>,
    /// Reason of a crash.
    pub reason: Option<&'a str>,
}

/// Settings of a node that decide when it tries a job again.
#[derive(Clone, Copy)]
pub struct RetrySettings {
    /// Milliseconds after which a running job is healthy, so that its next crash does not count.
    pub health_threshold: i64,
    /// Milliseconds between two decisions of the scheduler; `None` if unknown.
    pub interval: Option<i64>,
}

/// CouchDB's `health_threshold`, and an unknown interval.
impl Default for RetrySettings {
    fn default() -> RetrySettings {
        RetrySettings { health_threshold: 120_000, interval: None }
    }
}

/// Milliseconds until the first new attempt, doubled by each further crash.
const FIRST_WAIT: i64 = 30_000;

/// The first wait, between two times of whole seconds. The crash of a healthy job is followed by a
/// start at once.
const SHORTEST_WAIT: i64 = FIRST_WAIT - 1000;

/// Maximum number of doublings, up to eight and a half hours.
const MAX_DOUBLINGS: u64 = 10;

/// Maximum number of consecutive crashes that are added up. CouchDB keeps 20 events of a job by
/// default.
const MAX_COUNTED: u64 = 1000;

/// Consecutive crashes.
#[derive(Debug, PartialEq)]
pub struct Streak {
    /// Number of crashes, as the server counts them.
    pub crashes: u64,
    /// Time of the first crash, as far as the history goes: the job has been unhealthy since.
    pub since: Option<Timestamp>,
}

/// Counts the consecutive crashes of a history, newest event first, as the server does: a crash
/// counts if the event before it was not longer ago than `health_threshold`, and a job that was
/// stopped while it ran was healthy. A crash of a healthy job is not counted, but the job fails
/// since then.
pub fn streak(history: &[Event], health_threshold: i64) -> Streak {
    let mut streak = Streak { crashes: 0, since: None };
    for (at, event) in history.iter().enumerate() {
        let before = history.get(at + 1);
        match (event.kind, before) {
            ("crashed", _) => {
                streak.since = event.time;
                let Some(before) = before else { break };
                if let (Some(crash), Some(before)) = (event.time, before.time)
                    && crash.saturating_sub(before) > health_threshold
                {
                    break;
                }
                streak.crashes += 1;
            }
            ("stopped", Some(before)) if before.kind == "started" => break,
            _ => {}
        }
    }
    streak
}

/// Returns the earliest time at which the server tries a job again that crashed at `crash`. After
/// the crash of a healthy job, it does not wait.
pub fn next_retry(crash: Timestamp, failures: u64) -> Timestamp {
    crash.saturating_add(wait_after(failures))
}

/// Returns the first time after `end` at which the scheduler decides which jobs run. `None` if the
/// history, newest event first, shows no such time. One is the start of a job that had waited after
/// a crash or a stop; the scheduler repeats it every `interval` milliseconds. Times are whole
/// seconds: a job that crashes in the second of its start crashes after it.
pub fn next_decision(end: Timestamp, history: &[Event], interval: i64) -> Option<Timestamp> {
    let decision = history.iter().enumerate().find_map(|(at, event)| {
        let before = history.get(at + 1).filter(|before| before.kind != "added")?.time?;
        event.time.filter(|start| event.kind == "started" && start.saturating_sub(before) >= SHORTEST_WAIT)
    })?;
    let late = end.saturating_sub(decision).checked_rem_euclid(interval)?;
    Some(end.saturating_add(interval.saturating_sub(late)))
}

/// Returns the latest possible time of the first of `failures` consecutive crashes, the last of
/// which was at `crash`: between them, the server has waited at least the intervals of its
/// back-off. Without failures, `crash` itself.
pub fn first_crash(crash: Timestamp, failures: u64) -> Timestamp {
    (1..failures.min(MAX_COUNTED)).fold(crash, |first, failed| first.saturating_sub(wait_after(failed)))
}

/// Milliseconds that the server waits after this number of consecutive crashes.
fn wait_after(failures: u64) -> i64 {
    match failures {
        0 => 0,
        _ => FIRST_WAIT << (failures - 1).min(MAX_DOUBLINGS),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-22T22:00:00Z
    const CRASH: Timestamp = 1_795_384_800_000;

    #[test]
    fn the_wait_doubles_up_to_a_limit() {
        let seconds = |failures| (next_retry(CRASH, failures) - CRASH) / 1000;
        assert_eq!(seconds(0), 0);
        assert_eq!(seconds(1), 30);
        assert_eq!(seconds(2), 60);
        assert_eq!(seconds(11), 30_720);
        assert_eq!(seconds(12), seconds(11));
        assert_eq!(seconds(u64::MAX), seconds(11));
    }

    #[test]
    fn the_first_crash_was_before_all_waits() {
        let seconds = |failures| (CRASH - first_crash(CRASH, failures)) / 1000;
        assert_eq!(seconds(0), 0);
        assert_eq!(seconds(1), 0);
        assert_eq!(seconds(2), 30);
        assert_eq!(seconds(3), 90);
        // 30 s · (2^11 - 1), and from then on 30 s · 2^10 each.
        assert_eq!(seconds(12), 61_410);
        assert_eq!(seconds(13), 92_130);
        assert_eq!(seconds(u64::MAX), seconds(MAX_COUNTED));
    }

    #[test]
    fn consecutive_crashes_are_counted_as_the_server_does() {
        let count = |events: &[(&'static str, i64)]| {
            let event =
                |(kind, second): &(&'static str, i64)| Event { kind, time: Some(CRASH + 1000 * second), reason: None };
            let history: Vec<_> = events.iter().map(event).collect();
            let Streak { crashes, since } = streak(&history, RetrySettings::default().health_threshold);
            (crashes, since.map(|since| (since - CRASH) / 1000))
        };
        let (c, s, p, a) = ("crashed", "started", "stopped", "added");
        for (crashes, since, history) in [
            (0, None, &[][..]),
            (0, None, &[(a, 0)]),
            (0, Some(0), &[(c, 0)]),
            (1, Some(9), &[(c, 9), (a, 8)]),
            (1, Some(8), &[(c, 9), (c, 8)]),
            (2, Some(7), &[(c, 9), (s, 8), (c, 7), (s, 6)]),
            (3, Some(7), &[(c, 9), (c, 8), (c, 7), (a, 6)]),
            // Exactly the threshold is not longer than it.
            (1, Some(120), &[(c, 120), (s, 0)]),
            (0, Some(121), &[(c, 121), (s, 0)]),
            // Healthy for long, and failing since the crash that ended it.
            (1, Some(498), &[(c, 500), (s, 499), (c, 498), (s, 0), (c, 0), (s, 0)]),
            // Stopped while it ran: earlier crashes do not count.
            (0, None, &[(p, 3), (s, 2), (c, 1), (s, 0)]),
            (1, Some(5), &[(c, 5), (s, 4), (p, 3), (s, 2), (c, 1), (s, 0)]),
            // Stopped while it waited: they do.
            (2, Some(2), &[(c, 5), (s, 4), (p, 3), (c, 2), (s, 1)]),
            // While it runs, a job keeps its count.
            (1, Some(8), &[(s, 9), (c, 8), (s, 7)]),
        ] {
            assert_eq!(count(history), (crashes, since), "{history:?}");
        }
    }

    #[test]
    fn another_threshold_counts_other_crashes() {
        let event = |(kind, second): (&'static str, i64)| Event { kind, time: Some(1000 * second), reason: None };
        let history = [("crashed", 200), ("started", 140), ("crashed", 100), ("started", 0)].map(event);
        for (threshold, crashes) in [(120, 2), (100, 2), (99, 1), (60, 1), (59, 0)] {
            assert_eq!(streak(&history, 1000 * threshold).crashes, crashes, "{threshold} s");
        }
    }

    #[test]
    fn a_job_is_tried_when_the_scheduler_decides() {
        // A job of a real server, in seconds; its interval is 60 s.
        let history = [
            ("started", 736),
            ("crashed", 439),
            ("started", 436),
            ("crashed", 257),
            ("started", 256),
            ("crashed", 137),
            ("started", 136),
            ("crashed", 76),
            ("started", 5),
            ("added", 0),
        ]
        .map(|(kind, second)| Event { kind, time: Some(CRASH + 1000 * second), reason: None });
        let predicted = |failures: u64| {
            let known = &history[history.len() - 1 - 2 * failures as usize..];
            let end = next_retry(known[0].time?, failures);
            Some((next_decision(end, known, 60_000)? - CRASH) / 1000)
        };
        // Each start, from the events before it; those before the second start show no decision.
        assert_eq!([1, 2, 3, 4].map(predicted), [None, Some(256), Some(436), Some(736)]);
    }

    #[test]
    fn decisions_are_what_a_waiting_job_shows() {
        let decision = |events: &[(&'static str, i64)]| {
            let event = |&(kind, second): &(&'static str, i64)| Event { kind, time: Some(1000 * second), reason: None };
            let history: Vec<_> = events.iter().map(event).collect();
            next_decision(100_000, &history, 7_000).map(|time| time / 1000)
        };
        assert_eq!(decision(&[]), None);
        assert_eq!(decision(&[("crashed", 50), ("started", 40), ("crashed", 10)]), Some(103));
        assert_eq!(decision(&[("crashed", 50), ("started", 44), ("crashed", 10)]), Some(107));
        // No wait after a crash is shorter; times are whole seconds.
        assert_eq!(decision(&[("crashed", 50), ("started", 40), ("crashed", 11)]), Some(103));
        assert_eq!(decision(&[("crashed", 50), ("started", 40), ("crashed", 12)]), None);
        // The newest one.
        assert_eq!(
            decision(&[("crashed", 95), ("started", 90), ("stopped", 50), ("started", 45), ("stopped", 3)]),
            Some(104)
        );
        // Started when it was added, even if the server was slow, and at once after the crash of a healthy job.
        assert_eq!(decision(&[("crashed", 90), ("started", 80), ("added", 35)]), None);
        assert_eq!(decision(&[("crashed", 50), ("started", 40), ("crashed", 40), ("started", 10)]), None);
        assert_eq!(decision(&[("crashed", 90), ("crashed", 50), ("started", 10)]), None);
        assert_eq!(next_decision(5, &[Event { kind: "started", ..Event::default() }], 7), None);
    }

    proptest! {
        #[test]
        fn a_decision_is_within_an_interval(end: Timestamp, start: Timestamp, before: Timestamp, interval in 1..i64::MAX) {
            let event = |kind, time| Event { kind, time: Some(time), reason: None };
            if let Some(next) = next_decision(end, &[event("started", start), event("crashed", before)], interval) {
                prop_assert!(next >= end && next.saturating_sub(end) <= interval);
            }
        }

        #[test]
        fn no_time_overflows(time: Timestamp, before: Timestamp, failures: u64) {
            prop_assert!(next_retry(time, failures) >= time);
            prop_assert!(first_crash(time, failures) <= time);
            let events = [("crashed", time), ("started", before), ("crashed", before)];
            let history = events.map(|(kind, time)| Event { kind, time: Some(time), reason: None });
            prop_assert!(streak(&history, 120_000).crashes <= 2);
        }
    }
}
