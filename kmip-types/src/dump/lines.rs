//! Lines and columns of places in an input.

/// Finds lines and columns. Places that come in their order take one pass over the input, whatever their number.
pub(super) struct Lines<'a> {
    input: &'a [u8],
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { input, offset: 0, line: 1, column: 1 }
    }

    /// Line and column of an offset, which is not before the one that was asked for last. Bytes that continue a character
    /// of UTF-8 do not count.
    pub(super) fn at(&mut self, offset: usize) -> (usize, usize) {
        let end = offset.min(self.input.len());
        for byte in self.input.get(self.offset..end).unwrap_or_default() {
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                0x80..=0xBF => {}
                _ => self.column += 1,
            }
        }
        self.offset = self.offset.max(end);
        (self.line, self.column)
    }
}

/// The lines of a text with their offsets, without what ends them.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    text.split(|byte| *byte == b'\n').map(move |line| {
        let at = start;
        start += line.len() + 1;
        (at, line.strip_suffix(b"\r").unwrap_or(line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let mut lines = Lines::new("aé\nü b".as_bytes());
        assert_eq!(
            [0, 3, 4, 6, 7, 99].map(|offset| lines.at(offset)),
            [(1, 1), (1, 3), (2, 1), (2, 2), (2, 3), (2, 4)]
        );
    }
}
