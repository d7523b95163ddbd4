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

/// The crashes in a row of a history, newest event first, counted as the server does: a crash needs an event before it,
/// not longer ago than [`HEALTHY_AFTER`]; and a job that was stopped while it ran was well.
pub fn crashes_in_a_row(history: &[Event]) -> u64 {
    let mut count = 0;
    for pair in history.windows(2) {
        let [event, before] = pair else { break };
        match (event.kind, before.kind) {
            ("crashed", _) => {
                if let (Some(at), Some(since)) = (seconds(event.timestamp), seconds(before.timestamp))
                    && at - since > HEALTHY_AFTER
                {
                    break;
                }
                count += 1;
            }
            ("stopped", "started") => break,
            _ => {}
        }
    }
    count
}

/// The earliest time at which the server tries a job again that crashed at `crash`. After a crash that counts for
/// nothing, because it ran well before, it does not wait.
pub fn next_retry(crash: &str, failures: u64) -> Option<String> {
    let wait = match failures {
        0 => 0,
        _ => FIRST_WAIT << (failures - 1).min(MOST_DOUBLINGS),
    };
    iso8601(seconds(crash)? + wait)
}

/// Seconds since 1970 of an ISO 8601 time with `Z` or an offset; fractions are dropped.
fn seconds(time: &str) -> Option<i64> {
    let number = |from: usize, to: usize| time.get(from..to)?.parse::<u32>().ok().map(i64::from);
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(at, separator)| time.as_bytes().get(*at) != Some(separator)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let zone = time.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone.as_bytes().first()? {
        b'Z' if zone.len() == 1 => 0,
        sign @ (b'+' | b'-') => {
            let hours = zone.get(1..3)?.parse::<u32>().ok()?;
            let minutes = zone.get(3..)?.trim_start_matches(':').parse::<u32>().ok()?;
            let offset = i64::from(hours) * 3600 + i64::from(minutes.min(59)) * 60;
            if *sign == b'+' { offset } else { -offset }
        }
        _ => return None,
    };
    let time_of_day = number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
    Some(days_since_1970(year, month, day) * 86_400 + time_of_day - offset)
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
    let mut text = String::with_capacity(20);
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    for (number, digits, behind) in [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, 'T'),
        (time / 3600, 2, ':'),
        (time / 60 % 60, 2, ':'),
        (time % 60, 2, 'Z'),
    ] {
        let mut unit = 10_i64.pow(digits - 1);
        while unit > 0 {
            text.push(char::from(b'0' + (number / unit % 10) as u8));
            unit /= 10;
        }
        text.push(behind);
    }
    Some(text)
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
            ("2026-11-22T22:00:00-0100", Some(1_795_388_400)),
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
    fn crashes_in_a_row_are_counted_as_the_server_does() {
        let count = |events: &[(&'static str, u32)]| {
            let times: Vec<_> =
                events.iter().map(|(_, second)| iso8601(1_800_000_000 + i64::from(*second)).unwrap()).collect();
            let history: Vec<_> = events
                .iter()
                .zip(&times)
                .map(|((kind, _), timestamp)| Event { kind, timestamp, reason: None })
                .collect();
            crashes_in_a_row(&history)
        };
        let (c, s, p, a) = ("crashed", "started", "stopped", "added");
        for (expected, history) in [
            (0, &[][..]),
            (0, &[(a, 0)]),
            (0, &[(c, 0)]),
            (1, &[(c, 9), (a, 8)]),
            (1, &[(c, 9), (c, 8)]),
            (2, &[(c, 9), (s, 8), (c, 7), (s, 6)]),
            (3, &[(c, 9), (c, 8), (c, 7), (a, 6)]),
            // A threshold's length is not yet longer than it.
            (1, &[(c, 120), (s, 0)]),
            (0, &[(c, 121), (s, 0)]),
            (1, &[(c, 500), (s, 499), (c, 498), (s, 0), (c, 0), (s, 0)]),
            // Stopped while it ran: what was before is forgiven.
            (0, &[(p, 3), (s, 2), (c, 1), (s, 0)]),
            (1, &[(c, 5), (s, 4), (p, 3), (s, 2), (c, 1), (s, 0)]),
            // Running for however long, a job keeps its count.
            (1, &[(s, 9), (c, 8), (s, 7)]),
        ] {
            assert_eq!(count(history), expected, "{history:?}");
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
        }
    }
}
