//! Where a server keeps what it is given: managed objects, tickets, results that have not been asked for, settings.
//!
//! A [`Store`] is in memory, unless something else is said, and gone with the server then. With the feature `redb` it may be
//! a file: what was answered with success is there after the process was killed or the machine lost its power. With the feature
//! `postgres` it may be a PostgreSQL database, which any number of servers share.
//!
//! ```no_run
//! use kmip_sdk::server::store::{MasterKey, Store};
//! use kmip_sdk::server::{EmbeddedServer, ServerOptions};
//!
//! let store = Store::open_sealed("redb:/var/lib/kmip/store", MasterKey::from_file("/etc/kmip/master.key")?)?;
//! let server = EmbeddedServer::start_with(ServerOptions::default().store(store))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Backends
//!
//! [`Memory`]; `Redb`, which is one file of the package [redb](https://docs.rs/redb), and takes 256 MiB of memory for pages of
//! it at most, or what `RedbOptions` or the URL says; and `Postgres`, which is a database of
//! PostgreSQL 12 or newer. Another is a type that implements [`Backend`]. What a backend keeps beyond the process is sealed: see [`MasterKey`]. A backend sees no name of an object, no
//! name of a user, and no value of an attribute; it sees Unique Identifiers, and when something is due.
//! Who may write to what it keeps may have Locate find other objects or fewer, take records away, and put what a record was
//! before in its place; they can neither read nor make one.
//!
//! # What it costs
//!
//! Finding an object by its Unique Identifier costs the same however many there are. So does Locate by name, by group, and
//! by state or object type or both with a maximum. Where nothing, a group, or an object type is all that it looks for, and
//! neither a policy nor a ticket says more of who may see what, it mostly reads no object. Any other Locate, by a pattern
//! among them, looks at every object that the client sees, a page at a time and with no lock held, and says so in an event
//! of the level `debug`: how many it has read and found, how long that took, and which of the attributes have no index. So
//! does one that has read many in vain among those that its index gives. Located Items is left out of the response where not
//! all that was found was looked at.
//!
//! What is due costs what is due, and not what there is. What cannot be read or written of it is left alone for a minute, and
//! in nobody's way; where the disk is full, all of it waits until there is room. Meanwhile an object is in the state that its
//! dates say, and Locate by a state finds it so, among all those that may have come to that state.
//!
//! What is kept beyond the process is decrypted and decoded when it is read. Objects that were read of late stay decoded: see
//! [`Store::cache`].
//!
//! # The master key
//!
//! A data key for each record is encrypted with the master key; see [`MasterKey`] for where that comes from. A store that was
//! sealed with another does not open. [`Store::rotate`] changes it while servers run, one or several, and says in which order
//! to do it. Each store has a master key of its own: with one for two, a record of one might be put in the place of the
//! other's.
//!
//! # Many servers
//!
//! Servers that share a store, on one machine or on many, are one to their clients: a name or a usage allocation is given
//! once, no change is lost, and what is due, a change of state or a rotation, is done once. What one of them issued, a ticket, a
//! result that is answered later, a certificate by Re-Provision, a nonce to attest with, the others know. All have the
//! master key, and the same options; clients trust the certificates of all. A date that another server has set is known
//! within a second of its clock, and the clocks are to be the same.
//!
//! What the store says of itself, which master key it is sealed with and which schema it has, each commit goes by: a server
//! that was held up meanwhile goes over to it, or changes nothing more and says so. A version of this library with another
//! schema brings the store to that when it opens it, so the servers of the version before are ended first.
//!
//! # Users
//!
//! [`Store::users`] keeps users for every server on the store, beside those that the options of each name.
//!
//! # From one store to another
//!
//! [`Store::export`] and [`Store::import`] take all of a store to another one, be that of the same kind or not, and
//! [`Store::check`] says whether all of it can be read. The command `kmip` has these as `kmip store export`, `import` and
//! `check`, and changes the master key by `kmip store rotate`, or by SIGHUP to `kmip serve`.
//!
//! # What is not kept
//!
//! Operations in parts that are open, and what clients seeded the random number generator with, are a server's own: another
//! server on the same store does not know them, and says so. So is the count of credentials that were wrong: who guesses has
//! as many attempts with each server.

mod backend;
mod cache;
mod checking;
mod encoding;
mod error;
#[cfg(any(feature = "postgres", feature = "redb"))]
mod group;
mod indexes;
#[cfg(feature = "metrics")]
mod measured;
mod memory;
mod merged;
mod opening;
mod pages;
#[cfg(feature = "postgres")]
mod postgres;
mod presence;
#[cfg(feature = "redb")]
mod redb;
mod schedule;
mod sealed_with;
mod sealing;
mod standing;
mod states;
mod stored;
mod stored_object;
mod transaction;
mod transfer;
mod url;

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use kmip_types::DateTime;
use kmip_types::enumerations::ResultReason;

pub use backend::{
    Backend, Body, Bound, Change, Clear, Commit, Difference, Form, Key, Kind, Record, Totals, Value,
};
pub use checking::Checked;
pub use error::{Full, StoreError};
pub(crate) use indexes::{Scope, Search, Term, Wanted, has_index};
pub use memory::Memory;
pub(crate) use pages::{Pages, Seen};
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
#[cfg(feature = "redb")]
pub use redb::{Redb, RedbOptions};
pub use sealing::{MasterKey, MasterKeys};
#[cfg(feature = "inspect")]
pub(crate) use stored::encode_under;
pub(crate) use stored::{Indexes, Stored, corrupt, decode_record, decode_under, encode_in, encode_record};
pub(crate) use stored_object::{OBJECT_TYPES, StoredObject};
pub(crate) use transaction::Transaction;

use crate::answer::Failure;
use crate::server::provisioned::Provisioned;
pub use crate::server::users::Users;
use cache::{Cached, Moment};
use presence::Presence;
use schedule::Schedule;
use sealing::Sealing;
use states::{Moved, States};
use stored::downcast;

/// How many records are looked at, or changed, at a time.
const PAGE: usize = 32;

/// How many pages of what is due a request moves at most that is about something else.
const SOME: usize = 8;

/// What a server keeps. A clone is the same store: servers may share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Cached,
    /// Absent where records stay in this process.
    sealing: Option<Sealing>,
    schedule: Schedule,
    states: States,
    /// Of the certificates that clients were given.
    provisioned: Presence,
    /// Held by who moves objects whose dates have been reached.
    advancing: Mutex<()>,
    /// Held by who changes the master key.
    rotating: Mutex<()>,
    /// Whether an import into it is under way in this process, or was cut short.
    is_importing: AtomicBool,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("backend", &self.inner.backend).finish_non_exhaustive()
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::memory()
    }
}

/// A record as it was found.
pub(crate) struct Found<T> {
    pub(crate) number: u64,
    pub(crate) version: u64,
    /// When it is due, if ever, in seconds since 1970.
    pub(crate) due: Option<i64>,
    pub(crate) value: Arc<T>,
}

impl Store {
    /// A new store in memory.
    pub fn memory() -> Self {
        Self::made_of(Box::new(Memory::new()), None)
    }

    /// How many bytes of memory it takes at most for objects that were read of late, decoded, so that they are not decrypted
    /// and decoded again; clones are the same store. Default 64 MiB; 0 keeps none.
    ///
    /// An object takes about a kilobyte beside its attributes and its value; one that takes more than an eighth of it all may
    /// not be kept. What is let go of is wiped, as always. A store in memory needs none of this, and has none.
    #[must_use]
    pub fn cache(self, bytes: u64) -> Self {
        self.inner.backend.set_bytes(bytes);
        self
    }

    /// How many objects there are, destroyed ones included, and how large they are together.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    pub fn objects(&self) -> Result<Totals, StoreError> {
        self.inner.backend.totals(Kind::OBJECT)
    }

    fn made_of(backend: Box<dyn Backend>, sealing: Option<Sealing>) -> Self {
        let schedule = Schedule::new(backend.is_shared());
        #[cfg(feature = "metrics")]
        let backend: Box<dyn Backend> = Box::new(measured::Measured(backend));
        let backend = Cached::new(backend);
        let (states, provisioned) = (States::default(), Presence::default());
        let (advancing, rotating) = (Mutex::default(), Mutex::default());
        let is_importing = AtomicBool::new(false);
        let inner =
            Inner { backend, sealing, schedule, states, provisioned, advancing, rotating, is_importing };
        Self { inner: Arc::new(inner) }
    }

    /// Something that reads and changes records, at a time.
    pub(crate) fn begin(&self, now: DateTime, bounds: &[Bound]) -> Transaction<'_> {
        Transaction::new(self, now, bounds.to_vec())
    }

    fn backend(&self) -> &dyn Backend {
        &self.inner.backend
    }

    /// Whether records stay in this process, as what they are.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.backend().form() == Form::Live
    }

    /// Whether what is asked of it may wait for a disk, or for another machine.
    pub(crate) fn waits(&self) -> bool {
        self.backend().waits()
    }

    /// Whether no client was ever given a certificate, for certain and without asking the backend.
    pub(crate) fn has_given_none(&self) -> bool {
        self.inner.provisioned.is_none()
    }

    /// The certificate that a client was given. Where nobody else adds to the store, and none was given, the backend is asked
    /// once.
    pub(crate) fn given(&self, client: &str) -> Result<Option<Arc<Provisioned>>, StoreError> {
        let known = &self.inner.provisioned;
        if !self.backend().is_shared() && known.is_unknown() {
            known.counted(self.count(Kind::PROVISIONED)?);
        }
        if known.is_none() {
            return Ok(None);
        }
        Ok(self.read::<Provisioned>(client.as_bytes())?.map(|found| found.value))
    }

    /// The value with an identifier.
    pub(crate) fn read<T: Stored>(&self, identifier: &[u8]) -> Result<Option<Found<T>>, StoreError> {
        self.read_key(&self.key(T::KIND, identifier))
    }

    /// The object with an identifier, if it is known without asking the backend for it.
    pub(crate) fn at_hand(&self, identifier: &str) -> Option<Arc<StoredObject>> {
        self.inner.backend.at_hand(identifier.as_bytes()).map(|found| found.value)
    }

    /// What a record holds that was read after a moment.
    fn found_since<T: Stored>(&self, record: &Record, read: Moment) -> Result<Found<T>, StoreError> {
        if T::KIND != Kind::OBJECT || self.inner.sealing.is_none() {
            return self.found(record);
        }
        let cache = &self.inner.backend;
        let object = match cache.decoded(record) {
            Some(object) => object,
            None => {
                let object = self.found::<StoredObject>(record)?.value;
                cache.keep(record, &object, read);
                object
            }
        };
        let (&Record { number, version, due, .. }, value) = (record, downcast(object)?);
        Ok(Found { number, version, due, value })
    }

    /// What a record holds.
    fn found<T: Stored>(&self, record: &Record) -> Result<Found<T>, StoreError> {
        let value = match (&self.inner.sealing, record.body.as_live()) {
            (_, Some(live)) => downcast(Arc::clone(live))?,
            (Some(sealing), None) => Arc::new(T::decode(&sealing.open(&record.key, record.body.bytes())?)?),
            (None, None) => return Err(stored::corrupt("a record that is not sealed has no value")),
        };
        Ok(Found { number: record.number, version: record.version, due: record.due, value })
    }

    /// The value that has a name, which no other of its kind has.
    pub(crate) fn find<T: Stored>(&self, name: Term) -> Result<Option<Found<T>>, StoreError> {
        match self.backend().find(T::KIND, &self.name(name))? {
            Some(key) => self.read_key(&key),
            None => Ok(None),
        }
    }

    /// The key under which the backend keeps a value.
    fn key(&self, kind: Kind, identifier: &[u8]) -> Key {
        match (kind, &self.inner.sealing) {
            // Whoever has a ticket may use it, and the names of users are nobody's business.
            (
                Kind::TICKET
                | Kind::ASYNCHRONOUS
                | Kind::USED
                | Kind::PROVISIONED
                | Kind::NONCE
                | Kind::TURN
                | Kind::USER,
                Some(sealing),
            ) => Key::new(kind, sealing.hide(kind.number(), 32, identifier)),
            _ => Key::new(kind, identifier),
        }
    }

    /// The term as the backend sees it.
    fn term(&self, term: Term) -> Vec<u8> {
        self.hidden(b't', 16, term)
    }

    /// The name as the backend sees it.
    fn name(&self, name: Term) -> Vec<u8> {
        self.hidden(b'n', 32, name)
    }

    /// What a term or a name is where the backend sees it. What those have in common that are to be near each other is at its
    /// beginning.
    fn hidden(&self, kind: u8, length: usize, term: Term) -> Vec<u8> {
        const NEAR: usize = 4;
        let Some(sealing) = &self.inner.sealing else { return term.into_bytes() };
        let Some(what) = term.what() else { return sealing.hide(kind, length, term.bytes()) };
        let mut hidden = sealing.hide(b'w', NEAR, what);
        hidden.extend(sealing.hide(kind, length - NEAR, term.bytes()));
        hidden
    }

    /// What a record is to be, in the form that the backend takes.
    fn value<T: stored::AnyStored + ?Sized>(
        &self,
        key: &Key,
        value: &T,
        live: Arc<dyn Any + Send + Sync>,
        due: Option<i64>,
    ) -> Result<Value, StoreError> {
        match &self.inner.sealing {
            Some(sealing) => {
                let body = sealing.seal(key, &value.any_encode()?)?;
                Ok(Value { size: body.len() as u64, body: Body::from_bytes(body), due })
            }
            None => {
                // Only these are bounded in bytes.
                let is_bounded = matches!(key.kind, Kind::OBJECT | Kind::ASYNCHRONOUS);
                let size = if is_bounded { value.any_size()? as u64 } else { 0 };
                Ok(Value { size, body: Body::live(live), due })
            }
        }
    }

    /// Commits what has been put together, and notes when something of it is due, and which states objects have gone to.
    fn commit(&self, commit: Commit, moved: &[Moved]) -> Result<(), StoreError> {
        let due: Vec<(Key, i64)> = commit
            .changes
            .iter()
            .filter_map(|change| Some((change.key.clone(), change.value.as_ref()?.due?)))
            .collect();
        if commit.changes.iter().any(|change| change.key.kind == Kind::PROVISIONED) {
            self.inner.provisioned.made();
        }
        let states = &self.inner.states;
        let committing = states.committing();
        match &self.inner.sealing {
            Some(sealing) => self.commit_sealed(sealing, commit)?,
            None => self.backend().commit(commit)?,
        }
        states.moved(moved);
        drop(committing);
        self.inner.schedule.add(&due);
        Ok(())
    }

    /// Moves the objects whose dates have been reached to the state that follows: whether none of them is left.
    ///
    /// Whoever else does the same at that moment, here or on another machine, does it once: what has changed meanwhile is no
    /// longer changed. An object that cannot be read or written is left alone for a while, and is in nobody's way.
    pub(crate) fn advance(&self, now: DateTime, goes_on: &dyn Fn() -> bool) -> Result<bool, StoreError> {
        if !self.is_due(Kind::OBJECT, now) {
            return Ok(true);
        }
        let _advancing = self.inner.advancing.lock().unwrap_or_else(PoisonError::into_inner);
        self.advance_while(now, goes_on)
    }

    /// The same, with a few of them, and not while somebody else does it: who asks waits for neither.
    ///
    /// Where the disk is full, there is no more to be had of it: what is left is left.
    pub(crate) fn advance_some(&self, now: DateTime) -> Result<bool, StoreError> {
        if !self.is_due(Kind::OBJECT, now) {
            return Ok(true);
        }
        let _advancing = match self.inner.advancing.try_lock() {
            Ok(advancing) => advancing,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(false),
        };
        let left = Cell::new(SOME);
        let goes_on = || left.replace(left.get().saturating_sub(1)) > 0;
        match self.advance_while(now, &goes_on) {
            Err(StoreError::Full(Full::Disk)) => Ok(false),
            Err(error) if error.is_of_one_record() => Ok(false),
            result => result,
        }
    }

    fn advance_while(&self, now: DateTime, goes_on: &dyn Fn() -> bool) -> Result<bool, StoreError> {
        loop {
            let due = self.due(Kind::OBJECT, now)?;
            if due.is_empty() {
                return Ok(true);
            }
            for page in due.chunks(PAGE) {
                if !goes_on() {
                    return Ok(false);
                }
                match self.advance_all(page, now) {
                    Ok(()) => {}
                    Err(error) if error.is_of_one_record() => self.advance_each(page, now)?,
                    // Somebody else has changed one of them.
                    Err(StoreError::Conflict) => self.advance_each(page, now)?,
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// Moves some objects together.
    fn advance_all(&self, due: &[Key], now: DateTime) -> Result<(), StoreError> {
        let mut transaction = self.begin(now, &[]);
        for key in due {
            transaction.settle(&key.identifier)?;
        }
        transaction.commit()
    }

    /// Moves some objects, each by itself.
    fn advance_each(&self, due: &[Key], now: DateTime) -> Result<(), StoreError> {
        for key in due {
            match self.advance_all(std::slice::from_ref(key), now) {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => self.set_aside(key, error, now)?,
            }
        }
        Ok(())
    }

    /// Leaves alone for a while what is due and fails by itself. Where the disk is full, so does all that takes more than a note
    /// of it.
    ///
    /// # Errors
    /// The error, if others would fail as well.
    pub(crate) fn set_aside(&self, key: &Key, error: StoreError, now: DateTime) -> Result<(), StoreError> {
        if matches!(error, StoreError::Full(Full::Disk)) && key.kind != Kind::OBJECT {
            self.inner.schedule.hold(key.kind, now);
        }
        if !error.is_of_one_record() || !self.inner.schedule.set_aside(key, now) {
            return Err(error);
        }
        tracing::error!(?key, %error, "what is due cannot be done, and is tried again in a while");
        Ok(())
    }

    /// Leaves alone for a while what is due and cannot be done now, whatever stands in its way: whether there is room for it.
    pub(crate) fn put_off(&self, key: &Key, now: DateTime) -> bool {
        self.inner.schedule.set_aside(key, now)
    }

    /// Whether something of a kind may be due.
    pub(crate) fn is_due(&self, kind: Kind, now: DateTime) -> bool {
        self.inner.schedule.is_due(kind, now)
    }

    /// The keys of what is due of a kind, some of it, the earliest first, without what is left alone for now.
    pub(crate) fn due(&self, kind: Kind, now: DateTime) -> Result<Vec<Key>, StoreError> {
        let mark = self.inner.schedule.mark();
        let aside = self.inner.schedule.aside(kind, now);
        // What is left alone may be the earliest of all. Where there is much of it, more is asked for at a time.
        let limit = aside.len().saturating_mul(2).saturating_add(PAGE);
        let mut due = self.backend().due(kind, now.seconds(), limit)?;
        due.retain(|(_, key)| !aside.contains_key(key));
        if due.is_empty() {
            let first = self.backend().due(kind, i64::MAX, aside.len().saturating_add(1))?;
            let first = first.into_iter().find(|(_, key)| !aside.contains_key(key)).map(|(time, _)| time);
            let next = aside.into_values().chain(first).min();
            self.inner.schedule.settle(kind, mark, next, now);
        }
        Ok(due.into_iter().map(|(_, key)| key).collect())
    }

    /// Forgets the values of a type whose time has come.
    pub(crate) fn forget<T: Stored>(&self, now: DateTime) -> Result<(), StoreError> {
        while self.is_due(T::KIND, now) {
            let due = self.due(T::KIND, now)?;
            if due.is_empty() {
                break;
            }
            for key in &due {
                self.forget_key::<T>(key, now).or_else(|error| self.set_aside(key, error, now))?;
            }
        }
        Ok(())
    }

    /// The values of a type whose time comes first.
    pub(crate) fn first<T: Stored>(&self, limit: usize) -> Result<Vec<T>, StoreError> {
        let first = self.backend().due(T::KIND, i64::MAX, limit)?;
        let found = first.iter().filter_map(|(_, key)| self.read_key::<T>(key).transpose());
        found.map(|found| Ok((*found?.value).clone())).collect()
    }

    fn forget_key<T: Stored>(&self, key: &Key, now: DateTime) -> Result<(), StoreError> {
        let Some(found) = self.read_key::<T>(key)? else { return Ok(()) };
        self.forget_one::<T>(&found.value.identifier(), now)
    }

    /// Forgets the value with an identifier.
    pub(crate) fn forget_one<T: Stored>(&self, identifier: &[u8], now: DateTime) -> Result<(), StoreError> {
        let mut transaction = self.begin(now, &[]);
        transaction.remove::<T>(identifier)?;
        match transaction.commit() {
            // Somebody else uses it, or has forgotten it.
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The value of a record that the backend named.
    pub(crate) fn read_key<T: Stored>(&self, key: &Key) -> Result<Option<Found<T>>, StoreError> {
        if let (Kind::OBJECT, Some(found)) = (T::KIND, self.inner.backend.at_hand(&key.identifier)) {
            let Found { number, version, due, value } = found;
            return Ok(Some(Found { number, version, due, value: downcast(value)? }));
        }
        let read = self.inner.backend.moment();
        let record = self.backend().get(key)?;
        record.map(|record| self.found_since(&record, read)).transpose()
    }

    /// The values with any of some terms, as the backend sees those, the newest first, below a number.
    fn list<T: Stored>(
        &self,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Found<T>>, StoreError> {
        Ok(self.sized_list(terms, before, limit)?.0)
    }

    /// The same, and how many bytes they are as the backend has them.
    fn sized_list<T: Stored>(
        &self,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<Found<T>>, usize), StoreError> {
        let read = self.inner.backend.moment();
        let records = self.backend().list(T::KIND, terms, before, limit)?;
        let bytes = records.iter().map(|record| record.body.bytes().len()).sum();
        let found = records.iter().map(|record| self.found_since(record, read));
        Ok((found.collect::<Result<_, _>>()?, bytes))
    }

    /// The values with a term, the newest first, without those that cannot be read: they are not to keep others from theirs.
    fn list_readable<T: Stored>(&self, term: Term, limit: usize) -> Result<Vec<Found<T>>, StoreError> {
        let records = self.backend().list(T::KIND, &[self.term(term)], None, limit)?;
        let found = records.iter().filter_map(|record| match self.found(record) {
            Err(error) if error.is_of_one_record() => {
                tracing::error!(key = ?record.key, %error, "a record is left out");
                None
            }
            found => Some(found),
        });
        found.collect()
    }

    /// The values with a term, the newest first, below a number.
    pub(crate) fn list_with<T: Stored>(
        &self,
        term: Term,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Found<T>>, StoreError> {
        self.list(&[self.term(term)], before, limit)
    }

    /// How many records of a kind there are.
    pub(crate) fn count(&self, kind: Kind) -> Result<u64, StoreError> {
        Ok(self.backend().totals(kind)?.records)
    }

    /// How many records of a kind are found by a term.
    pub(crate) fn count_with(&self, kind: Kind, term: Term) -> Result<u64, StoreError> {
        self.backend().count(kind, &self.term(term))
    }

    /// Forgets everything that clients have made.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        let kept = [Kind::STORE, Kind::SETTING, Kind::USED, Kind::USER];
        let _committing = self.inner.states.committing();
        for kind in Kind::ALL.iter().filter(|kind| !kept.contains(kind)) {
            self.backend().clear(*kind, Clear::Records)?;
        }
        self.inner.states.clear();
        Ok(())
    }
}

pub(crate) fn not_found() -> Failure {
    Failure::new(ResultReason::ObjectNotFound, "there is no object with this Unique Identifier")
}

#[cfg(test)]
mod tests;
