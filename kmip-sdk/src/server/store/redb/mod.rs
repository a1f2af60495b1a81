//! Records in a file of the package redb: a B-tree that is copied on write, in one file, with one writer at a time and any
//! number of readers, none of which waits for another.
//!
//! A commit is on the disk before it is answered. Commits that come while another is under way go to the disk together.

mod builder;
mod layer;
mod tables;
mod unfinished;

use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use ::redb::backends::FileBackend;
use ::redb::{Database, DatabaseError, StorageBackend, StorageError};

use super::group::Group;
use super::{Backend, Clear, Commit, Form, Full, Key, Kind, Record, StoreError, Totals};
use builder::builder;
use layer::Layered;
use tables::{Read, Write};

/// How long a disk that was full is left alone: opening the file again takes a while.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// Records in a file, which one process has open at a time.
///
/// What is written is on the disk when it is answered with success: neither a killed process nor a lost power takes it back. A
/// disk that is full refuses what makes more of it, loses nothing, and what is there is still read. What has not been given to
/// anybody yet is not given either then: that it is fresh no more could not be kept.
pub struct Redb {
    storage: Box<dyn Fn() -> Result<Box<dyn StorageBackend>, DatabaseError> + Send + Sync>,
    opened: RwLock<Opened>,
    group: Group,
}

/// The database, as it was opened last.
struct Opened {
    /// Absent where it could not be opened again after an error.
    database: Option<Database>,
    /// Whether nothing that is written would reach the disk, and since when: it was full.
    full_since: Option<Instant>,
    /// How often it was opened again.
    times: u64,
}

impl fmt::Debug for Redb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redb").finish_non_exhaustive()
    }
}

impl Redb {
    /// The file at a path, which is made if there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be opened or made, or another process has it open; [`StoreError::Corrupt`],
    /// if it is no such file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        Self::opened_by(move || {
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create(true).truncate(false).open(&path);
            let file = file.map_err(|error| DatabaseError::Storage(StorageError::Io(error)))?;
            Ok(Box::new(FileBackend::new(file)?))
        })
    }

    /// What redb keeps in a storage of its trait. `storage` is asked for it again after an error, once the one before has been
    /// closed: redb has to be opened anew then.
    ///
    /// # Errors
    /// [`StoreError`]: see [`Redb::open`].
    pub fn on<S: StorageBackend>(
        storage: impl Fn() -> io::Result<S> + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        Self::opened_by(move || {
            let storage = storage().map_err(|error| DatabaseError::Storage(StorageError::Io(error)))?;
            Ok(Box::new(storage))
        })
    }

    fn opened_by(
        storage: impl Fn() -> Result<Box<dyn StorageBackend>, DatabaseError> + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let opened = Opened { database: None, full_since: None, times: 0 };
        let redb = Self { storage: Box::new(storage), opened: RwLock::new(opened), group: Group::default() };
        redb.reopen(0)?;
        // Where the disk is full at the beginning, there is nothing to be read yet, or the tables are there.
        let made = redb.write(|database| {
            let write = begin_write(database)?;
            Write::new(&write)?;
            write.commit().map_err(failed)
        });
        match made {
            Err(StoreError::Full(_)) if redb.totals(Kind::OBJECT).is_ok() => Ok(redb),
            result => result.map(|()| redb),
        }
    }

    /// Asks the database for a change, unless the disk is still full.
    fn write<T>(&self, ask: impl Fn(&Database) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let (full_since, times) = {
            let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
            (opened.full_since, opened.times)
        };
        if full_since.is_some_and(|since| since.elapsed() >= TRY_AGAIN) {
            self.reopen(times)?;
        }
        self.with(|database, is_read_only| match is_read_only {
            true => Err(StoreError::Full(Full::Disk)),
            false => ask(database),
        })
    }

    /// Asks the database. Where an error leaves it so that it refuses what comes after, it is opened again; and where it was
    /// such a refusal, it is asked once more.
    fn with<T>(&self, ask: impl Fn(&Database, bool) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let (result, times, is_read_only) = self.ask(&ask);
        match &result {
            Err(StoreError::Unavailable(error)) if is_refusal(&**error) => {
                self.reopen(times)?;
                self.ask(&ask).0
            }
            Err(StoreError::Unavailable(_) | StoreError::Full(Full::Disk)) if !is_read_only => {
                // Where that fails too, whoever asks next tries it again, and is told.
                if let Err(error) = self.reopen(times) {
                    tracing::error!(%error, "the store's file cannot be opened again");
                }
                result
            }
            _ => result,
        }
    }

    /// What the database says, how often it had been opened again by then, and whether it is only read.
    fn ask<T>(
        &self,
        ask: impl Fn(&Database, bool) -> Result<T, StoreError>,
    ) -> (Result<T, StoreError>, u64, bool) {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        let result = match &opened.database {
            Some(database) => ask(database, opened.full_since.is_some()),
            None => Err(failed(StorageError::PreviousIo)),
        };
        (result, opened.times, opened.full_since.is_some())
    }

    /// Opens the database again, unless another thread has since it was asked. Where the disk has no room for what redb
    /// writes when it opens, what there is is read.
    fn reopen(&self, times: u64) -> Result<(), StoreError> {
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        if opened.times != times {
            return Ok(());
        }
        opened.times += 1;
        opened.database = None;
        let database = match self.create() {
            Err(StoreError::Corrupt(_)) if self.forget_unfinished()? => self.create(),
            database => database,
        };
        let (database, is_read_only) = match database {
            Err(StoreError::Full(_)) => {
                let kept = Layered::kept((self.storage)().map_err(failed)?).map_err(StoreError::from_io)?;
                (builder().create_with_backend(kept).map_err(failed)?, true)
            }
            database => (database?, false),
        };
        opened.database = Some(database);
        opened.full_since = is_read_only.then(Instant::now);
        Ok(())
    }

    /// Opens the storage, or makes it.
    fn create(&self) -> Result<Database, StoreError> {
        let plain = (self.storage)().map(Layered::plain);
        plain.and_then(|storage| builder().create_with_backend(storage)).map_err(failed)
    }

    /// Empties the storage, where it was not finished when it was made: whether it did.
    fn forget_unfinished(&self) -> Result<bool, StoreError> {
        let storage = (self.storage)().map_err(failed)?;
        unfinished::forget(&*storage).map_err(StoreError::from_io)
    }

    fn read<T>(&self, read: impl Fn(&Read) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.with(|database, _| read(&Read::begin(database)?))
    }

    /// Commits several at once, each of which is refused by itself.
    fn commit_all(&self, commits: &[Commit]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        self.write(|database| {
            let transaction = begin_write(database)?;
            let mut results = Vec::with_capacity(commits.len());
            {
                let mut write = Write::new(&transaction)?;
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
                write.finish()?;
            }
            if results.iter().any(Result::is_ok) {
                transaction.commit().map_err(failed)?;
            }
            Ok(results)
        })
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

    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        self.read(|read| read.count(kind, term))
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        self.read(|read| read.due(kind, until, limit))
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        self.read(|read| read.totals(kind))
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // What is read stays as it is while others write; the lock is not held, since `visit` may write too.
        let read = self.with(|database, _| Read::begin(database))?;
        read.scan(kinds, visit)
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.group.commit(commit, |commits| self.commit_all(commits))
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        self.write(|database| {
            let transaction = begin_write(database)?;
            {
                let mut write = Write::new(&transaction)?;
                write.clear(kind, what)?;
                write.finish()?;
            }
            transaction.commit().map_err(failed)
        })
    }
}

fn begin_write(database: &Database) -> Result<::redb::WriteTransaction, StoreError> {
    database.begin_write().map_err(failed)
}

/// Whether redb refuses everything since an error before.
fn is_refusal(error: &(dyn std::error::Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(::redb::Error::PreviousIo | ::redb::Error::DatabaseClosed))
}

/// The error that stands for one of redb's.
fn failed(error: impl Into<::redb::Error>) -> StoreError {
    match error.into() {
        ::redb::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            StoreError::Corrupt(error.to_string())
        }
        ::redb::Error::Io(error) => StoreError::from_io(error),
        ::redb::Error::Corrupted(message) => StoreError::Corrupt(message),
        error => StoreError::Unavailable(Box::new(error)),
    }
}
