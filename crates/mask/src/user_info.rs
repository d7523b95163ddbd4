//! Passwords in user info: `//user:password@host` or `user:password@host`.

use memchr::memchr;

use super::scan::{Scan, Secret, is_name};

/// Maximum length of a password that can have any character, which keeps the time linear.
const MAX_PASSWORD: usize = 1024;

/// Words before a colon that are not a user, although an `@` follows.
const LABELS: &str = "org.couchdb.user mailto node email";

/// Characters without a blank or a quote.
#[derive(Default)]
pub struct Word {
    /// Where it ends
    pub end: usize,
    /// The last `@` in it that a host follows
    last_at_sign: Option<usize>,
}

impl Scan<'_> {
    /// Returns the password after the colon, in `//user:password@host` or `user:password@host`; `word` is the one of the colon.
    pub fn password(&self, colon: usize, word: &Word) -> Option<Secret> {
        if self.is_port(colon + 1) || self.is_next_address(colon) {
            return None;
        }
        let user = self.start_of(colon, |byte| !is_before_user(byte));
        let is_address = self.byte_before(user) == b'/' && self.byte_before(user.saturating_sub(1)) == b'/';
        let is_user = is_address || {
            let last_is_digit = self.byte_before(colon).is_ascii_digit();
            let is_time = last_is_digit && self.byte(colon + 1).is_ascii_digit() && self.byte(colon + 3) == b':';
            user < colon
                && match self.byte_before(user) {
                    b':' => false,
                    b'/' => self.is_after_scheme(user),
                    _ => true,
                }
                && (user..colon).any(|at| self.byte(at).is_ascii_alphabetic())
                && !matches!(self.byte(colon + 1), b'/' | b'"' | b'\'' | b'<')
                && !is_time
                && !self.is_any(user, colon, LABELS)
        };
        if !is_user {
            return None;
        }
        // A longer password was made by a machine, and is encoded: nothing in it ends a word.
        let long = || word.last_at_sign.filter(|end| *end > colon + MAX_PASSWORD && self.is_at(*end, colon));
        Some((colon + 1, self.end_of_password(colon, is_address).or_else(long)?))
    }

    /// The word that begins at `start`.
    pub fn word(&self, start: usize) -> Word {
        let end = self.end_of(start, |byte| !is_after_path(byte));
        Word { end, last_at_sign: (start..end).rev().find(|at| self.is_at(*at, *at)) }
    }

    /// Whether the colon is part of `scheme://`.
    fn is_next_address(&self, colon: usize) -> bool {
        self.byte(colon + 1) == b'/' && self.byte(colon + 2) == b'/'
    }

    /// Whether a scheme ends at `at`. Proxies merge two slashes into one.
    fn is_after_scheme(&self, at: usize) -> bool {
        let end = self.start_of(at, |byte| matches!(byte, b':' | b'/'));
        self.is_any(self.start_of(end, is_name), end, "http https")
    }

    /// Whether the digits at `start` are a port.
    fn is_port(&self, start: usize) -> bool {
        let end = self.end_of(start, |byte| byte.is_ascii_digit());
        (1..=5).contains(&(end - start)) && !is_name(self.byte(end)) && !matches!(self.byte(end), b'@' | b':' | 0x80..)
    }

    /// Returns the `@` that ends the password. The password may contain any character, as people do not always encode it.
    fn end_of_password(&self, colon: usize, is_address: bool) -> Option<usize> {
        let limit = colon + MAX_PASSWORD;
        // Where there is none, all that follows would find none either, and take much longer.
        memchr(b'@', self.bytes.get(colon..self.bytes.len().min(limit + 2))?)?;
        // The quote before the address, if it is quoted.
        let address = self.start_of(colon, |byte| !is_before_user(byte)).saturating_sub(2);
        let quote =
            self.start_of(address, |byte| is_name(byte) || matches!(byte, b':' | b'+' | b'.')).saturating_sub(1);
        let mut at = colon + 1;
        if self.byte(at) <= b' ' {
            return None;
        }
        // Without another `@`, one without a host ends it: the address is cut off.
        let mut cut = None;
        while !self.is_at(at, colon) {
            let (byte, is_over) = (self.byte(at), self.leaves(at, colon) || at >= self.bytes.len() || at > limit);
            // A password can contain `://`, but not together with the characters that precede another address.
            let is_next_address = byte == b':' && self.is_next_address(at) && {
                let before = self.byte_before(self.start_of(at, is_name));
                !is_address || is_after_path(before) || matches!(before, b'(' | b'=' | b'{' | b'[')
            };
            let is_end = match byte {
                b'\n' => {
                    // A line that reaches the `@` without a blank or a quote continues the password.
                    let next = self.end_of(at + 1, |byte| !is_after_path(byte) && byte != b'@');
                    self.text.start(at + 1) - self.text.start(at) == 1 && !(is_address && self.is_at(next, colon))
                }
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
        // It may contain an `@`: the host follows the last one.
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

    /// Whether there is an `@` with a host at `at`.
    fn is_at(&self, at: usize, colon: usize) -> bool {
        let next = self.byte(at + 1);
        self.byte(at) == b'@'
            && self.text.level(at) <= self.text.level(colon)
            && (next.is_ascii_alphanumeric() || matches!(next, b'[' | b'_' | 0x80..))
    }
}

/// Whether a byte ends a host.
fn is_after_host(byte: u8) -> bool {
    matches!(byte, b'/' | b'?' | b'#' | b'\\') || is_after_path(byte)
}

/// Whether a byte ends a path.
fn is_after_path(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b',')
}

/// Whether a byte can precede a user.
fn is_before_user(byte: u8) -> bool {
    is_after_path(byte) || matches!(byte, b'/' | b':' | b';' | b'=' | b'(' | b'[' | b'{' | b'&' | b'|')
}
