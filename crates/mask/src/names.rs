//! Names whose values are secrets.

/// Endings of names, written without separators: `X-Auth-CouchDB-Token`, `clientSecret`, `proxy_password`.
const ENDINGS: [&str; 13] = [
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
];

/// Last words of names. Harmless words have the same endings, so these count as whole words only.
const WORDS: [&str; 19] = [
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
];

/// Words before `key` that make it secret: a `startkey` or a `primary_key` is not.
const KEY_KINDS: &str = "api access secret private auth account consumer client master shared subscription encryption signing \
    derived session app";

/// Last words for the form of a secret.
const FORMS: [&str; 5] = ["value", "hash", "header", "id", "base64"];

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
        if is_secret(name) {
            return !words(ERRORS).any(|word| starts_with_word(name, word));
        }
        rest = without_ending(name);
    }
    false
}

/// Returns a number below 128 for the last two letters of a name. Several pairs have the same one.
const fn last_letters(before: u8, last: u8) -> u8 {
    (last & 31) << 2 ^ (before & 31)
}

/// Adds the bits for the last two letters of `names` to `bits`.
const fn with_last_letters(mut bits: u128, mut names: &[&str]) -> u128 {
    while let [name, rest @ ..] = names {
        if let [.., before, last] = name.as_bytes() {
            bits |= 1 << last_letters(*before, *last);
        }
        names = rest;
    }
    bits
}

/// Whether a sensitive name can end in these two letters. Most names do not.
fn can_end_in(before: u8, last: u8) -> bool {
    const ALL: u128 = with_last_letters(with_last_letters(with_last_letters(0, &ENDINGS), &WORDS), &["key"]);
    const HALVES: [u64; 2] = [ALL as u64, (ALL >> 64) as u64];
    let letters = last_letters(before, last);
    HALVES.get(usize::from(letters >> 6)).is_some_and(|bits| bits >> (letters & 63) & 1 == 1)
}

fn is_secret(name: &[u8]) -> bool {
    let Some((last, rest)) = name.split_last() else { return false };
    let before = rest.iter().rfind(|byte| !is_separator(**byte));
    if before.is_none_or(|before| !can_end_in(*before, *last)) {
        return false;
    }
    let last = last.to_ascii_lowercase();
    let can_end = |ending: &&&str| ending.as_bytes().last() == Some(&last);
    ENDINGS.iter().filter(can_end).any(|ending| before_ending(name, ending.as_bytes()).is_some())
        || WORDS
            .iter()
            .filter(can_end)
            .any(|word| before_ending(name, word.as_bytes()).is_some_and(|rest| ends_word(name, rest)))
        || before_ending(name, b"key")
            .is_some_and(|kind| words(KEY_KINDS).any(|word| before_ending(kind, word).is_some()))
}

/// Returns `name` without its number, its plural or its form, as in `password2`, `tokens` or `cookieValue`.
fn without_ending(name: &[u8]) -> Option<&[u8]> {
    let (last, rest) = name.split_last()?;
    match last {
        b's' | b'S' => Some(rest),
        _ if !last.is_ascii_alphabetic() => Some(rest),
        _ => FORMS.iter().find_map(|form| before_ending(name, form.as_bytes()).filter(|rest| ends_word(name, rest))),
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
