//! Retrying after transient errors.

use std::time::Duration;

use js_sys::Math;

use super::abort::Abort;
use super::failure::Failure;
use super::sleep::sleep;
use crate::js::clock::{duration, milliseconds};

/// Maximum wait before the second attempt. It doubles for each further attempt.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// Maximum wait, if the server does not name one.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Maximum `Retry-After`. If a server names a longer one, the call fails at once, and its caller can decide.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Counts the attempts at something. Only requests that change nothing on the server may be retried.
pub struct Retry {
    left: u64,
    attempts: u32,
    abort: Abort,
}

impl Retry {
    /// Up to `retries` attempts after the first; `abort` ends the waits between them.
    pub fn new(retries: u64, abort: Abort) -> Retry {
        Retry { left: retries, attempts: 0, abort }
    }

    /// Waits until the next attempt is due after `failure`. Returns the failure if there is no further attempt.
    pub async fn after(&mut self, failure: Failure) -> Result<(), Failure> {
        self.attempts += 1;
        let mut fault = match failure {
            Failure::Fault(fault) => fault,
            aborted => return Err(aborted),
        };
        fault.attempts = self.attempts;
        let retry_after = fault.retry_after.filter(|wait| !wait.is_zero());
        if self.left == 0 || !fault.is_transient() || retry_after.is_some_and(|wait| wait > MAX_RETRY_AFTER) {
            return Err(Failure::Fault(fault));
        }
        self.left -= 1;
        // Full jitter, so that a fleet of clients that failed together does not come back together.
        let longest = (milliseconds(FIRST_WAIT) * 2f64.powi(self.attempts as i32 - 1)).min(milliseconds(MAX_WAIT));
        let wait = retry_after.unwrap_or_else(|| duration(longest * Math::random()));
        sleep(wait, false, &self.abort).await
    }
}
