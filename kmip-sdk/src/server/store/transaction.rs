//! What an operation sees of the records, and what it changes: all of it at once, or nothing.

use std::any::Any;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kmip_types::DateTime;
use kmip_types::attribute::Name;
use kmip_types::enumerations::ResultReason;

use super::indexes::{name_of, terms_of_owner};
use super::states::state_of;
use super::stored::{AnyStored, Stored, downcast};
use super::{
    Bound, Change, Commit, Difference, Found, Full, Indexes, Key, Kind, Store, StoreError, StoredObject,
    Term, not_found,
};
use crate::answer::Failure;
use crate::server::rotation::{self, Rotation};

/// What one item of a batch or, under Undo, the whole batch sees and changes.
///
/// No lock is held between its calls. What it has read stays as it was for it; that nobody else changed what it changes is
/// found out when it commits.
pub(crate) struct Transaction<'a> {
    pub(super) store: &'a Store,
    now: DateTime,
    bounds: Vec<Bound>,
    /// What was read, changed or made.
    entries: HashMap<(Kind, Vec<u8>), Entry>,
    /// What was made, in its order.
    made: Vec<(Kind, Vec<u8>)>,
    /// What went wrong where nothing could be said of it.
    failed: RefCell<Option<StoreError>>,
    /// Whether it is a part of an import, beside which nobody changes anything.
    pub(super) is_import: bool,
}

/// An object that was changed or made, with its number if it was there before.
pub(super) type Changed = (Option<u64>, Arc<StoredObject>);

/// A record that was read, changed or made, or was looked for and is not there.
#[derive(Default)]
struct Entry {
    number: Option<u64>,
    /// The version that was read, if there was one.
    version: Option<u64>,
    stored: Option<Arc<dyn AnyStored>>,
    /// What it is now; `None`, if it is to be forgotten.
    now: Option<Arc<dyn AnyStored>>,
    is_changed: bool,
    /// Whether what has changed may be lost where the disk is full.
    is_dispensable: bool,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(store: &'a Store, now: DateTime, bounds: Vec<Bound>) -> Self {
        let (entries, made, failed) = (HashMap::new(), Vec::new(), RefCell::default());
        Self { store, now, bounds, entries, made, failed, is_import: false }
    }

    /// How many objects there are.
    pub(crate) fn len(&self) -> usize {
        let made = self.made.iter().filter(|(kind, _)| *kind == Kind::OBJECT).count();
        let stored = self.note(self.store.count(Kind::OBJECT)).unwrap_or(0);
        usize::try_from(stored).unwrap_or(usize::MAX).saturating_add(made)
    }

    /// Adds an object under its identifier, which must be new.
    pub(crate) fn insert(&mut self, object: StoredObject) -> Result<(), Failure> {
        if self.value::<StoredObject>(object.identifier.as_bytes())?.is_some() {
            let message = "the server made a Unique Identifier that it has already";
            return Err(Failure::new(ResultReason::InternalServerError, message));
        }
        self.put(object)?;
        Ok(())
    }

    /// How many records of a kind there are, without those that this makes.
    pub(crate) fn count(&self, kind: Kind) -> Result<u64, StoreError> {
        self.store.count(kind)
    }

    /// The object with this identifier.
    pub(crate) fn get(&mut self, identifier: &str) -> Result<Arc<StoredObject>, Failure> {
        self.value(identifier.as_bytes())?.ok_or_else(not_found)
    }

    /// Changes the object with this identifier. A change that fails half-way stays until it is rolled back.
    pub(crate) fn change<T>(
        &mut self,
        identifier: &str,
        change: impl FnOnce(&mut StoredObject) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut object = self.get(identifier)?;
        // What the entry has gone from is not copied again.
        if let Some(entry) = self.entries.get_mut(&(Kind::OBJECT, identifier.into())) {
            (entry.now, entry.is_changed, entry.is_dispensable) = (None, true, false);
        }
        let result = change(Arc::make_mut(&mut object));
        if let Some(entry) = self.entries.get_mut(&(Kind::OBJECT, identifier.into())) {
            entry.now = Some(object);
        }
        result
    }

    /// Changes the object with this identifier, unless the disk is full: what is only noted of a reading does not prevent it.
    pub(crate) fn note_on<T>(
        &mut self,
        identifier: &str,
        change: impl FnOnce(&mut StoredObject) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.get(identifier)?;
        let key = (Kind::OBJECT, identifier.into());
        let is_changed =
            self.entries.get(&key).is_some_and(|entry| entry.is_changed && !entry.is_dispensable);
        let result = self.change(identifier, change)?;
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.is_dispensable = !is_changed;
        }
        Ok(result)
    }

    /// The value with an identifier, as it is now.
    pub(crate) fn value<T: Stored>(&mut self, identifier: &[u8]) -> Result<Option<Arc<T>>, StoreError> {
        if let Some(entry) = self.entries.get(&(T::KIND, identifier.to_vec())) {
            return entry.now.clone().map(|now| downcast(now as Arc<dyn Any + Send + Sync>)).transpose();
        }
        let Some(found) = self.store.read::<T>(identifier)? else {
            // Who puts it where somebody else has put one since is to be refused.
            self.entries.insert((T::KIND, identifier.to_vec()), Entry::default());
            return Ok(None);
        };
        self.enter(identifier, found).map(Some)
    }

    /// Notes what was read, and gives it as it is at this time.
    fn enter<T: Stored>(&mut self, identifier: &[u8], found: Found<T>) -> Result<Arc<T>, StoreError> {
        let now = as_of(Arc::clone(&found.value), self.now)?;
        let entry = Entry {
            number: Some(found.number),
            version: Some(found.version),
            stored: Some(found.value),
            now: Some(Arc::clone(&now) as Arc<dyn AnyStored>),
            is_changed: false,
            is_dispensable: false,
        };
        self.entries.insert((T::KIND, identifier.to_vec()), entry);
        Ok(now)
    }

    /// Puts a value in the place of the one with its identifier, or as the newest.
    pub(crate) fn put<T: Stored>(&mut self, value: T) -> Result<(), StoreError> {
        let identifier = value.identifier();
        self.value::<T>(&identifier)?;
        let key = (T::KIND, identifier);
        let entry = self.entries.entry(key.clone()).or_default();
        if entry.version.is_none() && !entry.is_changed {
            self.made.push(key);
        }
        entry.now = Some(Arc::new(value));
        entry.is_changed = true;
        Ok(())
    }

    /// Forgets the value with an identifier, if there is one.
    pub(crate) fn remove<T: Stored>(&mut self, identifier: &[u8]) -> Result<(), StoreError> {
        self.value::<T>(identifier)?;
        let entry = self.entries.get_mut(&(T::KIND, identifier.to_vec()));
        if let Some(entry) = entry.filter(|entry| entry.now.is_some()) {
            (entry.now, entry.is_changed) = (None, true);
        }
        Ok(())
    }

    /// The values with a term, the oldest first, without those that this changes, or that cannot be read.
    pub(crate) fn with_term<T: Stored>(&self, term: Term, limit: usize) -> Result<Vec<Arc<T>>, StoreError> {
        let mut found = self.store.list_readable::<T>(term, limit)?;
        found.reverse();
        Ok(found.into_iter().map(|found| found.value).collect())
    }

    /// The identifiers of objects of an owner, the destroyed ones included, without those that this changes: a page of them.
    pub(crate) fn owned(&self, owner: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        let terms: Vec<Vec<u8>> =
            terms_of_owner(owner).into_iter().map(|term| self.store.term(term)).collect();
        let found = self.store.list::<StoredObject>(&terms, None, super::PAGE)?;
        let own = found.iter().filter(|found| found.value.owner.as_deref() == Some(owner));
        Ok(own.map(|found| found.value.identifier.clone().into_bytes()).collect())
    }

    /// Notes as changed what the dates of an object have brought about, unless somebody else has written that meanwhile.
    pub(super) fn settle(&mut self, identifier: &[u8]) -> Result<(), StoreError> {
        let found = self.store.read::<StoredObject>(identifier)?;
        let is_due = |due: Option<i64>| due.is_some_and(|due| due <= self.now.seconds());
        let Some(found) = found.filter(|found| is_due(found.due)) else { return Ok(()) };
        self.enter(identifier, found)?;
        if let Some(entry) = self.entries.get_mut(&(Kind::OBJECT, identifier.to_vec())) {
            entry.is_changed = true;
        }
        Ok(())
    }

    /// Has what this makes be bounded no longer.
    pub(crate) fn lift_bounds(&mut self) {
        self.bounds.clear();
    }

    /// Takes back every change.
    pub(crate) fn roll_back(&mut self) {
        self.entries.clear();
        self.made.clear();
        self.failed.take();
    }

    /// The objects that this has changed or made, with the numbers of those that were there before.
    pub(super) fn changed_objects(&self) -> Result<Vec<Changed>, StoreError> {
        let made = self.made.iter().rev();
        let is_there = |(key, entry): &(&(Kind, Vec<u8>), &Entry)| {
            key.0 == Kind::OBJECT && entry.is_changed && entry.version.is_some()
        };
        let mut changed: Vec<_> = self.entries.iter().filter(is_there).map(|(key, _)| key).collect();
        changed.sort_by_key(|key| std::cmp::Reverse(self.entries.get(*key).and_then(|entry| entry.number)));
        let entries = made.chain(changed).filter_map(|key| self.entries.get(key));
        entries
            .filter_map(|entry| Some((entry.number, entry.now.clone()?)))
            .filter(|(_, now)| (&**now as &dyn Any).is::<StoredObject>())
            .map(|(number, now)| Ok((number, downcast(now as Arc<dyn Any + Send + Sync>)?)))
            .collect()
    }

    /// An object with a key as it is for this transaction, if that knows of it: nothing, if it has changed it, or it was not
    /// there.
    pub(super) fn known(&self, key: Key) -> Option<Result<Option<Arc<StoredObject>>, StoreError>> {
        let entry = self.entries.get(&(key.kind, key.identifier))?;
        let now = entry.now.clone().filter(|_| !entry.is_changed);
        Some(now.map(|now| downcast(now as Arc<dyn Any + Send + Sync>)).transpose())
    }

    /// An object that was found, as it is for this transaction; `None`, if that has changed it.
    pub(super) fn seen(&self, found: Found<StoredObject>) -> Result<Option<Arc<StoredObject>>, StoreError> {
        let key = Key::new(Kind::OBJECT, found.value.identifier.as_bytes());
        self.known(key).unwrap_or_else(|| as_of(found.value, self.now).map(Some))
    }

    /// Whether an object of `owner`'s other than `identifier` has a name. Objects that were destroyed free their names.
    pub(crate) fn has_name(&self, owner: Option<&str>, name: &Name, identifier: &str) -> bool {
        let has = |object: &StoredObject| {
            object.identifier != identifier
                && object.object.is_some()
                && object.owner.as_deref() == owner
                && object.attributes.names().any(|other| other.name_value == name.name_value)
        };
        let changed = self.note(self.changed_objects()).unwrap_or_default();
        if changed.iter().any(|(_, object)| has(object)) {
            return true;
        }
        let name = self.store.name(name_of(owner, &name.name_value));
        let named = self.note(self.store.backend().find(Kind::OBJECT, &name)).flatten();
        named.is_some_and(|key| {
            let entry = self.entries.get(&(Kind::OBJECT, key.identifier.clone()));
            key.identifier != identifier.as_bytes() && entry.is_none_or(|entry| !entry.is_changed)
        })
    }

    /// The object of `owner`'s that has a name, as it is to be.
    pub(crate) fn named(
        &mut self,
        owner: Option<&str>,
        name: &Name,
    ) -> Result<Option<Arc<StoredObject>>, StoreError> {
        let has = |object: &StoredObject| {
            object.object.is_some()
                && object.owner.as_deref() == owner
                && object.attributes.names().any(|other| other.name_value == name.name_value)
        };
        if let Some((_, changed)) = self.changed_objects()?.into_iter().find(|(_, object)| has(object)) {
            return Ok(Some(changed));
        }
        let name = self.store.name(name_of(owner, &name.name_value));
        let Some(key) = self.store.backend().find(Kind::OBJECT, &name)? else { return Ok(None) };
        // What was changed has the name no more.
        let found = self.value::<StoredObject>(&key.identifier)?;
        Ok(found.filter(|found| has(found)))
    }

    /// Keeps an error for the commit, where it cannot be said at once.
    fn note<T>(&self, result: Result<T, StoreError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.failed.replace(Some(error));
                None
            }
        }
    }

    /// Makes every change final, all at once, unless somebody else changed the same since it was read.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        let is_dispensable = self.entries.values().all(|entry| !entry.is_changed || entry.is_dispensable);
        let result = match self.failed.take() {
            Some(error) => Err(error),
            None => self.write(),
        };
        let result = match result {
            Err(StoreError::Full(Full::Disk)) if is_dispensable => {
                tracing::warn!("the disk is full: that an object was given out is not noted");
                Ok(())
            }
            result => result,
        };
        self.roll_back();
        result
    }

    /// Keeps beside each object that was changed when it is to be rotated, if it is.
    fn plan_rotations(&mut self) -> Result<(), StoreError> {
        let due = |value: &Option<Arc<dyn AnyStored>>| {
            let object = (&**value.as_ref()? as &dyn Any).downcast_ref::<StoredObject>()?;
            rotation::due(object)
        };
        let changed =
            self.entries.iter().filter(|((kind, _), entry)| *kind == Kind::OBJECT && entry.is_changed);
        let planned: Vec<_> = changed
            .map(|((_, identifier), entry)| (identifier.clone(), due(&entry.stored), due(&entry.now)))
            .filter(|(_, before, after)| before.is_some() || after.is_some())
            .collect();
        for (identifier, _, due) in planned {
            match due {
                Some(due) => self.put(Rotation { identifier, due })?,
                None => self.remove::<Rotation>(&identifier)?,
            }
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), StoreError> {
        if !self.is_import {
            self.store.refuse_while_importing()?;
        }
        self.plan_rotations()?;
        let mut keys: Vec<(Kind, Vec<u8>)> = std::mem::take(&mut self.made);
        let is_old = |entry: &Entry| entry.is_changed && entry.version.is_some();
        keys.extend(self.entries.iter().filter(|(_, entry)| is_old(entry)).map(|(key, _)| key.clone()));
        let (mut changes, mut moved) = (Vec::with_capacity(keys.len()), Vec::new());
        for key in keys {
            let Some(entry) = self.entries.remove(&key) else { continue };
            if key.0 == Kind::OBJECT {
                let state = |value: &Option<Arc<dyn AnyStored>>| value.as_deref().and_then(state_of);
                moved.push((state(&entry.stored), state(&entry.now)));
            }
            changes.extend(self.change_of(&key, entry)?);
        }
        if changes.is_empty() {
            return Ok(());
        }
        let commit = Commit { changes, bounds: self.bounds.clone(), ..Commit::default() };
        self.store.commit(commit, &moved)
    }

    fn change_of(&self, key: &(Kind, Vec<u8>), entry: Entry) -> Result<Option<Change>, StoreError> {
        if entry.version.is_none() && entry.now.is_none() {
            return Ok(None);
        }
        let key = self.store.key(key.0, &key.1);
        let before = entry.stored.map(|stored| stored.any_indexes()).unwrap_or_default();
        let after = entry.now.as_ref().map(|now| now.any_indexes()).unwrap_or_default();
        let due = after.due;
        let (terms, names) = self.store.differences(before, after);
        let value = entry.now.map(|now| {
            let live = Arc::clone(&now) as Arc<dyn Any + Send + Sync>;
            self.store.value(&key, &*now, live, due)
        });
        Ok(Some(Change { key, expected: entry.version, value: value.transpose()?, terms, names }))
    }
}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Store {
    /// What changes of what a record is found by, terms and names, hidden from the backend.
    pub(super) fn differences(&self, before: Indexes, after: Indexes) -> (Difference, Difference) {
        let terms = difference(before.terms, after.terms, |term| self.term(term));
        (terms, difference(before.names, after.names, |name| self.name(name)))
    }
}

/// What two sets differ in, hidden from the backend.
fn difference(before: Vec<Term>, after: Vec<Term>, hide: impl Fn(Term) -> Vec<u8>) -> Difference {
    let kept: HashSet<Term> = {
        let after: HashSet<&Term> = after.iter().collect();
        before.iter().filter(|one| after.contains(one)).cloned().collect()
    };
    let only = |set: Vec<Term>| set.into_iter().filter(|one| !kept.contains(one)).map(&hide).collect();
    Difference { removed: only(before), added: only(after) }
}

/// A value as it is at a time: an object whose date has been reached is in the state that follows.
fn as_of<T: Stored>(value: Arc<T>, now: DateTime) -> Result<Arc<T>, StoreError> {
    let any = Arc::clone(&value) as Arc<dyn Any + Send + Sync>;
    let Ok(mut object) = any.downcast::<StoredObject>() else { return Ok(value) };
    if object.due().is_none_or(|due| due > now) {
        return Ok(value);
    }
    drop(value);
    Arc::make_mut(&mut object).advance(now);
    downcast(object as Arc<dyn Any + Send + Sync>)
}
