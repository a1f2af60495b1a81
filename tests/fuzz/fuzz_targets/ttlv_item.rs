//! Fuzz target: binary TTLV as a tree of items.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kmip_fuzz::ttlv_item(data));
