//! Objects that are found, the newest first, a page at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use super::transaction::Changed;
use super::{Found, PAGE, Search, StoreError, StoredObject, Transaction};

/// Objects among which those are that are looked for. No lock is held between two of them.
pub(crate) struct Pages {
    /// What they are found by, as the backend sees it.
    terms: Vec<Vec<u8>>,
    page: VecDeque<Found<StoredObject>>,
    before: Option<u64>,
    is_over: bool,
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
        Ok(Self { terms, page: VecDeque::new(), before: None, is_over, own, read: 0 })
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

    /// Whether what follows is there already, or nothing follows.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.is_over || !self.page.is_empty()
    }

    fn fill(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        if self.is_over || !self.page.is_empty() {
            return Ok(());
        }
        self.page = transaction.store.list(&self.terms, self.before, PAGE)?.into();
        self.is_over = self.page.len() < PAGE;
        self.before = self.page.back().map(|found| found.number).or(self.before);
        self.read += self.page.len();
        Ok(())
    }
}
