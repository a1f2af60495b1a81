//! What an operation sees of the objects, and what it changes: all of it at once, or nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kmip_types::attribute::Name;
use kmip_types::enumerations::ResultReason;

use super::{Store, StoredObject, not_found};
use crate::answer::Failure;

/// What one item of a batch or, under Undo, the whole batch sees and changes.
///
/// No lock is held between its calls. What it has read stays as it was for it; that nobody else changed what it changes is
/// found out when it commits.
#[derive(Debug)]
pub(crate) struct Transaction<'a> {
    store: &'a Store,
    /// The objects that were read, as they were then.
    seen: HashMap<String, Arc<StoredObject>>,
    /// The objects that were changed or made, as they are to be.
    changed: HashMap<String, Arc<StoredObject>>,
    /// Those that were made, in their order.
    made: Vec<String>,
}

/// Somebody else changed what a transaction wanted to change; it is to be done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conflict;

impl<'a> Transaction<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self { store, seen: HashMap::new(), changed: HashMap::new(), made: Vec::new() }
    }

    /// How many objects there are.
    pub(crate) fn len(&self) -> usize {
        self.store.read().objects.len() + self.made.len()
    }

    /// Adds an object under its identifier, which must be new.
    pub(crate) fn insert(&mut self, object: StoredObject) -> Result<(), Failure> {
        if self.get(&object.identifier).is_ok() {
            let message = "the server made a Unique Identifier that it has already";
            return Err(Failure::new(ResultReason::InternalServerError, message));
        }
        self.made.push(object.identifier.clone());
        self.changed.insert(object.identifier.clone(), Arc::new(object));
        Ok(())
    }

    /// The object with this identifier.
    pub(crate) fn get(&mut self, identifier: &str) -> Result<Arc<StoredObject>, Failure> {
        if let Some(object) = self.changed.get(identifier).or_else(|| self.seen.get(identifier)) {
            return Ok(Arc::clone(object));
        }
        let object = self.store.read().get(identifier).map(Arc::clone).ok_or_else(not_found)?;
        self.seen.insert(identifier.to_owned(), Arc::clone(&object));
        Ok(object)
    }

    /// Changes the object with this identifier. A change that fails half-way stays until it is rolled back.
    pub(crate) fn change<T>(
        &mut self,
        identifier: &str,
        change: impl FnOnce(&mut StoredObject) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let object = self.get(identifier)?;
        let object = self.changed.entry(identifier.to_owned()).or_insert(object);
        change(Arc::make_mut(object))
    }

    /// Takes back every change.
    pub(crate) fn roll_back(&mut self) {
        self.seen.clear();
        self.changed.clear();
        self.made.clear();
    }

    /// The objects, the most recently created first.
    pub(crate) fn newest_first(&self) -> Vec<Arc<StoredObject>> {
        let made = self.made.iter().rev().filter_map(|identifier| self.changed.get(identifier));
        let mut objects: Vec<_> = made.map(Arc::clone).collect();
        let store = self.store.read();
        let stored = store.objects.values().rev();
        objects.extend(
            stored.map(|object| self.changed.get(&object.identifier).unwrap_or(object)).map(Arc::clone),
        );
        objects
    }

    /// Whether an object of `owner`'s other than `identifier` has a name. Objects that were destroyed free their names.
    pub(crate) fn has_name(&self, owner: Option<&str>, name: &Name, identifier: &str) -> bool {
        let has = |object: &StoredObject| {
            object.object.is_some()
                && object.owner.as_deref() == owner
                && object.attributes.names().any(|other| other.name_value == name.name_value)
        };
        let mut changed = self.changed.values().filter(|object| object.identifier != identifier);
        if changed.any(|object| has(object)) {
            return true;
        }
        let store = self.store.read();
        let named = store.named(owner, &name.name_value);
        named.is_some_and(|named| {
            named.identifier != identifier && !self.changed.contains_key(&named.identifier)
        })
    }

    /// The object of `owner`'s that has a name, as it is to be.
    pub(crate) fn named(&mut self, owner: Option<&str>, name: &Name) -> Option<Arc<StoredObject>> {
        let has = |object: &&Arc<StoredObject>| {
            object.object.is_some()
                && object.owner.as_deref() == owner
                && object.attributes.names().any(|other| other.name_value == name.name_value)
        };
        if let Some(changed) = self.changed.values().find(has) {
            return Some(Arc::clone(changed));
        }
        let identifier = self.store.read().named(owner, &name.name_value)?.identifier.clone();
        // What was changed has the name no more.
        if self.changed.contains_key(&identifier) { None } else { self.get(&identifier).ok() }
    }

    /// Makes every change final, all at once, unless somebody else changed the same since it was read.
    pub(crate) fn commit(&mut self) -> Result<(), Conflict> {
        let result = if self.changed.is_empty() { Ok(()) } else { self.write() };
        self.roll_back();
        result
    }

    fn write(&mut self) -> Result<(), Conflict> {
        let mut store = self.store.write();
        let is_unchanged = |identifier: &String| match (store.get(identifier), self.seen.get(identifier)) {
            (Some(now), Some(seen)) => Arc::ptr_eq(now, seen),
            (None, None) => true,
            _ => false,
        };
        let is_room = store.objects.len() + self.made.len() <= self.store.maximum;
        if !is_room || !self.changed.keys().all(is_unchanged) {
            return Err(Conflict);
        }
        let names: HashSet<(Option<&str>, &str)> = (self.changed.values())
            .filter(|object| object.object.is_some())
            .flat_map(|object| {
                object.attributes.names().map(|name| (object.owner.as_deref(), name.name_value.as_str()))
            })
            .collect();
        let is_taken = |(owner, name): &(Option<&str>, &str)| {
            store.named(*owner, name).is_some_and(|named| !self.changed.contains_key(&named.identifier))
        };
        if names.iter().any(is_taken) {
            return Err(Conflict);
        }
        // A name may go from one object to another, so all are taken away before any is given.
        for identifier in self.changed.keys() {
            store.forget(identifier);
        }
        for identifier in &self.made {
            if let Some(object) = self.changed.remove(identifier) {
                store.put(object);
            }
        }
        self.changed.drain().for_each(|(_, object)| store.put(object));
        Ok(())
    }
}
