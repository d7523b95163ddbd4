//! Keeping secrets out of what is shown.
//!
//! CouchDB takes the user info out of `source` and `target`, but a secret can still be in a URL's query, in a proxy's
//! address, or anywhere in the text of an error, which can be an Erlang term with a whole request in it. So text is
//! searched for what secrets look like, wherever it comes from:
//!
//! - `scheme://user:password@host`: the password
//! - `name=value` under a telling name, as in a query, a form or a cookie: the value
//! - `Basic …` and `Bearer …`, as in an `Authorization` header: the credentials
//! - a telling name and a quoted string behind it, as in JSON or an Erlang term: the string
//!
//! Document ids and database names are never touched: they are needed to ask again.

use std::borrow::Cow;

/// What stands in the place of a secret.
pub const MASK: &str = "*****";

/// Parts of the names under which secrets travel in queries and forms.
const TELLING_PARTS: [&str; 10] =
    ["key", "token", "secret", "passw", "pwd", "sig", "auth", "credential", "session", "cookie"];

/// CouchDB's own query parameters that only look telling.
const HARMLESS: [&str; 4] = ["startkey", "endkey", "start_key", "end_key"];

/// Names, without `_` and `-`, behind which a quoted string is a secret. Whole names: parts of them are in the names of
/// errors too.
const TELLING_NAMES: [&str; 13] = [
    "password",
    "passwd",
    "pwd",
    "secret",
    "clientsecret",
    "token",
    "accesstoken",
    "refreshtoken",
    "apikey",
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
];

/// Names behind which stands a pair of strings, user and password.
const PAIR_NAMES: [&str; 2] = ["basic", "basicauth"];

/// `text` with [`MASK`] for each secret.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut secrets = Secrets::new();
    find_user_info(text, &mut secrets);
    find_by_name(text, &mut secrets);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }

    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end) in secrets {
        if let Some(before) = text.get(at..start) {
            masked.push_str(before);
            masked.push_str(MASK);
        }
        at = at.max(end);
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Where each secret begins and ends, in the order of the text.
type Secrets = Vec<(usize, usize)>;

fn add(secrets: &mut Secrets, start: usize, end: usize) {
    let at = secrets.partition_point(|(before, _)| *before < start);
    secrets.insert(at, (start, end));
}

/// The password in `scheme://user:password@host`.
fn find_user_info(text: &str, secrets: &mut Secrets) {
    for (scheme_end, _) in text.match_indices("://") {
        let start = scheme_end + 3;
        let rest = text.get(start..).unwrap_or_default();
        let authority = until(rest, |c| matches!(c, '/' | '?' | '#' | '"' | '<' | '>') || c.is_whitespace());
        let Some((user_info, _)) = authority.rsplit_once('@') else { continue };
        if let Some((user, password)) = user_info.split_once(':') {
            let from = start + user.len() + 1;
            add(secrets, from, from + password.len());
        }
    }
}

/// What follows a name: each word of the text is looked at once.
fn find_by_name(text: &str, secrets: &mut Secrets) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let word = until(rest, |c| !is_name_char(c));
        let Some(behind) = rest.get(word.len()..) else { return };
        if word.is_empty() {
            at += behind.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        at += word.len();
        let found = match behind.strip_prefix('=') {
            Some(value) if is_telling(word) && !value.starts_with(['=', '>']) => Some(unquoted(value, at + 1)),
            _ => credentials(word, behind, at).or_else(|| quoted(word, behind, at)),
        };
        if let Some((start, end)) = found.filter(|(start, end)| start < end) {
            add(secrets, start, end);
            at = end;
        }
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '%')
}

/// Whether what goes by this name is a secret.
pub fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TELLING_PARTS.iter().any(|part| name.contains(part)) && !HARMLESS.contains(&name.as_str())
}

/// The value behind `name=`, up to what can follow a value.
fn unquoted(value: &str, at: usize) -> (usize, usize) {
    let quote = usize::from(value.starts_with('"'));
    let inner = value.get(quote..).unwrap_or_default();
    let secret =
        until(inner, |c| matches!(c, '&' | ';' | '#' | '"' | '\'' | '<' | '>' | '\\' | '}' | ')') || c.is_whitespace());
    (at + quote, at + quote + secret.len())
}

/// What follows `Basic` or `Bearer`. A plain word is none: "basic authentication failed" has no secret.
fn credentials(word: &str, behind: &str, at: usize) -> Option<(usize, usize)> {
    if !word.eq_ignore_ascii_case("basic") && !word.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let rest = behind.strip_prefix("%20").map(|rest| (3, rest)).or(behind.strip_prefix(' ').map(|rest| (1, rest)));
    let (gap, rest) = rest?;
    let secret = until(rest, |c| !is_name_char(c) && !matches!(c, '+' | '/' | '=' | '~'));
    let plain_word = secret.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'.' | b'-'));
    (!plain_word).then_some((at + gap, at + gap + secret.len()))
}

/// The string behind a telling name, as in `{"password","…"}`, `<<"password">>,<<"…">>` or `"password": "…"`.
fn quoted(name: &str, behind: &str, at: usize) -> Option<(usize, usize)> {
    let skip = if TELLING_NAMES.iter().any(|telling| is_called(name, telling)) {
        0
    } else if PAIR_NAMES.iter().any(|telling| is_called(name, telling)) {
        1
    } else {
        return None;
    };
    let mut from = 0;
    for string in 0..=skip {
        let gap = until(behind.get(from..)?, |c| {
            !matches!(c, '<' | '>' | ',' | ':' | '=' | '{' | '[' | '"' | '\\') && !c.is_whitespace()
        });
        // The name's own closing quote may stand in the gap; the string's opening one ends it.
        if !gap.ends_with('"') || (gap.trim_start_matches(['"', '\\', '>']).len() < 2 && string == 0) {
            return None;
        }
        from += gap.len();
        let text = until(behind.get(from..)?, |c| c == '"');
        let text = text.strip_suffix('\\').unwrap_or(text);
        if string == skip {
            return Some((at + from, at + from + text.len()));
        }
        from += text.len();
    }
    None
}

/// Whether `name` is `plain` but for its case, `_` and `-`. Asked of every word of every error, so it builds nothing.
fn is_called(name: &str, plain: &str) -> bool {
    let letters = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    letters.map(|byte| byte.to_ascii_lowercase()).eq(plain.bytes())
}

/// The beginning of `text` up to the first character that ends it.
fn until(text: &str, ends: impl Fn(char) -> bool) -> &str {
    text.split(ends).next().unwrap_or(text)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::mask;
    use proptest::prelude::*;

    #[test]
    fn what_is_secret_is_masked() {
        for (text, masked) in [
            ("https://user:s3cret@host:6984/db", "https://user:*****@host:6984/db"),
            ("https://user:p@ss:w0rd@host/db", "https://user:*****@host/db"),
            ("http://h/db?api_key=abc123&limit=3", "http://h/db?api_key=*****&limit=3"),
            ("http://h/db?x=1&Token=abc#frag", "http://h/db?x=1&Token=*****#frag"),
            ("http://h/?sig=a%2Bb%3D&access_token=q.w-e", "http://h/?sig=*****&access_token=*****"),
            (
                "db_not_found: could not open http://u:pw@h/db/?secret=1",
                "db_not_found: could not open http://u:*****@h/db/?secret=*****",
            ),
            ("{conn_failed,\"http://h/?password=a'b\"}", "{conn_failed,\"http://h/?password=*****'b\"}"),
            ("{options,[{password,\"s3cret\"},{x,1}]}", "{options,[{password,\"*****\"},{x,1}]}"),
            ("[{<<\"password\">>,<<\"s3cret\">>}]", "[{<<\"password\">>,<<\"*****\">>}]"),
            ("{\"username\":\"u\",\"password\": \"s3cret\"}", "{\"username\":\"u\",\"password\": \"*****\"}"),
            ("{\"Authorization\",\"Basic dTpw\"}", "{\"Authorization\",\"*****\"}"),
            ("sent Basic dTpwYXNz== and Bearer ey.J0.x", "sent Basic ***** and Bearer *****"),
            ("Cookie: AuthSession=YWRtaW46; Path=/", "Cookie: AuthSession=*****; Path=/"),
            ("{basic_auth,{\"user\",\"s3cret\"}}", "{basic_auth,{\"user\",\"*****\"}}"),
            ("socks5://u:*****@proxy:1080", "socks5://u:*****@proxy:1080"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }

    #[test]
    fn what_is_not_secret_stays() {
        for text in [
            "http://127.0.0.1:5984/src_small/",
            "https://user@host/db",
            "{replication_auth_error,\n    {session_request_failed,\"http://h/_session\",\"user\",\n        {conn_failed,{error,econnrefused}}}}",
            "unauthorized: Name or password is incorrect.",
            "basic authentication failed",
            "/_scheduler/docs/_replicator?startkey=%22a%22&limit=3",
            "a=b, c==d, key, token",
            "",
        ] {
            assert_eq!(mask(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_planted_secret_is_left(before in r#"[a-z{}<>",:=&?/@ \n]{0,30}"#, after in r#"([&#" \n>].{0,20})?"#, form in 0usize..5) {
            let secret = "S3cr3tS3cr3t";
            let text = match form {
                0 => format!("{before} https://user:{secret}@host{after}"),
                1 => format!("{before}?api_key={secret}{after}"),
                2 => format!("{before} password=\"{secret}\"{after}"),
                3 => format!("{before} {{\"password\",\"{secret}\"}}{after}"),
                _ => format!("{before} Bearer {secret}{after}"),
            };
            prop_assert!(!mask(&text).contains(secret), "{}", mask(&text));
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"(\PC|password|=|"|://|@|:|Basic |\\|é){0,40}"#) {
            let _ = mask(&text);
        }
    }
}
