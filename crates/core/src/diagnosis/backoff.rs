//! How often a job has crashed in a row, and when the server tries it again.

/// An event of a job's history.
#[derive(Clone, Copy, Default)]
pub struct Event<'a> {
    /// `added`, `started`, `stopped` or `crashed`.
    pub kind: &'a str,
    /// ISO 8601.
    pub timestamp: &'a str,
    /// Of a crash.
    pub reason: Option<&'a str>,
}

/// Seconds that a job must run until a crash is the first of a new row: the server's `health_threshold`, as it comes.
const HEALTHY_AFTER: i64 = 120;

/// Seconds until the first new attempt, doubled by each further crash.
const FIRST_WAIT: i64 = 30;

/// How often it is doubled at most: eight and a half hours.
const MOST_DOUBLINGS: u64 = 10;

/// Maximum number of crashes in a row that are read. CouchDB keeps 20 events of a job by default.
const MOST_COUNTED: u64 = 1000;

/// Crashes in a row.
#[derive(Debug, PartialEq)]
pub struct Streak<'a> {
    /// As the server counts them.
    pub crashes: u64,
    /// When it crashed first, as far as the history goes: it has not been well since.
    pub since: Option<&'a str>,
}

/// The crashes in a row of a history, newest event first, counted as the server does: a crash needs an event before it,
/// not longer ago than [`HEALTHY_AFTER`]; and a job that was stopped while it ran was well. A crash after it was well is not
/// counted, but is the one that it fails since.
#[inline(never)]
pub fn streak<'a>(history: &[Event<'a>]) -> Streak<'a> {
    let mut streak = Streak { crashes: 0, since: None };
    for (at, event) in history.iter().enumerate() {
        let before = history.get(at + 1);
        match (event.kind, before) {
            ("crashed", _) => {
                streak.since = Some(event.timestamp);
                let Some(before) = before else { break };
                if let (Some(at), Some(since)) = (seconds(event.timestamp), seconds(before.timestamp))
                    && at - since > HEALTHY_AFTER
                {
                    break;
                }
                streak.crashes += 1;
            }
            ("stopped", Some(before)) if before.kind == "started" => break,
            _ => {}
        }
    }
    streak
}

/// The earliest time at which the server tries a job again that crashed at `crash`. After a crash that counts for
/// nothing, because it ran well before, it does not wait.
#[inline(never)]
pub fn next_retry(crash: &str, failures: u64) -> Option<String> {
    iso8601(seconds(crash)? + wait_after(failures))
}

/// The latest time that the first of so many crashes in a row can have had, the last of which was at `crash`: the server has
/// waited between them at least so long. Without failures, `crash` itself.
#[inline(never)]
pub fn first_crash(crash: &str, failures: u64) -> Option<String> {
    let mut first = seconds(crash)?;
    // More are in no history; each further one would take eight and a half hours more.
    for failed in 1..failures.min(MOST_COUNTED) {
        first -= wait_after(failed);
    }
    iso8601(first)
}

/// Seconds that the server waits after so many crashes in a row.
fn wait_after(failures: u64) -> i64 {
    match failures {
        0 => 0,
        _ => FIRST_WAIT << (failures - 1).min(MOST_DOUBLINGS),
    }
}

/// Seconds since 1970 of an ISO 8601 time with `Z` or an offset such as `+01:00`; fractions are dropped.
#[inline(never)]
fn seconds(time: &str) -> Option<i64> {
    let mut numbers = [0_i64; 6];
    let mut bytes = time.as_bytes();
    for (number, (digits, behind)) in
        numbers.iter_mut().zip([(4, b'-'), (2, b'-'), (2, b'T'), (2, b':'), (2, b':'), (2, 0)])
    {
        *number = leading_number(bytes, digits)?;
        bytes = bytes.get(digits..)?;
        if behind != 0 {
            bytes = bytes.strip_prefix(&[behind])?;
        }
    }
    while let [b'.' | b'0'..=b'9', rest @ ..] = bytes {
        bytes = rest;
    }
    let offset = match bytes {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), zone @ ..] if zone.len() == 5 => {
            let offset = leading_number(zone, 2)? * 3600 + leading_number(zone.get(3..)?, 2)? * 60;
            if *sign == b'+' { offset } else { -offset }
        }
        _ => return None,
    };
    let [year, month, day, hour, minute, second] = numbers;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// The number of so many digits at the beginning.
fn leading_number(bytes: &[u8], digits: usize) -> Option<i64> {
    let mut number = 0;
    for digit in bytes.get(..digits)? {
        number = number * 10 + i64::from(digit.wrapping_sub(b'0'));
        if !digit.is_ascii_digit() {
            return None;
        }
    }
    Some(number)
}

/// Counted in years that begin in March, so that the day that comes and goes is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// `2026-11-22T22:02:07Z`. `None` beyond the years of four digits.
fn iso8601(seconds: i64) -> Option<String> {
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year_of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    if !(0..=9999).contains(&year) {
        return None;
    }
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    // Digits, and from the right to the left a number for each pair of them.
    let mut text = *b"0000-00-00T00:00:00Z";
    let pairs = [time % 60, time / 60 % 60, time / 3600, day, month, year % 100, year / 100];
    for (at, pair) in [17, 14, 11, 8, 5, 2, 0].into_iter().zip(pairs) {
        if let Some([tens, ones]) = text.get_mut(at..at + 2) {
            *tens += (pair / 10) as u8;
            *ones += (pair % 10) as u8;
        }
    }
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read_and_written() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-23T07:15:00Z", Some(1_795_418_100)),
            ("2024-02-29T23:59:59Z", Some(1_709_251_199)),
            ("2026-11-22T22:00:00+00:00", Some(1_795_384_800)),
            ("2026-11-22T22:00:00.123+01:30", Some(1_795_379_400)),
            ("2026-11-22T22:00:00-01:00", Some(1_795_388_400)),
            ("2026-11-22T22:00:00", None),
            ("2026-13-22T22:00:00Z", None),
            ("2026-11-22 22:00:00Z", None),
            ("Sun, 22 Nov 2026 22:00:00 GMT", None),
            ("ü026-11-22T22:00:00Z", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        assert_eq!(iso8601(1_709_251_199).as_deref(), Some("2024-02-29T23:59:59Z"));
        assert_eq!(iso8601(-1).as_deref(), Some("1969-12-31T23:59:59Z"));
        assert_eq!(iso8601(i64::MAX / 2), None);
    }

    #[test]
    fn the_wait_doubles_up_to_a_bound() {
        let at = |failures| next_retry("2026-11-22T22:00:00Z", failures).unwrap();
        assert_eq!(at(0), "2026-11-22T22:00:00Z");
        assert_eq!(at(1), "2026-11-22T22:00:30Z");
        assert_eq!(at(2), "2026-11-22T22:01:00Z");
        assert_eq!(at(11), "2026-11-23T06:32:00Z");
        assert_eq!(at(12), at(11));
        assert_eq!(at(u64::MAX), at(11));
        assert_eq!(next_retry("yesterday", 1), None);
    }

    #[test]
    fn the_first_crash_was_before_all_waits() {
        let at = |failures| first_crash("2026-11-22T22:00:00Z", failures).unwrap();
        assert_eq!(at(0), "2026-11-22T22:00:00Z");
        assert_eq!(at(1), "2026-11-22T22:00:00Z");
        assert_eq!(at(2), "2026-11-22T21:59:30Z");
        assert_eq!(at(3), "2026-11-22T21:58:30Z");
        // 30 s · (2^11 - 1), and from then on 30 s · 2^10 each.
        assert_eq!(at(12), "2026-11-22T04:56:30Z");
        assert_eq!(at(13), "2026-11-21T20:24:30Z");
        assert_eq!(at(u64::MAX), at(MOST_COUNTED));
        assert_eq!(first_crash("yesterday", 1), None);
    }

    #[test]
    fn crashes_in_a_row_are_counted_as_the_server_does() {
        let count = |events: &[(&'static str, u32)]| {
            let times: Vec<_> =
                events.iter().map(|(_, second)| iso8601(1_800_000_000 + i64::from(*second)).unwrap()).collect();
            let history: Vec<_> = events
                .iter()
                .zip(&times)
                .map(|((kind, _), timestamp)| Event { kind, timestamp, reason: None })
                .collect();
            let Streak { crashes, since } = streak(&history);
            (crashes, since.and_then(seconds).map(|since| since - 1_800_000_000))
        };
        let (c, s, p, a) = ("crashed", "started", "stopped", "added");
        for (crashes, since, history) in [
            (0, None, &[][..]),
            (0, None, &[(a, 0)]),
            (0, Some(0), &[(c, 0)]),
            (1, Some(9), &[(c, 9), (a, 8)]),
            (1, Some(8), &[(c, 9), (c, 8)]),
            (2, Some(7), &[(c, 9), (s, 8), (c, 7), (s, 6)]),
            (3, Some(7), &[(c, 9), (c, 8), (c, 7), (a, 6)]),
            // A threshold's length is not yet longer than it.
            (1, Some(120), &[(c, 120), (s, 0)]),
            (0, Some(121), &[(c, 121), (s, 0)]),
            // Well for long, and failing since the crash that ended it.
            (1, Some(498), &[(c, 500), (s, 499), (c, 498), (s, 0), (c, 0), (s, 0)]),
            // Stopped while it ran: what was before is forgiven.
            (0, None, &[(p, 3), (s, 2), (c, 1), (s, 0)]),
            (1, Some(5), &[(c, 5), (s, 4), (p, 3), (s, 2), (c, 1), (s, 0)]),
            // Running for however long, a job keeps its count.
            (1, Some(8), &[(s, 9), (c, 8), (s, 7)]),
        ] {
            assert_eq!(count(history), (crashes, since), "{history:?}");
        }
    }

    proptest! {
        #[test]
        fn times_survive(second in -62_000_000_000_i64..250_000_000_000) {
            prop_assert_eq!(iso8601(second).and_then(|text| seconds(&text)), Some(second));
        }

        #[test]
        fn no_text_makes_it_panic(text in r"(\PC|[0-9]{1,4}|[-:TZ+.]){0,14}", failures: u64) {
            let _ = next_retry(&text, failures);
            let _ = first_crash(&text, failures);
        }
    }
}
