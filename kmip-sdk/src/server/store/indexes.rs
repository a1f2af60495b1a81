//! What managed objects are found by, and which of it Locate makes use of.

use kmip_types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_types::enumerations::{ObjectType, Operation, State};
use kmip_types::masks::StorageStatusMask;
use kmip_types::tables::Allowed;

use super::stored::Indexes;
use super::{OBJECT_TYPES, StoredObject, states};
use crate::server::operation_policy::allowed;
use crate::server::pattern::is_pattern;

/// What is found by a term. The numbers are kept: a new one gets a new number, and 1 and 2 are not used again.
///
/// What has a state is found by that with each type, and what has a type by that with each state: a term more costs who looks
/// little, and who writes a page of its own.
#[derive(Clone, Copy)]
enum By<'a> {
    Nothing,
    StateAndType(State, ObjectType),
    Name(&'a str),
    Group(&'a str),
    FreshInGroup(&'a str),
}

/// Whose objects are found.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'a> {
    Everybody,
    Nobody,
    Owner(&'a str),
    /// What somebody has and lets everybody find.
    Let,
}

impl StoredObject {
    /// What the object is found by.
    pub(super) fn indexes_of(&self) -> Indexes {
        let owner = match self.owner.as_deref() {
            Some(owner) => Scope::Owner(owner),
            None => Scope::Nobody,
        };
        let status = self.storage_status();
        let (state, object_type) = (self.state(), self.object_type);
        let is_fresh = self.attributes.fresh() == Some(true);
        let mut by = vec![By::Nothing, By::StateAndType(state, object_type)];
        by.extend(self.attributes.names().map(|name| By::Name(&name.name_value)));
        by.extend(self.attributes.object_groups().map(By::Group));
        by.extend(self.attributes.object_groups().filter(|_| is_fresh).map(By::FreshInGroup));
        let is_let = self.owner.is_some() && allowed(self, Operation::Locate) == Allowed::All;
        let scopes = [Scope::Everybody, if is_let { Scope::Let } else { owner }, owner];
        let mut terms: Vec<Vec<u8>> =
            scopes.iter().flat_map(|scope| by.iter().map(move |by| term(*scope, status, *by))).collect();
        terms.sort_unstable();
        terms.dedup();
        let mut names: Vec<Vec<u8>> = match self.object {
            Some(_) => {
                let names = self.attributes.names();
                names.map(|name| name_of(self.owner.as_deref(), &name.name_value)).collect()
            }
            // What is destroyed frees its names.
            None => Vec::new(),
        };
        // One object may have the same text twice, as names of two types.
        names.sort_unstable();
        names.dedup();
        Indexes { terms, names, due: self.due().map(|due| due.seconds()) }
    }

    /// What the object was found by in schemas before the third, and is no longer: its state alone, and its type alone.
    pub(super) fn former_terms(&self) -> Vec<Vec<u8>> {
        let owner = self.owner.as_deref().map_or(Scope::Nobody, Scope::Owner);
        let status = self.storage_status();
        let by = [(1, self.state().value()), (2, self.object_type.value())];
        let terms = [Scope::Everybody, Scope::Let, owner].into_iter().flat_map(|of| {
            by.iter().map(move |(by, value)| {
                let mut bytes = scope(of);
                bytes.extend(status.bits().to_be_bytes());
                bytes.push(*by);
                bytes.extend(value.to_be_bytes());
                bytes
            })
        });
        terms.collect()
    }

    /// Where an object is.
    pub(crate) fn storage_status(&self) -> StorageStatusMask {
        match self.object {
            Some(_) if self.archived => StorageStatusMask::ARCHIVAL_STORAGE,
            Some(_) => StorageStatusMask::ON_LINE_STORAGE,
            None => StorageStatusMask::DESTROYED_STORAGE,
        }
    }
}

/// Where an object may be; it is in one of them.
const STATUSES: [StorageStatusMask; 3] = [
    StorageStatusMask::ON_LINE_STORAGE,
    StorageStatusMask::ARCHIVAL_STORAGE,
    StorageStatusMask::DESTROYED_STORAGE,
];

/// How the objects are found among which those are that Locate looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// There is one at most.
    Identifier(String),
    /// Those with one of the terms.
    Terms {
        terms: Vec<Vec<u8>>,
        /// What they have in common, for the log.
        by: &'static str,
    },
}

impl Search {
    /// The narrowest search among the wanted attributes.
    #[cfg(any(test, feature = "inspect"))]
    pub(crate) fn new(
        wanted: &Attributes,
        only_fresh: bool,
        scopes: &[Scope<'_>],
        storage: StorageStatusMask,
    ) -> Self {
        Self::noted_in(wanted, only_fresh, scopes, storage, wanted.state().as_slice())
    }

    /// The narrowest search among the wanted attributes, where what is in the wanted state may be noted in any of these still.
    /// What is found need not be in that.
    pub(crate) fn noted_in(
        wanted: &Attributes,
        only_fresh: bool,
        scopes: &[Scope<'_>],
        storage: StorageStatusMask,
        states: &[State],
    ) -> Self {
        let identifier = wanted.iter().find_map(|attribute| match attribute {
            Attribute::UniqueIdentifier(UniqueIdentifier::Text(text)) if !is_pattern(text) => {
                Some(text.clone())
            }
            _ => None,
        });
        if let Some(identifier) = identifier {
            return Self::Identifier(identifier);
        }
        // What a pattern stands for has no term of its own.
        let name = wanted.names().map(|name| name.name_value.as_str()).find(|name| !is_pattern(name));
        let group = wanted.object_groups().find(|group| !is_pattern(group));
        let (by, what) = match (name, group, states, wanted.object_type()) {
            (Some(name), ..) => (vec![By::Name(name)], "name"),
            (None, Some(group), ..) if only_fresh => (vec![By::FreshInGroup(group)], "group"),
            (None, Some(group), ..) => (vec![By::Group(group)], "group"),
            (None, None, [], Some(object_type)) => {
                (states::ALL.map(|state| By::StateAndType(state, object_type)).into(), "type")
            }
            (None, None, [], None) => (vec![By::Nothing], "nothing"),
            (None, None, states, Some(object_type)) => {
                let by = states.iter().map(|state| By::StateAndType(*state, object_type));
                (by.collect(), "state and type")
            }
            (None, None, states, None) => (states.iter().copied().flat_map(by_state).collect(), "state"),
        };
        let mut terms = Vec::new();
        for status in STATUSES.into_iter().filter(|status| storage.contains(*status)) {
            for scope in scopes {
                terms.extend(by.iter().map(|by| term(*scope, status, *by)));
            }
        }
        Self::Terms { terms, by: what }
    }
}

/// Whether there is an index of an attribute with this value: objects with it are found without a look at others.
pub(crate) fn has_index(attribute: &Attribute) -> bool {
    match attribute {
        Attribute::UniqueIdentifier(UniqueIdentifier::Text(text)) => !is_pattern(text),
        Attribute::Name(name) => !is_pattern(&name.name_value),
        Attribute::ObjectGroup(group) => !is_pattern(group),
        Attribute::State(_) | Attribute::ObjectType(_) => true,
        _ => false,
    }
}

/// The name of an object among those of its owner.
pub(super) fn name_of(owner: Option<&str>, name: &str) -> Vec<u8> {
    let mut bytes = scope(owner.map_or(Scope::Nobody, Scope::Owner));
    bytes.extend(name.as_bytes());
    bytes
}

/// What all objects of an owner are found by, by their Storage Status.
pub(super) fn terms_of_owner(owner: &str) -> [Vec<u8>; 3] {
    STATUSES.map(|status| term(Scope::Owner(owner), status, By::Nothing))
}

/// What all objects with a state are found by, each by one of them, of those with a Storage Status.
pub(super) fn terms_of_state(status: StorageStatusMask, state: State) -> impl Iterator<Item = Vec<u8>> {
    by_state(state).map(move |by| term(Scope::Everybody, status, by))
}

fn by_state(state: State) -> impl Iterator<Item = By<'static>> {
    OBJECT_TYPES.into_iter().map(move |object_type| By::StateAndType(state, object_type))
}

fn scope(scope: Scope<'_>) -> Vec<u8> {
    match scope {
        Scope::Everybody => vec![0],
        Scope::Nobody => vec![1],
        Scope::Let => vec![3],
        Scope::Owner(owner) => {
            let mut bytes = vec![2];
            text(&mut bytes, owner);
            bytes
        }
    }
}

fn term(of: Scope<'_>, status: StorageStatusMask, by: By<'_>) -> Vec<u8> {
    let mut bytes = scope(of);
    bytes.extend(status.bits().to_be_bytes());
    match by {
        By::Nothing => bytes.push(0),
        By::StateAndType(state, object_type) => {
            bytes.push(3);
            bytes.extend(state.value().to_be_bytes());
            bytes.extend(object_type.value().to_be_bytes());
        }
        By::Name(name) => {
            bytes.push(4);
            bytes.extend(name.as_bytes());
        }
        By::Group(group) => {
            bytes.push(5);
            bytes.extend(group.as_bytes());
        }
        By::FreshInGroup(group) => {
            bytes.push(6);
            bytes.extend(group.as_bytes());
        }
    }
    bytes
}

/// Text with its length before it, so that what follows is not taken for a part of it.
fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_be_bytes());
    bytes.extend(text.as_bytes());
}
