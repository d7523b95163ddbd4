//! Writes the message and the hint of a diagnosis. The texts from the server are already masked.

use super::erlang::unescape;
use super::finding::{Detail, Finding};
use super::vocabulary::{is_among, look_up_part, split};
use super::{Cause, DiagnosisInput, Side};
use rows::json::find;

/// Maximum number of characters that a message quotes from the server.
const MAX_QUOTE: usize = 300;

/// Describes the error in one sentence.
pub fn message(finding: &Finding, row: &DiagnosisInput) -> String {
    let error = row.error.map_or("", str::trim_ascii);
    let mut text = String::new();
    let mut pieces = template(finding, !error.is_empty()).split('$');
    push(&mut text, pieces.next().unwrap_or_default());
    for piece in pieces {
        let (mark, words) = piece.split_at_checked(1).unwrap_or_default();
        match mark {
            "s" => push_subject(&mut text, finding, row),
            "u" => push_short(&mut text, finding.user.unwrap_or_default()),
            "c" => push_short(&mut text, finding.status.unwrap_or_default()),
            "e" => push_short(&mut text, error),
            "o" => {
                push_short(&mut text, if let Detail::OtherDoc(_, database) = finding.detail { database } else { "" })
            }
            _ => push_short(&mut text, words_of(finding.detail)),
        }
        push(&mut text, words);
    }
    if let Detail::Words(words) | Detail::Refused(words) | Detail::Alert(_, words) = finding.detail {
        push(&mut text, ": “");
        push_short(&mut text, &unescape(words));
        push(&mut text, "”");
    }
    push(&mut text, ".");
    text
}

/// `$s` is the end, `$u` the user, `$c` the status, `$d` the detail, `$o` the database of a
/// document, `$e` the whole reason. Words of the server in the detail are appended.
fn template(finding: &Finding, has_reason: bool) -> &'static str {
    match (finding.cause, finding.detail) {
        (Cause::Unauthorized, _) if finding.user.is_some() => "$s does not accept the name and password of `$u`",
        (Cause::Unauthorized, _) => "$s rejects the login: name and password are missing, wrong, or not sufficient",
        (Cause::Forbidden, _) if finding.user.is_some() => "$s does not allow this to `$u`",
        (Cause::Forbidden, _) => "$s does not allow this",
        (Cause::DatabaseMissing, _) => "$s cannot be opened as a database: it probably does not exist",
        (Cause::HostUnknown, _) => "$s cannot be reached: the host name does not resolve",
        (Cause::ConnectionRefused, _) => "$s cannot be reached or refuses connections",
        (Cause::ConnectionClosed, _) => "$s cannot be reached, or closed the connection too early",
        (Cause::Timeout, Detail::Start) => "The replication did not start in time",
        (Cause::Timeout, _) => "$s did not answer in time",
        (Cause::Tls, _) => "$s cannot be reached through a secure connection",
        (Cause::RateLimited, _) => "$s reports too many requests (429)",
        (Cause::ServerError, Detail::NoJson) => "$s responds with something that is not JSON",
        (Cause::ServerError, _) if finding.status.is_some() => "$s responds with the error $c",
        (Cause::ServerError, Detail::Session) => "$s responds to POST /_session without a usable cookie",
        (Cause::ServerError, _) => "$s responds with an error",
        (Cause::Redirect, _) => "$s redirects to another address ($c)",
        (Cause::Quota, _) => "$s requires a payment, or a quota is used up (402)",
        (Cause::TooLarge, _) => "$s refuses a request because it is too large",
        (Cause::Checkpoint, _) => "$s prevents the replication from writing a checkpoint",
        (Cause::Document, _) if finding.side == Some(Side::Target) => "$s cannot store a document",
        (Cause::Document, _) => "$s does not return a document",
        (Cause::Resources, _) if finding.url.is_some() => {
            "$s cannot be reached, because the operating system refuses it"
        }
        (Cause::Resources, _) => "The operating system refuses an operation",
        (Cause::Internal, _) => "The server that replicates had an internal error",
        (Cause::Filter, Detail::DesignDoc(_)) => {
            "$s does not have `$d`, the design document of the replication's filter"
        }
        (Cause::Filter, _) => "The replication's filter cannot be used",
        (Cause::Duplicate, Detail::OtherDoc(_, "")) => "The document `$d` already runs the same replication",
        (Cause::Duplicate, Detail::OtherDoc(..)) => "The document `$d` in `$o` already runs the same replication",
        (Cause::Duplicate, Detail::OtherRequest) => "A request to _replicate already runs the same replication",
        (Cause::Duplicate, Detail::OtherNode(_)) => "The same replication already runs on the node $d",
        (Cause::Duplicate, _) => "The same replication already runs",
        (Cause::InvalidDocument, Detail::Url) => "$s has an invalid URL",
        (Cause::InvalidDocument, Detail::Refused(_)) => "$s refuses a document",
        (Cause::InvalidDocument, _) => "The replication document is not valid",
        (Cause::Unknown, _) if has_reason => "The server reports: “$e”",
        (Cause::Unknown, _) => "The server does not report a reason",
    }
}

fn words_of(detail: Detail<'_>) -> &str {
    match detail {
        Detail::Words(words)
        | Detail::Alert(words, _)
        | Detail::Refused(words)
        | Detail::DesignDoc(words)
        | Detail::OtherDoc(words, _)
        | Detail::OtherNode(words) => words,
        Detail::None | Detail::OtherRequest | Detail::NoJson | Detail::Session | Detail::Url | Detail::Start => "",
    }
}

/// Appends the end, with its URL or that of its proxy.
fn push_subject(text: &mut String, finding: &Finding, row: &DiagnosisInput) {
    let (name, url, proxy) = match finding.side {
        Some(Side::Source) => ("The source", row.source, row.source_proxy),
        Some(Side::Target) => ("The target", row.target, row.target_proxy),
        None if finding.url.is_some() => ("The server at", None, None),
        None => ("The source or the target", None, None),
    };
    push(text, name);
    if let Some(proxy) = proxy.filter(|_| finding.is_on_the_way()) {
        push(text, ", or its proxy ");
        push_short(text, proxy);
        push(text, ",");
    } else if let Some(url) = finding.url.filter(|found| !found.ends_with("/_session")).or(url).or(finding.url) {
        push(text, " ");
        push_short(text, url);
    }
}

/// Appends `words` on one line, up to [`MAX_QUOTE`] characters.
fn push_short(text: &mut String, words: &str) {
    let mut left = MAX_QUOTE;
    let mut gap = false;
    for c in words.trim_ascii().chars() {
        if c <= ' ' {
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

/// Not inlined: it has many calls.
#[inline(never)]
fn push(text: &mut String, words: &str) {
    text.push_str(words);
}

/// Returns what to do about the error.
pub fn hint(finding: &Finding, permanent: bool) -> String {
    let mut text = String::new();
    push(&mut text, remedy(finding));
    if permanent {
        push(&mut text, " CouchDB will not retry it");
        // The hint for a duplicate already says what to do.
        push(
            &mut text,
            if finding.cause == Cause::Duplicate { "." } else { ": delete the document and create it again." },
        );
    }
    text
}

/// What to do if a secure connection fails, by a word in the name of the alert or in the error of
/// the certificate.
const ALERTS: [(&str, &str); 6] = [
    ("Use the host name that the certificate is for in the URL.", "hostname unrecognized"),
    (
        "Correct ssl_trusted_certificates_file, cert_file and key_file under [replicator]: CouchDB must be able to read them.",
        "file options",
    ),
    (CLIENT_CERTIFICATE, "required denied"),
    ("Renew that server's certificate, or correct the clock of the server that replicates.", "expired"),
    (
        "Check the server's certificate: its dates, its host name, its issuer. The server that replicates must trust it: \
         see [replicator] verify_ssl_certificates and ssl_trusted_certificates_file in its configuration.",
        "cert unknown signed issuer",
    ),
    (
        "The two servers have no TLS version or cipher in common, or a client certificate is missing: update CouchDB and Erlang, or \
         allow TLS 1.2 there.",
        "protocol handshake security fallback",
    ),
];

const CLIENT_CERTIFICATE: &str = "That server refuses the client certificate: check [replicator] cert_file and key_file, and that it trusts the issuer.";

/// The server that sends an alert has found the error at the other end.
fn tls_remedy(name: &str, words: &str) -> &'static str {
    // `Handshake Failure - {bad_cert,hostname_check_failed}` does not mean that the handshake
    // itself failed.
    let fault = split(words, "{bad_").map_or(name, |(_, fault)| fault);
    if find(words, "SERVER ALERT").is_some() && is_among(fault, "cert unknown_ca", true) {
        return CLIENT_CERTIFICATE;
    }
    look_up_part(&ALERTS, fault).unwrap_or("Check that this port speaks https, then update CouchDB and Erlang.")
}

fn remedy(finding: &Finding) -> &'static str {
    match (finding.cause, finding.side) {
        (Cause::Unauthorized, _) => {
            "Try the name and password there with curl, then correct them in the replication document: in the URL, or in auth."
        }
        (Cause::Forbidden, Some(Side::Source)) => {
            "Allow the user to read the database there and to write checkpoints (_local documents), or use another user."
        }
        (Cause::Forbidden, Some(Side::Target)) => {
            "Allow the user to write to the database there, or use another user. Creating a database requires a server admin, \
             writing design documents an admin of the database."
        }
        (Cause::Forbidden, None) => {
            "Use a user who may read the source, write to the target, and write checkpoints (_local documents) to both."
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
            "Check that the server is up and that the URL is right: host, port, http or https. CouchDB reports the same if the \
             host name does not resolve, the connection is refused, or a proxy or firewall closes it."
        }
        (Cause::Timeout, _) if matches!(finding.detail, Detail::Start) => {
            "It reads the filter from the source before it starts: check that the source answers."
        }
        (Cause::Timeout, _) => {
            "Check that the server is not overloaded and that no firewall drops packets; if it is only slow, raise \
             connection_timeout in the replication document."
        }
        (Cause::Tls, _) => match finding.detail {
            Detail::Alert(name, words) => tls_remedy(name, words),
            _ => tls_remedy("", ""),
        },
        (Cause::RateLimited, _) => {
            "CouchDB slows down and continues automatically. If the error persists, raise the capacity there, or lower \
             http_connections and worker_processes."
        }
        (Cause::Redirect, _) => "Use the address that it redirects to, often https.",
        (Cause::Quota, _) => "Raise the quota there, or delete data that is not needed.",
        (Cause::TooLarge, _) => {
            "Raise the limit there (max_http_request_size, max_document_size, client_max_body_size of a proxy), or lower \
             worker_batch_size."
        }
        (Cause::Checkpoint, _) => {
            "A single error is harmless. If it repeats, check that the database is not deleted and created again, and that \
             nothing else runs the same replication."
        }
        (Cause::Document, _) => {
            "Find the document in the log of the server that replicates, and compare its attachments at both ends."
        }
        (Cause::Resources, _) => {
            "enospc: free disk space. emfile: raise the limit of open files (ulimit -n), or run fewer replications at a time. \
             eaddrnotavail: 0.0.0.0 is for listening only. eacces: check permissions and the firewall."
        }
        (Cause::ServerError, _)
            if matches!(finding.detail, Detail::Session)
                && !finding.status.is_some_and(|status| status.starts_with('5')) =>
        {
            "Something other than CouchDB responds at the root of that host: let the proxy pass /_session with its cookie, or set \
             [replicator] auth_plugins to couch_replicator_auth_noop."
        }
        (Cause::ServerError, Some(Side::Source)) if finding.status == Some("404") => {
            "Check that the database and the design document of the filter exist."
        }
        (Cause::ServerError, _) if matches!(finding.detail, Detail::NoJson) => {
            "Request that address with curl: usually the response is the page of a proxy."
        }
        (Cause::ServerError, _) => "Look into the log of that server, and of a proxy in front of it.",
        (Cause::Filter, _) => {
            "Correct the filter in the replication document, or its function in the source's design document."
        }
        (Cause::Duplicate, _) => {
            "One of the two is enough: delete this document, or create it again with another source, target or options."
        }
        (Cause::InvalidDocument, _) if matches!(finding.detail, Detail::Refused(_)) => {
            "Find the document in the log of the server that replicates, and correct it."
        }
        (Cause::InvalidDocument, _) if matches!(finding.detail, Detail::Url) => {
            "Correct the URL. Some versions of CouchDB accept a host name, but not an IPv6 address."
        }
        (Cause::InvalidDocument, _) => "Correct the replication document.",
        (Cause::Internal | Cause::Unknown, _) => "Look into the log of the server that replicates.",
    }
}
