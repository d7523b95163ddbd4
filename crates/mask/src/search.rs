//! Finds secrets in decoded text.

use std::collections::TryReserveError;

use memchr::memrchr;

use super::decode::Decoded;
use super::scan::{Scan, Secret, is_name};
use super::user_info::Word;

/// Returns the secrets in `text`, in order; fails if there is no memory for them.
pub fn find(text: &Decoded) -> Result<Vec<Secret>, TryReserveError> {
    let scan = Scan { text, bytes: text.bytes() };
    // Only a colon that is followed by an `@` can begin a password.
    let last_at_sign = memrchr(b'@', scan.bytes);
    let mut secrets = Vec::new();
    let mut word = Word::default();
    let mut at = 0;
    while let Some(rest) = scan.bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let len = rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len());
        let found = match rest.first() {
            Some(b':') if last_at_sign > Some(at) => {
                // Each word is looked at once, however many colons it has.
                if word.end <= at {
                    word = scan.word(at);
                }
                scan.password(at, &word)
            }
            _ if len > 0 => scan.secret_at_word(at, at + len),
            _ => None,
        };
        at += len.max(1);
        if let Some((start, end)) = found.filter(|(start, end)| start < end) {
            secrets.try_reserve(1)?;
            secrets.push((start, end));
            // Secrets do not overlap.
            at = at.max(end);
        }
    }
    Ok(secrets)
}
