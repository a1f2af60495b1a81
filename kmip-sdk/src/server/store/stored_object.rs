//! A managed object with its attributes.

use std::sync::Arc;

use kmip_types::DateTime;
use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{ObjectType, ResultReason, State};
use kmip_types::object::ManagedObject;

use crate::answer::Failure;
use crate::server::attributes;
use crate::server::crypto::split::Polynomial;
use crate::server::lifecycle;

/// The kinds of object that are kept.
pub(crate) const OBJECT_TYPES: [ObjectType; 10] = [
    ObjectType::Certificate,
    ObjectType::SymmetricKey,
    ObjectType::PublicKey,
    ObjectType::PrivateKey,
    ObjectType::SplitKey,
    ObjectType::Template,
    ObjectType::SecretData,
    ObjectType::OpaqueObject,
    ObjectType::PgpKey,
    ObjectType::CertificateRequest,
];

/// A managed object with its attributes.
#[derive(Clone, Debug)]
pub(crate) struct StoredObject {
    pub(crate) identifier: String,
    pub(crate) object_type: ObjectType,
    /// The object, until it is destroyed. It is shared, so that a change of attributes makes no copy of it.
    pub(crate) object: Option<Arc<ManagedObject>>,
    /// Every attribute, each with its index.
    pub(crate) attributes: Attributes,
    /// Whether it is in off-line storage.
    pub(crate) archived: bool,
    /// Whose it is, if its maker has a name.
    pub(crate) owner: Option<String>,
    /// What it was split over, of a part of a key whose method has such a field. Clients do not see it.
    pub(crate) polynomial: Option<Polynomial>,
}

impl StoredObject {
    /// The object's state.
    pub(crate) fn state(&self) -> State {
        // Every object gets a state when it is made.
        self.attributes.state().unwrap_or(State::PreActive)
    }

    /// When the object's state changes next by its dates, if it does.
    pub(super) fn due(&self) -> Option<DateTime> {
        match self.state() {
            // Its dates are those of the objects that are made with it.
            _ if self.object_type == ObjectType::Template => None,
            State::PreActive => self.attributes.activation_date(),
            State::Active => self.attributes.deactivation_date(),
            _ => None,
        }
    }

    /// Moves the object to the state that follows, if its date has been reached.
    pub(crate) fn advance(&mut self, now: DateTime) {
        if self.object_type == ObjectType::Template {
            return;
        }
        let activation = self.attributes.activation_date();
        let deactivation = self.attributes.deactivation_date();
        if let Some((state, since)) = lifecycle::by_dates(self.state(), activation, deactivation, now) {
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
        self.object.as_deref().ok_or_else(destroyed)
    }
}
