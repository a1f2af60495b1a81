//! What can be wrong with an item.

use crate::dump::part::count;
use crate::error::DecodeErrorKind;

/// What is wrong with an item of an outline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OutlineProblem {
    /// A header is cut.
    #[error("a header takes 8 bytes, {available} are there")]
    CutHeader {
        /// How many bytes are there.
        available: usize,
    },
    /// Bytes do not start an item.
    #[error("no item: its tag, type or length is impossible")]
    NotAnItem,
    /// The bytes end before the value does, or before its padding.
    #[error("a value of {} is declared, {available} are there: {} missing", count(*declared), count(*missing))]
    Cut {
        /// The length that the header declares.
        declared: usize,
        /// How many bytes of the value are there.
        available: usize,
        /// How many bytes are missing, padding included.
        missing: usize,
    },
    /// The structure around it ends before the value does, or before its padding.
    #[error("a value of {} is declared, but the structure around it has {available} left", count(*declared))]
    BeyondStructure {
        /// The length that the header declares.
        declared: usize,
        /// How many bytes the structure has.
        available: usize,
    },
    /// What reading says of such an item, or that a limit is reached, behind which nothing is read.
    #[error(transparent)]
    Item(DecodeErrorKind),
    /// What was [noted](super::Outline::note) of it.
    #[error("{0}")]
    Noted(String),
}

impl OutlineProblem {
    /// Whether it keeps the value from being read.
    pub(super) fn is_of_value(&self) -> bool {
        !matches!(self, Self::Item(DecodeErrorKind::NonZeroPadding) | Self::Noted(_))
    }

    /// Whether a limit is reached.
    pub(super) fn is_of_limits(&self) -> bool {
        matches!(self, Self::Item(DecodeErrorKind::DepthLimit { .. } | DecodeErrorKind::ItemLimit { .. }))
    }
}
