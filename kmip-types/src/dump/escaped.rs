//! Literals of strings and bytes, as source code and debug output have them.
//!
//! `\0` before two octal digits is an octal number, but in a literal that starts with `b`, as in Rust and Python.

use crate::dump::SkippedKind;
use crate::dump::raw::Raw;
use crate::dump::words::hex_digit;

/// The bytes that the literals of a text say; all of it, where there are no quotes.
pub(super) fn read(text: &[u8]) -> Option<Raw> {
    let is_escape = |pair: &[u8]| matches!(pair, [b'\\', b'x' | b'0'..=b'7']);
    if !text.windows(2).any(is_escape) {
        return None;
    }
    let mut raw = Raw::of_text(text.len());
    if !text.iter().any(|byte| matches!(byte, b'"' | b'\'')) {
        literal(text, 0, None, false, &mut raw);
        return Some(raw);
    }
    let mut at = 0;
    while let Some(quote) =
        text.get(at..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b'"' | b'\'')))
    {
        let start = at + quote;
        let is_bytes = start.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'b');
        raw.part();
        at = literal(text, start + 1, text.get(start).copied(), is_bytes, &mut raw);
    }
    Some(raw)
}

/// Reads up to the quote that ends a literal, and says where what follows it starts. A literal may be cut.
fn literal(text: &[u8], start: usize, quote: Option<u8>, is_bytes: bool, raw: &mut Raw) -> usize {
    let mut at = start;
    while let Some(byte) = text.get(at).copied() {
        if Some(byte) == quote {
            return at + 1;
        }
        match byte {
            // Where a terminal folded the line.
            b'\r' | b'\n' => at += 1,
            b'\\' => match escape(text.get(at + 1..).unwrap_or_default(), is_bytes) {
                Some((value, length)) => {
                    if let Some(value) = value {
                        raw.push(value, at);
                    }
                    at += 1 + length;
                }
                None => {
                    raw.gap();
                    raw.fault(at..at + 1, SkippedKind::NotRead);
                    at += 1;
                }
            },
            _ => {
                raw.push(byte, at);
                at += 1;
            }
        }
    }
    at
}

/// What an escape stands for, if it is not a line break that goes on, and how long it is behind the backslash.
fn escape(rest: &[u8], is_bytes: bool) -> Option<(Option<u8>, usize)> {
    let simple = |byte| Some((Some(byte), 1));
    match rest {
        [b'x' | b'X', high, low, ..] => {
            let byte = hex_digit(*high)? << 4 | hex_digit(*low)?;
            Some((Some(byte), 3))
        }
        [b'0', ..] if is_bytes => simple(0),
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            Some((Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')), 3))
        }
        [b'0', ..] => simple(0),
        [b'a', ..] => simple(0x07),
        [b'b', ..] => simple(0x08),
        [b't', ..] => simple(b'\t'),
        [b'n', ..] => simple(b'\n'),
        [b'v', ..] => simple(0x0B),
        [b'f', ..] => simple(0x0C),
        [b'r', ..] => simple(b'\r'),
        [b'e', ..] => simple(0x1B),
        [byte @ (b'\\' | b'"' | b'\'' | b'?' | b'$' | b'`'), ..] => simple(*byte),
        [b'\r', b'\n', ..] => Some((None, 2)),
        [b'\n', ..] => Some((None, 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_their_language() {
        for (text, bytes) in [
            (r#""\x42\x00x""#, &[0x42, 0, b'x'][..]),
            (r#""\102\0x""#, &[0x42, 0, b'x']),
            (r#""\0012""#, &[1, b'2']),
            (r#"b"\0012""#, &[0, b'0', b'1', b'2']),
            ("'\\x01\\n\\t\\\\\\''", b"\x01\n\t\\'"),
            ("\"\\x01\" \\\n\"\\x02\"", &[1, 2]),
            ("B\\x00", &[0x42, 0]),
            ("b'\\x01cut", b"\x01cut"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap().bytes(), bytes, "{text}");
        }
        assert!(read(b"\"no escape\"").is_none());
    }
}
