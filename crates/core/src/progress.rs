//! How far a replication is, from its counters and those of an earlier row.

use serde::Serialize;

/// The counters that progress is computed from.
pub const COUNTERS: [&str; 6] = [
    "changes_pending",
    "docs_read",
    "docs_written",
    "doc_write_failures",
    "missing_revisions_found",
    "revisions_checked",
];

/// The fields of a document's or a job's row that progress is computed from.
#[derive(Clone, Default)]
pub struct ProgressInput {
    /// In the order of [`COUNTERS`], each finite and not negative; `None` if the row lacks it.
    pub counters: [Option<f64>; COUNTERS.len()],
    /// The state is `running`, or the job has a process.
    pub is_running: bool,
    /// The state is `completed`.
    pub is_completed: bool,
    /// The replication is continuous: it never ends.
    pub is_continuous: bool,
    /// Sequence reached in the source. If a filter drops all changes, only this moves.
    pub sequence: Option<String>,
}

/// Progress of a replication; `None` for what is unknown.
#[derive(Debug, Serialize)]
pub struct Progress {
    /// Document revisions read from the source.
    pub docs_read: Option<f64>,
    /// Document revisions written to the target.
    pub docs_written: Option<f64>,
    /// Document revisions that the target refused.
    pub doc_write_failures: Option<f64>,
    /// 0 for a completed replication, whose row has a count from before its end.
    pub changes_pending: Option<f64>,
    /// From 0 to 1. `None` also for a continuous replication that is up to date: it never ends.
    pub fraction: Option<f64>,
    /// Since the earlier row.
    pub docs_per_second: Option<f64>,
    /// At the rate since the earlier row.
    pub seconds_left: Option<f64>,
    /// Whether it runs and changes are pending, but nothing has moved since the earlier row.
    pub stalled: Option<bool>,
}

/// Computes the progress of `row`. `previous` is an earlier row of the same replication, and
/// `elapsed_ms` the time between the two, more than 0.
pub fn progress(row: &ProgressInput, previous: Option<&ProgressInput>, elapsed_ms: Option<f64>) -> Progress {
    let [mut changes_pending, docs_read, docs_written, doc_write_failures, ..] = row.counters;
    let rates = previous.zip(elapsed_ms).and_then(|(previous, elapsed_ms)| rates(row, previous, elapsed_ms));
    let (docs_per_second, mut seconds_left) = rates.unwrap_or_default();
    if row.is_completed {
        (changes_pending, seconds_left) = (Some(0.0), None);
    }
    Progress {
        docs_read,
        docs_written,
        doc_write_failures,
        changes_pending,
        fraction: fraction(row),
        docs_per_second,
        seconds_left,
        stalled: previous.and_then(|previous| is_stalled(row, previous)),
    }
}

/// Compares pending changes with checked revisions: a change has one revision, as a rule. Documents
/// that the target already has are checked but neither read nor written, so `docs_read` and
/// `docs_written` would count too few.
fn fraction(row: &ProgressInput) -> Option<f64> {
    let [pending, _, _, _, _, checked] = row.counters;
    if row.is_completed || pending == Some(0.0) && !row.is_continuous {
        return Some(1.0);
    }
    let pending = pending.filter(|pending| *pending > 0.0)?;
    checked.map(|checked| checked / (checked + pending))
}

/// Returns documents per second, and the seconds that the pending changes take at the rate of the
/// checked ones. `None` if a counter other than the pending changes decreased: after a restart of
/// the server, they start from another value.
fn rates(row: &ProgressInput, previous: &ProgressInput, elapsed_ms: f64) -> Option<(Option<f64>, Option<f64>)> {
    let mut rates = [None; COUNTERS.len()];
    let counters = row.counters.into_iter().zip(previous.counters);
    for (at, (rate, (now, before))) in rates.iter_mut().zip(counters).enumerate() {
        *rate = now.zip(before).map(|(now, before)| (now - before) * 1000.0 / elapsed_ms);
        if at > 0 && rate.is_some_and(|rate| rate < 0.0) {
            return None;
        }
    }
    let [_, _, written, _, _, checked] = rates;
    let [pending, ..] = row.counters;
    let left = match (pending, checked) {
        (Some(0.0), Some(_)) => Some(0.0),
        (Some(pending), Some(checked)) if checked > 0.0 => Some(pending / checked),
        _ => None,
    };
    Some((written, left))
}

/// `None` if the counters are missing, or if nothing has moved and the pending changes are unknown.
fn is_stalled(row: &ProgressInput, previous: &ProgressInput) -> Option<bool> {
    if !row.is_running || !previous.is_running {
        return Some(false);
    }
    let ([pending, counters @ ..], [pending_before, before @ ..]) = (row.counters, previous.counters);
    let ([read, ..], [read_before, ..]) = (counters, before);
    read.zip(read_before)?;
    let differ = |(now, before): (Option<f64>, Option<f64>)| now.zip(before).is_some_and(|(now, before)| now != before);
    let moves = counters.into_iter().zip(before).any(differ)
        || pending.zip(pending_before).is_some_and(|(now, before)| now < before)
        || sequence_number(row) != sequence_number(previous);
    if moves { Some(false) } else { pending.map(|pending| pending > 0.0) }
}

/// Of `12-g1AAAA`, 12: the rest can differ for the same position.
fn sequence_number(row: &ProgressInput) -> Option<&str> {
    row.sequence.as_deref()?.split('-').next()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNKNOWN: Option<f64> = None;

    fn running(checked: f64, written: f64, pending: impl Into<Option<f64>>) -> ProgressInput {
        let [checked, written] = [checked, written].map(Some);
        let counters = [pending.into(), written, written, Some(0.0), written, checked];
        ProgressInput { counters, is_running: true, ..ProgressInput::default() }
    }

    fn rates_of(progress: &Progress) -> (Option<f64>, Option<f64>) {
        (progress.docs_per_second, progress.seconds_left)
    }

    fn without_counters() -> ProgressInput {
        ProgressInput::default()
    }

    #[test]
    fn the_fraction_is_what_is_checked_of_all_there_is() {
        let of = |row: ProgressInput| progress(&row, None, None).fraction;
        assert_eq!(of(running(30.0, 20.0, 10.0)), Some(0.75));
        assert_eq!(of(running(0.0, 0.0, 10.0)), Some(0.0));
        assert_eq!(of(running(30.0, 20.0, UNKNOWN)), None);
        assert_eq!(of(running(30.0, 20.0, 0.0)), Some(1.0));
        let continuous = |pending: f64| ProgressInput { is_continuous: true, ..running(30.0, 20.0, pending) };
        assert_eq!(of(continuous(10.0)), Some(0.75));
        assert_eq!(of(continuous(0.0)), None);
        assert_eq!(of(ProgressInput { is_completed: true, ..without_counters() }), Some(1.0));
        assert_eq!(of(without_counters()), None);
    }

    #[test]
    fn rates_are_what_moved_since_the_earlier_row() {
        let (before, now) = (running(100.0, 50.0, 400.0), running(200.0, 70.0, 300.0));
        let moving = progress(&now, Some(&before), Some(10_000.0));
        assert_eq!(rates_of(&moving), (Some(2.0), Some(30.0)));
        // If nothing moves, the end is unknown.
        let still = progress(&now, Some(&now), Some(10_000.0));
        assert_eq!(rates_of(&still), (Some(0.0), None));
        for (previous, elapsed) in [(None, Some(10.0)), (Some(&before), None)] {
            assert_eq!(rates_of(&progress(&now, previous, elapsed)), (None, None));
        }
        let unknown = progress(&running(200.0, 70.0, UNKNOWN), Some(&before), Some(10_000.0));
        assert_eq!(rates_of(&unknown), (Some(2.0), None));
        let done = progress(&running(200.0, 70.0, 0.0), Some(&before), Some(10_000.0));
        assert_eq!(done.seconds_left, Some(0.0));
        let idle = running(200.0, 70.0, 0.0);
        assert_eq!(rates_of(&progress(&idle, Some(&idle), Some(10_000.0))), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn a_completed_replication_has_nothing_left() {
        let completed = |row: ProgressInput| ProgressInput { is_completed: true, is_running: false, ..row };
        let before = running(100.0, 50.0, 400.0);
        let unknown = running(200.0, 70.0, UNKNOWN);
        for now in [running(200.0, 70.0, 74.0), running(200.0, 70.0, 0.0), unknown.clone(), without_counters()] {
            let progress = progress(&completed(now), Some(&before), Some(10_000.0));
            assert_eq!((progress.fraction, progress.changes_pending), (Some(1.0), Some(0.0)));
            assert_eq!((progress.seconds_left, progress.stalled), (None, Some(false)));
        }
        assert_eq!(progress(&unknown, None, None).changes_pending, None);
        assert_eq!(progress(&running(1.0, 1.0, 7.0), None, None).changes_pending, Some(7.0));
    }

    #[test]
    fn counters_that_went_backwards_give_no_rate() {
        let (before, now) = (running(200.0, 70.0, 300.0), running(300.0, 50.0, 200.0));
        let progress = progress(&now, Some(&before), Some(10_000.0));
        assert_eq!((rates_of(&progress), progress.stalled), ((None, None), Some(false)));
    }

    #[test]
    fn stalled_is_what_runs_has_changes_and_does_not_move() {
        let stalled = |now: &ProgressInput, before: &ProgressInput| progress(now, Some(before), None).stalled;
        let row = running(30.0, 20.0, 10.0);
        assert_eq!(stalled(&row, &row), Some(true));
        assert_eq!(progress(&row, None, Some(10.0)).stalled, None);
        assert_eq!(stalled(&running(31.0, 20.0, 10.0), &row), Some(false));
        assert_eq!(stalled(&running(30.0, 20.0, 9.0), &row), Some(false));
        // More pending changes are not a movement.
        assert_eq!(stalled(&running(30.0, 20.0, 11.0), &row), Some(true));
        assert_eq!(stalled(&running(30.0, 20.0, 0.0), &running(30.0, 20.0, 0.0)), Some(false));
        assert_eq!(stalled(&running(30.0, 20.0, UNKNOWN), &row), None);
        assert_eq!(stalled(&ProgressInput { is_running: false, ..row.clone() }, &row), Some(false));
        assert_eq!(stalled(&row, &ProgressInput { is_running: false, ..row.clone() }), Some(false));
        assert_eq!(stalled(&ProgressInput { counters: [UNKNOWN; COUNTERS.len()], ..row.clone() }, &row), None);
        let at = |sequence: &str| ProgressInput { sequence: Some(sequence.to_owned()), ..row.clone() };
        assert_eq!(stalled(&at("12-abc"), &at("11-abc")), Some(false));
        assert_eq!(stalled(&at("12-abc"), &at("12-abd")), Some(true));
    }

    proptest! {
        #[test]
        fn a_fraction_is_between_0_and_1(checked in 0.0..1e15_f64, pending in 0.0..1e15_f64, is_continuous: bool) {
            let row = ProgressInput { is_continuous, ..running(checked, 0.0, pending) };
            let fraction = progress(&row, None, None).fraction;
            prop_assert!(fraction.is_none_or(|fraction| (0.0..=1.0).contains(&fraction)), "{fraction:?}");
        }
    }
}
