//! Keeping secrets out of rows, errors and messages.
//!
//! CouchDB takes the user info out of `source` and `target`, but a secret can still be in a URL's query, in a proxy's
//! address, or anywhere in the text of an error, which can be an Erlang term with a whole request in it. So every text is
//! searched, wherever it comes from:
//!
//! 1. [`decode`] removes escapes, and remembers where each character stands in the original.
//! 2. [`search`] finds what looks like a secret: user info in an address, the value of a sensitive name ([`names`]),
//!    credentials that follow `Basic` or `Bearer`, a JSON Web Token. A value ends where its syntax says.
//! 3. The original is copied, with [`MASK`] for each secret.
//!
//! Document ids and database names are never masked: they are needed for further requests.

mod decode;
mod names;
mod search;

use std::borrow::Cow;

pub use names::is_sensitive;

/// What stands in the place of a secret.
pub const MASK: &str = "*****";

/// Returns `text` with [`MASK`] for each secret; borrowed if it has none.
pub fn mask(text: &str) -> Cow<'_, str> {
    let decoded = decode::Decoded::of(text.as_bytes());
    let mut masked = String::new();
    let mut copied = 0;
    for (start, end) in search::find(&decoded) {
        let (start, end) = (decoded.start(start), decoded.start(end));
        if start < copied {
            // It overlaps the previous one.
            copied = copied.max(end);
        } else if text.get(start..end) != Some(MASK) {
            masked.push_str(text.get(copied..start).unwrap_or_default());
            masked.push_str(MASK);
            copied = end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(masked)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
