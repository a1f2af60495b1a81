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

/// What a record is found by: a term, which others may have too, or a name, which no other has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Term {
    bytes: Vec<u8>,
    /// From where on it says what is found, whosever it is; if that is of any use.
    what: Option<usize>,
}

impl Term {
    /// A term, or a name, of what somebody has.
    fn of(mut bytes: Vec<u8>, by: By<'_>) -> Self {
        let what = Some(bytes.len());
        by.write(&mut bytes);
        Self { bytes, what }
    }

    /// All of it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What is found, whosever it is. A backend that keeps terms in their order has those near each other that have this in
    /// common, since they are written together.
    pub(super) fn what(&self) -> Option<&[u8]> {
        self.bytes.get(self.what?..)
    }
}

impl From<Vec<u8>> for Term {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, what: None }
    }
}

/// Whose objects are found.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'a> {
    Everybody,
    Owner(&'a str),
    /// What somebody has and lets everybody find.
    Let,
}

impl StoredObject {
    /// What the object is found by.
    pub(super) fn indexes_of(&self) -> Indexes {
        let is_let = allowed(self, Operation::Locate) == Allowed::All;
        let owner = self.owner.as_deref().map(Scope::Owner);
        let scopes = [Some(Scope::Everybody), is_let.then_some(Scope::Let), owner];
        let by = self.found_by();
        let mut terms: Vec<Term> = (scopes.into_iter().flatten())
            .flat_map(|scope| by.iter().map(move |by| term(scope, self.place(), *by)))
            .collect();
        terms.sort_unstable();
        terms.dedup();
        let mut names: Vec<Term> =
            self.kept_names().map(|name| name_of(self.owner.as_deref(), name)).collect();
        // One object may have the same text twice, as names of two types.
        names.sort_unstable();
        names.dedup();
        Indexes { terms, names, due: self.due().map(|due| due.seconds()) }
    }

    /// What the object was found by in the schemas before the fifth: terms, and names.
    pub(super) fn former_indexes(&self) -> Indexes {
        let owner = self.owner.as_deref();
        let mut by: Vec<Vec<u8>> = self.found_by().into_iter().map(By::bytes).collect();
        // Before the third, its state alone, and its type alone.
        let alone = [(1, self.state().value()), (2, self.object_type.value())];
        by.extend(alone.map(|(by, value)| [&[by], value.to_be_bytes().as_slice()].concat()));
        let status = self.storage_status().bits().to_be_bytes();
        let scopes = [scope(Scope::Everybody), scope(Scope::Let), scope_of(owner)];
        let terms = scopes.into_iter().flat_map(|scope| {
            let before = [scope.as_slice(), &status].concat();
            by.iter().map(move |by| Term::from([before.as_slice(), by].concat()))
        });
        let names =
            self.kept_names().map(|name| [scope_of(owner).as_slice(), name.as_bytes()].concat().into());
        Indexes { terms: terms.collect(), names: names.collect(), due: None }
    }

    fn found_by(&self) -> Vec<By<'_>> {
        let is_fresh = self.attributes.fresh() == Some(true);
        let mut by = vec![By::Nothing, By::StateAndType(self.state(), self.object_type)];
        by.extend(self.attributes.names().map(|name| By::Name(&name.name_value)));
        by.extend(self.attributes.object_groups().map(By::Group));
        by.extend(self.attributes.object_groups().filter(|_| is_fresh).map(By::FreshInGroup));
        by
    }

    /// Its names, unless it is destroyed: that frees them.
    fn kept_names(&self) -> impl Iterator<Item = &str> {
        let names = self.attributes.names().filter(|_| self.object.is_some());
        names.map(|name| name.name_value.as_str())
    }

    fn place(&self) -> Place {
        Place { status: self.storage_status(), is_template: self.object_type == ObjectType::Template }
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

/// Where an object is, and whether it is a Template, which not every client may find.
#[derive(Clone, Copy)]
struct Place {
    status: StorageStatusMask,
    is_template: bool,
}

/// What a place has beside the bits of a Storage Status.
const TEMPLATE: u32 = 1 << 31;

impl Place {
    /// All places with one of some statuses.
    fn all(storage: StorageStatusMask, is_template: &[bool]) -> impl Iterator<Item = Self> {
        let statuses = STATUSES.into_iter().filter(move |status| storage.contains(*status));
        statuses.flat_map(|status| is_template.iter().map(move |is| Self { status, is_template: *is }))
    }

    fn bits(self) -> u32 {
        self.status.bits() | if self.is_template { TEMPLATE } else { 0 }
    }
}

/// How the objects are found among which those are that Locate looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// There is one at most.
    Identifier(String),
    /// Those with one of the terms.
    Terms {
        terms: Vec<Term>,
        /// What they have in common, for the log.
        by: &'static str,
        /// Whether all that has one of them is looked for.
        is_exact: bool,
    },
}

impl Search {
    /// All objects.
    #[cfg(any(test, feature = "inspect"))]
    pub(crate) fn everything() -> Self {
        Self::for_all(&Attributes::new())
    }

    /// All objects with some attributes.
    #[cfg(any(test, feature = "inspect"))]
    pub(crate) fn for_all(attributes: &Attributes) -> Self {
        let storage = STATUSES.into_iter().fold(StorageStatusMask::empty(), |all, status| all | status);
        let state = attributes.state();
        let wanted =
            Wanted { attributes, only_fresh: false, has_templates: true, storage, states: state.as_slice() };
        wanted.search(&[Scope::Everybody])
    }
}

/// What Locate looks for.
pub(crate) struct Wanted<'a> {
    pub(crate) attributes: &'a Attributes,
    pub(crate) only_fresh: bool,
    /// Whether Templates are found.
    pub(crate) has_templates: bool,
    pub(crate) storage: StorageStatusMask,
    /// Where what is in the wanted state, if there is one, may be noted in still. What is found need not be in that.
    pub(crate) states: &'a [State],
}

impl Wanted<'_> {
    /// The narrowest search for it.
    pub(crate) fn search(&self, scopes: &[Scope<'_>]) -> Search {
        let Self { attributes, only_fresh, has_templates, storage, states } = *self;
        let identifier = attributes.iter().find_map(|attribute| match attribute {
            Attribute::UniqueIdentifier(UniqueIdentifier::Text(text)) if !is_pattern(text) => {
                Some(text.clone())
            }
            _ => None,
        });
        if let Some(identifier) = identifier {
            return Search::Identifier(identifier);
        }
        // What a pattern stands for has no term of its own.
        let name = attributes.names().map(|name| name.name_value.as_str()).find(|name| !is_pattern(name));
        let group = attributes.object_groups().find(|group| !is_pattern(group));
        let object_type = attributes.object_type();
        // How many of the wanted attributes the terms say all of.
        let (by, what, said) = match (name, group, states, object_type) {
            (Some(name), ..) => (vec![By::Name(name)], "name", None),
            (None, Some(group), ..) if only_fresh => (vec![By::FreshInGroup(group)], "group", Some(1)),
            (None, Some(group), ..) => (vec![By::Group(group)], "group", Some(1)),
            (None, None, [], Some(object_type)) => {
                let by = states::ALL.map(|state| By::StateAndType(state, object_type));
                (by.into(), "type", (!only_fresh).then_some(1))
            }
            (None, None, [], None) => (vec![By::Nothing], "nothing", (!only_fresh).then_some(0)),
            (None, None, states, Some(object_type)) => {
                let by = states.iter().map(|state| By::StateAndType(*state, object_type));
                (by.collect(), "state and type", None)
            }
            (None, None, states, None) => {
                (states.iter().copied().flat_map(by_state).collect(), "state", None)
            }
        };
        let is_template = [false, true].into_iter().filter(|is_template| match object_type {
            Some(object_type) => (object_type == ObjectType::Template) == *is_template,
            None => true,
        });
        let is_template: Vec<bool> =
            is_template.filter(|is_template| !is_template || has_templates).collect();
        let mut terms = Vec::new();
        for place in Place::all(storage, &is_template) {
            for scope in scopes {
                let by = by.iter().filter(|by| by.may_be(place));
                terms.extend(by.map(|by| term(*scope, place, *by)));
            }
        }
        // Of a destroyed Template nothing is found.
        let has_others =
            is_template.contains(&true) && storage.contains(StorageStatusMask::DESTROYED_STORAGE);
        let is_exact = said == Some(attributes.iter().count()) && !has_others;
        Search::Terms { terms, by: what, is_exact }
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
pub(super) fn name_of(owner: Option<&str>, name: &str) -> Term {
    Term::of(scope_of(owner), By::Name(name))
}

/// What all objects of an owner are found by, each by one of them.
pub(super) fn terms_of_owner(owner: &str) -> Vec<Term> {
    let places = STATUSES.into_iter().flat_map(|status| Place::all(status, &[false, true]));
    places.map(|place| term(Scope::Owner(owner), place, By::Nothing)).collect()
}

/// What all objects with a state are found by, each by one of them, of those with a Storage Status.
pub(super) fn terms_of_state(status: StorageStatusMask, state: State) -> impl Iterator<Item = Term> {
    let by =
        move |place: Place| by_state(state).filter(move |by| by.may_be(place)).map(move |by| (place, by));
    Place::all(status, &[false, true]).flat_map(by).map(|(place, by)| term(Scope::Everybody, place, by))
}

fn by_state(state: State) -> impl Iterator<Item = By<'static>> {
    OBJECT_TYPES.into_iter().map(move |object_type| By::StateAndType(state, object_type))
}

fn scope(scope: Scope<'_>) -> Vec<u8> {
    match scope {
        Scope::Everybody => vec![0],
        Scope::Let => vec![3],
        Scope::Owner(owner) => {
            let mut bytes = vec![2];
            text(&mut bytes, owner);
            bytes
        }
    }
}

/// What the names begin with of those of an owner, or of nobody.
fn scope_of(owner: Option<&str>) -> Vec<u8> {
    owner.map_or_else(|| vec![1], |owner| scope(Scope::Owner(owner)))
}

fn term(of: Scope<'_>, place: Place, by: By<'_>) -> Term {
    let mut bytes = scope(of);
    bytes.extend(place.bits().to_be_bytes());
    Term::of(bytes, by)
}

impl By<'_> {
    fn write(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Nothing => bytes.push(0),
            Self::StateAndType(state, object_type) => {
                bytes.push(3);
                bytes.extend(state.value().to_be_bytes());
                bytes.extend(object_type.value().to_be_bytes());
            }
            Self::Name(name) => {
                bytes.push(4);
                bytes.extend(name.as_bytes());
            }
            Self::Group(group) => {
                bytes.push(5);
                bytes.extend(group.as_bytes());
            }
            Self::FreshInGroup(group) => {
                bytes.push(6);
                bytes.extend(group.as_bytes());
            }
        }
    }

    fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }

    /// Whether what is found by it may be in a place.
    fn may_be(self, place: Place) -> bool {
        match self {
            Self::StateAndType(_, object_type) => (object_type == ObjectType::Template) == place.is_template,
            _ => true,
        }
    }
}

/// Text with its length before it, so that what follows is not taken for a part of it.
fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_be_bytes());
    bytes.extend(text.as_bytes());
}
