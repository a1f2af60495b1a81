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

/// The objects in the order of their creation. A clone shares them until one of the two changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    objects: BTreeMap<u64, Arc<StoredObject>>,
    numbers: HashMap<String, u64>,
    next: u64,
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
        let object = self.numbers.get(identifier).and_then(|number| self.objects.get_mut(number));
        object.map(Arc::make_mut).ok_or_else(not_found)
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
