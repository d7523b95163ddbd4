//! Keeps secrets out of rows, errors and messages.
//!
//! CouchDB removes user info from `source` and `target`, but a secret can still be in the query of
//! a URL, in the address of a proxy, or anywhere in the text of an error, which can be an Erlang
//! term that contains a whole request. So every text is searched, wherever it comes from:
//!
//! 1. [`decode`] removes escapes, and remembers the position of each character in the original.
//! 2. [`search`] finds what looks like a secret: a password ([`user_info`]), the value ([`values`]) of a sensitive
//!    name ([`names`]), also on command lines and in sentences ([`sentences`]), credentials following
//!    `Basic` or `Bearer`, a JSON Web Token, a private key. The syntax determines the end of a value.
//! 3. The original is copied, with [`MASK`] in place of each secret.
//!
//! Document ids and database names are never masked: they are needed for further requests.

mod decode;
mod names;
mod scan;
mod search;
mod sentences;
mod user_info;
mod values;

use std::borrow::Cow;
use std::collections::TryReserveError;

pub use names::is_sensitive;

/// Replaces a secret.
pub const MASK: &str = "*****";

/// Maximum number of times that a text is masked. A mask can give the surrounding text another meaning, so the result is masked
/// again until nothing changes. Only made-up texts change more often than three times: those that still do are masked as a whole.
const MAX_PASSES: usize = 8;

/// Returns `text` with [`MASK`] for each secret; borrowed if it has none. Masking the result again does not change it. Without
/// memory for the search, all of the text is masked.
pub fn mask(text: &str) -> Cow<'_, str> {
    try_mask(text).unwrap_or(Cow::Borrowed(MASK))
}

fn try_mask(text: &str) -> Result<Cow<'_, str>, TryReserveError> {
    let mut masked = Cow::Borrowed(text);
    for _ in 0..MAX_PASSES {
        let decoded = decode::Decoded::of(masked.as_bytes())?;
        let secrets = search::find(&decoded)?;
        let Some(once) = replaced(&secrets, &decoded, &masked)? else { return Ok(masked) };
        let is_settled = secrets.iter().all(|(start, end)| is_plain(decoded.bytes(), *start, *end));
        masked = Cow::Owned(once);
        if is_settled {
            return Ok(masked);
        }
    }
    Ok(Cow::Borrowed(MASK))
}

/// Returns `text` with masks; `None` if they are all there already. Fails if there is no memory for it.
fn replaced(
    secrets: &[(usize, usize)],
    decoded: &decode::Decoded,
    text: &str,
) -> Result<Option<String>, TryReserveError> {
    let mut masked = String::new();
    let mut copied = 0;
    for (start, end) in secrets {
        let (start, end) = (decoded.start(*start), decoded.start(*end));
        if start >= copied && text.get(start..end) != Some(MASK) {
            if copied == 0 {
                masked.try_reserve_exact(text.len() + secrets.len() * MASK.len())?;
            }
            masked.push_str(text.get(copied..start).unwrap_or_default());
            masked.push_str(MASK);
            copied = end;
        }
    }
    if copied == 0 {
        return Ok(None);
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    Ok(Some(masked))
}

/// Whether a mask in its place changes nothing else: the secret contains no syntax, has an end, and is neither the scheme of a URL nor
/// an option of a command.
fn is_plain(text: &[u8], start: usize, end: usize) -> bool {
    let is_word =
        |secret: &[u8]| !secret.starts_with(b"-") && secret.iter().all(|byte| scan::is_name(*byte) || *byte == b'*');
    text.get(start..end).is_some_and(is_word) && text.get(end) != Some(&b':')
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
