//! Hex digits, however they are separated.
//!
//! A line on which everything is hex is taken whole. Of a line that starts with pairs of digits, these are, as characters
//! may stand beside them. Of other lines, as logs have them, only long words of hex are.

use core::ops::Range;

use crate::dump::SkippedKind;
use crate::dump::lines::lines;
use crate::dump::raw::Raw;
use crate::dump::words::{hex_digit, is_hex_mark, words};

/// How many digits a word has at least that is taken from a line with other text: those of a header.
const LONG: usize = 16;

/// How many pairs of digits a line has at least that has characters beside them: those of a header.
const PAIRS: usize = 8;

/// The bytes that a text says in hex.
pub(super) fn read(text: &[u8]) -> Raw {
    let mut hex = Hex { raw: Raw::of_text(text.len()), half: None, has_characters: false };
    for (start, line) in lines(text) {
        if is_all_hex(line) { hex.whole_line(line, start) } else { hex.other_line(line, start) }
    }
    hex.finish_half();
    hex.raw
}

/// The digits of a word, which may have a prefix. After a backslash, that is `x`.
fn digits(line: &[u8], word: &Range<usize>) -> Option<(Range<usize>, bool)> {
    let text = line.get(word.clone())?;
    let is_escape = word.start.checked_sub(1).and_then(|before| line.get(before)) == Some(&b'\\');
    let prefix = match text {
        [b'0', b'x' | b'X', ..] => 2,
        [b'x' | b'X', ..] if is_escape => 1,
        _ => 0,
    };
    let digits = word.start + prefix..word.end;
    let is_hex = !digits.is_empty() && text.iter().skip(prefix).all(u8::is_ascii_hexdigit);
    is_hex.then_some((digits, prefix > 0))
}

/// Whether a line is hex and nothing else. Where some of its words are in times or dates, it is not.
fn is_all_hex(line: &[u8]) -> bool {
    let (mut joined, mut spaced) = (false, false);
    let mut end = None;
    for word in words(line, is_hex_mark) {
        if digits(line, &word).is_none() {
            return false;
        }
        if let Some(between) = end.and_then(|end| line.get(end..word.start)) {
            let is_joint = matches!(between, [b':' | b'-']);
            joined |= is_joint;
            spaced |= !is_joint;
        }
        end = Some(word.end);
    }
    !(joined && spaced)
}

struct Hex {
    raw: Raw,
    /// The first digit of a byte whose second one is on the next line, and its place.
    half: Option<(u8, usize)>,
    /// Whether the line before has characters beside pairs of digits.
    has_characters: bool,
}

impl Hex {
    fn whole_line(&mut self, line: &[u8], start: usize) {
        for word in words(line, is_hex_mark) {
            if let Some((digits, is_prefixed)) = digits(line, &word) {
                self.word(line, digits, is_prefixed, start);
            }
        }
    }

    fn other_line(&mut self, line: &[u8], start: usize) {
        self.finish_half();
        let is_pair = |word: &Range<usize>| digits(line, word).is_some_and(|(digits, _)| digits.len() == 2);
        let pairs = words(line, is_hex_mark).take_while(is_pair).count();
        self.has_characters = pairs >= PAIRS || (self.has_characters && pairs > 0);
        if self.has_characters {
            for word in words(line, is_hex_mark).take(pairs) {
                self.word(line, word.end - 2..word.end, false, start);
            }
            return;
        }
        let mut done = 0;
        for word in words(line, is_hex_mark) {
            let Some((digits, is_prefixed)) = digits(line, &word) else { continue };
            if digits.len() < LONG {
                continue;
            }
            self.not_read(line, done..word.start, start);
            done = word.end;
            self.raw.part();
            self.word(line, digits, is_prefixed, start);
            self.finish_half();
        }
        self.not_read(line, done..line.len(), start);
    }

    /// Notes a part of a line, without what separates words at its ends.
    fn not_read(&mut self, line: &[u8], part: Range<usize>, start: usize) {
        let mut words = words(line.get(..part.end).unwrap_or_default(), is_hex_mark);
        if let Some(first) = words.find(|word| word.start >= part.start) {
            let end = words.last().map_or(first.end, |last| last.end);
            self.raw.fault(start + first.start..start + end, SkippedKind::NotRead);
        }
    }

    fn word(&mut self, line: &[u8], digits: Range<usize>, is_prefixed: bool, start: usize) {
        if is_prefixed {
            self.finish_half();
        }
        let is_short = is_prefixed && digits.len() == 1;
        // Half a byte goes on where a line was folded, and nowhere else.
        if self.half.is_some() && words(line, is_hex_mark).next().is_some_and(|first| first.end < digits.end)
        {
            self.finish_half();
        }
        for at in digits {
            let Some(digit) = line.get(at).and_then(|byte| hex_digit(*byte)) else { continue };
            match self.half.take() {
                Some((high, origin)) => self.raw.push(high << 4 | digit, origin),
                None if is_short => self.raw.push(digit, start + at),
                None => self.half = Some((digit, start + at)),
            }
        }
    }

    /// Half a byte stays half a byte.
    fn finish_half(&mut self) {
        if let Some((_, origin)) = self.half.take() {
            self.raw.gap();
            self.raw.fault(origin..origin + 1, SkippedKind::HalfByte);
        }
    }
}
