//! Fuzz target: any typed message, in every version and encoding.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kmip_fuzz::typed_value(data));
