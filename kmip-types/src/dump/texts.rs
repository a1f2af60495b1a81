//! What is found in a text in JSON or XML.

use core::ops::Range;

use crate::dump::part::{DumpMessage, Part, SkippedKind};
use crate::primitive::SecretBytes;
use crate::text::{TextDeviation, TextError};

/// How many faults are told of one by one.
const MOST_FAULTS: usize = 1000;

/// TTLV that a text says, with what was tolerated.
pub(super) type ReadText = (Vec<u8>, Vec<TextDeviation>);

/// The parts of a text, without their lines and columns.
pub(super) struct Texts {
    pub(super) parts: Vec<Part>,
    /// How many items are read at most.
    pub(super) most: usize,
    pub(super) faults: usize,
}

impl Texts {
    /// Takes an item, or why there is none; says whether more can be taken.
    pub(super) fn give(&mut self, range: Range<usize>, ttlv: Result<ReadText, TextError>) -> bool {
        match ttlv {
            Ok((ttlv, deviations)) => self.parts.push(Part::Message(DumpMessage {
                bytes: SecretBytes::from(ttlv),
                line: 0,
                column: 0,
                range: range.clone(),
                offset: None,
                missing: 0,
                deviations,
            })),
            Err(error) => self.skip(range.clone(), SkippedKind::Text(error)),
        }
        let limit = if self.faults >= MOST_FAULTS { MOST_FAULTS } else { self.most };
        let has_room = self.faults < MOST_FAULTS && self.parts.len() < self.most;
        if !has_room {
            self.skip(range.end..range.end, SkippedKind::TooMany { limit });
        }
        has_room
    }

    /// Takes a part that is no item.
    pub(super) fn skip(&mut self, range: Range<usize>, kind: SkippedKind) {
        self.faults += 1;
        self.parts.push(Part::skipped(range, kind));
    }
}
