//! Finding secrets in decoded text: user info in addresses, values of sensitive names, credentials, and JSON Web Tokens.

use super::decode::Decoded;
use super::names::{is_prose, is_scheme_prose, is_sensitive};

/// Longer passwords do not exist; the limit keeps the time linear.
const MAX_PASSWORD: usize = 1024;

/// Names whose value can be a pair of user and password, or an object with both.
const PAIRS: [&str; 5] = ["basic", "basicauth", "basic_auth", "auth", "oauth"];

/// What precedes a colon and is not a user, though an `@` follows.
const LABELS: [&str; 4] = ["org.couchdb.user", "mailto", "node", "email"];

/// Attributes of a cookie, which are not secret.
const ATTRIBUTES: [&str; 8] = ["path", "version", "expires", "max-age", "domain", "httponly", "secure", "samesite"];

/// Where each secret begins and ends in the decoded text, in the order of their beginnings.
pub type Secrets = Vec<(usize, usize)>;

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

/// Finds all secrets in `text`.
pub fn find(text: &Decoded) -> Secrets {
    let mut search = Search { text, word: Vec::new(), secrets: Vec::new() };
    let mut at = 0;
    while at < text.len() {
        let end = search.end_of(at, is_name);
        if end == at {
            if text.byte(at) == b':' {
                search.find_password(at);
            }
            at += 1;
        } else {
            search.find_after(at, end);
            at = end;
        }
    }
    search.secrets
}

struct Search<'t> {
    text: &'t Decoded,
    /// The bytes of the word that is looked at.
    word: Vec<u8>,
    secrets: Secrets,
}

impl Search<'_> {
    /// Keeps them in order: there are few, and sorting would be 1 kB of wasm.
    fn add(&mut self, start: usize, end: usize) {
        if start < end {
            let at = self.secrets.partition_point(|(before, _)| *before <= start);
            self.secrets.insert(at, (start, end));
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.byte(at)
    }

    /// The byte that precedes `at`; 0 at the beginning.
    fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    /// Where the bytes end that are of one kind.
    fn end_of(&self, mut at: usize, is_one: fn(u8) -> bool) -> usize {
        while at < self.text.len() && is_one(self.byte(at)) {
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

    /// Reads the word from `start` to `end`.
    fn read(&mut self, start: usize, end: usize) -> &[u8] {
        self.word.clear();
        self.word.extend((start..end).map(|at| self.text.byte(at)));
        &self.word
    }

    fn is_any(&mut self, start: usize, end: usize, words: &[&str]) -> bool {
        let word = self.read(start, end);
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
    fn find_password(&mut self, colon: usize) {
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
        if is_user
            && !self.is_port(colon + 1)
            && let Some(at) = self.end_of_password(colon, is_address)
        {
            self.add(colon + 1, at);
        }
    }

    fn is_port(&self, start: usize) -> bool {
        let end = self.end_of(start, |byte| byte.is_ascii_digit());
        (1..=5).contains(&(end - start)) && !is_name(self.byte(end)) && !matches!(self.byte(end), b'@' | b':' | 0x80..)
    }

    /// The `@` that ends the password. The password may have any character in it, as people write it.
    fn end_of_password(&self, colon: usize, is_address: bool) -> Option<usize> {
        let limit = colon + MAX_PASSWORD;
        let address = self.start_of(colon, |byte| !is_before_user(byte)).saturating_sub(2);
        let before =
            self.byte_before(self.start_of(address, |byte| is_name(byte) || matches!(byte, b':' | b'+' | b'.')));
        let mut at = colon + 1;
        if self.byte(at) <= b' ' {
            return None;
        }
        while !self.is_at(at, colon) {
            let (byte, is_over) = (self.byte(at), self.leaves(at, colon) || at >= self.text.len() || at > limit);
            let is_next_address = byte == b':' && self.byte(at + 1) == b'/' && self.byte(at + 2) == b'/';
            let is_end = match byte {
                b'\n' => self.text.start(at + 1) - self.text.start(at) == 1,
                b' ' | b'(' | b')' | b'{' | b'}' | b',' => !is_address,
                // A quoted address ends at its quote, any other where a string does.
                b'"' | b'\'' | b'`' => !is_address || self.closes(at) && (byte == before || self.byte(at + 1) != b' '),
                b'>' => self.closes(at),
                _ => false,
            };
            if is_over || is_end || is_next_address {
                return None;
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

    /// Whatever secret the word from `start` to `end` announces, or is.
    fn find_after(&mut self, start: usize, end: usize) {
        if self.byte(start) == b'e' && self.byte(start + 1) == b'y' && self.byte(start + 2) == b'J' {
            self.find_token(start, end);
        }
        if matches!(self.byte(end), b' ' | b'+' | b'\t') && self.is_any(start, end, &["basic", "bearer"]) {
            self.find_credentials(start, end + 1);
        }
        self.find_value(start, end);
    }

    /// A JSON Web Token: parts in base64url, of which the first is JSON.
    fn find_token(&mut self, start: usize, end: usize) {
        if self.byte(end) != b'.' {
            return;
        }
        let mut second = self.end_of(end + 1, is_name);
        let is_token = self.byte(end + 1) == b'e' || self.byte(second) == b'.';
        while self.byte(second) == b'.' {
            second = self.end_of(second + 1, is_name);
        }
        if is_token && end - start > 3 && second > end + 1 {
            self.add(start, second);
        }
    }

    /// What follows `Basic` or `Bearer`. A plain word is prose: "basic authentication failed" has no secret.
    fn find_credentials(&mut self, scheme: usize, start: usize) {
        let start = self.end_of(start, |byte| byte == b' ');
        let mut end = self.end_of(start, is_credential);
        let has_padding = end > start && self.byte(end) == b'=';
        end = self.end_of(end, |byte| byte == b'=');
        // `Basic realm="…"` is a challenge.
        if has_padding && (matches!(self.byte(end), b'"' | b'\'') || is_credential(self.byte(end))) {
            return;
        }
        let tail = self.end_of((start + 1).min(end), |byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-'));
        let is_plain = tail >= end && self.byte(start).is_ascii_alphabetic();
        let is_bearer = self.byte(scheme) == b'B' && self.byte(scheme + 1) == b'e';
        let word_end = self.start_of(end, |byte| byte == b'.');
        if !is_plain || is_bearer && !is_scheme_prose(self.read(start, word_end)) {
            self.add(start, end);
        }
    }

    // Names and their values

    /// The value of the name from `start` to `end`, if it is a sensitive one.
    fn find_value(&mut self, start: usize, end: usize) {
        let is_quoted = matches!(self.byte(end), b'"' | b'\'');
        let mut at = end + usize::from(is_quoted);
        if is_quoted && self.byte(at) == b'>' && self.byte(at + 1) == b'>' {
            at += 2;
        }
        let sign = self.end_of(at, is_space);
        let mut value = sign + 1;
        let separator = match (self.byte(sign), self.byte(value)) {
            (b'=', b'>') => {
                value += 1;
                Separator::Term
            }
            (b'=', b'=') | (b':', b'/') => return,
            (b'=', _) => Separator::Equals,
            (b':', b'=') => return,
            (b':', _) if is_quoted => Separator::Term,
            (b':', _) => Separator::Colon,
            (b',', _) if self.is_first(start) => Separator::Term,
            _ => return,
        };
        if separator == Separator::Term {
            value = self.end_of(value, is_space);
        } else {
            value = self.end_of(value, |byte| byte == b' ' || byte == b'\t');
        }

        let is_pair = self.is_any(start, end, &PAIRS);
        if is_pair && matches!(self.byte(value), b'{' | b'[' | b'(') {
            return self.find_second(value);
        }
        let is_query_key = separator == Separator::Equals
            && matches!(self.byte_before(start), b'?' | b'&')
            && !matches!(self.byte(value), b'"' | b'{' | b'[')
            && self.is_any(start, end, &["key"]);
        if !is_query_key && !is_sensitive(self.read(start, end)) {
            return;
        }
        let (from, to) = match self.byte(value) {
            b'"' | b'\'' if self.byte(value + 1) == b'-' && self.byte(value) == b'\'' => return,
            b'"' | b'\'' | b'{' | b'[' | b'(' => self.inside(value),
            b'<' if self.byte(value + 1) == b'<' => self.inside(value),
            // A process, a reference or a function of Erlang.
            b'<' | b'#' if separator == Separator::Term => return,
            _ => {
                let end = self.end_of_plain(value, separator, sign);
                let word = self.end_of(value, is_name);
                let is_atom = separator == Separator::Term
                    && self.end_of(value, |byte| byte.is_ascii_lowercase() || byte == b'_') == end;
                let follows = self.byte(word);
                if is_atom
                    || !is_quoted
                        && matches!(follows, 0..=b' ' | b',' | b'.' | b')' | b'}')
                        && is_prose(self.read(value, word))
                {
                    return;
                }
                match separator {
                    // A cookie says what it is called.
                    Separator::Colon
                        if self.byte_before(end) != b':' && self.byte(word) == b'=' && self.is_cookie(start, sign) =>
                    {
                        (word + 1, end)
                    }
                    _ => (value, end),
                }
            }
        };
        self.add(from, to);
    }

    fn is_cookie(&mut self, start: usize, end: usize) -> bool {
        self.is_any(start, end, &["cookie", "set-cookie"])
    }

    /// Whether the name is the first in a tuple or list.
    fn is_first(&self, start: usize) -> bool {
        let mut at = start;
        if matches!(self.byte_before(at), b'"' | b'\'') {
            at -= 1;
        }
        if self.byte_before(at) == b'<' {
            at = self.start_of(at, |byte| byte == b'<');
        }
        at = self.start_of(at, is_space);
        matches!(self.byte_before(at), b'{' | b'[' | b'(')
    }

    /// All but the first element of a tuple or list: of a user and a password, the password.
    fn find_second(&mut self, open: usize) {
        let first = self.end_of(open + 1, is_space);
        let (_, end) = self.inside(first);
        let comma = self.end_of(end, |byte| matches!(byte, b'"' | b'\'' | b'>' | b']') || is_space(byte));
        let close = self.end_of_bracket(open);
        // What else there is has names of its own.
        if end <= first || self.byte(comma) != b',' || comma >= close {
            return;
        }
        let second = self.end_of(comma + 1, is_space);
        let (from, to) = self.inside(second);
        let after = self.end_of(to, |byte| matches!(byte, b'"' | b'\'' | b'>' | b']') || is_space(byte));
        match after >= close {
            true => self.add(from, to),
            false => self.add(second, close),
        }
    }

    /// The inside of the string, binary, list or tuple at `open`, without quotes and brackets.
    fn inside(&self, open: usize) -> (usize, usize) {
        match self.byte(open) {
            b'"' | b'\'' => (open + 1, self.end_of_string(open)),
            b'<' => {
                let start = self.end_of(open, |byte| byte == b'<');
                if self.byte(start) == b'"' {
                    return (start + 1, self.end_of_string(start));
                }
                (start, self.start_of(self.end_of_bracket(open), |byte| byte == b'>').max(start))
            }
            b'{' | b'[' | b'(' => (open + 1, self.end_of_bracket(open)),
            _ => (open, open),
        }
    }

    /// The closing quote of the string that begins at `open`; the end of the text, if it is cut off.
    fn end_of_string(&self, open: usize) -> usize {
        let mut at = open + 1;
        while at < self.text.len() && !self.text.ends_string(at, open) {
            at += 1;
        }
        at
    }

    /// The closing bracket of the list, tuple or binary that begins at `open`; the end of the text, if it is cut off.
    fn end_of_bracket(&self, open: usize) -> usize {
        let (mut at, mut depth) = (open, 0usize);
        while at < self.text.len() {
            match self.byte(at) {
                b'"' | b'\'' => at = self.end_of_string(at),
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
    fn end_of_plain(&mut self, value: usize, separator: Separator, sign: usize) -> usize {
        let mut at = value;
        while at < self.text.len() {
            let byte = self.byte(at);
            // A parameter of a header, as in `Digest username="…"`.
            if separator == Separator::Colon && byte == b'"' && self.byte_before(at) == b'=' {
                at = self.end_of_string(at) + 1;
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
        at.min(self.text.len())
    }

    /// Whether a cookie's attribute stands at `at`.
    fn is_attribute(&mut self, at: usize) -> bool {
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

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_unreserved(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'~' | b'*' | b'+' | b'%' | 0x80..)
}

fn is_credential(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'*')
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
