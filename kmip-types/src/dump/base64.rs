//! Base64 (RFC 4648 sections 4 and 5), with line breaks, with or without padding and armour.
//!
//! A line that is one word is taken whole. Of other lines, as logs have them, only long words are.

use crate::dump::SkippedKind;
use crate::dump::lines::lines;
use crate::dump::raw::Raw;
use crate::dump::words::{is_mark, words};

/// How many characters a word has at least that is taken from a line with other text.
const LONG: usize = 24;

/// How a request and a response start.
const STARTS: [&[u8]; 2] = [b"QgB4", b"QgB7"];

/// The bytes that a text says in base64.
pub(super) fn read(text: &[u8]) -> Raw {
    let mut base64 = Base64 { raw: Raw::of_text(text.len()), bits: 0, count: 0, origin: 0 };
    for (start, line) in lines(text) {
        if line.trim_ascii().starts_with(b"-----") {
            base64.finish();
            base64.raw.part();
            continue;
        }
        let mut all = words(line, is_mark);
        match (all.next(), all.next()) {
            (None, _) => {}
            (Some(word), None) if line.get(word.clone()).is_some_and(is_base64) => {
                let word_text = line.get(word.clone()).unwrap_or_default();
                if STARTS.iter().any(|first| word_text.starts_with(first)) {
                    base64.finish();
                    base64.raw.part();
                }
                base64.word(word_text, start + word.start);
            }
            _ => base64.other_line(line, start),
        }
    }
    base64.finish();
    base64.raw
}

fn is_base64(word: &[u8]) -> bool {
    let padding = word.iter().rev().take_while(|byte| **byte == b'=').count();
    padding <= 2 && word.iter().rev().skip(padding).all(|byte| value(*byte).is_some())
}

fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

struct Base64 {
    raw: Raw,
    /// Bits that are not yet a byte.
    bits: u32,
    /// How many.
    count: u32,
    /// Where they start.
    origin: usize,
}

impl Base64 {
    fn word(&mut self, word: &[u8], start: usize) {
        for (at, byte) in word.iter().enumerate() {
            let Some(value) = value(*byte) else {
                self.finish();
                self.raw.part();
                continue;
            };
            if self.count == 0 {
                self.origin = start + at;
            }
            self.bits = (self.bits << 6 | u32::from(value)) & 0xFFFF;
            self.count += 6;
            if self.count >= 8 {
                self.count -= 8;
                self.raw.push((self.bits >> self.count & 0xFF) as u8, self.origin);
                self.origin = start + at;
            }
        }
    }

    fn other_line(&mut self, line: &[u8], start: usize) {
        self.finish();
        let mut done = start;
        for word in words(line, is_mark) {
            let Some(text) = line.get(word.clone()).filter(|text| text.len() >= LONG && is_base64(text))
            else {
                continue;
            };
            if done < start + word.start {
                self.raw.fault(done..start + word.start, SkippedKind::NotRead);
            }
            done = start + word.end;
            self.raw.part();
            self.word(text, start + word.start);
            self.finish();
        }
        if done < start + line.len() {
            self.raw.fault(done..start + line.len(), SkippedKind::NotRead);
        }
    }

    /// The end of what belongs together: of a byte, six bits alone are left only where a character is missing.
    fn finish(&mut self) {
        if self.count == 6 {
            self.raw.gap();
            self.raw.fault(self.origin..self.origin + 1, SkippedKind::HalfByte);
        }
        (self.bits, self.count) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        for text in [
            "+/8B",
            "-_8B",
            "+/8\nB",
            "+/8BAA",
            "+/8BAA==",
            "\"+/8B\"",
            "-----BEGIN X-----\n+/8B\n-----END X-----",
        ] {
            assert_eq!(read(text.as_bytes()).bytes()[..3], [0xFB, 0xFF, 1], "{text}");
        }
    }

    #[test]
    fn a_lone_character_is_half_a_byte() {
        assert_eq!(read(b"+/8BA").faults, [(4..5, SkippedKind::HalfByte)]);
    }
}
