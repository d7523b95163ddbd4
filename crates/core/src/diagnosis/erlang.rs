//! Erlang terms as the server prints them:
//! `{replication_auth_error,{session_request_failed,"http://…","user",timeout}}`.
//!
//! A reason can hold whole documents and stack traces, or be made up by another server. So nothing
//! here recurses, and only the beginning is read, because the outermost terms show the cause. A
//! term that is cut off counts as ended.

/// Maximum number of terms that are read.
const MAX_TERMS: usize = 1000;

/// The terms of one text, each followed by those inside it.
pub struct Terms<'a>(Vec<Node<'a>>);

struct Node<'a> {
    kind: TermKind,
    /// Without the quotes, but with escapes; empty for a tuple or list.
    text: &'a str,
    /// Index of the next term that is not inside this one.
    next: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum TermKind {
    Tuple,
    /// Maps too.
    List,
    /// A string or a binary.
    Text,
    /// An atom or a number.
    Word,
    /// A process, a function, a reference, bytes.
    Opaque,
}

/// A term.
#[derive(Clone, Copy)]
pub struct Term<'t, 'a> {
    terms: &'t Terms<'a>,
    at: usize,
}

impl<'a> Terms<'a> {
    /// Reads `text` as a tuple; `None` if it is something else.
    pub fn of_tuple(text: &'a str) -> Option<Terms<'a>> {
        if !text.starts_with('{') {
            return None;
        }
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        // All separators are ASCII, so bytes can be compared.
        while let Some(&byte) = text.as_bytes().get(at).filter(|_| nodes.len() < MAX_TERMS) {
            if byte <= b' ' || byte == b',' || byte == b'|' {
                at += 1;
                continue;
            }
            if byte == b'}' || byte == b']' {
                at += 1;
                close(&mut nodes, open.pop());
                if open.is_empty() {
                    break;
                }
                continue;
            }
            let (kind, start) = match byte {
                b'{' => (TermKind::Tuple, at + 1),
                b'[' => (TermKind::List, at + 1),
                b'"' => (TermKind::Text, at + 1),
                b'\'' => (TermKind::Word, at + 1),
                b'#' if starts(text, at, b"#{") => (TermKind::List, at + 2),
                b'<' if starts(text, at, b"<<\"") => (TermKind::Text, at + 3),
                b'<' | b'#' => (TermKind::Opaque, at),
                _ => (TermKind::Word, at),
            };
            let (end, next) = match kind {
                TermKind::Tuple | TermKind::List => {
                    open.push(nodes.len());
                    (start, start)
                }
                TermKind::Text if byte == b'<' => {
                    let end = end_of(text, start, b"\"");
                    (end, end_of(text, end, b">") + 2)
                }
                TermKind::Opaque => {
                    let end = end_of(text, start, b">");
                    (start, end + if starts(text, end, b">>") { 2 } else { 1 })
                }
                _ if start > at => {
                    let end = end_of(text, start, &[byte]);
                    (end, end + 1)
                }
                _ => {
                    let end = end_of(text, start, b" \n,|{}[]\"'<#");
                    (end, end)
                }
            };
            nodes.push(Node { kind, text: text.get(start..end).unwrap_or_default(), next: nodes.len() + 1 });
            at = next;
        }
        if open.is_empty() && !text.get(at..).is_none_or(|rest| rest.trim_ascii().is_empty()) {
            return None;
        }
        while let Some(cut_off) = open.pop() {
            close(&mut nodes, Some(cut_off));
        }
        Some(Terms(nodes))
    }

    /// Returns the outermost term.
    pub fn outermost(&self) -> Term<'_, 'a> {
        Term { terms: self, at: 0 }
    }
}

/// Ends the term at `opened`: following terms are not inside it.
fn close(nodes: &mut [Node], opened: Option<usize>) {
    let length = nodes.len();
    if let Some(node) = opened.and_then(|at| nodes.get_mut(at)) {
        node.next = length;
    }
}

fn starts(text: &str, at: usize, with: &[u8]) -> bool {
    text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(with))
}

/// Returns the index of the first of `ends` from `at` on that is not escaped by `\`, or the end of
/// the text.
fn end_of(text: &str, at: usize, ends: &[u8]) -> usize {
    let mut escaped = false;
    let bytes = text.as_bytes().iter().enumerate().skip(at);
    for (at, byte) in bytes {
        if !escaped && ends.contains(byte) {
            return at;
        }
        escaped = !escaped && *byte == b'\\';
    }
    text.len()
}

/// Returns a string or a binary without escapes: without the `\` before a quote, and with a space
/// for a line break.
pub fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut escaped = false;
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        plain.push(if escaped && matches!(c, 'n' | 't' | 'r') { ' ' } else { c });
        escaped = false;
    }
    plain
}

impl<'t, 'a> Term<'t, 'a> {
    fn node(self) -> Option<&'t Node<'a>> {
        self.terms.0.get(self.at)
    }

    fn is(self, kind: TermKind) -> bool {
        self.node().is_some_and(|node| node.kind == kind)
    }

    pub fn is_tuple(self) -> bool {
        self.is(TermKind::Tuple)
    }

    /// The text of an atom, a number, a string or a binary.
    pub fn word(self) -> Option<&'a str> {
        self.node().filter(|node| matches!(node.kind, TermKind::Text | TermKind::Word)).map(|node| node.text)
    }

    /// The text of the part at `index`.
    pub fn word_at(self, index: usize) -> Option<&'a str> {
        self.part(index)?.word()
    }

    /// The direct parts of a tuple or list.
    pub fn parts(self) -> impl Iterator<Item = Term<'t, 'a>> {
        let end = self.node().map_or(0, |node| node.next);
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let part = Term { at, ..self };
            at = part.node().filter(|_| at < end)?.next;
            Some(part)
        })
    }

    /// The part at `index` of a tuple or list. Not inlined: it has many calls.
    #[inline(never)]
    pub fn part(self, index: usize) -> Option<Term<'t, 'a>> {
        self.parts().nth(index)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The term without its layout, each kind in its own brackets.
    fn written(term: Term) -> String {
        let node = term.node().unwrap();
        let parts = || term.parts().map(written).collect::<Vec<_>>().join(" ");
        match node.kind {
            TermKind::Tuple => format!("{{{}}}", parts()),
            TermKind::List => format!("[{}]", parts()),
            TermKind::Text => format!("\"{}\"", node.text),
            TermKind::Word => node.text.to_owned(),
            TermKind::Opaque => "?".to_owned(),
        }
    }

    fn read(text: &str) -> Option<String> {
        Terms::of_tuple(text).map(|terms| written(terms.outermost()))
    }

    #[test]
    fn terms_are_read_as_erlang_prints_them() {
        for (text, expected) in [
            ("{}", "{}"),
            ("{a,\n    {b,\"c\",-1.5},\n    [1,2|3]}", "{a {b \"c\" -1.5} [1 2 3]}"),
            ("{<<\"a\">>,<<\"ü\">>,<<1,2>>,<<>>}", "{\"a\" \"ü\" ? ?}"),
            ("{<<\"ü\"/utf8>>,b}", "{\"ü\" b}"),
            ("{<0.9.0>,#Ref<0.1.2>,#Fun<mod.12.3>,x}", "{? ? ? x}"),
            ("{#{a => 1,<<\"b\">> =>\n 2}}", "{[a => 1 \"b\" => 2]}"),
            ("{'EXIT',\"q\\\"uo\\\\\",'it\\'s',[]}", "{EXIT \"q\\\"uo\\\\\" it\\'s []}"),
            // Cut off.
            ("{a,{b,\"c", "{a {b \"c\"}}"),
            ("{a,<<\"b", "{a \"b\"}"),
            ("{a,<0.1", "{a ?}"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn escapes_are_taken_off_once() {
        for (text, plain) in [
            (r#"{error,<<\"no\">>}"#, r#"{error,<<"no">>}"#),
            (r#"{a,\n  \"b\\\"c\"}"#, r#"{a,   "b\"c"}"#),
            (r"a\\b\", r"a\b"),
            ("é", "é"),
        ] {
            assert_eq!(unescape(text), plain);
        }
    }

    #[test]
    fn other_text_is_not_a_term() {
        for text in ["", "timeout", "db_not_found: {a}", "[a]", "{a} and more", "\"{a}\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn depth_and_length_do_no_harm() {
        for text in ["{", "[", "<<\"", "{a,", "}{", "'"] {
            let terms = Terms::of_tuple(&("{".to_owned() + &text.repeat(500_000))).map_or(0, |terms| terms.0.len());
            assert!(terms <= MAX_TERMS, "{text}: {terms}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r#"\{([{}\[\]<>"'#,|\\ é]|[a-z]{1,3}|<<"|>>|#\{){0,60}"#) {
            if let Some(terms) = Terms::of_tuple(&text) {
                let _ = written(terms.outermost());
            }
        }
    }
}
