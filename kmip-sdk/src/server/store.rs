//! The managed objects of a server, in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kmip_types::DateTime;
use kmip_types::attribute::{Attribute, Attributes, Name};
use kmip_types::enumerations::{ObjectType, ResultReason, State};
use kmip_types::object::ManagedObject;

use super::attributes;
use super::failure::Failure;
use super::lifecycle;

/// The objects in the order of their creation.
#[derive(Debug, Default)]
pub(crate) struct Store {
    objects: BTreeMap<u64, Arc<StoredObject>>,
    numbers: HashMap<String, u64>,
    /// Whose each name is, of the objects that are not destroyed.
    names: HashMap<String, u64>,
    next: u64,
    /// What the objects that changed since the last [`Store::settle`] were then; nothing for one that was not
    /// there. However often an object changes, it is here once.
    journal: BTreeMap<u64, Option<Arc<StoredObject>>>,
}

/// A managed object with its attributes.
#[derive(Clone, Debug)]
pub(crate) struct StoredObject {
    pub(crate) identifier: String,
    pub(crate) object_type: ObjectType,
    /// The object, until it is destroyed.
    pub(crate) object: Option<ManagedObject>,
    /// Every attribute, each with its index.
    pub(crate) attributes: Attributes,
}

impl Store {
    /// How many objects there are.
    pub(crate) fn len(&self) -> usize {
        self.objects.len()
    }

    /// Adds an object under its identifier, which must be new.
    pub(crate) fn insert(&mut self, object: StoredObject) -> Result<(), Failure> {
        if self.numbers.contains_key(&object.identifier) {
            let message = "the server made a Unique Identifier that it has already";
            return Err(Failure::new(ResultReason::InternalServerError, message));
        }
        self.journal.insert(self.next, None);
        self.numbers.insert(object.identifier.clone(), self.next);
        index(&mut self.names, &object, self.next);
        self.objects.insert(self.next, Arc::new(object));
        self.next += 1;
        Ok(())
    }

    /// The object with this identifier.
    pub(crate) fn get(&self, identifier: &str) -> Result<&StoredObject, Failure> {
        let object = self.numbers.get(identifier).and_then(|number| self.objects.get(number));
        object.map(AsRef::as_ref).ok_or_else(not_found)
    }

    /// Changes the object with this identifier. A change that fails half-way stays until it is rolled back.
    pub(crate) fn change<T>(
        &mut self,
        identifier: &str,
        change: impl FnOnce(&mut StoredObject) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let number = *self.numbers.get(identifier).ok_or_else(not_found)?;
        let object = self.objects.get_mut(&number).ok_or_else(not_found)?;
        self.journal.entry(number).or_insert_with(|| Some(Arc::clone(object)));
        let object = Arc::make_mut(object);
        unindex(&mut self.names, object, number);
        let result = change(object);
        index(&mut self.names, object, number);
        result
    }

    /// Takes back every change since the store was settled.
    pub(crate) fn roll_back(&mut self) {
        let journal = std::mem::take(&mut self.journal);
        // A name may have gone from one object to another, so all are taken away before any is given back.
        for number in journal.keys() {
            if let Some(changed) = self.objects.remove(number) {
                unindex(&mut self.names, &changed, *number);
                self.numbers.remove(&changed.identifier);
            }
        }
        for (number, before) in journal {
            if let Some(before) = before {
                index(&mut self.names, &before, number);
                self.numbers.insert(before.identifier.clone(), number);
                self.objects.insert(number, before);
            }
        }
    }

    /// Makes every change final, and forgets what was before.
    pub(crate) fn settle(&mut self) {
        self.journal.clear();
    }

    /// The objects, the most recently created first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &StoredObject> {
        self.objects.values().rev().map(AsRef::as_ref)
    }

    /// Whether an object other than `identifier` has a name. Objects that were destroyed free their names.
    pub(crate) fn has_name(&self, name: &Name, identifier: &str) -> bool {
        let owner = self.names.get(&name.name_value);
        owner.is_some_and(|owner| self.numbers.get(identifier) != Some(owner))
    }

    /// Moves the objects whose dates have been reached to the state that follows.
    pub(crate) fn advance(&mut self, now: DateTime) {
        for object in self.objects.values_mut() {
            if object.state_by_dates(now).is_some() {
                Arc::make_mut(object).advance(now);
            }
        }
    }
}

impl StoredObject {
    /// The object's state.
    pub(crate) fn state(&self) -> State {
        // Every object gets a state when it is made.
        self.attributes.state().unwrap_or(State::PreActive)
    }

    fn state_by_dates(&self, now: DateTime) -> Option<(State, DateTime)> {
        let activation = self.attributes.activation_date();
        let deactivation = self.attributes.deactivation_date();
        lifecycle::by_dates(self.state(), activation, deactivation, now)
    }

    /// Moves the object to the state that follows, if its date has been reached.
    pub(crate) fn advance(&mut self, now: DateTime) {
        if let Some((state, since)) = self.state_by_dates(now) {
            attributes::set(&mut self.attributes, Attribute::State(state));
            attributes::set(&mut self.attributes, Attribute::LastChangeDate(since));
        }
    }

    /// Sets an attribute of which there is one, and notes when.
    pub(crate) fn change(&mut self, attribute: Attribute, now: DateTime) {
        attributes::set(&mut self.attributes, attribute);
        attributes::set(&mut self.attributes, Attribute::LastChangeDate(now));
    }

    /// The object, unless it was destroyed.
    pub(crate) fn value(&self) -> Result<&ManagedObject, Failure> {
        let destroyed = || Failure::new(ResultReason::ObjectDestroyed, "the object was destroyed");
        self.object.as_ref().ok_or_else(destroyed)
    }
}

/// Notes the names of an object, unless it is destroyed.
fn index(names: &mut HashMap<String, u64>, object: &StoredObject, number: u64) {
    if object.object.is_some() {
        for name in object.attributes.names() {
            names.entry(name.name_value.clone()).or_insert(number);
        }
    }
}

/// Forgets the names of an object.
fn unindex(names: &mut HashMap<String, u64>, object: &StoredObject, number: u64) {
    for name in object.attributes.names() {
        // One object may have the same text twice, as names of two types.
        if names.get(&name.name_value) == Some(&number) {
            names.remove(&name.name_value);
        }
    }
}

fn not_found() -> Failure {
    Failure::new(ResultReason::ObjectNotFound, "there is no object with this Unique Identifier")
}

#[cfg(test)]
mod tests {
    use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType};
    use kmip_types::object::{KeyBlock, KeyMaterial, SymmetricKey};

    use super::*;

    fn object(identifier: &str) -> StoredObject {
        let (object_type, object, attributes) = (ObjectType::SecretData, None, Attributes::new());
        StoredObject { identifier: identifier.to_owned(), object_type, object, attributes }
    }

    fn named(identifier: &str, name: &str) -> StoredObject {
        let material = KeyMaterial::bytes(vec![1; 16]);
        let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 128);
        let mut object = object(identifier);
        object.object = Some(ManagedObject::SymmetricKey(SymmetricKey { key_block }));
        attributes::add(&mut object.attributes, Attribute::Name(Name::text(name)));
        object
    }

    #[test]
    fn goes_back_to_when_it_was_settled() {
        let mut store = Store::default();
        store.insert(object("a")).unwrap();
        let change = |store: &mut Store, state| {
            let date = DateTime::from_seconds(1);
            store
                .change("a", |object| {
                    object.change(Attribute::State(state), date);
                    Ok(())
                })
                .unwrap();
        };
        change(&mut store, State::Active);
        store.settle();
        change(&mut store, State::Deactivated);
        store.insert(object("b")).unwrap();
        change(&mut store, State::Compromised);
        store.roll_back();
        assert_eq!(store.get("a").unwrap().state(), State::Active);
        assert!(store.get("b").is_err());
        store.insert(object("b")).unwrap();
        assert_eq!(store.newest_first().count(), 2);
    }

    #[test]
    fn keeps_one_former_state_of_an_object_that_changes_often() {
        let mut store = Store::default();
        store.insert(named("a", "0")).unwrap();
        store.settle();
        for number in 1..=2000 {
            let name = Attribute::Name(Name::text(format!("{number}")));
            store
                .change("a", |object| {
                    attributes::set(&mut object.attributes, name);
                    Ok(())
                })
                .unwrap();
            assert_eq!((store.journal.len(), store.names.len()), (1, 1));
        }
        // The former state is the only copy: nothing else holds the present one.
        assert!(store.objects.values().all(|object| Arc::strong_count(object) == 1));
        store.roll_back();
        assert!(store.journal.is_empty());
        assert_eq!(store.get("a").unwrap().attributes.names().next(), Some(&Name::text("0")));
    }

    #[test]
    fn knows_whose_each_name_is() {
        let has = |store: &Store, name: &str, except: &str| store.has_name(&Name::text(name), except);
        let rename = |store: &mut Store, identifier: &str, name: &str| {
            let name = Attribute::Name(Name::text(name));
            store
                .change(identifier, |object| {
                    attributes::set(&mut object.attributes, name);
                    Ok(())
                })
                .unwrap();
        };
        let mut store = Store::default();
        store.insert(named("a", "x")).unwrap();
        store.insert(named("b", "y")).unwrap();
        assert!(has(&store, "x", "b") && has(&store, "x", "") && !has(&store, "x", "a"));
        store.settle();
        // The names change places, and back.
        rename(&mut store, "a", "z");
        rename(&mut store, "b", "x");
        rename(&mut store, "a", "y");
        assert!(has(&store, "x", "a") && has(&store, "y", "b") && !has(&store, "z", ""));
        store.roll_back();
        assert!(has(&store, "x", "b") && has(&store, "y", "a") && !has(&store, "z", ""));
        store
            .change("a", |object| {
                object.object = None;
                Ok(())
            })
            .unwrap();
        assert!(!has(&store, "x", ""), "what is destroyed frees its name");
        store.roll_back();
        assert!(has(&store, "x", "b"));
    }

    #[test]
    fn rejects_an_identifier_that_is_taken() {
        let mut store = Store::default();
        store.insert(object("a")).unwrap();
        assert_eq!(store.insert(object("a")).unwrap_err().reason, ResultReason::InternalServerError);
    }
}
