//! Finding secrets in decoded text: user info in addresses, values of sensitive names, credentials, and JSON Web Tokens.

use super::decode::Decoded;
use super::names::{is_prose, is_scheme_prose, is_sensitive};

/// Longer passwords do not exist; the limit keeps the time linear.
const MAX_PASSWORD: usize = 1024;

/// A pair of user and password is not longer either.
const MAX_PAIR: usize = 1024;

/// Names whose value can be a pair of user and password, or an object with both.
const PAIRS: [&str; 5] = ["basic", "basicauth", "basic_auth", "auth", "oauth"];

/// Schemes of an `Authorization` header. The first two are found without the header's name.
const SCHEMES: [&str; 5] = ["basic", "bearer", "token", "digest", "negotiate"];

/// What precedes a colon and is not a user, though an `@` follows.
const LABELS: [&str; 4] = ["org.couchdb.user", "mailto", "node", "email"];

/// Attributes of a cookie, which are not secret.
const ATTRIBUTES: [&str; 8] = ["path", "version", "expires", "max-age", "domain", "httponly", "secure", "samesite"];

/// Where each secret begins and ends in the decoded text, in the order of their beginnings.
pub type Secrets = Vec<Secret>;

/// What stands between a name and its value.
#[derive(Clone, Copy, PartialEq)]
enum Separator {
    /// `name=value`, as in a query, a form, a cookie or a shell
    Equals,
    /// `Name: value`, as in a header
    Colon,
    /// `{name,value}`, `"name": value` or `name => value`: a term of Erlang or JSON
    Term,
}

/// Finds all secrets in `text`; `None` if there is no memory for them.
pub fn find(text: &Decoded) -> Option<Secrets> {
    let search = Search { text, bytes: text.bytes() };
    let mut secrets = Secrets::new();
    // Without an `@` no colon has to be looked at.
    let mut at_sign = None;
    let mut at = 0;
    while let Some(rest) = search.bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let len = rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len());
        let found = match rest.first() {
            Some(b':') => {
                if at_sign.is_none_or(|at_sign| at_sign < at) {
                    at_sign = Some(at + rest.iter().position(|byte| *byte == b'@').unwrap_or(usize::MAX - at));
                }
                if at_sign < Some(text.bytes().len()) { search.password(at) } else { None }
            }
            _ if len > 0 => search.value(at, at + len),
            _ => None,
        };
        at += len.max(1);
        if let Some((start, end)) = found.filter(|(start, end)| start < end) {
            secrets.try_reserve(1).ok()?;
            secrets.push((start, end));
            // Within a secret there is nothing left to find.
            at = at.max(end);
        }
    }
    Some(secrets)
}

/// The place of a secret.
type Secret = (usize, usize);

struct Search<'t> {
    text: &'t Decoded<'t>,
    bytes: &'t [u8],
}

impl Search<'_> {
    /// The byte at `at`; 0 past the end.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    /// The bytes from `start` to `end`.
    fn slice(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The byte that precedes `at`; 0 at the beginning.
    fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    /// Where the bytes end that are of one kind.
    fn end_of(&self, mut at: usize, is_one: fn(u8) -> bool) -> usize {
        while at < self.bytes.len() && is_one(self.byte(at)) {
            at += 1;
        }
        at
    }

    /// Where the bytes of one kind begin that end at `at`.
    fn start_of(&self, mut at: usize, is_one: fn(u8) -> bool) -> usize {
        while at > 0 && is_one(self.byte_before(at)) {
            at -= 1;
        }
        at
    }

    fn is_any(&self, start: usize, end: usize, words: &[&str]) -> bool {
        let word = self.slice(start, end);
        words.iter().any(|one| word.eq_ignore_ascii_case(one.as_bytes()))
    }

    /// Whether what is escaped like the delimiter `by` ends at `at`: in an encoded text, at anything that is not.
    fn leaves(&self, at: usize, by: usize) -> bool {
        self.text.level(at) < self.text.level(by) && !is_unreserved(self.byte(at))
    }

    /// Whether the quote at `at` can be the closing one of a string: what follows it is not text.
    fn closes(&self, at: usize) -> bool {
        matches!(
            self.byte(at + 1),
            0..=b' '
                | b','
                | b'}'
                | b']'
                | b')'
                | b'>'
                | b':'
                | b';'
                | b'='
                | b'&'
                | b'.'
                | b'"'
                | b'\''
                | b'`'
                | b'|'
                | b'<'
                | b'\\'
        )
    }

    // User info

    /// The password that begins after the colon, in `//user:password@host` or `user:password@host`.
    fn password(&self, colon: usize) -> Option<Secret> {
        if self.is_port(colon + 1) || self.is_next_address(colon) {
            return None;
        }
        let user = self.start_of(colon, |byte| !is_before_user(byte));
        let is_address = self.byte_before(user) == b'/' && self.byte_before(user.saturating_sub(1)) == b'/';
        let is_user = is_address || {
            let last_is_digit = self.byte_before(colon).is_ascii_digit();
            let is_time = last_is_digit && self.byte(colon + 1).is_ascii_digit() && self.byte(colon + 3) == b':';
            user < colon
                && !matches!(self.byte_before(user), b'/' | b':')
                && (user..colon).any(|at| self.byte(at).is_ascii_alphabetic())
                && !matches!(self.byte(colon + 1), b'/' | b'"' | b'\'' | b'<')
                && !is_time
                && !self.is_any(user, colon, &LABELS)
        };
        if is_user { Some((colon + 1, self.end_of_password(colon, is_address)?)) } else { None }
    }

    /// Whether the colon is the one of `scheme://`.
    fn is_next_address(&self, colon: usize) -> bool {
        self.byte(colon + 1) == b'/' && self.byte(colon + 2) == b'/'
    }

    fn is_port(&self, start: usize) -> bool {
        let end = self.end_of(start, |byte| byte.is_ascii_digit());
        (1..=5).contains(&(end - start)) && !is_name(self.byte(end)) && !matches!(self.byte(end), b'@' | b':' | 0x80..)
    }

    /// The `@` that ends the password. The password may have any character in it, as people write it.
    fn end_of_password(&self, colon: usize, is_address: bool) -> Option<usize> {
        let limit = colon + MAX_PASSWORD;
        // Of an address that begins with a quote, where the quote stands.
        let address = self.start_of(colon, |byte| !is_before_user(byte)).saturating_sub(2);
        let quote =
            self.start_of(address, |byte| is_name(byte) || matches!(byte, b':' | b'+' | b'.')).saturating_sub(1);
        let mut at = colon + 1;
        if self.byte(at) <= b' ' {
            return None;
        }
        // An `@` without a host ends it if there is no other: the address is cut off.
        let mut cut = None;
        while !self.is_at(at, colon) {
            let (byte, is_over) = (self.byte(at), self.leaves(at, colon) || at >= self.bytes.len() || at > limit);
            // A password can hold `://`, but not what precedes a further address as well.
            let is_next_address = byte == b':' && self.is_next_address(at) && {
                let before = self.byte_before(self.start_of(at, is_name));
                !is_address || is_after_path(before) || matches!(before, b'(' | b'=' | b'{' | b'[')
            };
            let is_end = match byte {
                b'\n' => self.text.start(at + 1) - self.text.start(at) == 1,
                b' ' | b'(' | b')' | b'{' | b'}' | b',' => !is_address,
                b'"' | b'\'' | b'`' => !is_address || self.text.ends_string(at, quote) && self.closes(at),
                b'>' => self.closes(at),
                _ => false,
            };
            if is_over || is_end || is_next_address {
                return cut;
            }
            if is_address && byte == b'@' && self.text.level(at) <= self.text.level(colon) {
                cut = Some(at);
            }
            at += 1;
        }
        // It may hold an `@` itself: the host is what follows the last one.
        let mut last = at;
        loop {
            at += 1;
            let byte = self.byte(at);
            if self.is_at(at, colon) {
                last = at;
            } else if is_after_host(byte) || self.leaves(at, colon) {
                let is_full = (last..at).any(|at| matches!(self.byte(at), b'.' | b':'));
                let further =
                    (at + 1..limit).take_while(|at| !is_after_path(self.byte(*at))).find(|at| self.is_at(*at, colon));
                match further {
                    Some(further) if !is_full && matches!(byte, b'/' | b'?' | b'#') => (at, last) = (further, further),
                    _ => return Some(last),
                }
            }
        }
    }

    /// Whether an `@` with a host stands at `at`.
    fn is_at(&self, at: usize, colon: usize) -> bool {
        let next = self.byte(at + 1);
        self.byte(at) == b'@'
            && self.text.level(at) <= self.text.level(colon)
            && (next.is_ascii_alphanumeric() || matches!(next, b'[' | b'_' | 0x80..))
    }

    // Words

    /// The secret that the word from `start` to `end` announces, or is.
    fn value(&self, start: usize, end: usize) -> Option<Secret> {
        let word = self.slice(start, end);
        if self.byte(end) == b'.'
            && let Some(at) = word.windows(3).position(|part| part == b"eyJ")
        {
            return self.web_token(start + at, end);
        }
        let is_scheme = matches!(self.byte(end), b' ' | b'+' | b'\t')
            && self.is_any(start, end, SCHEMES.get(..2).unwrap_or_default());
        is_scheme.then(|| self.credentials(start, end + 1)).flatten().or_else(|| self.named_value(start, end))
    }

    /// A JSON Web Token: parts in base64url, of which the first is JSON.
    fn web_token(&self, start: usize, end: usize) -> Option<Secret> {
        let mut last = self.end_of(end + 1, is_name);
        let is_token =
            self.byte(end) == b'.' && last > end + 1 && (self.byte(end + 1) == b'e' || self.byte(last) == b'.');
        while self.byte(last) == b'.' {
            last = self.end_of(last + 1, is_name);
        }
        is_token.then_some((start, last))
    }

    /// What follows `Basic` or `Bearer`. A plain word is prose: "basic authentication failed" has no secret.
    fn credentials(&self, scheme: usize, start: usize) -> Option<Secret> {
        let start = self.end_of(start, |byte| byte == b' ');
        let unpadded = self.end_of(start, is_credential);
        let end = self.end_of(unpadded, |byte| byte == b'=');
        // `Basic realm="…"` is a challenge.
        if end > unpadded && (matches!(self.byte(end), b'"' | b'\'') || is_credential(self.byte(end))) {
            return None;
        }
        let is_plain = self.byte(start).is_ascii_alphabetic()
            && self.end_of(start + 1, |byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-')) >= end;
        let word = self.slice(start, self.start_of(end, |byte| byte == b'.'));
        let is_bearer = self.slice(scheme, scheme + 6) == b"Bearer";
        (!is_plain || is_bearer && !is_scheme_prose(word)).then_some((start, end))
    }

    // Names and their values

    /// The value of the name from `start` to `end`, if it is a sensitive one.
    fn named_value(&self, start: usize, end: usize) -> Option<Secret> {
        let is_quoted = match self.byte(end) {
            b'"' | b'\'' => true,
            b'=' | b':' | b',' | b' ' | b'\t' | b'\n' | b'\r' => false,
            // A parameter that is a list or a member of one: `token[]=…`, `auth[token]=…`
            b'[' | b']' if self.byte(self.end_of(end, is_list)) == b'=' => false,
            _ => return None,
        };
        let mut at = end + usize::from(is_quoted);
        if is_quoted && self.byte(at) == b'>' && self.byte(at + 1) == b'>' {
            at += 2;
        }
        let sign = self.end_of(self.end_of(at, is_list), is_space);
        let (separator, after) = match (self.byte(sign), self.byte(sign + 1)) {
            (b'=', b'>') => (Separator::Term, sign + 2),
            (b'=', b'=') | (b':', b'/') => return None,
            (b':', b'=') => (Separator::Equals, sign + 2),
            (b'=', _) => (Separator::Equals, sign + 1),
            (b':', _) => (if is_quoted { Separator::Term } else { Separator::Colon }, sign + 1),
            (b',', _) if self.is_first(start) => (Separator::Term, sign + 1),
            _ => return None,
        };
        let value = self.end_of(after, if separator == Separator::Term { is_space } else { is_blank });

        let first = self.byte(value);
        if matches!(first, b'{' | b'[' | b'(') && self.is_any(start, end, &PAIRS) {
            return self.second(value);
        }
        // CouchDB's own `key` is JSON.
        let is_query_key = separator == Separator::Equals
            && matches!(self.byte_before(start), b'?' | b'&')
            && !matches!(first, b'"' | b'{' | b'[')
            && self.is_any(start, end, &["key"]);
        if !is_query_key && !is_sensitive(self.slice(start, end)) {
            return None;
        }
        match (first, self.byte(value + 1)) {
            // An atom that names a function, a process, a reference.
            (b'\'', b'-') => None,
            (b'"' | b'\'' | b'{' | b'[' | b'(', _) | (b'<', b'<') => Some(self.inside(value, self.bytes.len())),
            (b'<' | b'#', _) if separator == Separator::Term => None,
            _ => self.plain_value(start, value, separator, sign),
        }
    }

    /// A value that is neither quoted nor in brackets, of the name at `name`.
    fn plain_value(&self, name: usize, value: usize, separator: Separator, sign: usize) -> Option<Secret> {
        let word = self.end_of(value, is_name);
        // `authorization=Bearer …`: the value begins with its scheme.
        let next = self.end_of(word, is_blank);
        let has_scheme = next > word
            && self.is_any(value, word, &SCHEMES)
            && !is_scheme_prose(self.slice(next, self.end_of(next, is_name)));
        let end = self.end_of_plain(if has_scheme { next } else { value }, separator, sign);
        let is_atom =
            separator == Separator::Term && self.end_of(value, |byte| byte.is_ascii_lowercase() || byte == b'_') == end;
        let is_word = matches!(self.byte(word), 0..=b' ' | b',' | b'.' | b')' | b'}');
        if is_atom || is_word && is_prose(self.slice(value, word)) {
            return None;
        }
        // A cookie says what it is called.
        let is_cookie = separator == Separator::Colon
            && self.byte(word) == b'='
            && self.is_any(name, sign, &["cookie", "set-cookie"]);
        Some((if is_cookie { word + 1 } else { value }, end))
    }

    /// Whether the name is the first in a tuple, or in a list that is an entry of another one: `["cookie","default"]` are two
    /// names.
    fn is_first(&self, start: usize) -> bool {
        let mut at = start;
        if matches!(self.byte_before(at), b'"' | b'\'') {
            at -= 1;
        }
        if self.byte_before(at) == b'<' {
            at = self.start_of(at, |byte| byte == b'<');
        }
        at = self.start_of(at, is_space);
        match self.byte_before(at) {
            b'{' | b'(' => true,
            b'[' => matches!(self.byte_before(self.start_of(at - 1, is_space)), b'[' | b','),
            _ => false,
        }
    }

    /// All but the first element of a tuple or list: of a user and a password, the password.
    fn second(&self, open: usize) -> Option<Secret> {
        let limit = open + MAX_PAIR;
        let first = self.end_of(open + 1, is_space);
        // A member of an object has a name of its own.
        if matches!(self.byte(first), b'{' | b'(') {
            return None;
        }
        let close = self.end_of_bracket(open, limit);
        let comma = self.after(self.inside(first, limit).1.max(self.end_of(first, is_name)));
        if comma <= first || self.byte(comma) != b',' || comma >= close {
            return None;
        }
        let second = self.end_of(comma + 1, is_space);
        let (start, end) = self.inside(second, limit);
        if start == second {
            // An atom.
            return None;
        }
        Some(if self.after(end) >= close && end > start { (start, end) } else { (second, close) })
    }

    /// Where the closing quote and brackets at `at` end.
    fn after(&self, at: usize) -> usize {
        self.end_of(at, |byte| matches!(byte, b'"' | b'\'' | b'>' | b']') || is_space(byte))
    }

    /// The inside of the string, binary, list or tuple at `open`, without quotes and brackets.
    fn inside(&self, open: usize, limit: usize) -> Secret {
        match self.byte(open) {
            b'"' | b'\'' => (open + 1, self.end_of_string(open, limit)),
            b'<' => {
                let start = self.end_of(open, |byte| byte == b'<');
                if self.byte(start) == b'"' {
                    return (start + 1, self.end_of_string(start, limit));
                }
                (start, self.start_of(self.end_of_bracket(open, limit), |byte| byte == b'>').max(start))
            }
            b'{' | b'[' | b'(' => (open + 1, self.end_of_bracket(open, limit)),
            _ => (open, open),
        }
    }

    /// The closing quote of the string that begins at `open`; the end of the text, if it is cut off.
    fn end_of_string(&self, open: usize, limit: usize) -> usize {
        let limit = limit.min(self.bytes.len());
        let mut at = (open + 1).min(limit);
        while at < limit && !self.text.ends_string(at, open) {
            at += 1;
        }
        at
    }

    /// The closing bracket of the list, tuple or binary that begins at `open`; the end of the text, if it is cut off.
    fn end_of_bracket(&self, open: usize, limit: usize) -> usize {
        let limit = limit.min(self.bytes.len());
        let (mut at, mut depth) = (open, 0usize);
        while at < limit {
            match self.byte(at) {
                b'"' | b'\'' => at = self.end_of_string(at, limit),
                b'{' | b'[' | b'(' | b'<' => depth += 1,
                b'}' | b']' | b')' | b'>' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Where a value ends that is neither quoted nor in brackets.
    fn end_of_plain(&self, value: usize, separator: Separator, sign: usize) -> usize {
        let mut at = value;
        while at < self.bytes.len() {
            let byte = self.byte(at);
            // A parameter of a header, as in `Digest username="…"`.
            if separator == Separator::Colon && byte == b'"' && self.byte_before(at) == b'=' {
                at = self.end_of_string(at, usize::MAX) + 1;
                continue;
            }
            let is_end = self.text.level(at) <= self.text.level(sign)
                && match (separator, byte) {
                    (Separator::Colon, b';') => self.is_attribute(at + 1),
                    (Separator::Colon, b'\n' | b'\r') => true,
                    (_, b'"' | b'\'' | b'`') => self.closes(at),
                    (Separator::Colon, _) => false,
                    (_, 0..=b' ') => true,
                    (Separator::Equals, b'&' | b'#') => true,
                    (Separator::Equals, b';' | b',') => self.closes(at) || self.is_parameter(at + 1),
                    (_, b',' | b'}' | b']' | b')' | b'>') => separator == Separator::Term || self.closes(at),
                    (Separator::Equals, b'<') => self.byte(at + 1) == b'/',
                    _ => false,
                };
            if is_end || self.leaves(at, sign) {
                break;
            }
            at += 1;
        }
        at.min(self.bytes.len())
    }

    /// Whether a cookie's attribute stands at `at`.
    fn is_attribute(&self, at: usize) -> bool {
        let start = self.end_of(at, |byte| byte == b' ');
        let end = self.end_of(start, is_name);
        self.is_any(start, end, &ATTRIBUTES)
    }

    /// Whether another `name=value` stands at `at`.
    fn is_parameter(&self, at: usize) -> bool {
        let end = self.end_of(at, is_name);
        end > at && self.byte(end) == b'='
    }
}

pub fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_unreserved(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'~' | b'*' | b'+' | b'%' | 0x80..)
}

fn is_credential(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'*')
}

fn is_list(byte: u8) -> bool {
    matches!(byte, b'[' | b']')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// What ends a host.
fn is_after_host(byte: u8) -> bool {
    matches!(byte, b'/' | b'?' | b'#' | b'\\') || is_after_path(byte)
}

/// What ends a path.
fn is_after_path(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b',')
}

/// What precedes a user.
fn is_before_user(byte: u8) -> bool {
    is_after_path(byte) || matches!(byte, b'/' | b':' | b';' | b'=' | b'(' | b'[' | b'{' | b'&' | b'|')
}
