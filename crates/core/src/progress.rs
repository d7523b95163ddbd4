//! How far a replication is, from its counters and those of an earlier row.

/// The counters that progress is told from.
pub const COUNTERS: [&str; 6] = [
    "changes_pending",
    "docs_read",
    "docs_written",
    "doc_write_failures",
    "missing_revisions_found",
    "revisions_checked",
];

/// What progress needs of a document's or a job's row.
#[derive(Clone, Default)]
pub struct Row {
    /// In the order of [`COUNTERS`]; NaN where the row lacks one, and so is what follows from it.
    pub counters: [f64; COUNTERS.len()],
    /// It is at work.
    pub is_running: bool,
    /// It has read all there was.
    pub is_completed: bool,
    /// It does not end.
    pub is_continuous: bool,
    /// The sequence it has got to, which moves where a filter leaves no counter to.
    pub sequence: Option<String>,
}

/// NaN where nothing can be told.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// None of a completed replication: what its row counts is from before its end.
    pub changes_pending: f64,
    /// From 0 to 1. NaN where it is unknown how much is left, and for a continuous replication that is up to date:
    /// it is not at its end.
    pub fraction: f64,
    /// Since the earlier row, or since the start.
    pub docs_per_second: f64,
    /// At this rate.
    pub seconds_left: f64,
    /// It runs, changes are pending, and nothing has moved.
    pub stalled: Option<bool>,
}

/// How far `row` is; `previous` is an earlier row of the same replication, and `elapsed` the milliseconds since then, or NaN.
#[inline(never)]
pub fn progress(row: &Row, previous: Option<&Row>, elapsed: f64) -> Progress {
    let (docs_per_second, mut seconds_left) =
        previous.map_or((f64::NAN, f64::NAN), |previous| rates(row, previous, elapsed));
    let [mut changes_pending, ..] = row.counters;
    if row.is_completed {
        (changes_pending, seconds_left) = (0.0, f64::NAN);
    }
    let stalled = previous.and_then(|previous| is_stalled(row, previous));
    Progress { changes_pending, fraction: fraction(row), docs_per_second, seconds_left, stalled }
}

/// Changes are pending and revisions are checked: of a change one revision, as a rule. Documents that the target has
/// already are checked but neither read nor written, so these would tell too little.
fn fraction(row: &Row) -> f64 {
    let [pending, _, _, _, _, checked] = row.counters;
    if row.is_completed || pending == 0.0 && !row.is_continuous {
        1.0
    } else if pending == 0.0 {
        f64::NAN
    } else {
        checked / (checked + pending)
    }
}

/// Documents in a second, and the seconds that the pending changes take at the pace of those checked. Neither where a counter
/// has gone backwards: the server has started anew, and they begin at another point. Only what is pending may.
fn rates(row: &Row, previous: &Row, elapsed: f64) -> (f64, f64) {
    let mut rates = row.counters;
    for (at, (rate, before)) in rates.iter_mut().zip(previous.counters).enumerate() {
        *rate = (*rate - before) * 1000.0 / elapsed;
        if *rate < 0.0 && at > 0 {
            return (f64::NAN, f64::NAN);
        }
    }
    let [_, _, written, _, _, checked] = rates;
    let [pending, ..] = row.counters;
    let left = match pending {
        0.0 => checked * 0.0,
        _ if checked > 0.0 => pending / checked,
        _ => f64::NAN,
    };
    (written, left)
}

/// `None` where it runs without counters, or nothing has moved and nobody knows whether there is anything to do.
fn is_stalled(row: &Row, previous: &Row) -> Option<bool> {
    if !row.is_running || !previous.is_running {
        return Some(false);
    }
    let ([pending, counters @ ..], [pending_before, before @ ..]) = (row.counters, previous.counters);
    let [read, ..] = counters;
    let [read_before, ..] = before;
    if (read - read_before).is_nan() {
        return None;
    }
    // One that both lack is NaN, and differs neither way.
    let moves = counters.into_iter().zip(before).any(|(now, before)| (now - before).abs() > 0.0);
    if moves || pending < pending_before || sequence_number(row) != sequence_number(previous) {
        return Some(false);
    }
    (!pending.is_nan()).then_some(pending > 0.0)
}

/// Of `12-g1AAAA`, 12: what is behind it can differ for the same place.
fn sequence_number(row: &Row) -> Option<&str> {
    row.sequence.as_deref()?.split('-').next()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNKNOWN: f64 = f64::NAN;

    fn running(checked: f64, written: f64, pending: f64) -> Row {
        let counters = [pending, written, written, 0.0, written, checked];
        Row { counters, is_running: true, ..Row::default() }
    }

    fn known(number: f64) -> Option<f64> {
        Some(number).filter(|number| !number.is_nan())
    }

    fn rates_of(told: Progress) -> (Option<f64>, Option<f64>) {
        (known(told.docs_per_second), known(told.seconds_left))
    }

    fn without_counters() -> Row {
        Row { counters: [UNKNOWN; COUNTERS.len()], ..Row::default() }
    }

    #[test]
    fn the_fraction_is_what_is_checked_of_all_there_is() {
        let of = |row: Row| known(progress(&row, None, UNKNOWN).fraction);
        assert_eq!(of(running(30.0, 20.0, 10.0)), Some(0.75));
        assert_eq!(of(running(0.0, 0.0, 10.0)), Some(0.0));
        assert_eq!(of(running(30.0, 20.0, UNKNOWN)), None);
        assert_eq!(of(running(30.0, 20.0, 0.0)), Some(1.0));
        let continuous = |pending| Row { is_continuous: true, ..running(30.0, 20.0, pending) };
        assert_eq!(of(continuous(10.0)), Some(0.75));
        assert_eq!(of(continuous(0.0)), None);
        assert_eq!(of(Row { is_completed: true, ..without_counters() }), Some(1.0));
        assert_eq!(of(without_counters()), None);
    }

    #[test]
    fn rates_are_what_moved_since_the_earlier_row() {
        let (before, now) = (running(100.0, 50.0, 400.0), running(200.0, 70.0, 300.0));
        let told = progress(&now, Some(&before), 10_000.0);
        assert_eq!(rates_of(told), (Some(2.0), Some(30.0)));
        // Nothing moves: there is no telling when it ends.
        let told = progress(&now, Some(&now), 10_000.0);
        assert_eq!(rates_of(told), (Some(0.0), None));
        for (previous, elapsed) in [(None, 10.0), (Some(&before), UNKNOWN)] {
            let told = progress(&now, previous, elapsed);
            assert_eq!(rates_of(told), (None, None));
        }
        let unknown = progress(&running(200.0, 70.0, UNKNOWN), Some(&before), 10_000.0);
        assert_eq!(rates_of(unknown), (Some(2.0), None));
        let done = progress(&running(200.0, 70.0, 0.0), Some(&before), 10_000.0);
        assert_eq!(known(done.seconds_left), Some(0.0));
    }

    #[test]
    fn a_completed_replication_has_nothing_left() {
        let completed = |row: Row| Row { is_completed: true, is_running: false, ..row };
        let before = running(100.0, 50.0, 400.0);
        for now in
            [running(200.0, 70.0, 74.0), running(200.0, 70.0, 0.0), running(200.0, 70.0, UNKNOWN), without_counters()]
        {
            let told = progress(&completed(now), Some(&before), 10_000.0);
            assert_eq!((told.fraction, told.changes_pending, known(told.seconds_left)), (1.0, 0.0, None));
            assert_eq!(told.stalled, Some(false));
        }
        assert_eq!(known(progress(&running(1.0, 1.0, UNKNOWN), None, UNKNOWN).changes_pending), None);
        assert_eq!(progress(&running(1.0, 1.0, 7.0), None, UNKNOWN).changes_pending, 7.0);
    }

    #[test]
    fn counters_that_went_backwards_give_no_rate() {
        let (before, now) = (running(200.0, 70.0, 300.0), running(300.0, 50.0, 200.0));
        let told = progress(&now, Some(&before), 10_000.0);
        assert_eq!((rates_of(told), told.stalled), ((None, None), Some(false)));
    }

    #[test]
    fn stalled_is_what_runs_has_changes_and_does_not_move() {
        let stalled = |now: &Row, before: &Row| progress(now, Some(before), UNKNOWN).stalled;
        let row = running(30.0, 20.0, 10.0);
        assert_eq!(stalled(&row, &row), Some(true));
        assert_eq!(progress(&row, None, 10.0).stalled, None);
        assert_eq!(stalled(&running(31.0, 20.0, 10.0), &row), Some(false));
        assert_eq!(stalled(&running(30.0, 20.0, 9.0), &row), Some(false));
        // More to do is no movement.
        assert_eq!(stalled(&running(30.0, 20.0, 11.0), &row), Some(true));
        assert_eq!(stalled(&running(30.0, 20.0, 0.0), &running(30.0, 20.0, 0.0)), Some(false));
        assert_eq!(stalled(&running(30.0, 20.0, UNKNOWN), &row), None);
        assert_eq!(stalled(&Row { is_running: false, ..row.clone() }, &row), Some(false));
        assert_eq!(stalled(&row, &Row { is_running: false, ..row.clone() }), Some(false));
        assert_eq!(stalled(&Row { counters: [UNKNOWN; COUNTERS.len()], ..row.clone() }, &row), None);
        let at = |sequence: &str| Row { sequence: Some(sequence.to_owned()), ..row.clone() };
        assert_eq!(stalled(&at("12-abc"), &at("11-abc")), Some(false));
        assert_eq!(stalled(&at("12-abc"), &at("12-abd")), Some(true));
    }

    proptest! {
        #[test]
        fn a_fraction_is_between_0_and_1(checked in 0.0..1e15_f64, pending in 0.0..1e15_f64, is_continuous: bool) {
            let row = Row { is_continuous, ..running(checked, 0.0, pending) };
            let fraction = known(progress(&row, None, UNKNOWN).fraction);
            prop_assert!(fraction.is_none_or(|fraction| (0.0..=1.0).contains(&fraction)), "{fraction:?}");
        }
    }
}
