//! What records in memory are found by.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use crate::server::store::StoreError;
use crate::server::store::merged::Merged;

/// What the records of one kind are found by, each by its number.
#[derive(Default)]
pub(super) struct Indexes {
    identifiers: BTreeMap<u64, Arc<[u8]>>,
    terms: HashMap<Vec<u8>, Numbers>,
    names: HashMap<Vec<u8>, Arc<[u8]>>,
    due: BTreeSet<(i64, u64)>,
}

/// The numbers of the records with a term. Most terms that are names have one.
enum Numbers {
    One(u64),
    Many(BTreeSet<u64>),
}

impl Indexes {
    pub(super) fn identifier(&self, number: u64) -> Option<&[u8]> {
        self.identifiers.get(&number).map(AsRef::as_ref)
    }

    /// The identifiers of the records with numbers above one, and not above another, in their order.
    pub(super) fn between(&self, above: u64, last: u64) -> impl Iterator<Item = &[u8]> {
        let range = (Bound::Excluded(above), Bound::Included(last.max(above)));
        self.identifiers.range(range).map(|(_, identifier)| &**identifier)
    }

    pub(super) fn add_number(&mut self, number: u64, identifier: &[u8]) {
        self.identifiers.entry(number).or_insert_with(|| identifier.into());
    }

    pub(super) fn remove_number(&mut self, number: u64) {
        self.identifiers.remove(&number);
    }

    /// The identifier of the record with a name.
    pub(super) fn named(&self, name: &[u8]) -> Option<&[u8]> {
        self.names.get(name).map(AsRef::as_ref)
    }

    pub(super) fn add_name(&mut self, name: Vec<u8>, identifier: &[u8]) {
        self.names.insert(name, identifier.into());
    }

    pub(super) fn remove_name(&mut self, name: &[u8], identifier: &[u8]) {
        if self.named(name) == Some(identifier) {
            self.names.remove(name);
        }
    }

    /// The numbers of the records with a term, the highest first, below `before`.
    fn with(&self, term: &[u8], before: u64) -> Box<dyn Iterator<Item = u64> + '_> {
        match self.terms.get(term) {
            None => Box::new(std::iter::empty()),
            Some(Numbers::One(only)) => Box::new(Some(*only).filter(|only| *only < before).into_iter()),
            Some(Numbers::Many(numbers)) => Box::new(numbers.range(..before).rev().copied()),
        }
    }

    /// The numbers of the records with any of some terms, the highest first, each once, below `before`.
    pub(super) fn with_any(
        &self,
        terms: &[Vec<u8>],
        before: Option<u64>,
    ) -> impl Iterator<Item = Result<u64, StoreError>> {
        let before = before.unwrap_or(u64::MAX);
        Merged::new(terms.iter().map(|term| self.with(term, before).map(Ok)))
    }

    /// How many records have a term.
    pub(super) fn count(&self, term: &[u8]) -> u64 {
        match self.terms.get(term) {
            None => 0,
            Some(Numbers::One(_)) => 1,
            Some(Numbers::Many(numbers)) => numbers.len() as u64,
        }
    }

    pub(super) fn add_term(&mut self, term: Vec<u8>, number: u64) {
        let numbers = self.terms.entry(term).or_insert(Numbers::One(number));
        match numbers {
            Numbers::One(only) if *only == number => {}
            Numbers::One(only) => *numbers = Numbers::Many(BTreeSet::from([*only, number])),
            Numbers::Many(numbers) => drop(numbers.insert(number)),
        }
    }

    pub(super) fn remove_term(&mut self, term: &[u8], number: u64) {
        let is_empty = match self.terms.get_mut(term) {
            Some(Numbers::One(only)) => *only == number,
            Some(Numbers::Many(numbers)) => {
                numbers.remove(&number);
                numbers.is_empty()
            }
            None => false,
        };
        if is_empty {
            self.terms.remove(term);
        }
    }

    pub(super) fn clear_terms(&mut self) {
        self.terms.clear();
    }

    /// What is due at a time or before, the earliest first.
    pub(super) fn due(&self, until: i64) -> impl Iterator<Item = (i64, &[u8])> {
        let range = (Bound::Unbounded, Bound::Included((until, u64::MAX)));
        self.due.range(range).filter_map(|(time, number)| Some((*time, self.identifier(*number)?)))
    }

    pub(super) fn add_due(&mut self, time: i64, number: u64) {
        self.due.insert((time, number));
    }

    pub(super) fn remove_due(&mut self, time: i64, number: u64) {
        self.due.remove(&(time, number));
    }
}
