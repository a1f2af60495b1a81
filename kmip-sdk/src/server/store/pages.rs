//! Objects that are found, the newest first, a page at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use super::transaction::Changed;
use super::{Found, PAGE, Search, StoreError, StoredObject, Transaction};

/// Objects among which those are that are looked for. No lock is held between two of them.
pub(crate) struct Pages {
    streams: Vec<Stream>,
    /// What the transaction itself has made or changed, which the backend does not know.
    own: VecDeque<Changed>,
    /// The number of the last one.
    last: Option<u64>,
    /// How many records the backend has given.
    pub(crate) read: usize,
}

/// The objects with one term.
struct Stream {
    term: Vec<u8>,
    page: VecDeque<Found<StoredObject>>,
    before: Option<u64>,
    is_over: bool,
}

impl Pages {
    pub(crate) fn new(search: Search, transaction: &mut Transaction<'_>) -> Result<Self, StoreError> {
        let mut pages = Self { streams: Vec::new(), own: VecDeque::new(), last: None, read: 0 };
        match search {
            Search::Identifier(identifier) => {
                pages.own.extend(transaction.value(identifier.as_bytes())?.map(|object| (None, object)));
            }
            Search::Terms { terms, .. } => {
                pages.own = transaction.changed_objects()?.into();
                let stream = |term| Stream { term, page: VecDeque::new(), before: None, is_over: false };
                pages.streams = terms.into_iter().map(stream).collect();
            }
        }
        Ok(pages)
    }

    /// The next object, which need not be one that is looked for.
    pub(crate) fn next(
        &mut self,
        transaction: &Transaction<'_>,
    ) -> Result<Option<Arc<StoredObject>>, StoreError> {
        loop {
            for stream in &mut self.streams {
                self.read += stream.fill(transaction)?;
            }
            let own = self.own.front().map(|(number, _)| number.unwrap_or(u64::MAX));
            let newest = self.streams.iter_mut().max_by_key(|stream| stream.number());
            let stream = newest.filter(|stream| stream.number() > own);
            let Some(stream) = stream else {
                return Ok(self.own.pop_front().map(|(_, object)| object));
            };
            let Some(found) = stream.page.pop_front() else { return Ok(None) };
            // One object may have several of the terms.
            if self.last.replace(found.number) == Some(found.number) {
                continue;
            }
            if let Some(object) = transaction.seen(found)? {
                return Ok(Some(object));
            }
        }
    }

    /// Whether what follows is there already, or nothing follows.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.streams.iter().all(|stream| stream.is_over || !stream.page.is_empty())
    }
}

impl Stream {
    fn number(&self) -> Option<u64> {
        self.page.front().map(|found| found.number)
    }

    fn fill(&mut self, transaction: &Transaction<'_>) -> Result<usize, StoreError> {
        if self.is_over || !self.page.is_empty() {
            return Ok(0);
        }
        self.page = transaction.store.list(self.term.clone(), self.before, PAGE)?.into();
        self.is_over = self.page.len() < PAGE;
        self.before = self.page.back().map(|found| found.number).or(self.before);
        Ok(self.page.len())
    }
}
