//! Joining texts without the standard library's formatting, which is several kB of wasm.

/// Joins `pieces`.
#[inline(never)]
pub fn text(pieces: &[&str]) -> String {
    joined(pieces, "")
}

/// Joins `words` with `separator` between them.
#[inline(never)]
pub fn joined(words: &[&str], separator: &str) -> String {
    let mut text = String::new();
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            text.push_str(separator);
        }
        text.push_str(word);
    }
    text
}
