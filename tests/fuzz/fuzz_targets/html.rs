//! Fuzz target: the HTML of a specification, through ingest.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kmip_fuzz::html(data));
