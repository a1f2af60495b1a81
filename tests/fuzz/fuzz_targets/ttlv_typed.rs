//! Fuzz target: binary TTLV as a typed message.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kmip_fuzz::ttlv_typed(data));
