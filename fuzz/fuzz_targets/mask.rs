//! `cargo +nightly fuzz run mask`: no text makes the mask panic, and masking its result again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;

use couchdb_scheduler_mask::mask;

fuzz_target!(|text: &str| {
    let once = mask(text);
    assert_eq!(mask(&once), once);
});
