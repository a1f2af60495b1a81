//! Whether there is any record of a kind, so that a request need not ask the backend for one.

use std::sync::atomic::{AtomicU8, Ordering};

const UNKNOWN: u8 = 0;
const NONE: u8 = 1;
const SOME: u8 = 2;

/// Whether there is any record of a kind, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Presence(AtomicU8);

impl Presence {
    /// Whether there is none for certain.
    pub(super) fn is_none(&self) -> bool {
        self.0.load(Ordering::SeqCst) == NONE
    }

    /// Whether nobody has counted yet, or made one.
    pub(super) fn is_unknown(&self) -> bool {
        self.0.load(Ordering::SeqCst) == UNKNOWN
    }

    /// Takes note of how many there were. Who makes one meanwhile is not forgotten.
    pub(super) fn counted(&self, records: u64) {
        let known = if records == 0 { NONE } else { SOME };
        // It was known to somebody else already.
        let _ = self.0.compare_exchange(UNKNOWN, known, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Takes note that one is about to be made.
    pub(super) fn made(&self) {
        self.0.store(SOME, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_while_it_is_counted_is_there() {
        let presence = Presence::default();
        assert!(presence.is_unknown() && !presence.is_none());
        presence.made();
        presence.counted(0);
        assert!(!presence.is_unknown() && !presence.is_none());
        let presence = Presence::default();
        presence.counted(0);
        assert!(presence.is_none());
        presence.made();
        assert!(!presence.is_none());
    }
}
