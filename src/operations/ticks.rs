//! The ticks of `watch()` and `watchJobs()`: when they are, and what happens if one fails.
//!
//! When the next one is due is decided in `scheduler_core::watch`.

use std::time::Duration;

use js_sys::{Function, Math};
use wasm_bindgen::prelude::*;

use crate::http::{Failure, Requester};
use crate::js::clock::{self, duration, milliseconds};
use crate::js::date::time_of_day;
use scheduler_core::watch::Pace;

/// Default time between two ticks.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// When a watch has ticks.
pub struct TickPlan {
    /// Time between ticks
    pub interval: Duration,
    /// In a page: makes no tick while it is hidden
    pub pause_when_hidden: bool,
    /// Called for each tick that fails and is retried
    pub on_retry: Option<Function>,
}

/// The ticks of one watch.
pub struct Ticks {
    requester: Requester,
    pace: Pace,
    pause_when_hidden: bool,
    on_retry: Option<Function>,
}

impl Ticks {
    /// Ticks as in `plan`; an abort of `requester` ends the waits between them.
    pub fn new(requester: Requester, plan: TickPlan) -> Ticks {
        let TickPlan { interval, pause_when_hidden, on_retry } = plan;
        Ticks { requester, pace: Pace::new(interval), pause_when_hidden, on_retry }
    }

    /// Waits until the next tick is due. Returns when it began.
    pub async fn next(&mut self) -> Result<Duration, Failure> {
        if let Some(wait) = self.pace.wait(now()) {
            self.requester.sleep(wait, self.pause_when_hidden).await?;
        }
        let began = now();
        self.pace.begin_tick(began);
        Ok(began)
    }

    /// Ends a tick that succeeded. The next one is not before `earliest_next`.
    pub fn succeeded(&mut self, earliest_next: Option<Duration>) {
        self.pace.tick_succeeded(now(), Math::random(), earliest_next);
    }

    /// Ends a tick that failed. Transient errors delay the next one; other errors, and those of the
    /// first tick, are returned. So is what the callback throws.
    pub fn failed(&mut self, failure: Failure) -> Result<(), JsValue> {
        let retry_after = match &failure {
            Failure::Fault(fault) if self.pace.has_begun() && fault.is_transient_or_timeout() => fault.retry_after,
            _ => return Err(failure.into()),
        };
        let now = now();
        self.pace.tick_failed(now, Math::random(), retry_after.unwrap_or_default());
        if let Some(on_retry) = &self.on_retry {
            let wait = milliseconds(self.pace.wait(now).unwrap_or_default());
            on_retry.call2(&JsValue::UNDEFINED, &failure.into(), &(time_of_day()? + wait).into())?;
        }
        Ok(())
    }
}

/// The time of the clock for durations.
pub fn now() -> Duration {
    duration(clock::now())
}
