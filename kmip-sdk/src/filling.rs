//! A buffer for what is to come, which grows as it comes.

use zeroize::Zeroizing;

/// How large the buffer is at first, in bytes.
const CHUNK: usize = 64 << 10;

/// A buffer that takes a number of bytes and no more.
///
/// It grows with what was put into it: a length that is declared and not sent costs no memory. It is zeroized when it
/// is dropped, and so is each one that it outgrew.
pub(crate) struct Filling {
    bytes: Zeroizing<Vec<u8>>,
    filled: usize,
    size: usize,
}

impl Filling {
    /// A buffer that is full with `size` bytes.
    pub(crate) fn new(size: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(size.min(CHUNK))), filled: 0, size }
    }

    /// How many bytes were put in.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.filled
    }

    pub(crate) fn is_full(&self) -> bool {
        self.filled >= self.size
    }

    /// Where the next bytes go; [`advance`](Self::advance) says how many did. It is empty when the buffer is full.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.filled == self.bytes.len() {
            if self.filled == self.bytes.capacity() && !self.is_full() {
                self.bytes = grown(&self.bytes, self.size);
            }
            // Within the capacity, so that nothing is moved and left behind.
            let room = self.bytes.capacity().min(self.size);
            self.bytes.resize(room, 0);
        }
        &mut self.bytes[self.filled..]
    }

    /// Says how many bytes were put into the room.
    pub(crate) fn advance(&mut self, bytes: usize) {
        self.filled = self.filled.saturating_add(bytes).min(self.bytes.len());
    }

    /// Puts in as many of the bytes as there is room for, and says how many.
    pub(crate) fn take(&mut self, mut from: &[u8]) -> usize {
        let before = self.filled;
        while !from.is_empty() && !self.is_full() {
            let room = self.room();
            let taken = room.len().min(from.len());
            room[..taken].copy_from_slice(&from[..taken]);
            self.advance(taken);
            from = &from[taken..];
        }
        self.filled - before
    }

    /// What was put in.
    pub(crate) fn into_bytes(mut self) -> Zeroizing<Vec<u8>> {
        self.bytes.truncate(self.filled);
        self.bytes
    }
}

/// A buffer with twice the capacity, and what the full one holds, which is zeroized when it is dropped.
fn grown(full: &[u8], size: usize) -> Zeroizing<Vec<u8>> {
    let capacity = full.len().saturating_mul(2).max(CHUNK).min(size);
    let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
    larger.extend_from_slice(full);
    larger
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_fits_and_no_more() {
        for size in [0, 1, CHUNK - 1, CHUNK, 3 * CHUNK + 5] {
            let all: Vec<u8> = (0..size + 7).map(|number| number as u8).collect();
            let mut filling = Filling::new(size);
            assert_eq!(filling.take(&all), size);
            assert!(filling.is_full() && filling.room().is_empty());
            assert_eq!(filling.into_bytes().as_slice(), &all[..size]);
        }
    }

    #[test]
    fn grows_with_what_comes() {
        let mut filling = Filling::new(usize::MAX);
        assert_eq!(filling.room().len(), CHUNK);
        filling.advance(3);
        assert_eq!((filling.len(), filling.is_full()), (3, false));
        assert_eq!(filling.into_bytes().len(), 3);
    }
}
