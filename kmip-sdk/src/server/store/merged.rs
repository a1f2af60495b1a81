//! Numbers of several sequences as one.

use std::iter::Peekable;

use super::StoreError;

/// The numbers of several sequences, in each of which the highest comes first, in that order, each once.
pub(super) struct Merged<I: Iterator> {
    sequences: Vec<Peekable<I>>,
}

impl<I: Iterator<Item = Result<u64, StoreError>>> Merged<I> {
    pub(super) fn new(sequences: impl IntoIterator<Item = I>) -> Self {
        let mut sequences: Vec<Peekable<I>> = sequences.into_iter().map(Iterator::peekable).collect();
        // Most terms are nobody's.
        sequences.retain_mut(|sequence| sequence.peek().is_some());
        Self { sequences }
    }
}

impl<I: Iterator<Item = Result<u64, StoreError>>> Iterator for Merged<I> {
    type Item = Result<u64, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut highest = None;
        for sequence in &mut self.sequences {
            match sequence.peek() {
                Some(Ok(number)) => highest = highest.max(Some(*number)),
                Some(Err(_)) => return sequence.next(),
                None => {}
            }
        }
        let is_highest = |next: &Self::Item| next.as_ref().ok() == highest.as_ref();
        for sequence in &mut self.sequences {
            sequence.next_if(is_highest);
        }
        highest.map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(sequences: &[&[u64]]) -> Vec<u64> {
        let sequences = sequences.iter().map(|numbers| numbers.iter().map(|number| Ok(*number)));
        Merged::new(sequences).map(Result::unwrap).collect()
    }

    #[test]
    fn gives_each_number_once_in_order() {
        assert!(merged(&[]).is_empty());
        assert_eq!(merged(&[&[], &[3, 1], &[]]), [3, 1]);
        assert_eq!(merged(&[&[9, 5, 1], &[8, 5, 2], &[5]]), [9, 8, 5, 2, 1]);
    }

    #[test]
    fn says_what_goes_wrong() {
        let wrong = [Ok(3), Err(StoreError::Conflict)];
        let mut merged = Merged::new([wrong.into_iter()]);
        assert!(matches!(merged.next(), Some(Ok(3))));
        assert!(matches!(merged.next(), Some(Err(StoreError::Conflict))));
        assert!(merged.next().is_none());
    }
}
