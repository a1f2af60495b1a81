//! One line of a hex dump.

use core::ops::Range;

use crate::dump::words::hex_digit;

/// How many digits an offset has.
const OFFSET: core::ops::RangeInclusive<usize> = 3..=16;
/// How many bytes a line has at most.
const WIDEST: usize = 512;
/// How many bytes most dumps have in a line.
const USUAL: usize = 16;

pub(super) struct Row {
    /// Where in the text the digits of its offset are.
    pub(super) offset: Range<usize>,
    /// Which of the places of all rows are those of its bytes, and maybe of characters that look like hex.
    pub(super) places: Range<usize>,
    /// How many of them there are up to a wide gap behind the usual number.
    pub(super) likely: usize,
    /// Where in the text the line starts.
    pub(super) start: usize,
    /// The length of the line.
    pub(super) length: usize,
    /// Whether all digits of bytes are in groups of four.
    pub(super) is_of_words: bool,
    /// Whether lines before it are left out, being as the one before those.
    pub(super) repeats: bool,
    /// What stands between it and the row before and is none.
    pub(super) other: Option<Range<usize>>,
}

impl Row {
    /// The row that a line is, if it starts with an offset. It may have no bytes, as the last of some dumps.
    pub(super) fn parse(line: &[u8], start: usize, places: &mut Vec<u32>) -> Option<Self> {
        let mut line_reader = Cursor { line, at: 0 };
        line_reader.skip(|byte| matches!(byte, b' ' | b'\t' | b'|'));
        line_reader.skip_prefix();
        let offset = line_reader.digits();
        if !OFFSET.contains(&offset.len()) {
            return None;
        }
        line_reader.skip(|byte| byte == b':');
        if !matches!(line_reader.peek(), None | Some(b' ' | b'\t' | b'|')) {
            return None;
        }
        line_reader.skip(|byte| matches!(byte, b' ' | b'\t' | b'|'));
        if line_reader.rest().starts_with(b"- ") {
            line_reader.skip(|byte| matches!(byte, b' ' | b'-'));
        }
        let first = places.len();
        let (mut likely, mut is_of_words) = (None, true);
        let (mut before, mut gap) = (line_reader.at, 0);
        loop {
            let count = places.len() - first;
            line_reader.skip_prefix();
            let digits = line_reader.digits();
            let is_end = matches!(line_reader.peek(), None | Some(b' ' | b'\t' | b'|' | b'-' | b':'));
            let is_bytes = (2..=32).contains(&digits.len()) && digits.len().is_multiple_of(2) && is_end;
            if !is_bytes || count + digits.len() / 2 > WIDEST {
                break;
            }
            // Behind eight bytes many leave more room, behind others that is the end.
            if count > 0 && gap > 1 && (!count.is_multiple_of(8) || gap > 3 || (gap == 3 && count != 8)) {
                break;
            }
            if count >= USUAL && gap > 1 {
                likely.get_or_insert(count);
            }
            is_of_words &= digits.len() == 4;
            places.extend(digits.clone().step_by(2).filter_map(|at| u32::try_from(start + at).ok()));
            before = before.max(digits.end);
            match line_reader.peek() {
                Some(b'-' | b':') => (line_reader.at, gap) = (line_reader.at + 1, 1),
                Some(b'|') => break,
                _ => gap = line_reader.skip(|byte| matches!(byte, b' ' | b'\t')),
            }
        }
        let places = first..places.len();
        let likely = likely.unwrap_or(places.len());
        let offset = start + offset.start..start + offset.end;
        // An offset alone ends a dump; with something else behind it, it is none.
        let is_row = !places.is_empty() || line.get(before..).unwrap_or_default().trim_ascii().is_empty();
        let length = line.len();
        is_row.then_some(Self {
            offset,
            places,
            likely,
            start,
            length,
            is_of_words,
            repeats: false,
            other: None,
        })
    }
}

/// The byte that two digits of a text say.
pub(super) fn byte_at(text: &[u8], place: usize) -> Option<u8> {
    let [high, low] = *text.get(place..)?.first_chunk()?;
    Some(hex_digit(high)? << 4 | hex_digit(low)?)
}

struct Cursor<'a> {
    line: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    /// Passes over such characters, and says how many there were.
    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().iter().take_while(|byte| is_skipped(**byte)).count();
        self.at += count;
        count
    }

    fn skip_prefix(&mut self) {
        if matches!(self.rest(), [b'0', b'x' | b'X', ..]) {
            self.at += 2;
        }
    }

    /// Passes over hex digits.
    fn digits(&mut self) -> Range<usize> {
        let start = self.at;
        self.skip(|byte| byte.is_ascii_hexdigit());
        start..self.at
    }
}
