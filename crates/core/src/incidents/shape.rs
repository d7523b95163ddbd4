//! Reasons that differ only in names of databases have one shape, and so one diagnosis.
//!
//! A shape is the reason with marks in place of the URLs of source and target, followed by what else
//! decides a diagnosis: the servers at the ends, the proxies, whether CouchDB has given up. The
//! reason of a duplicate is without the names of its own replication and document.

use rows::json::{ByteSet, find_any};

const COLON: ByteSet = [[b':'; 16]; 2];

/// `/`, `?`, `#`, `"` and `\`.
const ENDS_OF_SERVER: ByteSet = [*b"//\"#////////\\///", [b'?'; 16]];

/// They stand for the URLs of source and target. JSON text has no control characters.
const MARKS: [u8; 2] = [1, 2];

/// The members of a row that decide its diagnosis, as JSON; empty if missing.
#[derive(Clone, Copy, Default)]
pub struct Reason<'a> {
    pub error: &'a [u8],
    pub doc_id: &'a [u8],
    /// Source and target.
    pub ends: [&'a [u8]; 2],
    pub proxies: [&'a [u8]; 2],
    pub is_permanent: bool,
}

impl<'a> Reason<'a> {
    /// Writes its shape into `out`, which is cleared first.
    pub fn put_shape(&self, out: &mut Vec<u8>) {
        out.clear();
        let urls = self.ends.map(without_quotes);
        let error = self.without_own_names().unwrap_or(self.error);
        let is_literal = are_nested(urls) || !put_marked(error, urls, out);
        if is_literal {
            out.clear();
            out.extend_from_slice(error);
        }
        for url in self.ends {
            out.push(0);
            let end = if is_literal { url.len() } else { server_end(url) };
            out.extend_from_slice(url.get(..end).unwrap_or_default());
        }
        for proxy in self.proxies {
            out.push(0);
            out.extend_from_slice(proxy);
        }
        out.push(u8::from(self.is_permanent));
    }

    /// What follows the names in "Replication `…` specified by document `…` already started, triggered by …".
    fn without_own_names(&self) -> Option<&'a [u8]> {
        let reason = self.error.strip_prefix(b"\"Replication `")?;
        let own = [b"` specified by document `", without_quotes(self.doc_id), b"` already "].concat();
        reason.get(find(reason, &own)? + own.len()..)
    }
}

/// Copies `reason` with marks for the URLs of the ends. Returns whether it has no other URL of a database.
fn put_marked(reason: &[u8], ends: [&[u8]; 2], out: &mut Vec<u8>) -> bool {
    let mut rest = reason;
    while let Some(colon) = find_scheme(rest) {
        let before = rest.get(..colon).unwrap_or_default();
        let scheme = if before.ends_with(b"https") { 5 } else { 4 };
        let Some((text, url)) = rest.split_at_checked(colon.saturating_sub(scheme)) else { return false };
        out.extend_from_slice(text);
        let marked = ends.into_iter().zip(MARKS).find_map(|(end, mark)| {
            let end = end.strip_suffix(b"/").unwrap_or(end);
            let after = url.strip_prefix(end).filter(|after| !end.is_empty() && is_end_of_name(after))?;
            Some((after, mark))
        });
        rest = match marked {
            Some((after, mark)) => {
                out.push(mark);
                after
            }
            None => {
                let Some((server, path)) = url.split_at_checked(server_end(url)) else { return false };
                // The URL of a session has only the server.
                if !path.strip_prefix(b"/_session").is_some_and(is_end_of_name) {
                    return false;
                }
                out.extend_from_slice(server);
                path
            }
        };
    }
    out.extend_from_slice(rest);
    true
}

/// Whether one URL can be below the other, so that a URL in the reason may belong to both.
fn are_nested([source, target]: [&[u8]; 2]) -> bool {
    let [(source, one), (target, other)] = [source, target].map(|url| {
        let (server, rest) = url.split_at_checked(server_end(url)).unwrap_or_default();
        let path = rest.split(|byte| b"?#".contains(byte)).next().unwrap_or_default();
        let host = server.rsplit(|byte| b"/@".contains(byte)).next().unwrap_or_default();
        let host = host.strip_suffix(b":443").or(host.strip_suffix(b":80")).unwrap_or(host);
        (host, path.strip_suffix(b"/").unwrap_or(path))
    });
    source.eq_ignore_ascii_case(target) && (one.starts_with(other) || other.starts_with(one))
}

/// The length of scheme, host and port of a URL, which can have a quote at its beginning.
fn server_end(url: &[u8]) -> usize {
    let start = find_scheme(url).map_or(0, |colon| colon + 3);
    let rest = url.get(start..).unwrap_or_default();
    start + find_any(rest, &ENDS_OF_SERVER).unwrap_or(rest.len())
}

/// The position of `://`.
fn find_scheme(text: &[u8]) -> Option<usize> {
    let mut start = 0;
    loop {
        let rest = text.get(start..)?;
        let colon = find_any(rest, &COLON)?;
        if rest.get(colon..)?.starts_with(b"://") {
            return Some(start + colon);
        }
        start += colon + 1;
    }
}

fn without_quotes(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\"").and_then(|url| url.strip_suffix(b"\"")).unwrap_or_default()
}

/// Whether the name of a database ends here.
fn is_end_of_name(rest: &[u8]) -> bool {
    rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"_$()+-%.~".contains(byte))
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len().max(1)).position(|some| some == part)
}
