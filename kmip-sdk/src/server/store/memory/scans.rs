//! What is shown of all records, as they were at one moment, while others change them.
//!
//! A scan goes through the records a page at a time, and holds no lock between two pages. What is changed or forgotten that it
//! has yet to show is kept for it as it was. So it costs the memory of what others change meanwhile, and nobody waits for it.

use std::collections::{BTreeMap, HashMap};

use crate::server::store::{Kind, Record};

/// The scans that are under way.
#[derive(Default)]
pub(super) struct Scans {
    by_number: HashMap<u64, Scan>,
    last: u64,
}

/// A scan.
pub(super) struct Scan {
    kinds: Vec<Kind>,
    /// The highest number when it began, of records and of versions.
    last: u64,
    /// The highest number of what it has shown.
    shown: u64,
    /// What has been changed since and is to be shown, as it was, by its number.
    changed: BTreeMap<u64, Record>,
}

impl Scans {
    /// Begins one: its number.
    pub(super) fn begin(&mut self, scan: Scan) -> u64 {
        self.last += 1;
        self.by_number.insert(self.last, scan);
        self.last
    }

    pub(super) fn get(&mut self, number: u64) -> Option<&mut Scan> {
        self.by_number.get_mut(&number)
    }

    pub(super) fn end(&mut self, number: u64) {
        self.by_number.remove(&number);
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.by_number.is_empty()
    }

    /// Keeps records that are no longer as they were for those scans that have yet to show them.
    pub(super) fn keep(&mut self, records: impl IntoIterator<Item = Record>) {
        if self.by_number.is_empty() {
            return;
        }
        for record in records {
            for scan in self.by_number.values_mut() {
                let is_shown = record.number <= scan.shown || !scan.kinds.contains(&record.key.kind);
                if !is_shown && scan.is_as_it_was(&record) {
                    scan.changed.insert(record.number, record.clone());
                }
            }
        }
    }
}

impl Scan {
    /// One of all that there is of some kinds, where this is the highest number.
    pub(super) fn new(kinds: &[Kind], last: u64) -> Self {
        Self { kinds: kinds.to_vec(), last, shown: 0, changed: BTreeMap::new() }
    }

    pub(super) fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The highest number that may be in the next page, of so many: there are as many of those that were changed, or it is the
    /// last. What is as it was is not looked for beyond it.
    pub(super) fn last(&self, most: usize) -> u64 {
        self.changed.keys().nth(most.saturating_sub(1)).copied().unwrap_or(self.last)
    }

    pub(super) fn shown(&self) -> u64 {
        self.shown
    }

    /// Whether a record is as it was when the scan began.
    pub(super) fn is_as_it_was(&self, record: &Record) -> bool {
        record.version <= self.last
    }

    /// The next records that it shows, so many at most, of those that are as they were and of those that were changed.
    pub(super) fn take(&mut self, unchanged: Vec<Record>, most: usize) -> Vec<Record> {
        let mut page = unchanged;
        page.extend(self.changed.values().take(most).cloned());
        page.sort_unstable_by_key(|record| record.number);
        page.truncate(most);
        if let Some(last) = page.last() {
            self.shown = last.number;
            self.changed = self.changed.split_off(&(self.shown + 1));
        }
        page
    }
}
