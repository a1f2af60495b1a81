//! The words of a line: what is between spaces, quotes, brackets and marks.

use core::ops::Range;

/// Whether the character is between words, for digits in hex.
pub(super) fn is_hex_mark(byte: u8) -> bool {
    is_mark(byte) || matches!(byte, b':' | b'-' | b'=' | b'_')
}

/// Whether the character is between words.
pub(super) fn is_mark(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, b',' | b';' | b'"' | b'\'' | b'`' | b'\\' | b'|')
        // A byte order mark.
        || matches!(byte, 0xEF | 0xBB | 0xBF)
        || matches!(byte, b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<' | b'>')
}

/// The words of a line, as ranges of it.
pub(super) fn words(line: &[u8], is_mark: fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    core::iter::from_fn(move || {
        at += line.get(at..)?.iter().position(|byte| !is_mark(*byte))?;
        let rest = line.get(at..)?;
        let length = rest.iter().position(|byte| is_mark(*byte)).unwrap_or(rest.len());
        let word = at..at + length;
        at = word.end;
        Some(word)
    })
}

/// The value of a hex digit.
pub(super) fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
