//! What is said to a person. Every text passed in is masked already.

use super::reason::{Detail, Finding};
use super::{Cause, Row, Side};

/// Characters of the server's own words in a message at most.
const LONGEST_QUOTE: usize = 300;

/// What is wrong, in one sentence.
pub fn message(finding: &Finding, row: &Row) -> String {
    let mut text = String::new();
    match finding.cause {
        Cause::Filter | Cause::Duplicate => {}
        Cause::InvalidDocument if !matches!(finding.detail, Detail::Refused(_)) => {}
        Cause::Unknown => {}
        Cause::Timeout if finding.detail == Detail::Start => {}
        _ => push_subject(&mut text, finding, row),
    }
    match (finding.cause, finding.detail) {
        (Cause::Unauthorized, _) => {
            text.push_str(" does not accept the name and password");
            if let Some(user) = finding.user {
                text.push_str(" of `");
                push_short(&mut text, user);
                text.push('`');
            }
        }
        (Cause::Forbidden, _) => {
            text.push_str(" does not allow it");
            match finding.user {
                Some(user) => {
                    text.push_str(" to `");
                    push_short(&mut text, user);
                    text.push('`');
                }
                None => push_detail(&mut text, finding.detail),
            }
        }
        (Cause::DatabaseMissing, _) => {
            text.push_str(" is no database that can be opened: most likely it does not exist")
        }
        (Cause::HostUnknown, _) => text.push_str(" is not reached: no address is known for its host's name"),
        (Cause::ConnectionRefused, detail) => {
            text.push_str(" is not reached: nothing takes connections there");
            if let Detail::Words(word) = detail {
                text.push_str(" (");
                push_short(&mut text, word);
                text.push(')');
            }
        }
        (Cause::ConnectionClosed, _) => text.push_str(" is not reached, or closed the connection too early"),
        (Cause::Timeout, Detail::Start) => text.push_str("Starting it took longer than the server waits"),
        (Cause::Timeout, _) => text.push_str(" did not answer in time"),
        (Cause::Tls, detail) => {
            text.push_str(" is not reached: no secure connection could be made");
            push_detail(&mut text, detail);
        }
        (Cause::RateLimited, _) => text.push_str(" answers that there are too many requests (429)"),
        (Cause::ServerError, Detail::Status(status)) => {
            text.push_str(" answers with the error ");
            text.push_str(status);
        }
        (Cause::ServerError, Detail::NoJson) => text.push_str(" answers with something that is not JSON"),
        (Cause::ServerError, detail) => {
            text.push_str(" answers with an error");
            push_detail(&mut text, detail);
        }
        (Cause::Filter, Detail::DesignDoc(doc)) => {
            push_subject(&mut text, finding, row);
            text.push_str(" does not have `");
            push_short(&mut text, doc);
            text.push_str("`, where the replication's filter should be");
        }
        (Cause::Filter, detail) => {
            text.push_str("The replication's filter cannot be used");
            push_detail(&mut text, detail);
        }
        (Cause::Duplicate, detail) => push_other(&mut text, detail),
        (Cause::InvalidDocument, Detail::Refused(words)) => {
            text.push_str(" refuses a document: ");
            push_quote(&mut text, words);
        }
        (Cause::InvalidDocument, detail) => {
            text.push_str("The replication document is not valid");
            push_detail(&mut text, detail);
        }
        (Cause::Unknown, _) => match row.error.filter(|error| !error.trim().is_empty()) {
            Some(error) => {
                text.push_str("The server says: ");
                push_quote(&mut text, error);
            }
            None => text.push_str("The server does not say why"),
        },
    }
    text.push('.');
    text
}

/// The end that is meant, with its URL or that of the proxy on the way.
fn push_subject(text: &mut String, finding: &Finding, row: &Row) {
    let (name, url, proxy) = match finding.side {
        Some(Side::Source) => ("The source", row.source, row.source_proxy),
        Some(Side::Target) => ("The target", row.target, row.target_proxy),
        None if finding.url.is_some() => ("The server at", None, None),
        None => ("The source or the target", None, None),
    };
    text.push_str(name);
    if let Some(proxy) = proxy.filter(|_| finding.is_on_the_way()) {
        text.push_str(", or its proxy ");
        push_short(text, proxy);
        text.push(',');
    } else if let Some(url) = finding.url.or(url) {
        text.push(' ');
        push_short(text, url);
    }
}

/// Who else replicates the same.
fn push_other(text: &mut String, detail: Detail) {
    match detail {
        Detail::OtherDoc(doc, database) => {
            text.push_str("The document `");
            push_short(text, doc);
            if !database.is_empty() {
                text.push_str("` in `");
                push_short(text, database);
            }
            text.push_str("` replicates the same already");
        }
        Detail::OtherRequest => text.push_str("A request to _replicate replicates the same already"),
        Detail::OtherNode(node) => {
            text.push_str("The same replication runs already, on the node ");
            push_short(text, node);
        }
        _ => text.push_str("The same replication runs already"),
    }
}

fn push_detail(text: &mut String, detail: Detail) {
    if let Detail::Words(words) = detail {
        text.push_str(": ");
        push_quote(text, words);
    }
}

fn push_quote(text: &mut String, words: &str) {
    text.push('“');
    push_short(text, words);
    text.push('”');
}

/// On one line, and not all of it where it is long.
fn push_short(text: &mut String, words: &str) {
    let mut left = LONGEST_QUOTE;
    let mut gap = false;
    for c in words.trim().chars() {
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        if left < 2 {
            text.push('…');
            return;
        }
        if gap {
            text.push(' ');
        }
        text.push(c);
        left -= 1 + usize::from(gap);
        gap = false;
    }
}

/// What to do about it.
pub fn hint(finding: &Finding, permanent: bool) -> String {
    let hint = match (finding.cause, finding.side) {
        (Cause::Unauthorized, _) => {
            "Try the name and password there with curl, then correct them in the replication document: in the URL, or in auth."
        }
        (Cause::Forbidden, Some(Side::Source)) => {
            "Let the user read the database there and write its checkpoints (_local documents), or give another user."
        }
        (Cause::Forbidden, Some(Side::Target)) => {
            "Let the user write to the database there, or give another user; creating a database takes a server admin, \
             design documents an admin of the database."
        }
        (Cause::Forbidden, None) => {
            "Give a user who may read the source, write to the target, and write checkpoints (_local documents) to both."
        }
        (Cause::DatabaseMissing, Some(Side::Target)) => {
            "Create the database, or set create_target to true; otherwise correct the URL."
        }
        (Cause::DatabaseMissing, _) => "Correct the URL, or restore the database.",
        (Cause::HostUnknown, _) => "Correct the host in the URL, or the DNS of the server that replicates.",
        (Cause::ConnectionRefused, _) => {
            "Check that the server is up, that host and port in the URL are right, and that no firewall is in between."
        }
        (Cause::ConnectionClosed, _) => {
            "Check that the server is up and that the URL is right: host, port, http or https. CouchDB says the same where the \
             host's name is unknown, the connection is refused, or a proxy or firewall cuts it."
        }
        (Cause::Timeout, _) if finding.detail == Detail::Start => {
            "It reads the filter from the source before it starts: check that the source answers."
        }
        (Cause::Timeout, _) => {
            "Check that the server is not overloaded and that no firewall drops packets; if it is only slow, raise \
             connection_timeout in the replication document."
        }
        (Cause::Tls, _) => {
            "Check the server's certificate: its dates, its host name, who signed it. The server that replicates must trust \
             it: see [replicator] verify_ssl_certificates and ssl_trusted_certificates_file in its configuration."
        }
        (Cause::RateLimited, _) => {
            "It goes on by itself, slower. If it stays: raise the capacity there, or replicate less at a time (http_connections, \
             worker_processes)."
        }
        (Cause::ServerError, _) => "Look into the log of that server, and of a proxy in front of it.",
        (Cause::Filter, _) => {
            "Correct the filter in the replication document, or its function in the source's design document."
        }
        (Cause::Duplicate, _) => "One of the two is enough: remove this one, or change its source, target or options.",
        (Cause::InvalidDocument, _) if matches!(finding.detail, Detail::Refused(_)) => {
            "Find the document in the log of the server that replicates, and correct it."
        }
        (Cause::InvalidDocument, _) => "Correct the replication document.",
        (Cause::Unknown, _) => "Look into the log of the server that replicates.",
    };
    let mut text = hint.to_owned();
    if permanent {
        text.push_str(" It is not tried again by itself: delete the document and create it anew.");
    }
    text
}
