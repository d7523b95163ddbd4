//! Trying again after a fault that passes.

use js_sys::Math;

use super::abort::Abort;
use super::failure::Failure;
use super::sleep::sleep;
use crate::js::clock::duration;

/// Milliseconds that the wait before the second attempt is at most; each further one can be twice as long.
const FIRST_WAIT: f64 = 250.0;

/// Milliseconds that a wait of our own choice is at most.
const LONGEST_WAIT: f64 = 10_000.0;

/// Seconds that a server may ask to wait for. A call that would have to wait longer fails at once: its caller can decide better.
const MAX_RETRY_AFTER: f64 = 60.0;

/// The attempts at one thing. Only what changes nothing on the server may be tried again.
pub struct Retry {
    left: u64,
    attempts: u32,
    abort: Abort,
}

impl Retry {
    /// At most `retries` attempts after the first; `abort` ends the waits between them.
    pub fn new(retries: u64, abort: Abort) -> Retry {
        Retry { left: retries, attempts: 0, abort }
    }

    /// An attempt ended in `failure`: waits until the next one is due, or gives the failure back if there is none.
    pub async fn after(&mut self, failure: Failure) -> Result<(), Failure> {
        self.attempts += 1;
        let mut fault = match failure {
            Failure::Fault(fault) => fault,
            aborted => return Err(aborted),
        };
        fault.attempts = self.attempts;
        let asked_for = fault.retry_after.filter(|seconds| *seconds > 0.0);
        if self.left == 0 || !fault.passes() || asked_for.is_some_and(|seconds| seconds > MAX_RETRY_AFTER) {
            return Err(Failure::Fault(fault));
        }
        self.left -= 1;
        // Full jitter, so that a fleet of clients that failed together does not come back together.
        let longest = (FIRST_WAIT * 2f64.powi(self.attempts as i32 - 1)).min(LONGEST_WAIT);
        let wait = asked_for.map_or(longest * Math::random(), |seconds| seconds * 1000.0);
        sleep(duration(wait), false, &self.abort).await
    }
}
