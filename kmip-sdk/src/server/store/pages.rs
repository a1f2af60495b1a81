//! Objects that are found, the newest first, a page at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use super::transaction::Changed;
use super::{Found, Key, Kind, PAGE, Search, StoreError, StoredObject, Transaction, corrupt};

/// How many are asked for at a time at most.
const MOST: usize = 256;

/// How many bytes those are that are asked for at a time, about, where no more of them are.
const LARGE: usize = 512 << 10;

/// An object that is found.
pub(crate) enum Seen {
    /// One that is to be looked at.
    Object(Arc<StoredObject>),
    /// The identifier of one that is surely looked for.
    Surely(String),
}

/// What a page has of an object.
enum Entry {
    Object(Found<StoredObject>),
    Key(u64, Key),
}

impl Entry {
    fn number(&self) -> u64 {
        match self {
            Self::Object(found) => found.number,
            Self::Key(number, _) => *number,
        }
    }
}

/// Objects among which those are that are looked for. No lock is held between two of them.
pub(crate) struct Pages {
    /// What they are found by, as the backend sees it.
    terms: Vec<Vec<u8>>,
    /// Whether all with one of the terms are looked for, so that they need not be read.
    is_exact: bool,
    page: VecDeque<Entry>,
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
    /// What a search finds. `sees_all`: whether whoever looks may see all that it finds.
    pub(crate) fn new(
        search: Search,
        transaction: &mut Transaction<'_>,
        sees_all: bool,
    ) -> Result<Self, StoreError> {
        let (own, terms, is_exact) = match search {
            Search::Identifier(identifier) => {
                let object = transaction.value(identifier.as_bytes())?;
                (object.map(|object| (None, object)).into_iter().collect(), Vec::new(), false)
            }
            Search::Terms { terms, is_exact, .. } => {
                let terms = terms.into_iter().map(|term| transaction.store.term(term)).collect();
                (transaction.changed_objects()?.into(), terms, is_exact && sees_all)
            }
        };
        let is_over = terms.is_empty();
        let (page, has_found) = (VecDeque::new(), false);
        Ok(Self {
            terms,
            is_exact,
            page,
            before: None,
            is_over,
            limit: PAGE,
            bytes: 0,
            has_found,
            own,
            read: 0,
        })
    }

    /// The next object.
    pub(crate) fn next(&mut self, transaction: &Transaction<'_>) -> Result<Option<Seen>, StoreError> {
        loop {
            self.fill(transaction)?;
            let own = self.own.front().map(|(number, _)| number.unwrap_or(u64::MAX));
            let newest = self.page.front().map(Entry::number);
            let entry = if newest > own { self.page.pop_front() } else { None };
            let seen = match entry {
                None => return Ok(self.own.pop_front().map(|(_, object)| Seen::Object(object))),
                Some(Entry::Object(found)) => transaction.seen(found)?.map(Seen::Object),
                Some(Entry::Key(_, key)) => match transaction.known(key.clone()) {
                    Some(known) => known?.map(Seen::Object),
                    None => Some(Seen::Surely(identifier(key)?)),
                },
            };
            if seen.is_some() {
                return Ok(seen);
            }
        }
    }

    /// The next object that is to be looked at.
    #[cfg(any(test, feature = "inspect"))]
    pub(crate) fn next_object(
        &mut self,
        transaction: &Transaction<'_>,
    ) -> Result<Option<Arc<StoredObject>>, StoreError> {
        while let Some(seen) = self.next(transaction)? {
            if let Seen::Object(object) = seen {
                return Ok(Some(object));
            }
        }
        Ok(None)
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
        // Where nothing is found, or nothing is read, more are asked for at a time, unless they are large.
        let grows = self.before.is_some()
            && (self.is_exact || !std::mem::take(&mut self.has_found))
            && self.bytes <= LARGE;
        self.limit = if grows { (self.limit * 2).min(MOST) } else { PAGE };
        if self.is_exact {
            let keys =
                transaction.store.backend().keys(Kind::OBJECT, &self.terms, self.before, self.limit)?;
            self.page = keys.into_iter().map(|(number, key)| Entry::Key(number, key)).collect();
        } else {
            let (page, bytes) = transaction.store.sized_list(&self.terms, self.before, self.limit)?;
            (self.page, self.bytes) = (page.into_iter().map(Entry::Object).collect(), bytes);
        }
        self.is_over = self.page.len() < self.limit;
        self.before = self.page.back().map(Entry::number).or(self.before);
        self.read += self.page.len();
        Ok(())
    }
}

/// The Unique Identifier of an object with a key.
fn identifier(key: Key) -> Result<String, StoreError> {
    String::from_utf8(key.identifier).map_err(|_| corrupt("a Unique Identifier is no UTF-8"))
}
