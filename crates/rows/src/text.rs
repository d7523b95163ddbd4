//! Text put together from pieces, without the standard library's formatting: that is several kB of wasm.

/// All `pieces`, one behind the other. Not inlined: there are many of it.
#[inline(never)]
pub fn text(pieces: &[&str]) -> String {
    joined(pieces, "")
}

/// All `words` with `separator` between them.
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
