//! Names whose values are secrets.

/// Endings of names: of secrets, and others that can follow them.
const ENDINGS: [&str; 38] = [
    // Of any name, written without separators: `X-Auth-CouchDB-Token`, `clientSecret`, `proxy_password`.
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "apikey",
    "credential",
    "cookie",
    "authorization",
    "authsession",
    "sessionid",
    "sessid",
    // Last words of names. Harmless words have the same endings, so these count as whole words only.
    "pass",
    "pw",
    "pwd",
    "psw",
    "auth",
    "oauth",
    "sig",
    "signature",
    "session",
    "sid",
    "jwt",
    "otp",
    "bearer",
    "cred",
    "creds",
    "hmac",
    "csrf",
    "xsrf",
    "pin",
    // After one of [`KEY_KINDS`], or of a header.
    "key",
    // Last words for the form of a secret. Digits that follow are removed first: `base64` is `base`, as in `secret_key_base`.
    "value",
    "hash",
    "header",
    "id",
    "base",
];

/// Position of the first last word in [`ENDINGS`].
const WORD: u32 = 13;
/// Position of `key`.
const KEY: u32 = 32;
/// Position of the first form.
const FORM: u32 = 33;

/// The endings with each letter as their last one, as the last but one, and as the one before: a bit for each, in their order. Most
/// names have three letters that no ending has, and nothing else is done for them.
const LETTERS: [[u64; 32]; 3] = [letters(0), letters(1), letters(2)];

const fn letters(from_end: usize) -> [u64; 32] {
    let mut letters = [0; 32];
    let (mut letter, mut left) = (0, letters.as_mut_slice());
    while let Some((endings, rest)) = left.split_first_mut() {
        *endings = endings_with(letter, from_end);
        letter += 1;
        left = rest;
    }
    letters
}

/// Returns the endings with this letter, counted from their end. What precedes a shorter one may be any letter.
const fn endings_with(letter: usize, from_end: usize) -> u64 {
    let (mut endings, mut bit): (u64, u64) = (0, 1);
    let mut left: &[&str] = &ENDINGS;
    while let [ending, rest @ ..] = left {
        let ending = ending.as_bytes();
        let start = ending.split_at_checked(ending.len().saturating_sub(from_end));
        if !matches!(start, Some(([.., last], _)) if index(*last) != letter) {
            endings |= bit;
        }
        bit <<= 1;
        left = rest;
    }
    endings
}

/// Returns the number of a letter, of either case; that of some letter for any other byte.
const fn index(letter: u8) -> usize {
    (letter & 31) as usize
}

/// Words before `key` that make it secret: a `startkey` or a `primary_key` is not.
const KEY_KINDS: &str = "api access secret private auth account consumer client master shared subscription encryption signing \
    derived session app";

/// First words of errors about a secret.
const ERRORS: &str = "no bad invalid wrong missing expired unknown incorrect";

/// Words about a secret, in the position of its value.
const PROSE: &str = "required requires with failed expired invalid missing incorrect wrong rejected denied closed not no \
    is was has must does cannot and or for of to in at by error timeout cookie default null true false \
    undefined none";

/// Words after `Basic` or `Bearer` in a sentence.
const SCHEME_PROSE: &str = "authentication authorization auth token tokens realm scheme credentials access header http";

/// Whether the value of this name is a secret.
pub fn is_sensitive(name: &[u8]) -> bool {
    let mut rest = Some(name);
    while let Some(name) = rest {
        let endings = endings_of(name);
        if is_secret(name, endings) {
            return !words(ERRORS).any(|word| starts_with_word(name, word));
        }
        rest = without_ending(name, endings);
    }
    false
}

/// Returns the endings whose last three letters are those of `name`; others are not endings of it.
fn endings_of(name: &[u8]) -> u64 {
    if name.last().is_none_or(|last| is_separator(*last)) {
        return 0;
    }
    let mut rest = name.iter().rev().filter(|byte| !is_separator(**byte));
    LETTERS.iter().fold(u64::MAX, |endings, letters| {
        endings & letters.get(index(rest.next().copied().unwrap_or_default())).copied().unwrap_or_default()
    })
}

/// Returns which of `endings` are endings of `name`: their positions in [`ENDINGS`], each with the part of `name` that precedes it.
fn found(name: &[u8], mut endings: u64) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        loop {
            let at = endings.trailing_zeros();
            let ending = ENDINGS.get(at as usize)?;
            endings &= endings - 1;
            if let Some(rest) = before_ending(name, ending.as_bytes()) {
                return Some((at, rest));
            }
        }
    })
}

fn is_secret(name: &[u8], endings: u64) -> bool {
    found(name, endings).any(|(at, rest)| match at {
        ..WORD => true,
        WORD..KEY => ends_word(name, rest),
        KEY => is_own_header(name) || words(KEY_KINDS).any(|word| before_ending(rest, word).is_some()),
        _ => false,
    })
}

/// Whether it is the name of a header beyond HTTP's own, such as `X-Functions-Key`: a gateway identifies clients by their keys.
fn is_own_header(name: &[u8]) -> bool {
    name.first_chunk().is_some_and(|start: &[u8; 2]| start.eq_ignore_ascii_case(b"x-"))
}

/// Returns `name` without its number, its plural or its form, as in `password2`, `tokens` or `cookieValue`.
fn without_ending(name: &[u8], endings: u64) -> Option<&[u8]> {
    let (last, rest) = name.split_last()?;
    match last {
        b's' | b'S' => Some(rest),
        _ if !last.is_ascii_alphabetic() => Some(rest),
        _ => found(name, endings).find(|(at, rest)| *at >= FORM && ends_word(name, rest)).map(|(_, rest)| rest),
    }
}

fn starts_with_word(name: &[u8], word: &[u8]) -> bool {
    name.split_at_checked(word.len())
        .is_some_and(|(first, rest)| first.eq_ignore_ascii_case(word) && rest.starts_with(b"_"))
}

/// Returns the part of `name` that precedes `ending`, ignoring case and separators.
fn before_ending<'n>(name: &'n [u8], ending: &[u8]) -> Option<&'n [u8]> {
    let mut rest = name;
    for wanted in ending.iter().rev() {
        loop {
            let (last, before) = rest.split_last()?;
            rest = before;
            match last {
                _ if is_separator(*last) => {}
                _ if last.eq_ignore_ascii_case(wanted) => break,
                _ => return None,
            }
        }
    }
    Some(rest)
}

/// Whether a byte can be between the words of a name.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b' ')
}

/// Whether a word of `name` ends where `rest`, its beginning, does.
fn ends_word(name: &[u8], rest: &[u8]) -> bool {
    let (Some(last), Some(next)) = (rest.last(), name.get(rest.len())) else { return true };
    let further = name.get(rest.len() + 1).is_some_and(u8::is_ascii_lowercase);
    !last.is_ascii_alphabetic()
        || !next.is_ascii_alphabetic()
        || next.is_ascii_uppercase() && (last.is_ascii_lowercase() || further)
}

/// Whether this word says something about a secret, so that it is not one.
pub fn is_prose(word: &[u8]) -> bool {
    is_one_of(word, PROSE)
}

/// Whether this word can follow `Basic` or `Bearer` without being credentials.
pub fn is_scheme_prose(word: &[u8]) -> bool {
    is_prose(word) || is_one_of(word, SCHEME_PROSE)
}

/// Whether `word` is one of `list`, ignoring case.
pub fn is_one_of(word: &[u8], list: &str) -> bool {
    words(list).any(|one| word.eq_ignore_ascii_case(one))
}

/// Returns the words of `list`. One string is smaller than an array of strings.
pub fn words(list: &str) -> impl Iterator<Item = &[u8]> {
    list.as_bytes().split(|byte| *byte == b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_of_endings_begin_where_their_first_ones_are() {
        let position = |ending| ENDINGS.iter().position(|one| *one == ending).map(|at| at as u32);
        assert_eq!([WORD, KEY, FORM].map(Some), ["pass", "key", "value"].map(position));
    }
}
