//! Keeps secrets out of rows, errors and messages.
//!
//! CouchDB removes user info from `source` and `target`, but a secret can still be in the query of
//! a URL, in the address of a proxy, or anywhere in the text of an error, which can be an Erlang
//! term that contains a whole request. So every text is searched, wherever it comes from:
//!
//! 1. [`decode`] removes escapes, and remembers the position of each character in the original.
//! 2. [`search`] finds what looks like a secret: user info in an address, the value of a sensitive
//!    name ([`names`]), credentials following `Basic` or `Bearer`, a JSON Web Token. The syntax
//!    decides where a value ends.
//! 3. The original is copied, with [`MASK`] in place of each secret.
//!
//! Document ids and database names are never masked: they are needed for further requests.

mod decode;
mod names;
mod search;

use std::borrow::Cow;

pub use names::is_sensitive;

/// What stands in the place of a secret.
pub const MASK: &str = "*****";

/// How often a text is masked at most. Where a mask takes the place of syntax, what surrounds it can mean something else, so
/// that is masked again until nothing changes: once more was enough for all that was ever seen.
const MAX_PASSES: usize = 8;

/// Returns `text` with [`MASK`] for each secret; borrowed if it has none. Masking the result again does not change it. Where there
/// is no memory to look for secrets, all of it is one.
pub fn mask(text: &str) -> Cow<'_, str> {
    try_mask(text).unwrap_or(Cow::Borrowed(MASK))
}

fn try_mask(text: &str) -> Option<Cow<'_, str>> {
    let mut masked = Cow::Borrowed(text);
    for _ in 0..MAX_PASSES {
        let decoded = decode::Decoded::of(masked.as_bytes())?;
        let secrets = search::find(&decoded)?;
        let once = without(&secrets, &decoded, &masked)?;
        if once.is_empty() {
            break;
        }
        let is_settled = secrets.iter().all(|(start, end)| is_one_word(decoded.bytes(), *start, *end));
        masked = Cow::Owned(once);
        if is_settled {
            break;
        }
    }
    Some(masked)
}

/// `text` with masks; empty if nothing is left to mask. `None` if there is no memory for it.
fn without(secrets: &[(usize, usize)], decoded: &decode::Decoded, text: &str) -> Option<String> {
    let mut masked = String::new();
    let mut copied = 0;
    for (start, end) in secrets {
        let (start, end) = (decoded.start(*start), decoded.start(*end));
        if start >= copied && text.get(start..end) != Some(MASK) {
            if copied == 0 {
                masked.try_reserve_exact(text.len() + secrets.len() * MASK.len()).ok()?;
            }
            masked.push_str(text.get(copied..start).unwrap_or_default());
            masked.push_str(MASK);
            copied = end;
        }
    }
    if copied > 0 {
        masked.push_str(text.get(copied..).unwrap_or_default());
    }
    Some(masked)
}

/// Whether there is no syntax in the secret.
fn is_one_word(text: &[u8], start: usize, end: usize) -> bool {
    text.get(start..end).unwrap_or_default().iter().all(|byte| search::is_name(*byte) || *byte == b'*')
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
