//! Decides how a tick of `watch()` finds out what changed, and how often complete lists may be read.
//!
//! Times are durations since any moment that stays the same: nothing here reads a clock.

use std::time::Duration;

/// Up to this number of chosen documents are looked up one by one at each tick, and nothing else is
/// requested: that is cheaper than jobs and `_changes`.
const MAX_SINGLE_LOOKUPS: usize = 8;

/// After this time everything is listed again, whatever jobs and `_changes` show. After the same
/// time, jobs and `_changes` are tried again if they were refused or too slow.
const FULL_LIST_INTERVAL: Duration = Duration::from_secs(300);

/// From the beginning of a list, or of slow jobs, to the next tick: this many times as long as they
/// took. So they take a tenth of the time, and watching does not keep the server busy.
const LIST_SPACING: u32 = 10;

/// The same for the lists at [`FULL_LIST_INTERVAL`], which only make sure that nothing was missed.
const FULL_LIST_SPACING: u32 = 100;

/// Jobs that take longer than this are slow: they delay the next tick, and if they take longer than
/// a complete list, too, they are not read at each tick. CouchDB 3.5 takes 12 seconds for 15,000 jobs
/// with 20 events each, and 3 for 20,000 documents.
const SLOW_JOBS: Duration = Duration::from_secs(2);

/// How the next tick finds out what changed.
pub struct Schedule {
    strategy: Strategy,
    /// How long it took to read jobs and `_changes` the last time.
    jobs_took: Duration,
    tick: CurrentTick,
    /// The last complete list; `None` if there is none that later changes could be added to.
    last_list: Option<CompleteList>,
}

/// How changes are found.
enum Strategy {
    /// Each document is looked up.
    Single,
    /// By jobs and `_changes`, the latter from this sequence on; `None` before they were read.
    Changes(Option<String>),
    /// By complete lists, since at this time jobs or `_changes` were refused, or slower than a list.
    Lists(Duration),
}

/// The first requests of a tick.
#[derive(Debug, PartialEq)]
pub enum Tick {
    /// Look up each document, and nothing else.
    Single,
    /// Read jobs and `_changes`, the latter from this sequence on, or from now on.
    Changes(Option<String>),
    /// None: a complete list follows.
    List,
}

#[derive(Default)]
struct CurrentTick {
    began: Duration,
    /// The list at [`FULL_LIST_INTERVAL`] is due.
    is_full_list_due: bool,
    has_listed: bool,
}

struct CompleteList {
    began: Duration,
    took: Duration,
}

impl Schedule {
    /// Plans the ticks of a watch. `chosen` is the number of watched documents; `None` for all.
    pub fn new(chosen: Option<usize>) -> Schedule {
        let is_small = chosen.is_some_and(|count| count <= MAX_SINGLE_LOOKUPS);
        Schedule {
            strategy: if is_small { Strategy::Single } else { Strategy::Changes(None) },
            jobs_took: Duration::ZERO,
            tick: CurrentTick::default(),
            last_list: None,
        }
    }

    /// Starts a tick.
    pub fn begin_tick(&mut self, now: Duration) -> Tick {
        if matches!(self.strategy, Strategy::Lists(since) if now >= since.saturating_add(FULL_LIST_INTERVAL)) {
            self.strategy = Strategy::Changes(None);
        }
        if matches!(self.strategy, Strategy::Changes(None)) {
            // The changes start now: only a new list has the earlier ones.
            self.last_list = None;
        }
        let is_full_list_due = self.last_list.as_ref().is_none_or(|list| {
            let spacing = list.took.saturating_mul(FULL_LIST_SPACING).max(FULL_LIST_INTERVAL);
            now >= list.began.saturating_add(spacing)
        });
        self.tick = CurrentTick { began: now, is_full_list_due, has_listed: false };
        match &self.strategy {
            Strategy::Single => Tick::Single,
            Strategy::Changes(since) => Tick::Changes(since.clone()),
            Strategy::Lists(_) => Tick::List,
        }
    }

    /// Notes that jobs and `_changes` were read by `now`, the latter up to this sequence.
    pub fn changes_read(&mut self, last_sequence: String, now: Duration) {
        self.strategy = Strategy::Changes(Some(last_sequence));
        self.jobs_took = now.saturating_sub(self.tick.began);
        self.avoid_slow_jobs();
    }

    /// Notes that jobs or `_changes` were refused, or took too long. This may change.
    pub fn changes_unavailable(&mut self) {
        self.strategy = Strategy::Lists(self.tick.began);
    }

    /// Whether changes are found by complete lists alone.
    pub fn is_by_lists(&self) -> bool {
        matches!(self.strategy, Strategy::Lists(_))
    }

    /// Whether this tick reads the complete list rather than single documents.
    pub fn needs_list(&self) -> bool {
        self.is_by_lists() || self.tick.is_full_list_due
    }

    /// Notes that a complete list was read.
    pub fn list_read(&mut self, began: Duration, now: Duration) {
        self.last_list = Some(CompleteList { began, took: now.saturating_sub(began) });
        self.tick.has_listed = true;
        self.avoid_slow_jobs();
    }

    /// Lists cost the server less than jobs that take longer.
    fn avoid_slow_jobs(&mut self) {
        let is_faster = self.last_list.as_ref().is_some_and(|list| list.took < self.jobs_took);
        if matches!(self.strategy, Strategy::Changes(_)) && self.jobs_took > SLOW_JOBS && is_faster {
            self.strategy = Strategy::Lists(self.tick.began);
        }
    }

    /// Returns the earliest time of the next tick; `None` if the jobs and lists that this tick read
    /// do not delay it.
    pub fn earliest_next(&self) -> Option<Duration> {
        let spaced = |began: Duration, took: Duration| began.saturating_add(took.saturating_mul(LIST_SPACING));
        // The next tick will list again, unless this list was only due at its interval.
        let delays = self.tick.has_listed && (self.is_by_lists() || !self.tick.is_full_list_due);
        let after_list = self.last_list.as_ref().filter(|_| delays).map(|list| spaced(list.began, list.took));
        let reads_slow_jobs = matches!(self.strategy, Strategy::Changes(_)) && self.jobs_took > SLOW_JOBS;
        let after_jobs = reads_slow_jobs.then(|| spaced(self.tick.began, self.jobs_took));
        after_list.max(after_jobs)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::pace::Pace;
    use super::*;
    use std::ops::{Deref, DerefMut};

    const INTERVAL: Duration = Duration::from_secs(5);

    /// The middle: the interval is not changed.
    const HALF: f64 = 0.5;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn sequence(sequence: &str) -> Tick {
        Tick::Changes(Some(sequence.to_owned()))
    }

    /// A schedule together with the pace of its ticks.
    struct Watch {
        schedule: Schedule,
        pace: Pace,
    }

    impl Watch {
        fn new(interval: Duration, chosen: Option<usize>) -> Watch {
            Watch { schedule: Schedule::new(chosen), pace: Pace::new(interval) }
        }

        fn begin_tick(&mut self, now: Duration) -> Tick {
            self.pace.begin_tick(now);
            self.schedule.begin_tick(now)
        }

        fn tick_succeeded(&mut self, now: Duration, random: f64) {
            self.pace.tick_succeeded(now, random, self.schedule.earliest_next());
        }

        fn tick_failed(&mut self, now: Duration, random: f64, retry_after: Duration) {
            self.pace.tick_failed(now, random, retry_after);
        }

        fn wait(&self, now: Duration) -> Option<Duration> {
            self.pace.wait(now)
        }
    }

    impl Deref for Watch {
        type Target = Schedule;

        fn deref(&self) -> &Schedule {
            &self.schedule
        }
    }

    impl DerefMut for Watch {
        fn deref_mut(&mut self) -> &mut Schedule {
            &mut self.schedule
        }
    }

    /// A schedule after a first tick at 0, whose list took `took`.
    fn begun(took: Duration) -> Watch {
        let mut schedule = Watch::new(INTERVAL, None);
        assert_eq!(schedule.begin_tick(seconds(0)), Tick::Changes(None));
        schedule.changes_read("1".to_owned(), seconds(0));
        assert!(schedule.needs_list());
        schedule.list_read(seconds(0), took);
        schedule.tick_succeeded(took, HALF);
        schedule
    }

    /// One that may only list, after its first list from 0 to `took`.
    fn by_lists(took: Duration) -> Watch {
        let mut schedule = Watch::new(INTERVAL, None);
        schedule.begin_tick(seconds(0));
        schedule.changes_unavailable();
        assert!(schedule.needs_list() && schedule.is_by_lists());
        schedule.list_read(seconds(0), took);
        schedule.tick_succeeded(took, HALF);
        schedule
    }

    #[test]
    fn few_chosen_documents_are_looked_up_one_by_one() {
        for (chosen, expected) in [(Some(0), Tick::Single), (Some(8), Tick::Single), (Some(9), Tick::Changes(None))] {
            assert_eq!(Watch::new(INTERVAL, chosen).begin_tick(seconds(0)), expected);
        }
    }

    #[test]
    fn changes_are_read_on_from_where_they_ended() {
        let mut schedule = begun(seconds(0));
        assert_eq!(schedule.begin_tick(seconds(5)), sequence("1"));
        schedule.changes_read("2".to_owned(), seconds(0));
        assert!(!schedule.needs_list());
        assert_eq!(schedule.begin_tick(seconds(10)), sequence("2"));
    }

    #[test]
    fn everything_is_listed_again_after_five_minutes() {
        let mut schedule = begun(seconds(1));
        schedule.begin_tick(seconds(299));
        assert!(!schedule.needs_list());
        schedule.begin_tick(seconds(300));
        assert!(schedule.needs_list());
    }

    #[test]
    fn a_full_list_takes_a_hundredth_of_the_time() {
        let mut schedule = begun(seconds(4));
        schedule.begin_tick(seconds(399));
        assert!(!schedule.needs_list());
        schedule.begin_tick(seconds(400));
        assert!(schedule.needs_list());
        // It does not delay the next tick, which will not list.
        schedule.list_read(seconds(400), seconds(404));
        schedule.tick_succeeded(seconds(404), HALF);
        assert_eq!(schedule.wait(seconds(404)), Some(seconds(1)));
    }

    #[test]
    fn a_list_that_was_needed_takes_a_tenth_of_the_time() {
        let mut schedule = begun(seconds(0));
        schedule.begin_tick(seconds(5));
        // So many documents have changed that the lookups are one list.
        schedule.list_read(seconds(6), seconds(8));
        schedule.tick_succeeded(seconds(8), HALF);
        assert_eq!(schedule.wait(seconds(8)), Some(seconds(18)));
        assert_eq!(by_lists(seconds(2)).wait(seconds(2)), Some(seconds(18)));
    }

    /// A first tick at 0 in which jobs took `jobs`, and the list after them `list`.
    fn begun_with_jobs(jobs: Duration, list: Duration) -> Watch {
        let mut schedule = Watch::new(INTERVAL, None);
        schedule.begin_tick(seconds(0));
        schedule.changes_read("1".to_owned(), jobs);
        schedule.list_read(jobs, jobs + list);
        schedule.tick_succeeded(jobs + list, HALF);
        schedule
    }

    #[test]
    fn jobs_that_are_slower_than_a_list_are_not_read_for_five_minutes() {
        let mut schedule = begun_with_jobs(seconds(12), seconds(3));
        assert!(schedule.is_by_lists());
        // The list from 12 to 15 takes a tenth of the time.
        assert_eq!(schedule.wait(seconds(15)), Some(seconds(27)));
        assert_eq!(schedule.begin_tick(seconds(42)), Tick::List);
        schedule.list_read(seconds(42), seconds(45));
        assert!(schedule.is_by_lists());
        assert_eq!(schedule.begin_tick(seconds(299)), Tick::List);
        assert_eq!(schedule.begin_tick(seconds(300)), Tick::Changes(None));
        schedule.changes_read("2".to_owned(), seconds(301));
        assert!(!schedule.is_by_lists() && schedule.needs_list());
        schedule.list_read(seconds(301), seconds(304));
        assert!(!schedule.is_by_lists());
    }

    #[test]
    fn jobs_that_become_slower_than_the_last_list_are_followed_by_a_list() {
        let mut schedule = begun_with_jobs(seconds(1), seconds(3));
        schedule.begin_tick(seconds(5));
        schedule.changes_read("2".to_owned(), seconds(10));
        assert!(schedule.is_by_lists() && schedule.needs_list());
    }

    #[test]
    fn jobs_are_read_if_they_are_fast_or_a_list_is_not_faster() {
        for (jobs, list) in [(2, 1), (12, 12), (12, 60)] {
            assert!(!begun_with_jobs(seconds(jobs), seconds(list)).is_by_lists(), "{jobs} and {list} seconds");
        }
        assert!(begun_with_jobs(seconds(3), seconds(2)).is_by_lists());
    }

    #[test]
    fn slow_jobs_take_a_tenth_of_the_time_where_a_list_is_not_faster() {
        let mut schedule = begun_with_jobs(seconds(12), seconds(15));
        assert_eq!(schedule.wait(seconds(27)), Some(seconds(93)));
        assert_eq!(schedule.begin_tick(seconds(120)), sequence("1"));
        schedule.changes_read("2".to_owned(), seconds(130));
        schedule.tick_succeeded(seconds(130), HALF);
        assert_eq!(schedule.wait(seconds(130)), Some(seconds(90)));
        // Fast ones are read at each tick.
        schedule.begin_tick(seconds(220));
        schedule.changes_read("3".to_owned(), seconds(222));
        schedule.tick_succeeded(seconds(222), HALF);
        assert_eq!(schedule.wait(seconds(222)), Some(seconds(3)));
    }

    #[test]
    fn refused_changes_are_tried_again_after_five_minutes() {
        let mut schedule = by_lists(seconds(1));
        assert_eq!(schedule.begin_tick(seconds(299)), Tick::List);
        assert!(schedule.needs_list());
        schedule.list_read(seconds(299), seconds(300));
        schedule.tick_succeeded(seconds(300), HALF);
        assert_eq!(schedule.begin_tick(seconds(300)), Tick::Changes(None));
        // What changed between the last list and now is in neither of the two.
        schedule.changes_read("1".to_owned(), seconds(0));
        assert!(schedule.needs_list() && !schedule.is_by_lists());
    }

    #[test]
    fn a_first_list_that_failed_is_still_needed() {
        let mut schedule = by_lists(seconds(1));
        schedule.begin_tick(seconds(300));
        schedule.changes_read("1".to_owned(), seconds(0));
        schedule.tick_failed(seconds(301), HALF, seconds(0));
        assert_eq!(schedule.begin_tick(seconds(306)), sequence("1"));
        assert!(schedule.needs_list());
    }

    #[test]
    fn no_duration_overflows() {
        let mut schedule = Watch::new(Duration::MAX, None);
        schedule.begin_tick(Duration::MAX);
        schedule.list_read(seconds(0), Duration::MAX);
        schedule.tick_succeeded(Duration::MAX, HALF);
        schedule.tick_failed(Duration::MAX, HALF, Duration::MAX);
        schedule.begin_tick(Duration::MAX);
        assert_eq!(schedule.wait(Duration::MAX), Some(seconds(0)));
    }
}
