//! What a backend keeps, and how it is asked for it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use kmip_types::escape::Escaped;

use super::StoreError;

/// Where records are kept: in memory, in a file, in a database.
///
/// A backend knows nothing of KMIP. It keeps records by their [`Key`], each with a version, a number that says in which
/// order they came, what it is found by, and when something is due; what is in them, and what the keys and terms mean, the
/// [`Store`](super::Store) above it knows. Secrets are sealed before they reach it, and so are names.
///
/// Several threads ask at once, and no call may wait for what a client does. What [`Backend::commit`] has answered with
/// success is there after the process was killed, where the backend is one that lasts.
pub trait Backend: fmt::Debug + Send + Sync + 'static {
    /// Whether it takes records as they are in this process, or as sealed bytes.
    fn form(&self) -> Form;

    /// Whether other processes may change what is in it, while this one has it open.
    fn is_shared(&self) -> bool;

    /// Whether a call may wait for a disk, or for another machine.
    fn waits(&self) -> bool {
        true
    }

    /// The record with a key.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError>;

    /// The key of the record of a kind that has a name, which no other of that kind has.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError>;

    /// The records of a kind that are found by any of some terms, the newest first, each once: at most `limit`, whose numbers
    /// are below `before`. It costs what it gives, and not what there is.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError>;

    /// The numbers and keys of the records that [`list`](Backend::list) gives.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn keys(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        let records = self.list(kind, terms, before, limit)?;
        Ok(records.into_iter().map(|record| (record.number, record.key)).collect())
    }

    /// How many records of a kind are found by a term. A server with metrics asks for it when it begins.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        const PAGE: usize = 256;
        let (terms, mut count, mut before) = ([term.to_vec()], 0, None);
        loop {
            let page = self.list(kind, &terms, before, PAGE)?;
            count += page.len() as u64;
            match page.last() {
                Some(last) if page.len() == PAGE => before = Some(last.number),
                _ => return Ok(count),
            }
        }
    }

    /// What is due of a kind, the earliest first: at most `limit`, due at `until` or before, each with its time.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError>;

    /// How many records of a kind there are, and how large they are together. It costs the same however many there are.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn totals(&self, kind: Kind) -> Result<Totals, StoreError>;

    /// The records of some kinds with numbers above one, in the order in which they came, as they are now: at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// Shows every record of some kinds, in the order in which they came, as all of them were at one moment. Others may
    /// read and commit meanwhile, and so may `visit`.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say; and whatever `visit` fails with, which ends it.
    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Makes all the changes, or none of them. Records that are new get higher numbers than all before, in their order.
    ///
    /// # Errors
    /// - [`StoreError::Conflict`], if a record is not as the change expects it, one that is to stay as it is has another
    ///   version, or a name that is added is another's once those that are removed are gone.
    /// - [`StoreError::Full`], if it makes more, or larger, of what has exceeded a [`Bound`] then; or if there is no room
    ///   where the records are kept.
    /// - Any other [`StoreError`], after which nothing is changed.
    fn commit(&self, commit: Commit) -> Result<(), StoreError>;

    /// Forgets all records of a kind, or the terms by which they are found.
    ///
    /// # Errors
    /// [`StoreError`], after which nothing is changed.
    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError>;
}

/// In which form a backend takes the bodies of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As what they are in this process, which the backend hands back as it is.
    Live,
    /// As bytes, sealed with a key that the backend does not have.
    Sealed,
}

/// What kind of record it is. A backend keeps the number of the kind and need not know what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(u8);

impl Kind {
    /// What the store knows of itself.
    pub const STORE: Self = Self(0);
    /// Managed objects with their attributes.
    pub const OBJECT: Self = Self(1);
    /// Tickets.
    pub const TICKET: Self = Self(2);
    /// Operations that are answered later, and their results.
    pub const ASYNCHRONOUS: Self = Self(3);
    /// What users have proved with, and proves nothing again.
    pub const USED: Self = Self(4);
    /// What there is one of: defaults, constraints, the authority that issues certificates.
    pub const SETTING: Self = Self(5);
    /// When objects are to be rotated.
    pub const ROTATION: Self = Self(6);
    /// The certificates that clients were given in place of those that they connected with.
    pub const PROVISIONED: Self = Self(7);
    /// What clients may attest with.
    pub const NONCE: Self = Self(8);
    /// Which object of a group was given last.
    pub const TURN: Self = Self(9);

    /// Users.
    pub const USER: Self = Self(10);

    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::STORE,
        Self::OBJECT,
        Self::TICKET,
        Self::ASYNCHRONOUS,
        Self::USED,
        Self::SETTING,
        Self::ROTATION,
        Self::PROVISIONED,
        Self::NONCE,
        Self::TURN,
        Self::USER,
    ];

    /// The kind with a number.
    pub const fn from_number(number: u8) -> Self {
        Self(number)
    }

    /// The number of the kind.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// What a record is called by.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The kind of record.
    pub kind: Kind,
    /// What no other record of the kind has: of an object its Unique Identifier, in UTF-8.
    pub identifier: Vec<u8>,
}

impl Key {
    /// The key of a record.
    pub fn new(kind: Kind, identifier: impl Into<Vec<u8>>) -> Self {
        Self { kind, identifier: identifier.into() }
    }
}

/// It shows the identifiers of objects; others may be as good as what they stand for.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::OBJECT => write!(f, "Key({})", Escaped(&String::from_utf8_lossy(&self.identifier))),
            Kind(kind) => write!(f, "Key({kind}, {} bytes)", self.identifier.len()),
        }
    }
}

/// A record as it is kept.
#[derive(Clone, Debug)]
pub struct Record {
    /// What it is called by.
    pub key: Key,
    /// When it came, compared with others; it never changes.
    pub number: u64,
    /// Which version it is; each change makes another, which this key has not had before since the record came.
    pub version: u64,
    /// When it is due, if ever, in seconds since 1970.
    pub due: Option<i64>,
    /// What is in it.
    pub body: Body,
}

/// What is in a record.
#[derive(Clone)]
pub struct Body(Content);

#[derive(Clone)]
enum Content {
    Live(Arc<dyn Any + Send + Sync>),
    Bytes(Arc<[u8]>),
}

impl Body {
    /// The bytes of a body, as they were kept.
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(Content::Bytes(bytes.into()))
    }

    /// The bytes, of a body for a backend of [`Form::Sealed`]. A live one has none.
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Content::Live(_) => &[],
            Content::Bytes(bytes) => bytes,
        }
    }

    pub(super) fn live(value: Arc<dyn Any + Send + Sync>) -> Self {
        Self(Content::Live(value))
    }

    pub(super) fn as_live(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        match &self.0 {
            Content::Live(value) => Some(value),
            Content::Bytes(_) => None,
        }
    }
}

/// It shows the length only: a live body is no secret's place.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Live(_) => f.write_str("Body(live)"),
            Content::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
        }
    }
}

/// Changes that are made together, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// The changes, at most one a key.
    pub changes: Vec<Change>,
    /// What the records may come to.
    pub bounds: Vec<Bound>,
    /// Records that must have these versions, and stay as they are.
    pub unchanged: Vec<(Key, u64)>,
}

/// What becomes of one record.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which record.
    pub key: Key,
    /// The version that it must have; `None`, if there must be none.
    pub expected: Option<u64>,
    /// What it is to be; `None`, if it is to be forgotten.
    pub value: Option<Value>,
    /// What it is found by, as far as that changes.
    pub terms: Difference,
    /// Its names, as far as they change.
    pub names: Difference,
}

/// What a record is to be.
#[derive(Clone, Debug)]
pub struct Value {
    /// What is in it.
    pub body: Body,
    /// How large it counts, in bytes.
    pub size: u64,
    /// When it is due, if ever, in seconds since 1970.
    pub due: Option<i64>,
}

/// What is taken away from a set, and what is added.
#[derive(Clone, Default)]
pub struct Difference {
    /// What is in it no longer.
    pub removed: Vec<Vec<u8>>,
    /// What is new in it.
    pub added: Vec<Vec<u8>>,
}

/// It shows how many there are: a live backend sees names.
impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Difference({} removed, {} added)", self.removed.len(), self.added.len())
    }
}

/// What the records of a kind may come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Which records.
    pub kind: Kind,
    /// How many there may be.
    pub records: u64,
    /// How large they may be together, in bytes.
    pub bytes: u64,
}

/// How many records there are, and how large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many.
    pub records: u64,
    /// How large they count together, in bytes.
    pub bytes: u64,
}

impl Totals {
    /// Refuses what makes these, and is more than a bound has room for.
    ///
    /// # Errors
    /// [`StoreError::Full`], if there are more of them than before, or larger ones, and more than there may be.
    pub fn check(self, before: Self, bound: &Bound) -> Result<(), StoreError> {
        if self.records > before.records && self.records > bound.records {
            return Err(StoreError::Full(super::Full::Records(bound.kind)));
        }
        if self.bytes > before.bytes && self.bytes > bound.bytes {
            return Err(StoreError::Full(super::Full::Bytes(bound.kind)));
        }
        Ok(())
    }

    /// With a record more or less, or one of another size.
    #[must_use]
    pub fn with(self, old: Option<u64>, new: Option<u64>) -> Self {
        Self {
            records: (self.records + u64::from(new.is_some())).saturating_sub(u64::from(old.is_some())),
            bytes: (self.bytes + new.unwrap_or(0)).saturating_sub(old.unwrap_or(0)),
        }
    }
}

/// What is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clear {
    /// The records, with all that they are found by.
    Records,
    /// The terms by which they are found, and nothing else.
    Terms,
}
