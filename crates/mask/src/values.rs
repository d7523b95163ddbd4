//! Words that are a secret or announce one: JSON Web Tokens, credentials after their scheme, and values of sensitive names.

use super::names::{is_prose, is_scheme_prose, is_sensitive};
use super::scan::{Scan, Secret, is_blank, is_name, is_quote, is_space};

/// How far is looked for the end of a pair of user and password before it is known to be one, which keeps the time linear.
const MAX_PAIR: usize = 1024;

/// Names whose value can be a pair of user and password, or an object with both.
const PAIRS: &str = "basic basicauth basic_auth auth oauth";

/// Names whose user and password can be elements of the same tuple
const TUPLES: &str = "basic basic_auth auth credentials";

/// Schemes of an `Authorization` header.
const SCHEMES: &str = "basic bearer token digest negotiate";

/// Attributes of a cookie, which are not secret.
const ATTRIBUTES: &str = "path version expires max-age domain httponly secure samesite";

/// Separator of a name and its value.
#[derive(Clone, Copy, PartialEq)]
pub enum Separator {
    /// `name=value`, as in a query, a form, a cookie or a shell
    Equals,
    /// `Name: value`, as in a header
    Colon,
    /// `{name,value}`, `"name": value` or `name => value`: a term of Erlang or JSON
    Term,
    /// `--name value`, as in a shell
    Blank,
}

impl Scan<'_> {
    /// Returns the secret that the word from `start` to `end` announces, or is.
    pub fn secret_at_word(&self, start: usize, end: usize) -> Option<Secret> {
        let word = self.slice(start, end);
        if self.byte(end) == b'.'
            && let Some(at) = word.windows(3).position(|part| part == b"eyJ")
        {
            return self.web_token(start + at, end);
        }
        let is_scheme = matches!(word.len(), 5 | 6)
            && matches!(self.byte(end), b' ' | b'+' | b'\t')
            && self.is_any(start, end, "basic bearer");
        is_scheme
            .then(|| self.credentials(start, end + 1))
            .flatten()
            .or_else(|| self.named_value(start, end))
            .or_else(|| self.option_value(start, end))
            .or_else(|| self.spoken_value(start, end))
            .or_else(|| self.private_key(start, end))
    }

    /// Returns a JSON Web Token: parts in base64url, of which the first is JSON.
    fn web_token(&self, start: usize, end: usize) -> Option<Secret> {
        let mut last = self.end_of(end + 1, is_name);
        let is_token =
            self.byte(end) == b'.' && last > end + 1 && (self.byte(end + 1) == b'e' || self.byte(last) == b'.');
        while self.byte(last) == b'.' {
            last = self.end_of(last + 1, is_name);
        }
        is_token.then_some((start, last))
    }

    /// Returns the credentials after `Basic` or `Bearer`. A plain word is prose: "basic authentication failed" contains no secret.
    fn credentials(&self, scheme: usize, start: usize) -> Option<Secret> {
        let start = self.end_of(start, |byte| byte == b' ');
        let unpadded = self.end_of(start, is_credential);
        let end = self.end_of(unpadded, |byte| byte == b'=');
        // `Basic realm="…"` is a challenge, `basic => …` a member.
        if unpadded == start
            || end > unpadded && (matches!(self.byte(end), b'"' | b'\'') || is_credential(self.byte(end)))
        {
            return None;
        }
        let is_plain = self.byte(start).is_ascii_alphabetic()
            && self.end_of(start + 1, |byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-')) >= end;
        let word = self.slice(start, self.start_of(end, |byte| byte == b'.'));
        let is_bearer = self.slice(scheme, scheme + 6) == b"Bearer";
        (!is_plain || is_bearer && !is_scheme_prose(word)).then_some((start, end))
    }

    /// Returns the value of the name from `start` to `end`, if the name is sensitive.
    fn named_value(&self, start: usize, end: usize) -> Option<Secret> {
        let is_quoted = match self.byte(end) {
            b'"' | b'\'' => true,
            b'=' | b':' | b',' | b' ' | b'\t' | b'\n' | b'\r' => false,
            // A parameter that is a list or a member of one: `token[]=…`, `auth[token]=…`
            b'[' | b']' if self.byte(self.end_of(end, is_list)) == b'=' => false,
            b'>' if self.byte_before(start) == b'<' => return self.element_text(start, end),
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
            (b',', _) if self.is_first(start) || !is_quoted && self.is_string(sign + 1) => (Separator::Term, sign + 1),
            _ => return None,
        };
        let value = self.end_of(after, if separator == Separator::Term { is_space } else { is_blank });

        let first = self.byte(value);
        if matches!(first, b'{' | b'[' | b'(') && self.is_any(start, end, PAIRS) {
            return self.second(self.end_of(value + 1, is_space), value);
        }
        // `{credentials,"user","password"}`
        if self.byte(sign) == b','
            && matches!(first, b'"' | b'\'' | b'<')
            && self.is_any(start, end, TUPLES)
            && let Some(second) = self.second(value, self.start_of(start, is_open_quote).saturating_sub(1))
        {
            return Some(second);
        }
        // The `key` of CouchDB's own queries is JSON.
        let is_query_key = separator == Separator::Equals
            && matches!(self.byte_before(start), b'?' | b'&')
            && !matches!(first, b'"' | b'{' | b'[')
            && self.is_any(start, end, "key");
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

    /// Returns a value that is neither quoted nor in brackets, of the name at `name`.
    fn plain_value(&self, name: usize, value: usize, separator: Separator, sign: usize) -> Option<Secret> {
        let word = self.end_of(value, is_name);
        // `authorization=Bearer …`: the value begins with its scheme.
        let next = self.end_of(word, is_blank);
        let has_scheme = next > word
            && self.is_any(value, word, SCHEMES)
            && !is_scheme_prose(self.slice(next, self.end_of(next, is_name)));
        let end = self.end_of_plain(if has_scheme { next } else { value }, separator, sign);
        let is_atom =
            separator == Separator::Term && self.end_of(value, |byte| byte.is_ascii_lowercase() || byte == b'_') == end;
        let is_word = matches!(self.byte(word), 0..=b' ' | b',' | b'.' | b')' | b'}');
        if is_atom || is_word && is_prose(self.slice(value, word)) {
            return None;
        }
        // The header of a cookie contains its name.
        let is_cookie =
            separator == Separator::Colon && self.byte(word) == b'=' && self.is_any(name, sign, "cookie set-cookie");
        Some((if is_cookie { word + 1 } else { value }, end))
    }

    /// Whether the name is the first in a tuple, or in a list that is an element of another one: `["cookie","default"]` are two
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

    /// Returns the text of the element with the name from `start` to `end`: `<password>…</password>`. Without the closing tag,
    /// the name is a placeholder: `login <password> <token>`.
    fn element_text(&self, start: usize, end: usize) -> Option<Secret> {
        let close = self.end_of(end + 1, |byte| byte != b'<');
        let is_secret = self.byte(close + 1) == b'/'
            && is_sensitive(self.slice(start, end))
            && !is_prose(self.slice(end + 1, self.end_of(end + 1, is_name)));
        is_secret.then_some((end + 1, close))
    }

    /// Whether there is a string of one word at `at`: in `{user,"…",password,"…"}`, it belongs to the atom that precedes it.
    fn is_string(&self, at: usize) -> bool {
        if !matches!(self.byte(at), b'"' | b'\'' | b'<') {
            return false;
        }
        let (start, end) = self.inside(at, at + MAX_PAIR);
        is_quote(self.byte_before(start)) && !self.slice(start, end).iter().any(|byte| *byte <= b' ')
    }

    /// Returns all but the first element of the tuple or list at `open`: of a user and a password, the password.
    fn second(&self, first: usize, open: usize) -> Option<Secret> {
        let limit = open + MAX_PAIR;
        // Members of an object have their own names.
        if matches!(self.byte(first), b'{' | b'(') {
            return None;
        }
        let close = self.end_of_bracket(open, limit);
        let comma = self.after(self.inside(first, limit).1.max(self.end_of(first, is_name)));
        if comma <= first || self.byte(comma) != b',' || comma >= close {
            return None;
        }
        let second = self.end_of(comma + 1, is_space);
        let (start, end) = self.inside(second, self.bytes.len());
        if start == second {
            // An atom.
            return None;
        }
        let close = if close < limit { close } else { self.end_of_bracket(open, self.bytes.len()) };
        Some(if self.after(end) >= close && end > start { (start, end) } else { (second, close) })
    }

    /// Returns the end of the closing quotes and brackets at `at`.
    fn after(&self, at: usize) -> usize {
        self.end_of(at, |byte| matches!(byte, b'"' | b'\'' | b'>' | b']') || is_space(byte))
    }

    /// Returns the inside of the string, binary, list or tuple at `open`, without quotes and brackets.
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

    /// Returns the closing quote of the string at `open`; the end of the text if it is cut off.
    pub fn end_of_string(&self, open: usize, limit: usize) -> usize {
        let limit = limit.min(self.bytes.len());
        let mut at = (open + 1).min(limit);
        while at < limit && !self.text.ends_string(at, open) {
            at += 1;
        }
        at
    }

    /// Returns the closing bracket of the list, tuple or binary at `open`; the end of the text if it is cut off.
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

    /// Returns the end of a value that is neither quoted nor in brackets.
    pub fn end_of_plain(&self, value: usize, separator: Separator, sign: usize) -> usize {
        let mut at = value;
        while at < self.bytes.len() {
            let byte = self.byte(at);
            // A parameter of a header, as in `Digest username="…"`.
            if separator == Separator::Colon && byte == b'"' && self.byte_before(at) == b'=' {
                at = self.end_of_string(at, self.bytes.len()) + 1;
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

    /// Whether there is an attribute of a cookie at `at`.
    fn is_attribute(&self, at: usize) -> bool {
        let start = self.end_of(at, |byte| byte == b' ');
        let end = self.end_of(start, is_name);
        self.is_any(start, end, ATTRIBUTES)
    }

    /// Whether there is another `name=value` at `at`.
    fn is_parameter(&self, at: usize) -> bool {
        let end = self.end_of(at, is_name);
        end > at && self.byte(end) == b'='
    }
}

fn is_credential(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'*')
}

/// Whether a byte can be between the start of a tuple and its name.
fn is_open_quote(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'"' | b'\'' | b'<')
}

fn is_list(byte: u8) -> bool {
    matches!(byte, b'[' | b']')
}
