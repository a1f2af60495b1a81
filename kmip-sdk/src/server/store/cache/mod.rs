//! Objects that were read of late, decoded: what is read again is neither decrypted nor decoded again.
//!
//! A backend that nobody else changes is not even asked for them. All that changes it passes here, and what a commit is about
//! is forgotten before that begins. Until it has ended, and for whoever began to read before it did, nothing is kept of that:
//! so nobody sees an older version after somebody has seen a newer one, or after it was committed.
//!
//! A backend that others change is asked for every record. Only where that is the one that was decoded, to its nonce, which is
//! random and another one for everything that is sealed, the object is taken from here. So not even a database that went back
//! to an earlier time has anybody see what is not in it.
//!
//! What a transaction has changed comes here once it was committed and is read again, and not from the transaction.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::sealing::{self, NONCE};
use super::{Backend, Clear, Commit, Form, Found, Key, Kind, Record, StoreError, StoredObject, Totals};

/// How many bytes of objects are kept, unless something else is said.
const BYTES: u64 = 64 << 20;

/// How many bytes an object takes in the middle, so that the cache begins with about as many places.
const USUAL: u64 = 2048;

/// How many bytes an object takes beside its attributes and what they and its value hold: its structure, its place in the
/// cache, and what the allocator adds to it all.
const BESIDE: usize = 768;

/// In how many parts it is noted what is being committed. Two objects of one part keep each other out for moments, no more.
const PARTS: usize = 256;

/// A backend, with the objects that were read of late.
#[derive(Debug)]
pub(super) struct Cached {
    below: Box<dyn Backend>,
    objects: Objects,
}

struct Objects {
    kept: Cache<Box<[u8]>, Kept, Weight>,
    /// How many commits and clearings have ended.
    ended: AtomicU64,
    parts: Vec<Mutex<Part>>,
    hasher: RandomState,
}

/// Some of the identifiers, and what is being committed of their objects.
#[derive(Default)]
struct Part {
    /// How many commits are under way.
    under_way: usize,
    /// The moment when the last one ended.
    ended: u64,
}

/// A moment between commits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(u64);

/// An object as it was read.
#[derive(Clone)]
struct Kept {
    number: u64,
    version: u64,
    due: Option<i64>,
    nonce: [u8; NONCE],
    /// How many bytes it takes, more or less.
    size: u64,
    object: Arc<StoredObject>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Box<[u8]>, Kept> for Weight {
    fn weight(&self, _: &Box<[u8]>, kept: &Kept) -> u64 {
        kept.size
    }
}

/// It shows no object.
impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("bytes", &self.kept.weight()).finish_non_exhaustive()
    }
}

impl Cached {
    pub(super) fn new(below: Box<dyn Backend>) -> Self {
        // What stays in the process is decoded as it is.
        let bytes = if below.form() == Form::Sealed { BYTES } else { 0 };
        let places = usize::try_from(bytes / USUAL).unwrap_or(0);
        let objects = Objects {
            kept: Cache::with_weighter(places, bytes, Weight),
            ended: AtomicU64::new(0),
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        };
        Self { below, objects }
    }

    /// Keeps so many bytes of objects at most.
    pub(super) fn set_bytes(&self, bytes: u64) {
        if self.below.form() == Form::Sealed {
            self.objects.kept.set_capacity(bytes);
        }
    }

    /// The object with an identifier, if it is here and nobody but this process may have changed it.
    pub(super) fn at_hand(&self, identifier: &[u8]) -> Option<Found<StoredObject>> {
        if self.below.is_shared() {
            return None;
        }
        let Kept { number, version, due, object, .. } = self.objects.kept.get(identifier)?;
        Some(Found { number, version, due, value: object })
    }

    /// The present, before a record is read.
    pub(super) fn moment(&self) -> Moment {
        Moment(self.objects.ended.load(Ordering::SeqCst))
    }

    /// The object of a record, if it is here.
    pub(super) fn decoded(&self, record: &Record) -> Option<Arc<StoredObject>> {
        let kept = self.objects.kept.get(record.key.identifier.as_slice())?;
        (sealing::nonce(record.body.bytes()) == Some(&kept.nonce)).then_some(kept.object)
    }

    /// Keeps the object of a record that was read after a moment, unless something of it has been committed since.
    pub(super) fn keep(&self, record: &Record, object: &Arc<StoredObject>, read: Moment) {
        let Some(nonce) = sealing::nonce(record.body.bytes()).copied() else { return };
        let attributes = size_of_val(object.attributes.entries());
        let size = (BESIDE + attributes + record.body.bytes().len()) as u64;
        let &Record { number, version, due, .. } = record;
        let kept = Kept { number, version, due, nonce, size, object: Arc::clone(object) };
        let part = self.objects.part(self.objects.place(&record.key.identifier));
        // It is put in its place before a commit can begin that takes it away.
        if part.as_ref().is_some_and(|part| part.under_way == 0 && part.ended <= read.0) {
            self.objects.kept.insert(record.key.identifier.as_slice().into(), kept);
        }
    }
}

impl Objects {
    /// The part that an identifier belongs to.
    fn place(&self, identifier: &[u8]) -> usize {
        usize::try_from(self.hasher.hash_one(identifier)).unwrap_or(0) % PARTS
    }

    fn part(&self, place: usize) -> Option<MutexGuard<'_, Part>> {
        Some(self.parts.get(place)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that parts are being changed, until what this gives is dropped.
    fn change(&self, mut places: Vec<usize>) -> Changing<'_> {
        places.sort_unstable();
        places.dedup();
        for place in &places {
            if let Some(mut part) = self.part(*place) {
                part.under_way += 1;
            }
        }
        Changing { objects: self, places }
    }
}

/// Held while parts are being changed.
struct Changing<'a> {
    objects: &'a Objects,
    places: Vec<usize>,
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        let ended = self.objects.ended.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        for place in &self.places {
            if let Some(mut part) = self.objects.part(*place) {
                part.under_way = part.under_way.saturating_sub(1);
                part.ended = part.ended.max(ended);
            }
        }
    }
}

impl Backend for Cached {
    fn form(&self) -> Form {
        self.below.form()
    }

    fn is_shared(&self) -> bool {
        self.below.is_shared()
    }

    fn waits(&self) -> bool {
        self.below.waits()
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.below.get(key)
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        self.below.find(kind, name)
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.below.list(kind, terms, before, limit)
    }

    fn keys(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        self.below.keys(kind, terms, before, limit)
    }

    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        self.below.count(kind, term)
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        self.below.due(kind, until, limit)
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        self.below.totals(kind)
    }

    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.below.page(kinds, after, limit)
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.below.scan(kinds, visit)
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let objects = commit.changes.iter().filter(|change| change.key.kind == Kind::OBJECT);
        let identifiers: Vec<&[u8]> = objects.map(|change| change.key.identifier.as_slice()).collect();
        let _changing = self.objects.change(identifiers.iter().map(|one| self.objects.place(one)).collect());
        for identifier in identifiers {
            self.objects.kept.remove(identifier);
        }
        self.below.commit(commit)
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        let _changing = self.objects.change((0..PARTS).collect());
        self.objects.kept.clear();
        self.below.clear(kind, what)
    }
}

#[cfg(test)]
mod tests;
