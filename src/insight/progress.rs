//! How far a replication is, from its counters and those of an earlier row.

/// What progress needs of a document's or a job's row. A counter is `None` where the row lacks it.
#[derive(Clone, Copy, Default)]
pub struct Counters {
    pub revisions_checked: Option<f64>,
    pub missing_revisions_found: Option<f64>,
    pub docs_read: Option<f64>,
    pub docs_written: Option<f64>,
    pub doc_write_failures: Option<f64>,
    pub changes_pending: Option<f64>,
}

/// One row: the counters, and what they mean.
#[derive(Clone, Copy, Default)]
pub struct Row<'a> {
    pub counters: Counters,
    pub is_running: bool,
    pub is_completed: bool,
    pub is_continuous: bool,
    /// The sequences it has got to, which move where a filter leaves no counter to.
    pub sequences: [Option<&'a str>; 3],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// From 0 to 1. `None` where it is unknown how much is left, and for a continuous replication that is up to date:
    /// it is not at its end.
    pub fraction: Option<f64>,
    pub docs_per_second: Option<f64>,
    pub seconds_left: Option<f64>,
    /// It runs, changes are pending, and nothing has moved.
    pub stalled: Option<bool>,
}

/// How far `row` is; `previous` is an earlier row of the same replication, and `elapsed` the milliseconds since then.
pub fn progress(row: &Row, previous: Option<&Row>, elapsed: Option<f64>) -> Progress {
    let rates =
        previous.zip(elapsed).and_then(|(previous, elapsed)| Rates::of(&row.counters, &previous.counters, elapsed));
    Progress {
        fraction: fraction(row),
        docs_per_second: rates.and_then(|rates| rates.docs),
        seconds_left: rates.and_then(|rates| seconds_left(&row.counters, rates)),
        stalled: previous.and_then(|previous| is_stalled(row, previous)),
    }
}

/// Changes are pending and revisions are checked: of a change one revision, as a rule. Documents that the target has
/// already are checked but neither read nor written, so these would tell too little.
fn fraction(row: &Row) -> Option<f64> {
    if row.is_completed {
        return Some(1.0);
    }
    let pending = row.counters.changes_pending?;
    if pending == 0.0 {
        return (!row.is_continuous).then_some(1.0);
    }
    let done = row.counters.revisions_checked.or(row.counters.docs_read)?;
    Some(done / (done + pending))
}

/// By how much the counters move in a second.
#[derive(Clone, Copy)]
struct Rates {
    docs: Option<f64>,
    changes: Option<f64>,
}

impl Rates {
    /// `None` where a counter has gone backwards: the server has started anew, and they begin at another point.
    fn of(now: &Counters, before: &Counters, elapsed: f64) -> Option<Rates> {
        let counted = |counters: &Counters| {
            [
                counters.revisions_checked,
                counters.missing_revisions_found,
                counters.docs_read,
                counters.docs_written,
                counters.doc_write_failures,
            ]
        };
        let backwards = counted(now)
            .into_iter()
            .zip(counted(before))
            .any(|pair| matches!(pair, (Some(now), Some(before)) if now < before));
        if backwards {
            return None;
        }
        let rate = |now: Option<f64>, before: Option<f64>| Some((now? - before?) * 1000.0 / elapsed);
        let read = rate(now.docs_read, before.docs_read);
        Some(Rates {
            docs: rate(now.docs_written, before.docs_written),
            changes: rate(now.revisions_checked, before.revisions_checked).or(read),
        })
    }
}

fn seconds_left(counters: &Counters, rates: Rates) -> Option<f64> {
    let pending = counters.changes_pending?;
    if pending == 0.0 {
        return Some(0.0);
    }
    Some(pending / rates.changes.filter(|rate| *rate > 0.0)?)
}

/// `None` where it runs without counters, or nothing has moved and nobody knows whether there is anything to do.
fn is_stalled(row: &Row, previous: &Row) -> Option<bool> {
    if !row.is_running || !previous.is_running {
        return Some(false);
    }
    row.counters.docs_read.zip(previous.counters.docs_read)?;
    if has_moved(row, previous) {
        return Some(false);
    }
    row.counters.changes_pending.map(|pending| pending > 0.0)
}

fn has_moved(row: &Row, previous: &Row) -> bool {
    let (now, before) = (&row.counters, &previous.counters);
    let less_pending =
        matches!((now.changes_pending, before.changes_pending), (Some(now), Some(before)) if now < before);
    less_pending
        || sequence_numbers(row) != sequence_numbers(previous)
        || now.revisions_checked != before.revisions_checked
        || now.missing_revisions_found != before.missing_revisions_found
        || now.docs_read != before.docs_read
        || now.docs_written != before.docs_written
        || now.doc_write_failures != before.doc_write_failures
}

/// Of `12-g1AAAA`, 12: what is behind it can differ for the same place.
fn sequence_numbers<'a>(row: &Row<'a>) -> [Option<&'a str>; 3] {
    row.sequences.map(|sequence| sequence.and_then(|sequence| sequence.split('-').next()))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counters(checked: f64, written: f64, pending: Option<f64>) -> Counters {
        Counters {
            revisions_checked: Some(checked),
            missing_revisions_found: Some(written),
            docs_read: Some(written),
            docs_written: Some(written),
            doc_write_failures: Some(0.0),
            changes_pending: pending,
        }
    }

    fn running(checked: f64, written: f64, pending: Option<f64>) -> Row<'static> {
        Row { counters: counters(checked, written, pending), is_running: true, ..Row::default() }
    }

    #[test]
    fn the_fraction_is_what_is_checked_of_all_there_is() {
        let of = |row: Row| progress(&row, None, None).fraction;
        assert_eq!(of(running(30.0, 20.0, Some(10.0))), Some(0.75));
        assert_eq!(of(running(0.0, 0.0, Some(10.0))), Some(0.0));
        assert_eq!(of(running(30.0, 20.0, None)), None);
        assert_eq!(of(running(30.0, 20.0, Some(0.0))), Some(1.0));
        let continuous = |pending| Row { is_continuous: true, ..running(30.0, 20.0, Some(pending)) };
        assert_eq!(of(continuous(10.0)), Some(0.75));
        assert_eq!(of(continuous(0.0)), None);
        assert_eq!(of(Row { is_completed: true, ..Row::default() }), Some(1.0));
        assert_eq!(of(Row::default()), None);
    }

    #[test]
    fn rates_are_what_moved_since_the_earlier_row() {
        let (before, now) = (running(100.0, 50.0, Some(400.0)), running(200.0, 70.0, Some(300.0)));
        let told = progress(&now, Some(&before), Some(10_000.0));
        assert_eq!((told.docs_per_second, told.seconds_left), (Some(2.0), Some(30.0)));
        // Nothing moves: there is no telling when it ends.
        let told = progress(&now, Some(&now), Some(10_000.0));
        assert_eq!((told.docs_per_second, told.seconds_left), (Some(0.0), None));
        for (previous, elapsed) in [(None, Some(10.0)), (Some(&before), None)] {
            let told = progress(&now, previous, elapsed);
            assert_eq!((told.docs_per_second, told.seconds_left), (None, None));
        }
        let unknown = progress(&running(200.0, 70.0, None), Some(&before), Some(10_000.0));
        assert_eq!((unknown.docs_per_second, unknown.seconds_left), (Some(2.0), None));
        let done = progress(&running(200.0, 70.0, Some(0.0)), Some(&before), Some(10_000.0));
        assert_eq!(done.seconds_left, Some(0.0));
    }

    #[test]
    fn counters_that_went_backwards_give_no_rate() {
        let (before, now) = (running(200.0, 70.0, Some(300.0)), running(300.0, 50.0, Some(200.0)));
        let told = progress(&now, Some(&before), Some(10_000.0));
        assert_eq!((told.docs_per_second, told.seconds_left, told.stalled), (None, None, Some(false)));
    }

    #[test]
    fn stalled_is_what_runs_has_changes_and_does_not_move() {
        let stalled = |now: &Row, before: &Row| progress(now, Some(before), None).stalled;
        let row = running(30.0, 20.0, Some(10.0));
        assert_eq!(stalled(&row, &row), Some(true));
        assert_eq!(progress(&row, None, Some(10.0)).stalled, None);
        assert_eq!(stalled(&running(31.0, 20.0, Some(10.0)), &row), Some(false));
        assert_eq!(stalled(&running(30.0, 20.0, Some(9.0)), &row), Some(false));
        // More to do is no movement.
        assert_eq!(stalled(&running(30.0, 20.0, Some(11.0)), &row), Some(true));
        assert_eq!(stalled(&running(30.0, 20.0, Some(0.0)), &running(30.0, 20.0, Some(0.0))), Some(false));
        assert_eq!(stalled(&running(30.0, 20.0, None), &row), None);
        assert_eq!(stalled(&Row { is_running: false, ..row }, &row), Some(false));
        assert_eq!(stalled(&row, &Row { is_running: false, ..row }), Some(false));
        assert_eq!(stalled(&Row { counters: Counters::default(), ..row }, &row), None);
        let at = |sequence| Row { sequences: [Some(sequence), None, None], ..row };
        assert_eq!(stalled(&at("12-abc"), &at("11-abc")), Some(false));
        assert_eq!(stalled(&at("12-abc"), &at("12-abd")), Some(true));
    }

    proptest! {
        #[test]
        fn a_fraction_is_between_0_and_1(checked in 0.0..1e15_f64, pending in 0.0..1e15_f64, is_continuous: bool) {
            let row = Row { is_continuous, ..running(checked, 0.0, Some(pending)) };
            let fraction = progress(&row, None, None).fraction;
            prop_assert!(fraction.is_none_or(|fraction| (0.0..=1.0).contains(&fraction)), "{fraction:?}");
        }
    }
}
