//! The managed objects of a server, in memory.

mod stored_object;
mod transaction;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use kmip_types::DateTime;
use kmip_types::enumerations::ResultReason;

use crate::answer::Failure;
use crate::server::rotation;
pub(crate) use stored_object::StoredObject;
pub(crate) use transaction::{Conflict, Transaction};

/// The objects, shared by all requests. A lock on them is held while they are looked up or put, and for nothing else.
#[derive(Debug)]
pub(crate) struct Store {
    objects: RwLock<Objects>,
    /// How many objects there may be.
    maximum: usize,
}

/// The objects in the order of their creation.
#[derive(Debug, Default)]
struct Objects {
    objects: BTreeMap<u64, Arc<StoredObject>>,
    numbers: HashMap<String, u64>,
    /// Which object has each name, of those that are not destroyed. Everybody has their own names.
    names: HashMap<(Option<String>, String), u64>,
    /// When the state of an object changes next by its dates.
    due: BTreeSet<(DateTime, u64)>,
    /// When an object is to be rotated.
    rotations: BTreeSet<(DateTime, u64)>,
    next: u64,
}

impl Store {
    /// No objects yet, and room for so many.
    pub(crate) fn new(maximum: usize) -> Self {
        Self { objects: RwLock::default(), maximum }
    }

    /// Something that reads and changes objects.
    pub(crate) fn begin(&self) -> Transaction<'_> {
        Transaction::new(self)
    }

    /// Moves the objects whose dates have been reached to the state that follows.
    pub(crate) fn advance(&self, now: DateTime) {
        let is_due = |objects: &Objects| objects.due.first().is_some_and(|(date, _)| *date <= now);
        if !is_due(&self.read()) {
            return;
        }
        let mut objects = self.write();
        while is_due(&objects) {
            let Some((_, number)) = objects.due.pop_first() else { return };
            let Some(object) = objects.objects.get_mut(&number) else { continue };
            Arc::make_mut(object).advance(now);
            if let Some(due) = object.due() {
                objects.due.insert((due, number));
            }
        }
    }

    /// An object whose rotation is due, which is given to nobody else until it is changed.
    pub(crate) fn take_due_for_rotation(&self, now: DateTime) -> Option<Arc<StoredObject>> {
        let is_due = |objects: &Objects| objects.rotations.first().is_some_and(|(date, _)| *date <= now);
        if !is_due(&self.read()) {
            return None;
        }
        let mut objects = self.write();
        while is_due(&objects) {
            let (_, number) = objects.rotations.pop_first()?;
            if let Some(object) = objects.objects.get(&number) {
                return Some(Arc::clone(object));
            }
        }
        None
    }

    /// Forgets every object.
    pub(crate) fn clear(&self) {
        *self.write() = Objects::default();
    }

    /// What a thread that died left is whole: nothing that can fail is done under the lock.
    fn read(&self) -> RwLockReadGuard<'_, Objects> {
        self.objects.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Objects> {
        self.objects.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Objects {
    fn get(&self, identifier: &str) -> Option<&Arc<StoredObject>> {
        self.objects.get(self.numbers.get(identifier)?)
    }

    /// Which object has a name.
    fn named(&self, owner: Option<&str>, name: &str) -> Option<&Arc<StoredObject>> {
        self.objects.get(self.names.get(&(owner.map(str::to_owned), name.to_owned()))?)
    }

    /// Puts an object in the place of the one with its identifier, or as the newest.
    fn put(&mut self, object: Arc<StoredObject>) {
        let number = match self.numbers.get(&object.identifier) {
            Some(number) => *number,
            None => {
                self.next += 1;
                self.numbers.insert(object.identifier.clone(), self.next);
                self.next
            }
        };
        if object.object.is_some() {
            for name in object.attributes.names() {
                self.names.entry((object.owner.clone(), name.name_value.clone())).or_insert(number);
            }
        }
        self.due.extend(object.due().map(|due| (due, number)));
        self.rotations.extend(rotation::due(&object).map(|due| (due, number)));
        self.objects.insert(number, object);
    }

    /// Forgets the names and the due date of an object, before it is put again.
    fn forget(&mut self, identifier: &str) {
        let Some(number) = self.numbers.get(identifier).copied() else { return };
        let Some(object) = self.objects.get(&number) else { return };
        for name in object.attributes.names() {
            // One object may have the same text twice, as names of two types.
            let name = (object.owner.clone(), name.name_value.clone());
            if self.names.get(&name) == Some(&number) {
                self.names.remove(&name);
            }
        }
        if let Some(due) = object.due() {
            self.due.remove(&(due, number));
        }
        if let Some(due) = rotation::due(object) {
            self.rotations.remove(&(due, number));
        }
    }
}

pub(crate) fn not_found() -> Failure {
    Failure::new(ResultReason::ObjectNotFound, "there is no object with this Unique Identifier")
}

#[cfg(test)]
mod tests {
    use kmip_types::attribute::{Attribute, Attributes, Name};
    use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType, State};
    use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};

    use super::*;
    use crate::server::attributes;

    fn object(identifier: &str) -> StoredObject {
        StoredObject {
            identifier: identifier.to_owned(),
            object_type: ObjectType::SecretData,
            object: None,
            attributes: Attributes::new(),
            archived: false,
            owner: None,
        }
    }

    fn named(identifier: &str, name: &str) -> StoredObject {
        let material = KeyMaterial::bytes(vec![1; 16]);
        let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 128);
        let mut object = object(identifier);
        object.object = Some(Arc::new(ManagedObject::SymmetricKey(SymmetricKey { key_block })));
        attributes::add(&mut object.attributes, Attribute::Name(Name::text(name)));
        object
    }

    fn set(transaction: &mut Transaction<'_>, identifier: &str, attribute: Attribute) {
        let set = |object: &mut StoredObject| {
            attributes::set(&mut object.attributes, attribute);
            Ok(())
        };
        transaction.change(identifier, set).unwrap();
    }

    fn rename(transaction: &mut Transaction<'_>, identifier: &str, name: &str) {
        set(transaction, identifier, Attribute::Name(Name::text(name)));
    }

    #[test]
    fn what_is_rolled_back_did_not_happen() {
        let store = Store::new(9);
        let mut transaction = store.begin();
        transaction.insert(object("a")).unwrap();
        set(&mut transaction, "a", Attribute::State(State::Active));
        transaction.commit().unwrap();
        set(&mut transaction, "a", Attribute::State(State::Deactivated));
        transaction.insert(object("b")).unwrap();
        assert_eq!(transaction.newest_first().len(), 2);
        transaction.roll_back();
        assert_eq!(transaction.get("a").unwrap().state(), State::Active);
        assert!(transaction.get("b").is_err());
        transaction.insert(object("b")).unwrap();
        assert_eq!(transaction.len(), 2);
    }

    #[test]
    fn nobody_sees_what_is_not_committed() {
        let store = Store::new(9);
        let (mut one, mut other) = (store.begin(), store.begin());
        one.insert(named("a", "x")).unwrap();
        assert!(other.get("a").is_err() && !other.has_name(None, &Name::text("x"), ""));
        one.commit().unwrap();
        assert!(other.get("a").is_ok() && other.has_name(None, &Name::text("x"), ""));
    }

    #[test]
    fn two_changes_of_one_object_are_a_conflict() {
        let store = Store::new(9);
        let (mut one, mut other) = (store.begin(), store.begin());
        one.insert(object("a")).unwrap();
        one.insert(object("b")).unwrap();
        one.commit().unwrap();
        assert_eq!(other.get("a").unwrap().state(), State::PreActive);
        set(&mut one, "a", Attribute::State(State::Active));
        one.commit().unwrap();
        assert_eq!(other.get("a").unwrap().state(), State::PreActive, "what was read stays as it was");
        set(&mut other, "a", Attribute::State(State::Deactivated));
        assert_eq!(other.commit(), Err(Conflict));
        // Done again, it is about what there is now; and another object is no conflict.
        assert_eq!(other.get("a").unwrap().state(), State::Active);
        set(&mut one, "b", Attribute::State(State::Active));
        set(&mut other, "a", Attribute::State(State::Deactivated));
        assert_eq!((one.commit(), other.commit()), (Ok(()), Ok(())));
    }

    #[test]
    fn a_name_that_two_take_is_a_conflict_and_so_is_the_last_room() {
        let store = Store::new(2);
        let (mut one, mut other) = (store.begin(), store.begin());
        one.insert(named("a", "x")).unwrap();
        other.insert(named("b", "x")).unwrap();
        assert_eq!((one.commit(), other.commit()), (Ok(()), Err(Conflict)));
        one.insert(object("c")).unwrap();
        other.insert(object("d")).unwrap();
        assert_eq!((one.commit(), other.commit()), (Ok(()), Err(Conflict)));
    }

    #[test]
    fn knows_whose_each_name_is() {
        let has = |transaction: &Transaction<'_>, name: &str, except| {
            transaction.has_name(None, &Name::text(name), except)
        };
        let store = Store::new(9);
        let mut all = store.begin();
        all.insert(named("a", "x")).unwrap();
        all.insert(named("b", "y")).unwrap();
        assert!(has(&all, "x", "b") && has(&all, "x", "") && !has(&all, "x", "a"));
        all.commit().unwrap();
        // The names change places.
        rename(&mut all, "a", "z");
        rename(&mut all, "b", "x");
        rename(&mut all, "a", "y");
        assert!(has(&all, "x", "a") && has(&all, "y", "b") && !has(&all, "z", ""));
        all.commit().unwrap();
        assert!(has(&all, "x", "a") && has(&all, "y", "b") && !has(&all, "z", ""));
        let destroy = |object: &mut StoredObject| {
            object.object = None;
            Ok(())
        };
        all.change("b", destroy).unwrap();
        assert!(!has(&all, "x", ""), "what is destroyed frees its name");
        all.roll_back();
        assert!(has(&all, "x", "a"));
    }

    #[test]
    fn dates_move_objects_when_they_are_reached() {
        let store = Store::new(9);
        let mut all = store.begin();
        all.insert(object("a")).unwrap();
        set(&mut all, "a", Attribute::ActivationDate(DateTime::from_seconds(5)));
        set(&mut all, "a", Attribute::DeactivationDate(DateTime::from_seconds(7)));
        all.commit().unwrap();
        for (now, expected) in
            [(4, State::PreActive), (5, State::Active), (6, State::Active), (7, State::Deactivated)]
        {
            store.advance(DateTime::from_seconds(now));
            assert_eq!(store.begin().get("a").unwrap().state(), expected, "{now}");
        }
    }

    #[test]
    fn rejects_an_identifier_that_is_taken() {
        let store = Store::new(9);
        let mut all = store.begin();
        all.insert(object("a")).unwrap();
        assert_eq!(all.insert(object("a")).unwrap_err().reason, ResultReason::InternalServerError);
    }
}
