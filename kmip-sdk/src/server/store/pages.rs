//! Objects that are found, the newest first, a page at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use super::transaction::Changed;
use super::{Found, PAGE, Search, StoreError, StoredObject, Transaction};

/// How many are asked for at a time at most.
const MOST: usize = 256;

/// How many bytes those are that are asked for at a time, about, where no more of them are.
const LARGE: usize = 512 << 10;

/// Objects among which those are that are looked for. No lock is held between two of them.
pub(crate) struct Pages {
    /// What they are found by, as the backend sees it.
    terms: Vec<Vec<u8>>,
    page: VecDeque<Found<StoredObject>>,
    before: Option<u64>,
    is_over: bool,
    /// How many were asked for last, how many bytes they are, and whether one of them is one that is looked for.
    limit: usize,
    bytes: usize,
    has_found: bool,
    /// What the transaction itself has made or changed, which the backend does not know.
    own: VecDeque<Changed>,
    /// How many records the backend has given.
    pub(crate) read: usize,
}

impl Pages {
    pub(crate) fn new(search: Search, transaction: &mut Transaction<'_>) -> Result<Self, StoreError> {
        let (own, terms) = match search {
            Search::Identifier(identifier) => {
                let object = transaction.value(identifier.as_bytes())?;
                (object.map(|object| (None, object)).into_iter().collect(), Vec::new())
            }
            Search::Terms { terms, .. } => {
                let terms = terms.into_iter().map(|term| transaction.store.term(term)).collect();
                (transaction.changed_objects()?.into(), terms)
            }
        };
        let is_over = terms.is_empty();
        let (page, has_found) = (VecDeque::new(), false);
        Ok(Self { terms, page, before: None, is_over, limit: PAGE, bytes: 0, has_found, own, read: 0 })
    }

    /// The next object, which need not be one that is looked for.
    pub(crate) fn next(
        &mut self,
        transaction: &Transaction<'_>,
    ) -> Result<Option<Arc<StoredObject>>, StoreError> {
        loop {
            self.fill(transaction)?;
            let own = self.own.front().map(|(number, _)| number.unwrap_or(u64::MAX));
            let newest = self.page.front().map(|found| found.number);
            let found = if newest > own { self.page.pop_front() } else { None };
            let Some(found) = found else {
                return Ok(self.own.pop_front().map(|(_, object)| object));
            };
            if let Some(object) = transaction.seen(found)? {
                return Ok(Some(object));
            }
        }
    }

    /// Takes note that the last one is one that is looked for.
    pub(crate) fn found(&mut self) {
        self.has_found = true;
    }

    /// Whether what follows is there already, or nothing follows.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.is_over || !self.page.is_empty()
    }

    fn fill(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        if self.is_over || !self.page.is_empty() {
            return Ok(());
        }
        // Where nothing is found, more are asked for at a time, unless they are large.
        let grows = self.before.is_some() && !std::mem::take(&mut self.has_found) && self.bytes <= LARGE;
        self.limit = if grows { (self.limit * 2).min(MOST) } else { PAGE };
        let (page, bytes) = transaction.store.sized_list(&self.terms, self.before, self.limit)?;
        (self.page, self.bytes) = (page.into(), bytes);
        self.is_over = self.page.len() < self.limit;
        self.before = self.page.back().map(|found| found.number).or(self.before);
        self.read += self.page.len();
        Ok(())
    }
}
