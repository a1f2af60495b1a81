//! Opening the database, at first and after an error.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ::redb::{Database, DatabaseError, StorageBackend};

use super::caught::caught;
use super::layer::Layered;
use super::unsynced::Unsynced;
use super::{RedbOptions, StoreError, failed, unfinished};
use crate::server::store::Full;

/// How long a disk that was full is left alone.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// So many times as long as opening the file has taken, it is not opened again: redb looks at all of it.
const PAUSE: u32 = 20;

/// After so many pauses redb is asked whether there is room, whatever the disk says.
const LATE: u32 = 10;

/// How often it may be opened sooner, so that what is too large for the disk does not keep what is not from it.
const BURST: u32 = 4;

/// Gives the storage.
type Open = Box<dyn Fn() -> Result<Box<dyn StorageBackend>, DatabaseError> + Send + Sync>;

/// What the database is opened on.
pub(super) struct Source {
    storage: Open,
    /// The path of the file.
    name: Option<String>,
    options: RedbOptions,
}

/// The database, as it was opened last.
pub(super) struct Opened {
    database: Option<(Database, Layered)>,
    only_read: Option<OnlyRead>,
    /// How often it was opened again.
    times: u64,
    last: Option<Last>,
    /// How often it was opened in a row, each time before the pause was over.
    burst: u32,
}

/// When it was opened last, or was to be.
#[derive(Debug)]
struct Last {
    at: Instant,
    took: Duration,
    /// Why it could not be, and whether that was since the file is damaged.
    failure: Option<(bool, String)>,
}

/// Why nothing is written.
#[derive(Clone, Debug)]
pub(super) struct OnlyRead {
    /// Whether the disk is full.
    is_full: bool,
    /// What may not be on the disk though it is read.
    lost: Option<Arc<Unsynced>>,
}

impl OnlyRead {
    pub(super) fn error(&self) -> StoreError {
        match self.is_full {
            true => StoreError::Full(Full::Disk),
            false => StoreError::Unavailable("what was written last may not be on the disk".into()),
        }
    }

    /// Whether something that is read may not be on the disk.
    pub(super) fn has_lost(&self) -> bool {
        self.lost.is_some()
    }
}

impl Source {
    pub(super) fn new(storage: Open, name: Option<String>, options: RedbOptions) -> Self {
        Self { storage, name, options }
    }

    /// Opens the storage, or makes it; where the disk has no room for that, or what was written is not on it, it is only read.
    fn open(&self, only_read: Option<OnlyRead>) -> Result<(Database, Layered, Option<OnlyRead>), StoreError> {
        let only_read = match only_read {
            Some(only_read) => only_read,
            None => match self.plain() {
                Ok((database, storage)) => return Ok((database, storage, None)),
                Err((StoreError::Full(_), lost)) => OnlyRead { is_full: true, lost: lost.map(Arc::new) },
                Err((error, Some(lost))) => {
                    tracing::error!(%error, "the store's file is only read");
                    OnlyRead { is_full: false, lost: Some(Arc::new(lost)) }
                }
                Err((error, None)) => return Err(error),
            },
        };
        let kept = Layered::kept((self.storage)().map_err(failed)?, only_read.lost.as_deref());
        let (database, storage) =
            self.database(kept.map_err(StoreError::from_io)?).map_err(|(error, _)| error)?;
        Ok((database, storage, Some(only_read)))
    }

    fn plain(&self) -> Result<(Database, Layered), (StoreError, Option<Unsynced>)> {
        let open = || {
            let storage = (self.storage)().map_err(|error| (failed(error), None))?;
            self.database(Layered::plain(storage))
        };
        match open() {
            Err((StoreError::Corrupt(_), _))
                if self.forget_unfinished().map_err(|error| (error, None))? =>
            {
                open()
            }
            opened => opened,
        }
    }

    /// The database in a storage; or why it cannot be opened, with what a sync has lost then.
    fn database(&self, storage: Layered) -> Result<(Database, Layered), (StoreError, Option<Unsynced>)> {
        let opened = caught(|| self.options.builder().create_with_backend(storage.clone()));
        match opened.and_then(|opened| opened.map_err(failed)) {
            Ok(database) => Ok((database, storage)),
            Err(error) => {
                let _is_closed = storage.close();
                let error = match (error, &self.name) {
                    (StoreError::Corrupt(message), Some(name)) => {
                        StoreError::Corrupt(format!("{name}: {message}"))
                    }
                    (error, _) => error,
                };
                Err((error, storage.lost()))
            }
        }
    }

    /// Empties the storage, where it was not finished when it was made: whether it did.
    fn forget_unfinished(&self) -> Result<bool, StoreError> {
        let storage = (self.storage)().map_err(failed)?;
        unfinished::forget(&*storage).map_err(StoreError::from_io)
    }
}

impl Opened {
    pub(super) fn none() -> Self {
        Self { database: None, only_read: None, times: 0, last: None, burst: 0 }
    }

    /// Absent where it could not be opened again after an error.
    pub(super) fn database(&self) -> Option<&Database> {
        self.database.as_ref().map(|(database, _)| database)
    }

    pub(super) fn only_read(&self) -> Option<&OnlyRead> {
        self.only_read.as_ref()
    }

    pub(super) fn times(&self) -> u64 {
        self.times
    }

    /// How long it is to be left alone after it was opened.
    fn pause(&self) -> Duration {
        self.last.as_ref().map_or(Duration::ZERO, |last| last.took * PAUSE)
    }

    fn since(&self) -> Duration {
        self.last.as_ref().map_or(Duration::MAX, |last| last.at.elapsed())
    }

    /// Opens the database again, which may be since the disk is full. Where it could not be opened a moment ago, it is not tried.
    pub(super) fn open_again(&mut self, source: &Source, is_full: bool) -> Result<(), StoreError> {
        let is_soon = self.since() < self.pause();
        match self.last.as_ref().and_then(|last| last.failure.as_ref()) {
            Some((true, message)) if is_soon => return Err(StoreError::Corrupt(message.clone())),
            Some((false, message)) if is_soon => return Err(StoreError::Unavailable(message.clone().into())),
            _ => {}
        }
        self.times += 1;
        self.burst = if is_soon { self.burst + 1 } else { 0 };
        let begun = Instant::now();
        let lost = self.database.take().and_then(|(database, storage)| close(database, &storage));
        let only_read = match (lost, self.only_read.take()) {
            (Some(lost), _) => {
                tracing::error!("the store's file cannot be synced, and is only read");
                Some(OnlyRead { is_full, lost: Some(Arc::new(lost)) })
            }
            (None, Some(only_read)) => Some(only_read),
            (None, None) => (is_full && self.burst > BURST).then_some(OnlyRead { is_full, lost: None }),
        };
        let opened = source.open(only_read.clone());
        let failure = opened.as_ref().err().map(|error| match error {
            StoreError::Corrupt(message) => (true, message.clone()),
            error => (false, error.to_string()),
        });
        self.last = Some(Last { at: Instant::now(), took: begun.elapsed(), failure });
        // What may not be on the disk is not forgotten where it cannot even be read.
        self.only_read = only_read;
        let (database, storage, only_read) = opened?;
        (self.database, self.only_read) = (Some((database, storage)), only_read);
        Ok(())
    }

    /// What the database is opened with to be written, beside the one that is only read; `None`, if that is not so, or it is
    /// not time yet.
    pub(super) fn kept(&self) -> Option<Kept> {
        let (_, storage) = self.database.as_ref()?;
        let pause = self.pause().max(TRY_AGAIN);
        let since = self.since();
        let is_late = since >= pause * LATE;
        let kept = || Kept { storage: storage.clone(), only_read: self.only_read.clone()?, is_late }.into();
        (since >= pause).then(kept).flatten()
    }

    /// Has what was opened beside the database take its place. Gives that, to be closed when nobody waits.
    pub(super) fn change_for(&mut self, beside: Beside) -> Option<Database> {
        self.last = Some(Last { at: Instant::now(), took: beside.took, failure: None });
        match beside.database {
            Ok(database) => {
                let (old, kept) = self.database.replace((database, beside.storage.clone()))?;
                beside.storage.take_over(&kept);
                (self.only_read, self.burst) = (None, 0);
                self.times += 1;
                Some(old)
            }
            Err((error, lost)) => {
                tracing::warn!(%error, "the store's file cannot be written yet");
                if let Some(only_read) = &mut self.only_read {
                    match lost {
                        Some(lost) => only_read.lost = Some(Arc::new(lost)),
                        None if beside.is_redone => only_read.lost = None,
                        None => {}
                    }
                    only_read.is_full = matches!(error, StoreError::Full(_));
                }
                None
            }
        }
    }
}

/// A storage that is only read.
pub(super) struct Kept {
    storage: Layered,
    only_read: OnlyRead,
    /// Whether it has been so for long.
    is_late: bool,
}

/// What was opened to be written, beside what is only read.
pub(super) struct Beside {
    database: Result<Database, (StoreError, Option<Unsynced>)>,
    storage: Layered,
    /// Whether what was lost is on the disk.
    is_redone: bool,
    took: Duration,
}

impl Kept {
    /// Opens the storage to be written, where the disk seems to have room again. Nobody who reads waits meanwhile.
    ///
    /// What redb writes as it opens is its header and what nobody reads: the pages of the last commit stay as they are.
    pub(super) fn open(self, source: &Source, asked: &mut Option<Instant>) -> Option<Beside> {
        if asked.is_some_and(|asked| asked.elapsed() < TRY_AGAIN) {
            return None;
        }
        *asked = Some(Instant::now());
        // There may be room in the file where there is none on the disk, which redb alone knows: at last it is asked.
        if self.only_read.is_full && !self.is_late && !self.storage.has_room() {
            return None;
        }
        let (begun, storage) = (Instant::now(), self.storage.without_layer());
        let redone = match &self.only_read.lost {
            Some(lost) => lost.redo(&storage).and_then(|()| storage.sync_data()),
            None => Ok(()),
        };
        let is_redone = redone.is_ok();
        let database = match redone {
            Ok(()) => source.database(storage.clone()).map(|(database, _)| database),
            Err(error) => Err((StoreError::from_io(error), storage.lost())),
        };
        Some(Beside { database, storage, is_redone, took: begun.elapsed() })
    }
}

/// Closes a database, whatever state it is in, and gives what a sync has failed to bring to the disk.
fn close(database: Database, storage: &Layered) -> Option<Unsynced> {
    // Where it panics, it has not let go of the storage.
    let _closed = caught(|| drop(database));
    let _closed = storage.close();
    storage.lost()
}
