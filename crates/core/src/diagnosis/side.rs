//! Which end a URL belongs to.

use super::reason::split;
use super::{Row, Side};

/// What only one end is asked for.
const ENDPOINTS: [(Side, &str); 4] = [
    (Side::Source, "/_changes"),
    (Side::Source, "/_bulk_get"),
    (Side::Target, "/_revs_diff"),
    (Side::Target, "/_bulk_docs"),
];

/// The end that `url` is at. Where it is at both, or at neither, as after a redirect, the endpoint can tell. `None` where nothing
/// does: a session's URL names the server alone.
pub fn side_of(url: &str, row: &Row) -> Option<Side> {
    let url = Place::of(url)?;
    let at = |end: Option<&str>| end.and_then(Place::of).is_some_and(|end| url.is_at(&end));
    match (at(row.source), at(row.target)) {
        (true, false) => Some(Side::Source),
        (false, true) => Some(Side::Target),
        _ => ENDPOINTS.iter().find(|(_, endpoint)| url.path.ends_with(endpoint)).map(|(side, _)| *side),
    }
}

/// The end whose URL the server leaves out, as it does where one does not parse.
pub fn side_that_is_missing(row: &Row) -> Option<Side> {
    match (row.source, row.target) {
        (None, Some(_)) => Some(Side::Source),
        (Some(_), None) => Some(Side::Target),
        _ => None,
    }
}

/// A URL without what does not tell the end: user info, query, the default port.
struct Place<'a> {
    scheme: &'a str,
    host: &'a str,
    path: &'a str,
}

impl<'a> Place<'a> {
    #[inline(never)]
    fn of(url: &'a str) -> Option<Place<'a>> {
        let (scheme, rest) = split(url, "://")?;
        let rest = until(rest, b"?#");
        let authority = until(rest, b"/");
        let path = rest.get(authority.len()..)?;
        let mut host = authority;
        while let Some((_, behind)) = split(host, "@") {
            host = behind;
        }
        let default_port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
        let host = host.strip_suffix(default_port).unwrap_or(host);
        Some(Place { scheme, host, path: path.strip_suffix('/').unwrap_or(path) })
    }

    fn is_at(&self, end: &Place) -> bool {
        let below = || self.path.strip_prefix(end.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.scheme.eq_ignore_ascii_case(end.scheme)
            && (self.host.eq_ignore_ascii_case(end.host) || in_brackets(end.host) == Some(self.host))
            && (self.path == "/_session" || below())
    }
}

/// An IPv6 address, which the server writes without its brackets and port into the URL of a session.
fn in_brackets(host: &str) -> Option<&str> {
    Some(split(host.strip_prefix('[')?, "]")?.0)
}

/// The beginning of `text` up to the first of `ends`.
#[inline(never)]
fn until<'a>(text: &'a str, ends: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| ends.contains(&byte));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_at_the_end_that_it_begins_with() {
        let side = |url: &str, source: &'static str, target: &'static str| {
            side_of(url, &Row { source: Some(source), target: Some(target), ..Row::default() })
        };
        let (a, ab, other) = ("http://h:5984/a/", "http://h:5984/ab/", "https://other/a");
        assert_eq!(side("http://h:5984/a/_changes?since=0", a, ab), Some(Side::Source));
        assert_eq!(side("http://h:5984/ab", a, ab), Some(Side::Target));
        assert_eq!(side("http://H:5984/ab/x", a, ab), Some(Side::Target));
        assert_eq!(side("http://h:5984/abc", a, ab), None);
        assert_eq!(side("http://u:*****@h:5984/a/", a, other), Some(Side::Source));
        assert_eq!(side("https://other:443/a/", a, other), Some(Side::Target));
        assert_eq!(side("http://other/a/", a, other), None);
        assert_eq!(side("http://h:5984/a?token=*****", "http://h:5984/a?token=*****", other), Some(Side::Source));
        // One server for both ends has one session for both.
        assert_eq!(side("http://h:5984/_session", a, ab), None);
        assert_eq!(side("http://h:5984/_session", a, other), Some(Side::Source));
        assert_eq!(side("http://h:5984/a/", a, a), None);
        // Only the source is asked for changes, wherever it has redirected to.
        assert_eq!(side("http://h:5984/a/_changes?feed=normal", a, a), Some(Side::Source));
        assert_eq!(side("https://moved:443/a/_bulk_docs", a, other), Some(Side::Target));
        assert_eq!(side("https://moved:443/a/_changes/x", a, other), None);
        let v6 = "http://[fd00::2]:5984/a/";
        assert_eq!(side("http://fd00::2/_session", v6, a), Some(Side::Source));
        assert_eq!(side("http://[fd00::2]:5984/a/_local/x", a, v6), Some(Side::Target));
        assert_eq!(side("http://fd00::/_session", a, v6), None);
        assert_eq!(side("a", a, ab), None);
        assert_eq!(side_of("http://h/a", &Row::default()), None);
    }
}
