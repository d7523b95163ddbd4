//! Decides when the next tick of a watch is.
//!
//! Times are durations since any moment that stays the same: nothing here reads a clock.

use std::time::Duration;

/// Longest wait between ticks while the server cannot be reached, unless the interval is longer.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// The wait is not doubled further after this number of failed ticks.
const MAX_DOUBLINGS: u32 = 9;

/// When the next tick is due.
pub struct Pace {
    interval: Duration,
    /// Start of the latest tick.
    began: Duration,
    /// `None` before the first tick, which is at once.
    next: Option<NextTick>,
    /// Whether any tick has succeeded.
    has_begun: bool,
    /// Number of failed ticks since the last that succeeded.
    failed: u32,
}

struct NextTick {
    due: Duration,
    /// Wait that was planned, in case the clock is set back.
    wait: Duration,
}

impl Pace {
    /// Plans ticks every `interval`.
    pub fn new(interval: Duration) -> Pace {
        Pace { interval, began: Duration::ZERO, next: None, has_begun: false, failed: 0 }
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
    pub fn begin_tick(&mut self, now: Duration) {
        self.began = now;
    }

    /// Ends a tick that succeeded. The next one is not before `earliest`. `random` is between 0 and
    /// 1.
    pub fn tick_succeeded(&mut self, now: Duration, random: f64, earliest: Option<Duration>) {
        (self.has_begun, self.failed) = (true, 0);
        let due = self.began.saturating_add(self.vary(random));
        self.schedule_at(earliest.map_or(due, |earliest| due.max(earliest)), now);
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

    /// The pace after a first tick at 0.
    fn begun() -> Pace {
        let mut pace = Pace::new(INTERVAL);
        pace.begin_tick(seconds(0));
        pace.tick_succeeded(seconds(0), HALF, None);
        pace
    }

    #[test]
    fn the_first_tick_does_not_wait() {
        let pace = Pace::new(INTERVAL);
        assert_eq!(pace.wait(seconds(9)), None);
        assert!(!pace.has_begun());
    }

    #[test]
    fn ticks_begin_at_the_interval() {
        let pace = begun();
        assert!(pace.has_begun());
        assert_eq!(pace.wait(seconds(0)), Some(seconds(5)));
        assert_eq!(pace.wait(seconds(3)), Some(seconds(2)));
        assert_eq!(pace.wait(seconds(9)), Some(seconds(0)));
    }

    #[test]
    fn the_interval_varies_by_a_tenth() {
        for (random, expected) in [(0.0, 4500), (HALF, 5000), (0.999_999, 5495)] {
            let mut pace = begun();
            pace.begin_tick(seconds(5));
            pace.tick_succeeded(seconds(5), random, None);
            assert_eq!(pace.wait(seconds(5)), Some(Duration::from_millis(expected)));
        }
    }

    #[test]
    fn a_tick_is_not_before_its_earliest_time() {
        for (earliest, expected) in [(3, 5), (17, 17)] {
            let mut pace = begun();
            pace.tick_succeeded(seconds(0), HALF, Some(seconds(earliest)));
            assert_eq!(pace.wait(seconds(0)), Some(seconds(expected)));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_lengthen_the_wait() {
        let mut pace = begun();
        pace.begin_tick(seconds(1_000));
        pace.tick_succeeded(seconds(1_002), HALF, None);
        assert_eq!(pace.wait(seconds(7)), Some(seconds(3)));
    }

    #[test]
    fn failed_ticks_wait_twice_as_long_each_time_up_to_half_a_minute() {
        let mut pace = begun();
        for expected in [5, 10, 20, 30, 30] {
            pace.tick_failed(seconds(100), HALF, seconds(0));
            assert_eq!(pace.wait(seconds(100)), Some(seconds(expected)));
        }
        pace.begin_tick(seconds(200));
        pace.tick_succeeded(seconds(200), HALF, None);
        pace.tick_failed(seconds(200), HALF, seconds(0));
        assert_eq!(pace.wait(seconds(200)), Some(seconds(5)));
    }

    #[test]
    fn a_failed_tick_waits_for_a_longer_interval_and_for_what_the_server_asks() {
        let mut pace = Pace::new(seconds(60));
        for _ in 0..100 {
            pace.tick_failed(seconds(0), HALF, seconds(0));
            assert_eq!(pace.wait(seconds(0)), Some(seconds(60)));
        }
        pace.tick_failed(seconds(0), HALF, seconds(3_600));
        assert_eq!(pace.wait(seconds(0)), Some(seconds(3_600)));
    }
}
