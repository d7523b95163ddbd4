//! `cargo +nightly fuzz run diagnosis`: no reason makes the reader of Erlang terms panic, or what chooses the words.
#![no_main]

use libfuzzer_sys::fuzz_target;

use couchdb_scheduler_core::diagnosis::{DiagnosisInput, diagnose};

fuzz_target!(|input: (&str, &str)| {
    let (reason, url) = input;
    let row = DiagnosisInput {
        state: Some("error"),
        error: Some(reason),
        error_count: 1,
        source: Some(url),
        target: Some("http://b.test/tgt/"),
        source_proxy: Some(url),
        ..DiagnosisInput::default()
    };
    assert!(diagnose(&row).is_some());
});
