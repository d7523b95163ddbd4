//! Retrying: which errors are transient, how often and when a request is sent again.

use std::time::Duration;

use js_sys::Math;
use wasm_bindgen::JsValue;

use super::abort::Abort;
use super::failure::{Code, Failure, Fault};
use super::response::Response;
use super::sleep::sleep;
use crate::js::clock::{duration, milliseconds};
use crate::js::date::{parse_time, time_of_day};

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

impl Fault {
    /// Whether a further attempt may succeed: network errors, a server that is busy, restarting or in a race, a response
    /// that is cut off. A time limit is not transient, since the caller chose it.
    pub fn is_transient(&self) -> bool {
        match self.code {
            Code::Network | Code::RateLimited | Code::Truncated => true,
            Code::Timeout => self.status == Some(408),
            // All but those that mean that the request can never be served; 525 and 526 are a proxy's, about certificates.
            Code::ServerError => !matches!(self.status, Some(501 | 505 | 506 | 508 | 510 | 511 | 525 | 526)),
            // A 404 that is not CouchDB's comes from a proxy whose server is not available at the moment.
            Code::InvalidResponse => self.status == Some(404),
            _ => false,
        }
    }

    /// Whether a later attempt may succeed, even after a time limit.
    pub fn is_transient_or_timeout(&self) -> bool {
        self.is_transient() || self.code == Code::Timeout
    }
}

/// `Retry-After`, a number of seconds or a date. `None` if it is negative or in the past.
pub fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.header("retry-after")?;
    let value = value.trim_ascii();
    let seconds = match f64::try_from(JsValue::from(value)) {
        Ok(seconds) if !value.is_empty() && !seconds.is_nan() => seconds,
        _ => (parse_time(value)? - time_of_day().ok()?) / 1000.0,
    };
    (seconds.is_finite() && seconds >= 0.0).then(|| duration(seconds * 1000.0))
}
