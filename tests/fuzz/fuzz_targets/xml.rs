//! Fuzz target: XML, to TTLV and back.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kmip_fuzz::xml(data));
