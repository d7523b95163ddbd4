//! Decides which end a URL belongs to.

use super::vocabulary::split;
use super::{DiagnosisInput, Side};

/// Endpoints that only one end is requested.
const ENDPOINTS: [(Side, &str); 4] = [
    (Side::Source, "/_changes"),
    (Side::Source, "/_bulk_get"),
    (Side::Target, "/_revs_diff"),
    (Side::Target, "/_bulk_docs"),
];

/// Returns the end that `url` belongs to. If it belongs to both, or after a redirect to neither,
/// the endpoint can show the end. `None` if it does not: the URL of a session has only the server.
pub fn side_of(url: &str, row: &DiagnosisInput) -> Option<Side> {
    let url = Location::of(url)?;
    let at = |end: Option<&str>| end.and_then(Location::of).is_some_and(|end| url.is_at(&end));
    match (at(row.source), at(row.target)) {
        (true, false) => Some(Side::Source),
        (false, true) => Some(Side::Target),
        _ => ENDPOINTS.iter().find(|(_, endpoint)| url.path.ends_with(endpoint)).map(|(side, _)| *side),
    }
}

/// Returns the end whose URL is missing: the server leaves out a URL that does not parse.
pub fn side_that_is_missing(row: &DiagnosisInput) -> Option<Side> {
    match (row.source, row.target) {
        (None, Some(_)) => Some(Side::Source),
        (Some(_), None) => Some(Side::Target),
        _ => None,
    }
}

/// The parts of a URL that show the end: without user info, query and default port.
struct Location<'a> {
    scheme: &'a str,
    host: &'a str,
    path: &'a str,
}

impl<'a> Location<'a> {
    fn of(url: &'a str) -> Option<Location<'a>> {
        let (scheme, rest) = split(url, "://")?;
        let rest = until(rest, b"?#");
        let authority = until(rest, b"/");
        let path = rest.get(authority.len()..)?;
        let mut host = authority;
        while let Some((_, rest)) = split(host, "@") {
            host = rest;
        }
        let default_port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
        let host = host.strip_suffix(default_port).unwrap_or(host);
        Some(Location { scheme, host, path: path.strip_suffix('/').unwrap_or(path) })
    }

    fn is_at(&self, end: &Location) -> bool {
        let below = || self.path.strip_prefix(end.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.scheme.eq_ignore_ascii_case(end.scheme)
            && (self.host.eq_ignore_ascii_case(end.host) || in_brackets(end.host) == Some(self.host))
            && (self.path == "/_session" || below())
    }
}

/// Returns an IPv6 address without brackets and port, as the server writes it into the URL of a
/// session.
fn in_brackets(host: &str) -> Option<&str> {
    Some(split(host.strip_prefix('[')?, "]")?.0)
}

/// Returns the beginning of `text` up to the first of `ends`.
fn until<'a>(text: &'a str, ends: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| ends.contains(&byte));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_url_belongs_to_the_end_whose_url_it_begins_with() {
        let side = |url: &str, source: &'static str, target: &'static str| {
            side_of(url, &DiagnosisInput { source: Some(source), target: Some(target), ..DiagnosisInput::default() })
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
        // If both ends are on one server, they have one session.
        assert_eq!(side("http://h:5984/_session", a, ab), None);
        assert_eq!(side("http://h:5984/_session", a, other), Some(Side::Source));
        assert_eq!(side("http://h:5984/a/", a, a), None);
        // Only the source is requested to list changes, even after a redirect.
        assert_eq!(side("http://h:5984/a/_changes?feed=normal", a, a), Some(Side::Source));
        assert_eq!(side("https://moved:443/a/_bulk_docs", a, other), Some(Side::Target));
        assert_eq!(side("https://moved:443/a/_changes/x", a, other), None);
        let v6 = "http://[fd00::2]:5984/a/";
        assert_eq!(side("http://fd00::2/_session", v6, a), Some(Side::Source));
        assert_eq!(side("http://[fd00::2]:5984/a/_local/x", a, v6), Some(Side::Target));
        assert_eq!(side("http://fd00::/_session", a, v6), None);
        assert_eq!(side("a", a, ab), None);
        assert_eq!(side_of("http://h/a", &DiagnosisInput::default()), None);
    }
}
