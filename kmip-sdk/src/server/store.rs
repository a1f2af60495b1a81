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
    next: u64,
    /// What the objects were before each change since the last [`Store::settle`], oldest first; nothing for
    /// one that was not there.
    journal: Vec<(u64, Option<Arc<StoredObject>>)>,
}

/// A point in time to which a [`Store`] can go back, until it is settled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl Mark {
    /// The last time that the store was settled.
    pub(crate) const SETTLED: Self = Self(0);
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
        self.journal.push((self.next, None));
        self.numbers.insert(object.identifier.clone(), self.next);
        self.objects.insert(self.next, Arc::new(object));
        self.next += 1;
        Ok(())
    }

    /// The object with this identifier.
    pub(crate) fn get(&self, identifier: &str) -> Result<&StoredObject, Failure> {
        let object = self.numbers.get(identifier).and_then(|number| self.objects.get(number));
        object.map(AsRef::as_ref).ok_or_else(not_found)
    }

    /// The object with this identifier, to be changed.
    pub(crate) fn get_mut(&mut self, identifier: &str) -> Result<&mut StoredObject, Failure> {
        let number = *self.numbers.get(identifier).ok_or_else(not_found)?;
        let object = self.objects.get_mut(&number).ok_or_else(not_found)?;
        self.journal.push((number, Some(Arc::clone(object))));
        Ok(Arc::make_mut(object))
    }

    /// The present, to go back to.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.journal.len())
    }

    /// Takes back every change since a mark.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        while self.journal.len() > mark.0 {
            match self.journal.pop() {
                Some((number, Some(before))) => {
                    self.objects.insert(number, before);
                }
                Some((number, None)) => {
                    let made = self.objects.remove(&number);
                    made.and_then(|made| self.numbers.remove(&made.identifier));
                }
                None => {}
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
        let objects = self.objects.values().filter(|object| object.identifier != identifier);
        objects
            .filter(|object| object.object.is_some())
            .any(|object| object.attributes.names().any(|other| other.name_value == name.name_value))
    }

    /// Moves the objects whose dates have been reached to the state that follows.
    pub(crate) fn advance(&mut self, now: DateTime) {
        for object in self.objects.values_mut() {
            if let Some((state, since)) = object.state_by_dates(now) {
                let object = Arc::make_mut(object);
                attributes::set(&mut object.attributes, Attribute::State(state));
                attributes::set(&mut object.attributes, Attribute::LastChangeDate(since));
            }
        }
    }
}

impl StoredObject {
    /// The object's state.
    pub(crate) fn state(&self) -> State {
        // Every object gets a state when it is made.
        self.attributes.state().copied().unwrap_or(State::PreActive)
    }

    fn state_by_dates(&self, now: DateTime) -> Option<(State, DateTime)> {
        let activation = self.attributes.activation_date().copied();
        let deactivation = self.attributes.deactivation_date().copied();
        lifecycle::by_dates(self.state(), activation, deactivation, now)
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

fn not_found() -> Failure {
    Failure::new(ResultReason::ObjectNotFound, "there is no object with this Unique Identifier")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(identifier: &str) -> StoredObject {
        let (object_type, object, attributes) = (ObjectType::SecretData, None, Attributes::new());
        StoredObject { identifier: identifier.to_owned(), object_type, object, attributes }
    }

    #[test]
    fn goes_back_to_a_mark() {
        let mut store = Store::default();
        store.insert(object("a")).unwrap();
        store.settle();
        let start = store.mark();
        let change = |store: &mut Store, state| {
            store.get_mut("a").unwrap().change(Attribute::State(state), DateTime::from_seconds(1));
        };
        change(&mut store, State::Active);
        let later = store.mark();
        store.insert(object("b")).unwrap();
        change(&mut store, State::Compromised);
        store.roll_back(later);
        assert_eq!(store.get("a").unwrap().state(), State::Active);
        assert!(store.get("b").is_err());
        store.insert(object("b")).unwrap();
        store.roll_back(start);
        assert_eq!(store.get("a").unwrap().state(), State::PreActive);
        assert_eq!(store.newest_first().count(), 1);
    }

    #[test]
    fn rejects_an_identifier_that_is_taken() {
        let mut store = Store::default();
        store.insert(object("a")).unwrap();
        assert_eq!(store.insert(object("a")).unwrap_err().reason, ResultReason::InternalServerError);
    }
}
