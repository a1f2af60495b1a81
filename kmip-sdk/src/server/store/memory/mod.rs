//! Records in memory: they are gone when the store is.

mod indexes;
mod scans;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{Backend, Change, Clear, Commit, Form, Key, Kind, Record, StoreError, Totals};
use indexes::Indexes;
use scans::{Scan, Scans};

/// How many records are shown at a time: nobody waits longer than for so many.
const SCANNED: usize = 256;

/// Records in memory. A lock on them is held while they are looked up or put, and for nothing else.
#[derive(Default)]
pub struct Memory {
    state: RwLock<State>,
}

/// It shows no record: what tickets are called by is as good as they are.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    kinds: HashMap<Kind, Records>,
    /// The highest number so far, of records and of versions.
    last: u64,
    /// What is being shown of them.
    scans: Scans,
}

/// The records of one kind.
#[derive(Default)]
struct Records {
    by_identifier: HashMap<Vec<u8>, Kept>,
    indexes: Indexes,
    totals: Totals,
}

/// A record with what is to be known when it changes.
struct Kept {
    record: Record,
    size: u64,
}

impl Memory {
    /// No records yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a thread that died left is whole: nothing that can fail is done under the lock.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backend for Memory {
    fn form(&self) -> Form {
        Form::Live
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn waits(&self) -> bool {
        false
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        Ok(self.read().get(key).map(|kept| kept.record.clone()))
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        let state = self.read();
        let identifier = state.kinds.get(&kind).and_then(|records| records.indexes.named(name));
        Ok(identifier.map(|identifier| Key::new(kind, identifier)))
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let state = self.read();
        let Some(records) = state.kinds.get(&kind) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for number in records.indexes.with_any(terms, before).take(limit) {
            let identifier = records.indexes.identifier(number?);
            let kept = identifier.and_then(|identifier| records.by_identifier.get(identifier));
            found.extend(kept.map(|kept| kept.record.clone()));
        }
        Ok(found)
    }

    fn keys(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        let state = self.read();
        let Some(records) = state.kinds.get(&kind) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for number in records.indexes.with_any(terms, before).take(limit) {
            let number = number?;
            let identifier = records.indexes.identifier(number);
            found.extend(identifier.map(|identifier| (number, Key::new(kind, identifier))));
        }
        Ok(found)
    }

    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        Ok(self.read().kinds.get(&kind).map_or(0, |records| records.indexes.count(term)))
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        let state = self.read();
        let Some(records) = state.kinds.get(&kind) else { return Ok(Vec::new()) };
        let due = records.indexes.due(until).take(limit);
        Ok(due.map(|(time, identifier)| (time, Key::new(kind, identifier))).collect())
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        Ok(self.read().kinds.get(&kind).map(|records| records.totals).unwrap_or_default())
    }

    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let state = self.read();
        let mut page = Vec::new();
        for records in kinds.iter().filter_map(|kind| state.kinds.get(kind)) {
            let next = records.indexes.between(after, u64::MAX);
            let next = next.filter_map(|identifier| records.by_identifier.get(identifier));
            page.extend(next.take(limit).map(|kept| kept.record.clone()));
        }
        page.sort_unstable_by_key(|record| record.number);
        page.truncate(limit);
        Ok(page)
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let scan = ScanOf { memory: self, number: self.write().begin_scan(kinds) };
        loop {
            let page = self.write().go_on(scan.number);
            let is_last = page.len() < SCANNED;
            page.into_iter().try_for_each(&mut *visit)?;
            if is_last {
                return Ok(());
            }
        }
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let mut state = self.write();
        state.check(&commit)?;
        // A name may go from one record to another, so all are taken away before any is given.
        for change in &commit.changes {
            state.take_away(change);
        }
        for change in commit.changes {
            state.put(change);
        }
        Ok(())
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        let mut state = self.write();
        match what {
            Clear::Records => {
                let cleared = state.kinds.remove(&kind);
                let records = cleared.into_iter().flat_map(|records| records.by_identifier.into_values());
                state.scans.keep(records.map(|kept| kept.record));
            }
            Clear::Terms => {
                if let Some(records) = state.kinds.get_mut(&kind) {
                    records.indexes.clear_terms();
                }
            }
        }
        Ok(())
    }
}

/// A scan, until this is dropped.
struct ScanOf<'a> {
    memory: &'a Memory,
    number: u64,
}

impl Drop for ScanOf<'_> {
    fn drop(&mut self) {
        self.memory.write().scans.end(self.number);
    }
}

impl State {
    fn get(&self, key: &Key) -> Option<&Kept> {
        self.kinds.get(&key.kind)?.by_identifier.get(&key.identifier)
    }

    /// Refuses what cannot be done, before anything is changed.
    fn check(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut added = HashSet::new();
        let mut names = commit
            .changes
            .iter()
            .flat_map(|change| change.names.added.iter().map(move |name| (change.key.kind, name)));
        if !names.all(|name| added.insert(name)) {
            return Err(StoreError::Conflict);
        }
        for change in &commit.changes {
            if self.get(&change.key).map(|kept| kept.record.version) != change.expected {
                return Err(StoreError::Conflict);
            }
            self.check_names(commit, change)?;
        }
        for (key, version) in &commit.unchanged {
            if self.get(key).is_none_or(|kept| kept.record.version != *version) {
                return Err(StoreError::Conflict);
            }
        }
        for bound in &commit.bounds {
            let before = self.kinds.get(&bound.kind).map(|records| records.totals).unwrap_or_default();
            let changes = commit.changes.iter().filter(|change| change.key.kind == bound.kind);
            let after = changes.fold(before, |totals, change| {
                let old = self.get(&change.key).map(|kept| kept.size);
                totals.with(old, change.value.as_ref().map(|value| value.size))
            });
            after.check(before, bound)?;
        }
        Ok(())
    }

    fn check_names(&self, commit: &Commit, change: &Change) -> Result<(), StoreError> {
        let Some(records) = self.kinds.get(&change.key.kind) else { return Ok(()) };
        for name in &change.names.added {
            let Some(holder) = records.indexes.named(name) else { continue };
            let is_given_up = commit.changes.iter().any(|other| {
                other.key.kind == change.key.kind
                    && other.key.identifier == holder
                    && other.names.removed.contains(name)
            });
            if holder != change.key.identifier.as_slice() && !is_given_up {
                return Err(StoreError::Conflict);
            }
        }
        Ok(())
    }

    fn take_away(&mut self, change: &Change) {
        let Some(records) = self.kinds.get_mut(&change.key.kind) else { return };
        let Some(kept) = records.by_identifier.get(&change.key.identifier) else { return };
        let number = kept.record.number;
        for term in &change.terms.removed {
            records.indexes.remove_term(term, number);
        }
        for name in &change.names.removed {
            records.indexes.remove_name(name, &change.key.identifier);
        }
        if let Some(due) = kept.record.due {
            records.indexes.remove_due(due, number);
        }
    }

    fn put(&mut self, change: Change) {
        let Change { key, value, terms, names, .. } = change;
        let records = self.kinds.entry(key.kind).or_default();
        let old = records.by_identifier.get(&key.identifier);
        let number = old.map(|kept| kept.record.number);
        let size = value.as_ref().map(|value| value.size);
        records.totals = records.totals.with(old.map(|kept| kept.size), size);
        let Some(value) = value else {
            let removed = records.by_identifier.remove(&key.identifier);
            self.scans.keep(removed.map(|kept| kept.record));
            if let Some(number) = number {
                records.indexes.remove_number(number);
            }
            return;
        };
        self.last += 1;
        let (version, number) = (self.last, number.unwrap_or(self.last));
        records.indexes.add_number(number, &key.identifier);
        for term in terms.added {
            records.indexes.add_term(term, number);
        }
        for name in names.added {
            records.indexes.add_name(name, &key.identifier);
        }
        if let Some(due) = value.due {
            records.indexes.add_due(due, number);
        }
        let identifier = key.identifier.clone();
        let record = Record { key, number, version, due: value.due, body: value.body };
        let old = records.by_identifier.insert(identifier, Kept { record, size: value.size });
        self.scans.keep(old.map(|kept| kept.record));
    }

    /// Begins to show the records of some kinds, as they are now: the number of the scan.
    fn begin_scan(&mut self, kinds: &[Kind]) -> u64 {
        self.scans.begin(Scan::new(kinds, self.last))
    }

    /// What a scan shows next; where that is less than a page, it is the last.
    fn go_on(&mut self, number: u64) -> Vec<Record> {
        let Some(scan) = self.scans.get(number) else { return Vec::new() };
        let mut page = Vec::new();
        for records in scan.kinds().iter().filter_map(|kind| self.kinds.get(kind)) {
            let next = records.indexes.between(scan.shown(), scan.last(SCANNED));
            let next = next.filter_map(|identifier| records.by_identifier.get(identifier));
            let next = next.filter(|kept| scan.is_as_it_was(&kept.record));
            page.extend(next.take(SCANNED).map(|kept| kept.record.clone()));
        }
        scan.take(page, SCANNED)
    }
}

#[cfg(test)]
mod tests;
