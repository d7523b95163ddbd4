//! Erlang terms as the server prints them: `{replication_auth_error,{session_request_failed,"http://…","user",timeout}}`.
//!
//! A reason can hold whole documents and stack traces, or be made up by somebody else's server, so nothing here recurses
//! and only the beginning is read: what tells the cause stands outermost. What is cut off counts as ended there.

/// More terms than this tell nothing more.
const MOST: usize = 1000;

/// The terms of one text, each followed by those inside it.
pub struct Terms<'a>(Vec<Node<'a>>);

struct Node<'a> {
    kind: Kind,
    /// Without the quotes; of a tuple or list, nothing. Escapes are left as they are.
    text: &'a str,
    /// Where the next term begins that is not inside this one.
    next: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
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

/// One of the terms.
#[derive(Clone, Copy)]
pub struct Term<'t, 'a> {
    terms: &'t Terms<'a>,
    at: usize,
}

impl<'a> Terms<'a> {
    /// The tuple that `text` is; `None` for other text.
    pub fn of_tuple(text: &'a str) -> Option<Terms<'a>> {
        let mut rest = text.trim_start();
        if !rest.starts_with('{') {
            return None;
        }
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        while nodes.len() < MOST {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '|'));
            let Some(first) = rest.chars().next() else { break };
            let (kind, text, behind) = match first {
                '}' | ']' => {
                    let (end, length) = (open.pop(), nodes.len());
                    if let Some(node) = end.and_then(|at| nodes.get_mut(at)) {
                        node.next = length;
                    }
                    rest = after(rest, 1);
                    if open.is_empty() {
                        break;
                    }
                    continue;
                }
                '{' => (Kind::Tuple, "", after(rest, 1)),
                '[' => (Kind::List, "", after(rest, 1)),
                '#' if rest.starts_with("#{") => (Kind::List, "", after(rest, 2)),
                '"' => quoted(Kind::Text, rest, '"'),
                '\'' => quoted(Kind::Word, rest, '\''),
                '<' if rest.starts_with("<<\"") => {
                    let (kind, text, behind) = quoted(Kind::Text, after(rest, 2), '"');
                    (kind, text, behind.split_once(">>").map_or("", |(_, behind)| behind))
                }
                '<' if rest.starts_with("<<") => (Kind::Opaque, "", rest.split_once(">>").map_or("", |split| split.1)),
                '<' | '#' => (Kind::Opaque, "", rest.split_once('>').map_or("", |split| split.1)),
                _ => {
                    let end = rest.find(|c: char| c.is_whitespace() || ",|{}[]\"'<#".contains(c));
                    let (text, behind) = rest.split_at(end.unwrap_or(rest.len()));
                    (Kind::Word, text, behind)
                }
            };
            if matches!(kind, Kind::Tuple | Kind::List) {
                open.push(nodes.len());
            }
            nodes.push(Node { kind, text, next: nodes.len() + 1 });
            rest = behind;
        }
        if open.is_empty() && !rest.trim().is_empty() {
            return None;
        }
        for at in open {
            let length = nodes.len();
            if let Some(node) = nodes.get_mut(at) {
                node.next = length;
            }
        }
        Some(Terms(nodes))
    }

    /// The outermost.
    pub fn outermost(&self) -> Term<'_, 'a> {
        Term { terms: self, at: 0 }
    }
}

impl<'t, 'a> Term<'t, 'a> {
    fn node(self) -> Option<&'t Node<'a>> {
        self.terms.0.get(self.at)
    }

    fn is(self, kind: Kind) -> bool {
        self.node().is_some_and(|node| node.kind == kind)
    }

    pub fn is_tuple(self) -> bool {
        self.is(Kind::Tuple)
    }

    /// What an atom, a number, a string or a binary says.
    pub fn word(self) -> Option<&'a str> {
        self.node().filter(|node| matches!(node.kind, Kind::Text | Kind::Word)).map(|node| node.text)
    }

    /// What is directly in a tuple or list.
    pub fn parts(self) -> impl Iterator<Item = Term<'t, 'a>> {
        let end = self.node().map_or(0, |node| node.next);
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let part = Term { at, ..self };
            at = part.node().filter(|_| at < end)?.next;
            Some(part)
        })
    }

    pub fn part(self, index: usize) -> Option<Term<'t, 'a>> {
        self.parts().nth(index)
    }
}

fn after(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or_default()
}

/// What stands between two of `quote` at the beginning, and what stands behind them.
fn quoted(kind: Kind, text: &str, quote: char) -> (Kind, &str, &str) {
    let inner = after(text, 1);
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        if !escaped && c == quote {
            return (kind, inner.get(..at).unwrap_or_default(), after(inner, at + 1));
        }
        escaped = !escaped && c == '\\';
    }
    (kind, inner, "")
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
            Kind::Tuple => format!("{{{}}}", parts()),
            Kind::List => format!("[{}]", parts()),
            Kind::Text => format!("\"{}\"", node.text),
            Kind::Word => node.text.to_owned(),
            Kind::Opaque => "?".to_owned(),
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
    fn other_text_is_no_term() {
        for text in ["", "timeout", "db_not_found: {a}", "[a]", "{a} and more", "\"{a}\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn depth_and_length_do_no_harm() {
        for text in ["{", "[", "<<\"", "{a,", "}{", "'"] {
            let terms = Terms::of_tuple(&("{".to_owned() + &text.repeat(500_000))).map_or(0, |terms| terms.0.len());
            assert!(terms <= MOST, "{text}: {terms}");
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
