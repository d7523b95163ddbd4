//! Secrets after their names without a sign that makes them values: on command lines (`--password …`, `-u user:…`), in
//! sentences (`password is "…"`, `token …`), and private keys in PEM.

use super::names::{is_prose, is_sensitive};
use super::scan::{Scan, Secret, is_name, is_quote, is_space};
use super::values::Separator;

/// Options whose value is `user:password`.
const USERS: &str = "-u --user --proxy-user";

/// How far is looked for the end of a quoted value before it is known to be a secret, which keeps the time linear.
const MAX_QUOTED: usize = 1024;

impl Scan<'_> {
    /// Returns the secret in the value of the command-line option from `start` to `end`.
    pub fn option_value(&self, start: usize, end: usize) -> Option<Secret> {
        let name = self.slice(start, end);
        if self.byte(start) != b'-' || name.starts_with(b"--no-") {
            return None;
        }
        // Arguments can be in a list: `["-u","admin:password"]`
        let value = self.end_of(end, |byte| is_sign(byte) || byte == b',');
        let to = self.end_of_word(value, end);
        let mut from = value;
        if self.is_any(start, end, USERS) {
            from = self.end_of(from, |byte| byte > b' ' && byte != b':') + 1;
            // An id of a user with the one of its group
            if self.end_of(value, |byte| byte.is_ascii_digit()) + 1 == from {
                return None;
            }
        } else if !is_sensitive(name) {
            return None;
        }
        // Another option, a placeholder, a URL or a sentence is not a value.
        let is_value = value != end && !matches!(self.byte(from), b'-' | b'<' | b'[' | b'/');
        (is_value && !is_prose(self.slice(from, to))).then(|| (from, self.end_of_secret(value, to)))
    }

    /// Returns the secret that follows its name, from `start` to `end`, in a sentence. Most words after such a name are
    /// no secrets (`token expired`), so it has to look random, or to be a quoted password.
    pub fn spoken_value(&self, start: usize, end: usize) -> Option<Secret> {
        // Few words end like a name of a secret, so nothing else is done for most.
        if !is_sign(self.byte(end)) || !matches!(self.byte_before(end) | 0x20, b'd' | b'e' | b't' | b'n' | b'y') {
            return None;
        }
        // A key has its kind in front: `secret key`.
        let has_kind = self.byte_before(start) == b' ' && self.is_any(start, end, "key");
        let name = if has_kind { self.start_of(start - 1, is_name) } else { start };
        if !is_sensitive(self.slice(name, end)) {
            return None;
        }
        let mut value = self.end_of(end, is_sign);
        let verb = self.end_of(value, is_name);
        if self.is_any(value, verb, "is was") {
            value = self.end_of(verb, is_sign);
        }
        let is_quoted = is_quote(self.byte_before(value));
        let to = self.start_of(self.end_of_word(value, end), |byte| matches!(byte, b'.' | b';'));
        let word = self.slice(value, to);
        let is_secret = is_random(word)
            || is_quoted
                && (has_kind || self.is_any(start, end, "password"))
                && !word.iter().any(|byte| *byte <= b' ')
                && !is_prose(word);
        is_secret.then(|| (value, self.end_of_secret(value, to)))
    }

    /// Returns the end of the secret at `value`, of which [`Self::end_of_word`] has found `to`.
    fn end_of_secret(&self, value: usize, to: usize) -> usize {
        let is_cut = to >= value + MAX_QUOTED && is_quote(self.byte_before(value));
        if is_cut { self.end_of_string(value - 1, self.bytes.len()) } else { to }
    }

    /// Returns the end of the word at `value`, which is quoted if a quote precedes it. The byte at `sign` announces it.
    fn end_of_word(&self, value: usize, sign: usize) -> usize {
        match is_quote(self.byte_before(value)) {
            true => self.end_of_string(value - 1, value + MAX_QUOTED),
            false => self.end_of_plain(value, Separator::Blank, sign),
        }
    }

    /// Returns the private key in PEM that follows `-----BEGIN … PRIVATE KEY-----`, of which the last word ends at `end`.
    pub fn private_key(&self, start: usize, end: usize) -> Option<Secret> {
        if self.byte(start) != b'K' || !self.slice(start, end).starts_with(b"KEY--") {
            return None;
        }
        let label = self.slice(self.start_of(start, |byte| byte.is_ascii_uppercase() || byte == b' '), start);
        if !label.starts_with(b"BEGIN ") || !label.ends_with(b"PRIVATE ") {
            return None;
        }
        let key = self.end_of(end, is_space);
        let mut close = key;
        while close < self.bytes.len() && !is_quote(self.byte(close)) && self.slice(close, close + 2) != b"--" {
            close += 1;
        }
        Some((key, self.start_of(close, is_space)))
    }
}

/// Whether a word can only be a secret or an id: hexadecimal, or digits among letters of both cases.
fn is_random(word: &[u8]) -> bool {
    const DIGIT: u8 = 1;
    const LOWER: u8 = 2;
    const UPPER: u8 = 4;
    const NOT_HEX: u8 = 8;
    const NOT_BASE64: u8 = 16;
    let mut kinds = 0;
    for byte in word {
        kinds |= match byte {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'f' => LOWER,
            b'A'..=b'F' => UPPER,
            b'g'..=b'z' => LOWER | NOT_HEX,
            b'G'..=b'Z' => UPPER | NOT_HEX,
            b'-' => 0,
            b'+' | b'/' | b'=' | b'_' => NOT_HEX,
            _ => NOT_BASE64,
        };
    }
    let letters = kinds & (LOWER | UPPER);
    word.len() >= 8
        && kinds & (DIGIT | NOT_BASE64) == DIGIT
        && (letters == LOWER | UPPER || letters > 0 && kinds & NOT_HEX == 0)
}

/// Whether a byte can be between a name and its value.
fn is_sign(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b':' | b'=' | b'"' | b'\'')
}
