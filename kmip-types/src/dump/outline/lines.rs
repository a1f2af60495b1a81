//! The lines of what an outline shows.

use core::fmt;
use core::mem;

use crate::wipe::{self, Output};

/// What an [`Outline`](super::Outline) shows: lines of text, each of which is of an offset. It may hold secrets, if they
/// are to be revealed, and is wiped on drop.
pub struct OutlineText {
    text: String,
    /// Where each line starts in the text, and the offset in the bytes that it is of.
    lines: Vec<(usize, usize)>,
}

/// Writes lines.
#[derive(Default)]
pub(super) struct Builder {
    out: Output,
    length: usize,
    lines: Vec<(usize, usize)>,
}

impl OutlineText {
    pub(super) fn builder() -> Builder {
        Builder::default()
    }

    /// All lines, with a line break after each but the last.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The lines.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let ends = self.lines.iter().skip(1).map(|(start, _)| start - 1).chain([self.text.len()]);
        let starts = self.lines.iter().map(|(start, _)| *start);
        starts.zip(ends).map(|(start, end)| self.text.get(start..end).unwrap_or_default())
    }

    /// The offset in bytes that each line is of.
    pub fn offsets(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().map(|(_, offset)| *offset)
    }

    /// The index of the line that shows the byte at an offset, or the item that it is in; without any line, `None`. An
    /// error of reading has such an offset.
    pub fn line_of(&self, offset: usize) -> Option<usize> {
        let behind = self.lines.partition_point(|(_, first)| *first <= offset);
        let (_, first) = self.lines.get(behind.checked_sub(1)?)?;
        // Problems come behind the line of their item.
        Some(self.lines.partition_point(|(_, other)| other < first))
    }
}

impl Builder {
    /// Starts a line of the byte at an offset, which is not before that of the line before.
    pub(super) fn line(&mut self, offset: usize) -> &mut Self {
        if !self.lines.is_empty() {
            self.push_str("\n");
        }
        self.lines.push((self.length, offset));
        self
    }

    fn push_str(&mut self, text: &str) {
        self.out.push_str(text);
        self.length += text.len();
    }

    pub(super) fn finish(self) -> OutlineText {
        OutlineText { text: self.out.into_text(), lines: self.lines }
    }
}

impl fmt::Write for Builder {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

impl fmt::Display for OutlineText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How many lines there are: they may hold secrets.
impl fmt::Debug for OutlineText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutlineText({} lines)", self.lines.len())
    }
}

impl Drop for OutlineText {
    fn drop(&mut self) {
        wipe::text(&mut mem::take(&mut self.text));
    }
}
