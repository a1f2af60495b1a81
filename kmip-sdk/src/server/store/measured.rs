//! A backend whose calls are timed.

use std::time::Instant;

use super::{Backend, Clear, Commit, Form, Key, Kind, Record, StoreError, Totals};
use crate::server::metrics;

/// A backend, of which the metrics say how long its calls take.
#[derive(Debug)]
pub(super) struct Measured(pub(super) Box<dyn Backend>);

impl Measured {
    fn timed<T>(&self, operation: &'static str, call: impl FnOnce(&dyn Backend) -> T) -> T {
        let start = Instant::now();
        let result = call(&*self.0);
        metrics::asked_store(operation, start.elapsed());
        result
    }
}

impl Backend for Measured {
    fn form(&self) -> Form {
        self.0.form()
    }

    fn is_shared(&self) -> bool {
        self.0.is_shared()
    }

    fn waits(&self) -> bool {
        self.0.waits()
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.timed("get", |backend| backend.get(key))
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        self.timed("find", |backend| backend.find(kind, name))
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.timed("list", |backend| backend.list(kind, terms, before, limit))
    }

    fn keys(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        self.timed("keys", |backend| backend.keys(kind, terms, before, limit))
    }

    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        self.timed("count", |backend| backend.count(kind, term))
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        self.timed("due", |backend| backend.due(kind, until, limit))
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        self.timed("totals", |backend| backend.totals(kind))
    }

    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.timed("page", |backend| backend.page(kinds, after, limit))
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.timed("scan", |backend| backend.scan(kinds, visit))
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.timed("commit", |backend| backend.commit(commit))
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        self.timed("clear", |backend| backend.clear(kind, what))
    }
}
