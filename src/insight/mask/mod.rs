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

/// Of an `Authorization` header, behind which credentials stand.
const SCHEMES: [&str; 2] = ["basic", "bearer"];

/// Names behind which stands a pair of strings, user and password.
const PAIR_NAMES: [&str; 2] = ["basic", "basicauth"];

/// `text` with [`MASK`] for each secret; borrowed if there is none.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut secrets = Secrets::new();
    find_user_info(text.as_bytes(), &mut secrets);
    find_by_name(text.as_bytes(), &mut secrets);
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

/// Where each secret begins and ends. What delimits them is ASCII, so text is looked at as bytes.
type Secrets = Vec<(usize, usize)>;

/// Keeps them in order: there are few, and sorting would be 1 kB of wasm.
fn add(secrets: &mut Secrets, start: usize, end: usize) {
    let at = secrets.partition_point(|(before, _)| *before < start);
    secrets.insert(at, (start, end));
}

/// The password in `scheme://user:password@host`.
fn find_user_info(text: &[u8], secrets: &mut Secrets) {
    for (colon, _) in text.iter().enumerate().filter(|(_, byte)| **byte == b':') {
        let Some(rest) = text.get(colon..).and_then(|rest| rest.strip_prefix(b"://")) else { continue };
        let start = colon + 3;
        let authority = until(rest, |byte| matches!(byte, 0..=b' ' | b'/' | b'?' | b'#' | b'"' | b'<' | b'>'));
        let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else { continue };
        if let Some(user) = authority.iter().position(|byte| *byte == b':').filter(|user| *user < at) {
            add(secrets, start + user + 1, start + at);
        }
    }
}

/// What follows a name: each word of the text is looked at once.
fn find_by_name(text: &[u8], secrets: &mut Secrets) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let word = until(rest, |byte| !is_name_byte(byte));
        at += word.len().max(1);
        let behind = rest.get(word.len()..).unwrap_or_default();
        // First, as the credentials of an escaped header can look like a telling name.
        let escaped = behind_escaped_scheme(word)
            .and_then(|start| credentials(rest.get(start..).unwrap_or_default(), at - word.len() + start));
        let found = escaped.or_else(|| match behind {
            _ if word.is_empty() => None,
            [b'=', value @ ..] if is_telling(word) && !matches!(value, [b'=' | b'>', ..]) => {
                Some(unquoted(value, at + 1))
            }
            [b' ', header @ ..] if is_scheme(word) => credentials(header, at + 1).or_else(|| quoted(word, behind, at)),
            _ => quoted(word, behind, at),
        });
        if let Some((start, end)) = found.filter(|(start, end)| start < end) {
            add(secrets, start, end);
            at = end;
        }
    }
}

#[inline(always)]
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'%')
}

/// Whether what goes by this name is a secret.
pub fn is_telling(name: &[u8]) -> bool {
    let holds = |part: &&str| name.windows(part.len()).any(|some| some.eq_ignore_ascii_case(part.as_bytes()));
    TELLING_PARTS.iter().any(holds) && !HARMLESS.iter().any(|harmless| name.eq_ignore_ascii_case(harmless.as_bytes()))
}

/// The value behind `name=`, up to what can follow a value.
fn unquoted(value: &[u8], at: usize) -> (usize, usize) {
    let quote = usize::from(value.starts_with(b"\""));
    let secret = until(value.get(quote..).unwrap_or_default(), |byte| {
        matches!(byte, 0..=b' ' | b'&' | b';' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b'}' | b')')
    });
    (at + quote, at + quote + secret.len())
}

fn is_scheme(word: &[u8]) -> bool {
    SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme.as_bytes()))
}

/// Where the credentials begin in a word like `Basic%20dTpw`.
fn behind_escaped_scheme(word: &[u8]) -> Option<usize> {
    let spaces = word.windows(3).enumerate().filter(|(_, some)| *some == b"%20");
    let mut ends = spaces.map(|(at, _)| at);
    ends.find_map(|end| {
        let before = word.get(..end)?;
        let named = |scheme: &&str| {
            before.len().checked_sub(scheme.len()).and_then(|at| before.get(at..)).is_some_and(is_scheme)
        };
        SCHEMES.iter().any(named).then_some(end + 3)
    })
}

/// What follows `Basic` or `Bearer`. A plain word is none: "basic authentication failed" has no secret.
fn credentials(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let secret = until(text, |byte| !is_name_byte(byte) && !matches!(byte, b'+' | b'/' | b'=' | b'~'));
    let plain_word = secret.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-'));
    (!plain_word).then_some((at, at + secret.len()))
}

/// The string behind a telling name, as in `{"password","…"}`, `<<"password">>,<<"…">>` or `"password": "…"`.
fn quoted(name: &[u8], behind: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut from = gap_before_string(behind)?;
    let gap = behind.get(..from)?;
    // The name's own closing quote may stand in the gap; the string's opening one ends it.
    if gap.iter().position(|byte| !matches!(byte, b'"' | b'\\' | b'>')).is_none_or(|closed| gap.len() - closed < 2) {
        return None;
    }
    if PAIR_NAMES.iter().any(|pair| is_called(name, pair)) {
        from += string_before_quote(behind.get(from..)?).len();
        from += gap_before_string(behind.get(from..)?)?;
    } else if !TELLING_NAMES.iter().any(|telling| is_called(name, telling)) {
        return None;
    }
    Some((at + from, at + from + string_before_quote(behind.get(from..)?).len()))
}

/// How many bytes stand before the inside of a string, its opening quote among them; `None` if something else stands there.
fn gap_before_string(text: &[u8]) -> Option<usize> {
    let gap =
        until(text, |byte| !matches!(byte, 0..=b' ' | b'<' | b'>' | b',' | b':' | b'=' | b'{' | b'[' | b'"' | b'\\'));
    gap.ends_with(b"\"").then_some(gap.len())
}

/// The inside of a string, whose quotes may be escaped.
fn string_before_quote(text: &[u8]) -> &[u8] {
    let inside = until(text, |byte| byte == b'"');
    inside.strip_suffix(b"\\").unwrap_or(inside)
}

/// Whether `name` is `plain` but for its case, `_` and `-`.
fn is_called(name: &[u8], plain: &str) -> bool {
    let letters = name.iter().filter(|byte| !matches!(byte, b'_' | b'-'));
    letters.map(u8::to_ascii_lowercase).eq(plain.bytes())
}

/// The beginning of `text` up to the first byte that ends it.
fn until(text: &[u8], ends: impl Fn(u8) -> bool) -> &[u8] {
    let len = text.iter().position(|byte| ends(*byte)).unwrap_or(text.len());
    text.get(..len).unwrap_or_default()
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
            ("sent Basic%20dTpwYXNz and Bearer%20ey.J0.x", "sent Basic%20***** and Bearer%20*****"),
            ("/?q=sent%20Basic%20dKEYTpw=&x=1", "/?q=sent%20Basic%20*****&x=1"),
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
