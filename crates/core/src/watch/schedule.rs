//! Decides when the next tick of `watch()` is, and how it finds out what changed.
//!
//! Times are durations since any moment that stays the same: nothing here reads a clock.

use std::time::Duration;

/// Up to this number of chosen documents are looked up one by one at each tick, and nothing else is
/// requested: that is cheaper than jobs and `_changes`.
const MAX_SINGLE_LOOKUPS: usize = 8;

/// After this time everything is listed again, whatever jobs and `_changes` show. After the same
/// time, jobs and `_changes` are tried again if they were refused.
const FULL_LIST_INTERVAL: Duration = Duration::from_secs(300);

/// From the beginning of a list to the next tick: this many times as long as the list took. So
/// lists take a tenth of the time, and watching does not keep the server busy.
const LIST_SPACING: u32 = 10;

/// The same for the lists at [`FULL_LIST_INTERVAL`], which only make sure that nothing was missed.
const FULL_LIST_SPACING: u32 = 100;

/// Longest wait between ticks while the server cannot be reached, unless the interval is longer.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// The wait is not doubled further after this number of failed ticks.
const MAX_DOUBLINGS: u32 = 9;

/// When the next tick is due, and how it finds out what changed.
pub struct Schedule {
    interval: Duration,
    strategy: Strategy,
    /// `None` before the first tick, which is at once.
    next: Option<NextTick>,
    tick: CurrentTick,
    /// The last complete list; `None` if there is none that later changes could be added to.
    last_list: Option<CompleteList>,
    /// Whether any tick has succeeded.
    has_begun: bool,
    /// Number of failed ticks since the last that succeeded.
    failed: u32,
}

/// How changes are found.
enum Strategy {
    /// Each document is looked up.
    Single,
    /// By jobs and `_changes`, the latter from this sequence on; `None` before they were read.
    Changes(Option<String>),
    /// By complete lists, since jobs or `_changes` were refused at this time.
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

struct NextTick {
    due: Duration,
    /// Wait that was planned, in case the clock is set back.
    wait: Duration,
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
    /// Plans ticks every `interval`. `chosen` is the number of watched documents; `None` for all.
    pub fn new(interval: Duration, chosen: Option<usize>) -> Schedule {
        let is_small = chosen.is_some_and(|count| count <= MAX_SINGLE_LOOKUPS);
        Schedule {
            interval,
            strategy: if is_small { Strategy::Single } else { Strategy::Changes(None) },
            next: None,
            tick: CurrentTick::default(),
            last_list: None,
            has_begun: false,
            failed: 0,
        }
    }

    /// Returns how long to wait for the next tick; `None` for the first, which does not wait.
    pub fn wait(&self, now: Duration) -> Option<Duration> {
        self.next.as_ref().map(|next| next.due.saturating_sub(now).min(next.wait))
    }

    /// Whether any tick has succeeded. Errors of the first tick end the watch: a wrong URL is more
    /// likely than an outage.
    pub fn has_begun(&self) -> bool {
        self.has_begun
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

    /// Notes that jobs and `_changes` were read, the latter up to this sequence.
    pub fn changes_read(&mut self, last_sequence: String) {
        self.strategy = Strategy::Changes(Some(last_sequence));
    }

    /// Notes that jobs or `_changes` were refused. They may be allowed later.
    pub fn changes_refused(&mut self) {
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
    }

    /// Ends a tick that succeeded. `random` is between 0 and 1.
    pub fn tick_succeeded(&mut self, now: Duration, random: f64) {
        (self.has_begun, self.failed) = (true, 0);
        let mut due = self.tick.began.saturating_add(self.vary(random));
        // The next tick will list again, unless this list was only due at its interval.
        if self.tick.has_listed && (self.is_by_lists() || !self.tick.is_full_list_due) {
            let rested = self.last_list.as_ref().map(|list| {
                let spacing = list.took.saturating_mul(LIST_SPACING);
                list.began.saturating_add(spacing)
            });
            due = rested.map_or(due, |rested| due.max(rested));
        }
        self.schedule_at(due, now);
    }

    /// Ends a tick that failed, after which the server asked to wait for `retry_after`. `random` is
    /// between 0 and 1.
    pub fn tick_failed(&mut self, now: Duration, random: f64, retry_after: Duration) {
        let longest = self.interval.max(MAX_BACKOFF);
        let wait = self.vary(random).saturating_mul(1 << self.failed.min(MAX_DOUBLINGS)).min(longest);
        self.failed = self.failed.saturating_add(1);
        self.schedule_at(now.saturating_add(wait.max(retry_after)), now);
    }

    fn schedule_at(&mut self, due: Duration, now: Duration) {
        self.next = Some(NextTick { due, wait: due.saturating_sub(now) });
    }

    /// Returns the interval, longer or shorter by up to a tenth, so that pages that were opened
    /// together do not send their requests together.
    fn vary(&self, random: f64) -> Duration {
        let permille = 900 + (random * 200.0) as u32;
        self.interval.saturating_mul(permille) / 1000
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(5);

    /// The middle: the interval is not changed.
    const HALF: f64 = 0.5;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn sequence(sequence: &str) -> Tick {
        Tick::Changes(Some(sequence.to_owned()))
    }

    /// A schedule after a first tick at 0, whose list took `took`.
    fn begun(took: Duration) -> Schedule {
        let mut schedule = Schedule::new(INTERVAL, None);
        assert_eq!(schedule.begin_tick(seconds(0)), Tick::Changes(None));
        schedule.changes_read("1".to_owned());
        assert!(schedule.needs_list());
        schedule.list_read(seconds(0), took);
        schedule.tick_succeeded(took, HALF);
        schedule
    }

    /// One that may only list, after its first list from 0 to `took`.
    fn by_lists(took: Duration) -> Schedule {
        let mut schedule = Schedule::new(INTERVAL, None);
        schedule.begin_tick(seconds(0));
        schedule.changes_refused();
        assert!(schedule.needs_list() && schedule.is_by_lists());
        schedule.list_read(seconds(0), took);
        schedule.tick_succeeded(took, HALF);
        schedule
    }

    #[test]
    fn the_first_tick_does_not_wait() {
        let schedule = Schedule::new(INTERVAL, None);
        assert_eq!(schedule.wait(seconds(9)), None);
        assert!(!schedule.has_begun());
    }

    #[test]
    fn ticks_begin_at_the_interval() {
        let schedule = begun(seconds(0));
        assert!(schedule.has_begun());
        assert_eq!(schedule.wait(seconds(0)), Some(seconds(5)));
        assert_eq!(schedule.wait(seconds(3)), Some(seconds(2)));
        assert_eq!(schedule.wait(seconds(9)), Some(seconds(0)));
    }

    #[test]
    fn the_interval_varies_by_a_tenth() {
        for (random, expected) in [(0.0, 4500), (HALF, 5000), (0.999_999, 5495)] {
            let mut schedule = begun(seconds(0));
            schedule.begin_tick(seconds(5));
            schedule.tick_succeeded(seconds(5), random);
            assert_eq!(schedule.wait(seconds(5)), Some(Duration::from_millis(expected)));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_lengthen_the_wait() {
        let mut schedule = begun(seconds(0));
        schedule.begin_tick(seconds(1_000));
        schedule.tick_succeeded(seconds(1_002), HALF);
        assert_eq!(schedule.wait(seconds(7)), Some(seconds(3)));
    }

    #[test]
    fn few_chosen_documents_are_looked_up_one_by_one() {
        for (chosen, expected) in [(Some(0), Tick::Single), (Some(8), Tick::Single), (Some(9), Tick::Changes(None))] {
            assert_eq!(Schedule::new(INTERVAL, chosen).begin_tick(seconds(0)), expected);
        }
    }

    #[test]
    fn changes_are_read_on_from_where_they_ended() {
        let mut schedule = begun(seconds(0));
        assert_eq!(schedule.begin_tick(seconds(5)), sequence("1"));
        schedule.changes_read("2".to_owned());
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

    #[test]
    fn refused_changes_are_tried_again_after_five_minutes() {
        let mut schedule = by_lists(seconds(1));
        assert_eq!(schedule.begin_tick(seconds(299)), Tick::List);
        assert!(schedule.needs_list());
        schedule.list_read(seconds(299), seconds(300));
        schedule.tick_succeeded(seconds(300), HALF);
        assert_eq!(schedule.begin_tick(seconds(300)), Tick::Changes(None));
        // What changed between the last list and now is in neither of the two.
        schedule.changes_read("1".to_owned());
        assert!(schedule.needs_list() && !schedule.is_by_lists());
    }

    #[test]
    fn a_first_list_that_failed_is_still_needed() {
        let mut schedule = by_lists(seconds(1));
        schedule.begin_tick(seconds(300));
        schedule.changes_read("1".to_owned());
        schedule.tick_failed(seconds(301), HALF, seconds(0));
        assert_eq!(schedule.begin_tick(seconds(306)), sequence("1"));
        assert!(schedule.needs_list());
    }

    #[test]
    fn failed_ticks_wait_twice_as_long_each_time_up_to_half_a_minute() {
        let mut schedule = begun(seconds(0));
        for expected in [5, 10, 20, 30, 30] {
            schedule.tick_failed(seconds(100), HALF, seconds(0));
            assert_eq!(schedule.wait(seconds(100)), Some(seconds(expected)));
        }
        schedule.begin_tick(seconds(200));
        schedule.tick_succeeded(seconds(200), HALF);
        schedule.tick_failed(seconds(200), HALF, seconds(0));
        assert_eq!(schedule.wait(seconds(200)), Some(seconds(5)));
    }

    #[test]
    fn a_failed_tick_waits_for_a_longer_interval_and_for_what_the_server_asks() {
        let mut schedule = Schedule::new(seconds(60), None);
        for _ in 0..100 {
            schedule.tick_failed(seconds(0), HALF, seconds(0));
            assert_eq!(schedule.wait(seconds(0)), Some(seconds(60)));
        }
        schedule.tick_failed(seconds(0), HALF, seconds(3_600));
        assert_eq!(schedule.wait(seconds(0)), Some(seconds(3_600)));
    }

    #[test]
    fn no_duration_overflows() {
        let mut schedule = Schedule::new(Duration::MAX, None);
        schedule.begin_tick(Duration::MAX);
        schedule.list_read(seconds(0), Duration::MAX);
        schedule.tick_succeeded(Duration::MAX, HALF);
        schedule.tick_failed(Duration::MAX, HALF, Duration::MAX);
        schedule.begin_tick(Duration::MAX);
        assert_eq!(schedule.wait(Duration::MAX), Some(seconds(0)));
    }
}
