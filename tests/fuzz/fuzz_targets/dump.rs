//! Fuzz target: dumps of any shape, and outlines of what is in them.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kmip_fuzz::dump(data));
