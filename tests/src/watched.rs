//! A backend, in memory or another, that a test has a hand in.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kmip_sdk::server::store::{Backend, Clear, Commit, Form, Key, Kind, Memory, Record, StoreError, Totals};

/// What a backend is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// A record by its key.
    Get,
    /// A key by a name.
    Find,
    /// Records by terms.
    List,
    /// Keys by terms.
    Keys,
    /// How many records have a term.
    Count,
    /// What is due.
    Due,
    /// How many records there are.
    Totals,
    /// Records above a number.
    Page,
    /// All records.
    Scan,
    /// Changes, all or none.
    Commit,
    /// To forget a kind.
    Clear,
}

/// What a test does beside the calls of a backend.
pub trait Beside: Debug + Send + Sync + 'static {
    /// In which form it is to be given records, if not as the one below is.
    fn form(&self) -> Option<Form> {
        None
    }

    /// Whether it is to look as one that others change, if not as the one below does.
    fn is_shared(&self) -> Option<bool> {
        None
    }

    /// Before one, which an error takes the place of.
    ///
    /// # Errors
    /// What the call is to fail with.
    fn before(&self, _call: Call) -> Result<(), StoreError> {
        Ok(())
    }

    /// After one, which was about so many records.
    fn after(&self, _call: Call, _records: usize) {}
}

/// Counts what a backend was asked for and gave. A clone counts the same.
#[derive(Clone, Debug, Default)]
pub struct Counts(Arc<Mutex<BTreeMap<Call, (usize, usize)>>>);

impl Counts {
    /// How often it was asked for any of these since it began.
    pub fn calls(&self, of: &[Call]) -> usize {
        self.sum(of, |(calls, _)| *calls)
    }

    /// How many records these were about.
    pub fn records(&self, of: &[Call]) -> usize {
        self.sum(of, |(_, records)| *records)
    }

    /// Begins anew.
    pub fn begin(&self) {
        self.counts().clear();
    }

    fn sum(&self, of: &[Call], count: impl Fn(&(usize, usize)) -> usize) -> usize {
        let counts = self.counts();
        of.iter().filter_map(|call| counts.get(call)).map(count).sum()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<Call, (usize, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Beside for Counts {
    fn after(&self, call: Call, records: usize) {
        let mut counts = self.counts();
        let (calls, all) = counts.entry(call).or_default();
        (*calls, *all) = (*calls + 1, *all + records);
    }
}

/// Records, and what is done beside.
#[derive(Debug)]
pub struct Watched<B> {
    below: Arc<dyn Backend>,
    beside: B,
}

impl<B: Beside> Watched<B> {
    /// No records yet, in memory.
    pub fn new(beside: B) -> Self {
        Self::over(Arc::new(Memory::new()) as Arc<dyn Backend>, beside)
    }

    /// The records of another backend.
    pub fn over(below: impl Into<Arc<dyn Backend>>, beside: B) -> Self {
        Self { below: below.into(), beside }
    }

    fn call<T>(
        &self,
        call: Call,
        result: impl FnOnce(&dyn Backend) -> Result<T, StoreError>,
        records: impl FnOnce(&T) -> usize,
    ) -> Result<T, StoreError> {
        self.beside.before(call)?;
        let result = result(&*self.below)?;
        self.beside.after(call, records(&result));
        Ok(result)
    }
}

impl<B: Beside> Backend for Watched<B> {
    fn form(&self) -> Form {
        self.beside.form().unwrap_or_else(|| self.below.form())
    }

    fn is_shared(&self) -> bool {
        self.beside.is_shared().unwrap_or_else(|| self.below.is_shared())
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.call(Call::Get, |below| below.get(key), |_| 1)
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        self.call(Call::Find, |below| below.find(kind, name), |_| 1)
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.call(Call::List, |below| below.list(kind, terms, before, limit), Vec::len)
    }

    fn keys(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        self.call(Call::Keys, |below| below.keys(kind, terms, before, limit), Vec::len)
    }

    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        self.call(Call::Count, |memory| memory.count(kind, term), |_| 0)
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        self.call(Call::Due, |below| below.due(kind, until, limit), Vec::len)
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        self.call(Call::Totals, |below| below.totals(kind), |_| 1)
    }

    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.call(Call::Page, |below| below.page(kinds, after, limit), Vec::len)
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.call(Call::Scan, |below| below.scan(kinds, visit), |()| 0)
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let changes = commit.changes.len();
        self.call(Call::Commit, |below| below.commit(commit), |()| changes)
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        self.call(Call::Clear, |below| below.clear(kind, what), |()| 0)
    }
}
