//! Records in a file of the package redb: a B-tree that is copied on write, in one file, with one writer at a time and any
//! number of readers, none of which waits for another.
//!
//! A commit is on the disk before it is answered. Commits that come while another is under way go to the disk together.

mod builder;
mod caught;
mod layer;
mod opening;
mod options;
mod tables;
mod unfinished;
mod unsynced;

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use ::redb::{Database, StorageBackend, StorageError};

use super::group::{Group, not_done};
use super::{Backend, Clear, Commit, Form, Full, Key, Kind, Record, StoreError, Totals};
use caught::caught;
use opening::{OnlyRead, Opened, Source};
pub use options::RedbOptions;
use tables::{Read, Write};

/// How many records are read at a time where all of them are.
const PAGE: usize = 64;

/// Records in a file, which one process has open at a time.
///
/// What is written is on the disk when it is answered with success: neither a killed process nor a lost power takes it back. A
/// disk that is full refuses what makes more of it, loses nothing, and what is there is still read, and given: that it was given
/// is not noted then. A disk that fails to take what was written is asked to take it again; until it has, what is there is only
/// read.
///
/// See [`RedbOptions`] for how much memory it takes.
pub struct Redb {
    source: Source,
    opened: RwLock<Opened>,
    /// Held by who opens the database; when the disk was last asked for room.
    opening: Mutex<Option<Instant>>,
    /// Held by who writes: until it is known what became of that, nobody else does.
    writing: Mutex<()>,
    group: Group,
}

impl fmt::Debug for Redb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redb").finish_non_exhaustive()
    }
}

/// Why the database did not do what it was asked.
enum Trouble {
    /// It refuses everything since an error before. It is to be opened again, and asked again.
    Refused(StoreError),
    /// It would refuse everything. It is to be opened again.
    Broken(StoreError),
    /// It panicked. It is to be opened again.
    Panicked(StoreError),
    /// Something that the database itself is not touched by.
    Other(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            error if is_refusal(&error) => Self::Refused(error),
            error @ (StoreError::Unavailable(_) | StoreError::Full(Full::Disk)) => Self::Broken(error),
            error => Self::Other(error),
        }
    }
}

/// Nobody knows whether something was written.
#[derive(Debug, thiserror::Error)]
#[error("the file could not be read after an error, so that a change may have been made or not")]
struct Unknown(#[source] Arc<StoreError>);

/// Why something was not written, or may not have been.
enum Unwritten {
    Surely(StoreError),
    Perhaps(Arc<StoreError>),
}

impl From<Unwritten> for StoreError {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Surely(error) => error,
            Unwritten::Perhaps(error) => Self::Unavailable(Box::new(Unknown(error))),
        }
    }
}

impl Redb {
    /// The file at a path, which is made if there is none. [`RedbOptions::open`] opens it otherwise.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be opened or made, or another process has it open; [`StoreError::Corrupt`],
    /// if it is no such file, or is damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        RedbOptions::default().open(path)
    }

    /// What redb keeps in a storage of its trait. `storage` is asked for it again after an error, once the one before has been
    /// closed: redb has to be opened anew then.
    ///
    /// # Errors
    /// [`StoreError`]: see [`Redb::open`].
    pub fn on<S: StorageBackend>(
        storage: impl Fn() -> io::Result<S> + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        RedbOptions::default().on(storage)
    }

    fn opened_by(source: Source) -> Result<Self, StoreError> {
        let (opened, opening) = (RwLock::new(Opened::none()), Mutex::default());
        let redb = Self { source, opened, opening, writing: Mutex::default(), group: Group::default() };
        redb.reopen(0, false)?;
        // Where the disk is full at the beginning, there is nothing to be read yet, or the tables are there, as they are now or
        // as they were before.
        let is_readable = || {
            let has_former_names = redb.read(|read| Ok(read.has_former_names()));
            redb.totals(Kind::OBJECT).is_ok() && !has_former_names.unwrap_or(true)
        };
        match redb.write(|write| Ok((write.take_over_names()?, true))).map_err(StoreError::from) {
            Err(StoreError::Full(_)) if is_readable() => Ok(redb),
            result => result.map(|()| redb),
        }
    }

    /// Writes something, unless the database is only read. `change` says what comes of it, and whether there is anything to be
    /// committed.
    fn write<T>(
        &self,
        change: impl Fn(&mut Write<'_>) -> Result<(T, bool), StoreError>,
    ) -> Result<T, Unwritten> {
        let _writing = lock(&self.writing);
        let committed = RefCell::new(None);
        let result = self.with(false, |database, only_read| {
            if let Some(only_read) = only_read {
                return Err(Trouble::Other(only_read.error()));
            }
            let transaction = database.begin_write().map_err(failed)?;
            let mut write = Write::new(&transaction)?;
            let (value, is_changed) = change(&mut write)?;
            let last = write.finish()?;
            if !is_changed {
                return Ok(value);
            }
            committed.replace(Some((value, last)));
            transaction.commit().map_err(|error| Trouble::Broken(failed(error)))?;
            committed.take().map(|(value, _)| value).ok_or_else(|| Trouble::Other(not_done()))
        });
        let error = match result {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        match committed.into_inner() {
            // redb may fail when all is on the disk.
            Some((value, last)) => match self.has_made(last) {
                Ok(true) => Ok(value),
                Ok(false) => Err(Unwritten::Surely(error)),
                Err(_) => Err(Unwritten::Perhaps(Arc::new(error))),
            },
            None => Err(Unwritten::Surely(error)),
        }
    }

    /// Whether what was committed up to a number is on the disk.
    fn has_made(&self, last: u64) -> Result<bool, StoreError> {
        let made = self.with(true, |database, only_read| match only_read {
            Some(only_read) if only_read.has_lost() => Err(Trouble::Other(only_read.error())),
            _ => Ok(Read::begin(database)?.last()?),
        });
        Ok(made? >= last)
    }

    /// Refuses what is to be written where the database is only read.
    fn check_written(&self) -> Result<(), StoreError> {
        let is_only_read = || self.opened().only_read().map(OnlyRead::error);
        if is_only_read().is_some() {
            self.try_again();
        }
        is_only_read().map_or(Ok(()), Err)
    }

    /// Opens the database, which is only read, to be written, where that may be done. Nobody waits for who does it.
    fn try_again(&self) {
        let mut asked = match self.opening.try_lock() {
            Ok(asked) => asked,
            Err(std::sync::TryLockError::Poisoned(asked)) => asked.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => return,
        };
        let kept = self.opened().kept();
        let Some(beside) = kept.and_then(|kept| kept.open(&self.source, &mut asked)) else { return };
        let old = self.opened.write().unwrap_or_else(PoisonError::into_inner).change_for(beside);
        let _closed = caught(|| drop(old));
    }

    /// Asks the database. Where an error leaves it so that it refuses what comes after, it is opened again; and where it was
    /// such a refusal, or a reading in which it panicked, it is asked once more.
    fn with<T>(
        &self,
        is_reading: bool,
        ask: impl Fn(&Database, Option<&OnlyRead>) -> Result<T, Trouble>,
    ) -> Result<T, StoreError> {
        let mut is_again = false;
        loop {
            let (result, times) = self.ask(&ask);
            let (error, is_asked_again) = match result {
                Ok(value) => return Ok(value),
                Err(Trouble::Other(error)) => return Err(error),
                Err(Trouble::Refused(_)) if !is_again => {
                    self.reopen(times, false)?;
                    is_again = true;
                    continue;
                }
                Err(Trouble::Panicked(error)) => (error, is_reading && !is_again),
                Err(Trouble::Refused(error) | Trouble::Broken(error)) => (error, false),
            };
            // Where that fails too, whoever asks next tries it again, and is told.
            if let Err(again) = self.reopen(times, matches!(error, StoreError::Full(_))) {
                tracing::error!(error = %again, "the store's file cannot be opened again");
                return Err(if is_asked_again { again } else { error });
            }
            if !is_asked_again {
                return Err(error);
            }
            is_again = true;
        }
    }

    /// What the database says, and how often it had been opened again by then.
    fn ask<T>(
        &self,
        ask: impl Fn(&Database, Option<&OnlyRead>) -> Result<T, Trouble>,
    ) -> (Result<T, Trouble>, u64) {
        let opened = self.opened();
        let result = match opened.database() {
            Some(database) => caught(|| ask(database, opened.only_read())).map_err(Trouble::Panicked),
            None => Err(Trouble::Refused(failed(StorageError::PreviousIo))),
        };
        (result.and_then(|result| result), opened.times())
    }

    fn opened(&self) -> std::sync::RwLockReadGuard<'_, Opened> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the database again, unless another thread has since it was asked. Where the disk has no room for what redb
    /// writes when it opens, what there is is read.
    fn reopen(&self, times: u64, is_full: bool) -> Result<(), StoreError> {
        let _opening = lock(&self.opening);
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        if opened.times() != times {
            return Ok(());
        }
        opened.open_again(&self.source, is_full)
    }

    fn read<T>(&self, read: impl Fn(Read) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.with(true, |database, _| Ok(read(Read::begin(database)?)?))
    }

    /// Commits several at once, each of which is refused by itself. An error says that nothing was done.
    fn commit_all(&self, commits: &[Commit]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let written = self.write(|write| {
            let mut results = Vec::with_capacity(commits.len());
            for commit in commits {
                let checked = write.check(commit);
                match checked {
                    Ok(checked) => {
                        write.apply(checked)?;
                        results.push(Ok(()));
                    }
                    Err(error @ (StoreError::Conflict | StoreError::Full(_))) => results.push(Err(error)),
                    Err(error) => return Err(error),
                }
            }
            let is_changed = results.iter().any(Result::is_ok);
            Ok((results, is_changed))
        });
        match written {
            Err(Unwritten::Surely(error)) => Err(error),
            // None of them is tried again by itself: it may have been done.
            Err(Unwritten::Perhaps(error)) => {
                let unknown = || Unwritten::Perhaps(Arc::clone(&error)).into();
                Ok(commits.iter().map(|_| Err(unknown())).collect())
            }
            Ok(results) => Ok(results),
        }
    }
}

impl Backend for Redb {
    fn form(&self) -> Form {
        Form::Sealed
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.read(|read| read.get(key))
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        self.read(|read| read.find(kind, name))
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.read(|read| read.list(kind, terms, before, limit))
    }

    fn keys(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        self.read(|read| read.keys(kind, terms, before, limit))
    }

    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        self.read(|read| read.count(kind, term))
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        self.read(|read| read.due(kind, until, limit))
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        self.read(|read| read.totals(kind))
    }

    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.read(|read| read.all()?.page(kinds, after, limit))
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // What is read stays as it is while others write; no lock is held, since `visit` may write too.
        let begin = || self.read(Read::all);
        let (mut all, mut after) = (begin()?, 0);
        loop {
            let page = caught(|| all.page(kinds, after, PAGE)).and_then(|page| page);
            let page = match page {
                Err(error) if is_refusal(&error) => {
                    // It was opened again. Where nothing has changed since it began, the rest is as it was then too.
                    let again = begin()?;
                    if again.last() != all.last() {
                        return Err(error);
                    }
                    all = again;
                    continue;
                }
                page => page?,
            };
            let is_over = page.len() < PAGE;
            for record in page {
                after = record.number;
                visit(record)?;
            }
            if is_over {
                return Ok(());
            }
        }
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        // Who is in a group waits for the others, and one of them may have to open the file.
        self.check_written()?;
        self.group.commit(commit, |commits| self.commit_all(commits))
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        self.check_written()?;
        self.write(|write| Ok((write.clear(kind, what)?, true))).map_err(StoreError::from)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether redb refuses everything since an error before.
fn is_refusal(error: &StoreError) -> bool {
    let StoreError::Unavailable(error) = error else { return false };
    matches!(error.downcast_ref(), Some(::redb::Error::PreviousIo | ::redb::Error::DatabaseClosed))
}

/// The error that stands for one of redb's.
fn failed(error: impl Into<::redb::Error>) -> StoreError {
    match error.into() {
        ::redb::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            StoreError::Corrupt(error.to_string())
        }
        ::redb::Error::Io(error) => StoreError::from_io(error),
        ::redb::Error::Corrupted(message) => StoreError::Corrupt(message),
        error => StoreError::Unavailable(Box::new(error)),
    }
}
