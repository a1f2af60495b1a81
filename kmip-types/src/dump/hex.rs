//! Hex digits, however they are separated.
//!
//! A line on which everything is hex is taken whole, but for characters beside pairs of digits. Of other lines, as logs
//! have them, what is hex at some length is taken.

use core::ops::Range;

use crate::dump::SkippedKind;
use crate::dump::lines::lines;
use crate::dump::raw::Raw;
use crate::dump::words::{hex_digit, is_hex_mark, words};

/// How many digits there are at least in what is taken from a line with other text: those of a header.
const LONG: usize = 16;

/// How many pairs of digits a line has at least that has characters beside them: those of a header.
const PAIRS: usize = 8;

/// The bytes that a text says in hex.
pub(super) fn read(text: &[u8]) -> Raw {
    let mut hex = Hex { raw: Raw::of_text(text.len()), half: None, characters: None };
    for (start, line) in lines(text) {
        let pairs = hex.pairs(line);
        if is_all_hex(pairs) { hex.whole_line(pairs, start) } else { hex.other_line(pairs, start) }
    }
    hex.finish_half();
    hex.raw
}

/// A word of a line that is hex.
struct Word {
    digits: Range<usize>,
    /// Whether a prefix says so.
    is_prefixed: bool,
}

impl Word {
    /// The word, if it is hex. After a backslash, a prefix is `x`.
    fn of(line: &[u8], word: &Range<usize>) -> Option<Self> {
        let text = line.get(word.clone())?;
        let is_escape = word.start.checked_sub(1).and_then(|before| line.get(before)) == Some(&b'\\');
        let prefix = match text {
            [b'0', b'x' | b'X', ..] => 2,
            [b'x' | b'X', ..] if is_escape => 1,
            _ => 0,
        };
        let digits = word.start + prefix..word.end;
        let is_hex = !digits.is_empty() && text.iter().skip(prefix).all(u8::is_ascii_hexdigit);
        is_hex.then_some(Self { digits, is_prefixed: prefix > 0 })
    }
}

/// Whether what is between two words joins them, as in dates and times.
fn is_joint(between: &[u8]) -> bool {
    matches!(between, [b':' | b'-'])
}

/// Whether a line is hex and nothing else. Where some of its words are joined as in times or dates, it is not.
fn is_all_hex(line: &[u8]) -> bool {
    let (mut joined, mut spaced) = (false, false);
    let mut end = None;
    for word in words(line, is_hex_mark) {
        if Word::of(line, &word).is_none() {
            return false;
        }
        if let Some(between) = end.and_then(|end| line.get(end..word.start)) {
            joined |= is_joint(between);
            spaced |= !is_joint(between);
        }
        end = Some(word.end);
    }
    !(joined && spaced)
}

struct Hex {
    raw: Raw,
    /// The first digit of a byte whose second one is on the next line, and its place.
    half: Option<(u8, usize)>,
    /// The column in which the line before has characters beside pairs of digits.
    characters: Option<usize>,
}

impl Hex {
    /// A line without the characters that stand beside pairs of digits: as many as there are pairs.
    fn pairs<'l>(&mut self, line: &'l [u8]) -> &'l [u8] {
        let is_pair = |word: &Range<usize>| word.len() == 2 && Word::of(line, word).is_some();
        if let Some((before, _)) = self.characters.and_then(|column| line.split_at_checked(column))
            && words(before, is_hex_mark).all(|word| is_pair(&word))
        {
            return before;
        }
        self.characters = None;
        for (index, word) in words(line, is_hex_mark).take_while(is_pair).enumerate() {
            let rest = line.get(word.end..).unwrap_or_default();
            let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
            let is_column = |gap: &usize| rest.len() - gap == index + 1;
            if index + 1 >= PAIRS
                && let Some(gap) = (2..=spaces.min(4)).find(is_column)
            {
                self.characters = Some(word.end + gap);
                return line.get(..word.end).unwrap_or(line);
            }
        }
        line
    }

    fn whole_line(&mut self, line: &[u8], start: usize) {
        for (index, word) in words(line, is_hex_mark).enumerate() {
            if let Some(word) = Word::of(line, &word) {
                // Half a byte goes on where a line was folded, and nowhere else.
                if index > 0 || word.is_prefixed {
                    self.finish_half();
                }
                self.word(line, word, start);
            }
        }
    }

    /// Takes words that follow one another, separated in one way, if they are long together.
    fn other_line(&mut self, line: &[u8], start: usize) {
        self.finish_half();
        let mut done = 0;
        let mut run: Vec<Word> = Vec::new();
        let mut joined = None;
        for word in words(line, is_hex_mark) {
            let hex = Word::of(line, &word).filter(|word| word.digits.len() % 2 == 0);
            let between = run.last().and_then(|last| line.get(last.digits.end..word.start));
            let is_joined = between.map(is_joint);
            // A colon and a space stand behind something else: an offset, say.
            let is_label = between.is_some_and(|between| between.len() > 1 && between.contains(&b':'));
            if hex.is_none() || is_label || (joined.is_some() && is_joined != joined) {
                self.run(line, core::mem::take(&mut run), &mut done, start);
                joined = None;
            } else {
                joined = is_joined;
            }
            run.extend(hex);
        }
        self.run(line, run, &mut done, start);
        self.not_read(line, done..line.len(), start);
    }

    fn run(&mut self, line: &[u8], run: Vec<Word>, done: &mut usize, start: usize) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        if run.iter().map(|word| word.digits.len()).sum::<usize>() < LONG {
            return;
        }
        self.not_read(line, *done..first.digits.start, start);
        *done = last.digits.end;
        self.raw.part();
        for word in run {
            self.word(line, word, start);
        }
    }

    /// Notes a part of a line, without what separates words at its ends.
    fn not_read(&mut self, line: &[u8], part: Range<usize>, start: usize) {
        let text = line.get(part.clone()).unwrap_or_default();
        let mut words = words(text, is_hex_mark);
        if let Some(first) = words.next() {
            let end = words.last().map_or(first.end, |last| last.end);
            let start = start + part.start;
            self.raw.fault(start + first.start..start + end, SkippedKind::NotRead);
        }
    }

    fn word(&mut self, line: &[u8], word: Word, start: usize) {
        let is_short = word.is_prefixed && word.digits.len() == 1;
        for at in word.digits {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        read(text.as_bytes()).bytes().to_vec()
    }

    #[test]
    fn separators_and_prefixes_are_no_digits() {
        for text in [
            "0a0B",
            "0a 0b",
            "0x0a,0X0b",
            "0xa, 0xb",
            "\\x0a\\x0b",
            "0A:0B",
            "0a-0b",
            "0a0\nb",
            "{0x0a; 0x0b}",
        ] {
            assert_eq!(bytes(text), [0x0A, 0x0B], "{text}");
        }
    }

    #[test]
    fn characters_beside_pairs_are_left_out() {
        let text = "42 00 78 01 00 00 00 30  dead bee\n42 00                    ad";
        assert_eq!(bytes(text), [0x42, 0, 0x78, 1, 0, 0, 0, 0x30, 0x42, 0]);
    }

    #[test]
    fn half_a_byte_is_a_fault_at_its_place() {
        let raw = read(b"0a 0 0b");
        assert_eq!(raw.bytes(), [0x0A, 0x0B]);
        assert_eq!(raw.faults, [(3..4, SkippedKind::HalfByte)]);
    }

    #[test]
    fn dates_and_short_words_of_a_log_are_not_taken() {
        let raw = read(b"2024-05-01 12:00:00 key 4200780100000008 bad");
        assert_eq!(raw.bytes(), [0x42, 0, 0x78, 1, 0, 0, 0, 8]);
        assert_eq!(raw.faults, [(0..23, SkippedKind::NotRead), (41..44, SkippedKind::NotRead)]);
    }
}
