//! The bytes that a text says, and where in the text each of them is.

use core::ops::Range;

use crate::dump::SkippedKind;
use crate::wipe;

/// How many places that cannot be read are told of one by one.
const MOST_FAULTS: usize = 1000;

/// The bytes that an input says.
#[derive(Default)]
pub(super) struct Raw {
    /// Wiped on drop.
    bytes: Vec<u8>,
    /// Where in the input each byte is. Empty where the input is the bytes.
    origins: Vec<u32>,
    /// Where what follows may not belong to what is before: in the order of their places.
    breaks: Vec<Break>,
    /// What of the input could not be read.
    pub(super) faults: Vec<(Range<usize>, SkippedKind)>,
    /// The length of the input.
    input: usize,
}

/// A place between two bytes.
#[derive(Clone, Copy)]
pub(super) struct Break {
    /// The offset of the byte behind it.
    pub(super) at: usize,
    /// Whether it is known that something is missing. If not, a message may go on behind it.
    pub(super) is_gap: bool,
}

impl Raw {
    /// The bytes of a text of this length, of which none is read yet.
    pub(super) fn of_text(length: usize) -> Self {
        let mut raw = Self::default();
        raw.input = length;
        raw
    }

    /// The input itself.
    pub(super) fn of_binary(input: &[u8]) -> Self {
        let mut raw = Self::of_text(input.len());
        raw.bytes = input.to_vec();
        raw
    }

    /// Appends a byte that is at this place of the input, which is less than 4 GiB long.
    pub(super) fn push(&mut self, byte: u8, origin: usize) {
        if self.bytes.len() == self.bytes.capacity() {
            wipe::grow(&mut self.bytes, 1);
        }
        self.bytes.push(byte);
        self.origins.push(u32::try_from(origin).unwrap_or(u32::MAX));
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn breaks(&self) -> &[Break] {
        &self.breaks
    }

    /// Where in the input a byte is; behind the last, its end.
    pub(super) fn origin(&self, at: usize) -> usize {
        if self.origins.is_empty() {
            return at.min(self.input);
        }
        self.origins.get(at).map_or(self.input, |origin| *origin as usize)
    }

    /// Where in the input bytes are, up to what follows them.
    pub(super) fn range(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.origin(bytes.start);
        start..self.origin(bytes.end).max(start)
    }

    /// Notes that what follows may be something else.
    pub(super) fn part(&mut self) {
        self.break_here(false);
    }

    /// Notes that something is missing here.
    pub(super) fn gap(&mut self) {
        self.break_here(true);
    }

    fn break_here(&mut self, is_gap: bool) {
        let at = self.bytes.len();
        match self.breaks.last_mut() {
            Some(last) if last.at == at => last.is_gap |= is_gap,
            _ if at == 0 => {}
            _ => self.breaks.push(Break { at, is_gap }),
        }
    }

    /// Notes what cannot be read. Texts that follow one another are one, and of very many the last stands for all.
    pub(super) fn fault(&mut self, range: Range<usize>, kind: SkippedKind) {
        let count = self.faults.len();
        match self.faults.last_mut() {
            Some((last, SkippedKind::NotRead)) if kind == SkippedKind::NotRead && last.end == range.start => {
                last.end = range.end;
            }
            Some((last, kind)) if count > MOST_FAULTS => {
                last.end = last.end.max(range.end);
                *kind = SkippedKind::TooMany { limit: MOST_FAULTS };
            }
            _ => self.faults.push((range, kind)),
        }
    }

    /// The parts between the breaks.
    pub(super) fn parts(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = core::iter::once(0).chain(self.breaks.iter().map(|one| one.at));
        let ends = self.breaks.iter().map(|one| one.at).chain([self.bytes.len()]);
        starts.zip(ends).map(|(start, end)| start..end)
    }

    /// Appends a part of other bytes of the same input.
    pub(super) fn append(&mut self, other: &Self, bytes: Range<usize>) {
        for at in bytes {
            if let Some(byte) = other.bytes.get(at) {
                self.push(*byte, other.origin(at));
            }
        }
    }

    /// Changes places of the two bytes of each word of a part.
    pub(super) fn swap_words(&mut self) {
        for word in self.bytes.chunks_exact_mut(2) {
            word.swap(0, 1);
        }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        wipe::bytes(&mut self.bytes);
    }
}
