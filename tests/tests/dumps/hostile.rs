//! What an input may cost: memory of a small multiple of it, and no more time than it is long.

use allocation_counter::measure;
use kmip_types::dump::{Dump, Outline};
use kmip_types::{Limits, TextCodec};

/// How long each input is: one that takes time by its square takes minutes.
const LENGTH: usize = 1 << 18;
/// What reading may allocate at once for each byte of the input: it is densest where each eight bytes are an item.
const MOST: usize = 48;

/// Parts that are repeated, and what they follow.
const INPUTS: &[(&str, &str)] = &[
    ("", "{"),
    ("", "["),
    ("", "{\"tag\":"),
    ("", "{\"tag\":1}"),
    ("", "{\"x\":"),
    ("[", "{\"tag\":\"BatchCount\",\"type\":\"Integer\",\"value\":1},"),
    ("", "<a>"),
    ("", "<RequestMessage"),
    ("", "<RequestMessage></RequestMessage>"),
    ("", "<ResponseMessage></RequestMessage>"),
    ("", "(\n"),
    ("", "[1,2,3,4,5,6,7,8"),
    ("[", "1,/*"),
    ("", "[//"),
    ("[", "(byte)"),
    ("", "\\x"),
    ("", "\"\\x42"),
    ("", "b'"),
    ("", "0x4 "),
    ("", "4\n2\n"),
    ("", "g\n42\n"),
    ("", "42 g\n"),
    ("", "12:00 42000d0200000004\n"),
    ("", "42:00 "),
    ("", "QgB4\n"),
    ("", "Q "),
    ("", "=\n"),
    ("", "00000000: 4200\n"),
    ("", "00000000: 4200\n*\n"),
    ("00000000: 4200\n*\n", "ffffffff: 4200\n*\n"),
    ("00000000: 4200\n*\nffffffffffff: 4200\n", "0\n"),
    ("", "000\n"),
    ("", "0000 45\n"),
    ("", "4200780100000008"),
    ("", "4200010700000000"),
    ("", "420001070000000041"),
    ("", "\n"),
    ("", "\0"),
    ("", "\u{42}\0\u{1}\u{7}\0\0\0\0"),
    ("", "\u{42}\0x\u{1}\0\u{7f}\0\0"),
];

#[test]
fn no_input_takes_much_memory_or_time() {
    let codec = TextCodec::new().limits(Limits { size: LENGTH, ..Limits::DEFAULT });
    for (before, part) in INPUTS {
        let input = format!("{before}{}", part.repeat(LENGTH / part.len()));
        let cost = measure(|| {
            let _ = Dump::read(input.as_bytes(), &codec);
        });
        let bytes = cost.bytes_max as usize;
        assert!(bytes <= MOST * input.len() + (1 << 20), "{before:?} {part:?}: {bytes}");
    }
}

#[test]
fn no_outline_takes_much_memory_or_time() {
    let codec = TextCodec::new();
    for (before, part) in INPUTS.iter().filter(|(_, part)| part.contains('\0')) {
        let input = format!("{before}{}", part.repeat(LENGTH / part.len()));
        let cost = measure(|| drop(Outline::read(input.as_bytes(), &codec)));
        assert!(cost.bytes_max as usize <= MOST * input.len(), "{part:?}: {}", cost.bytes_max);
        let outline = Outline::read(input.as_bytes(), &codec);
        let _ = (outline.to_text(), outline.to_annotated());
    }
}
