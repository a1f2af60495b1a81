//! How a file is opened.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use ::redb::backends::FileBackend;
use ::redb::{Builder, DatabaseError, StorageBackend, StorageError};

use super::builder::builder;
use super::opening::Source;
use super::{Redb, StoreError};

/// How much memory redb takes for pages of the file, in bytes. All that is above the leaves of its trees fits in there with
/// a million objects, which is some 30 MiB, and a transaction may take half of it; leaves that are not in there are read from
/// the system's cache of the file.
const CACHE_SIZE: u64 = 256 << 20;

/// How a [`Redb`] is opened.
///
/// ```no_run
/// use kmip_sdk::server::store::{MasterKey, RedbOptions, Store};
///
/// let file = RedbOptions::default().cache_size(32 << 20).open("/var/lib/kmip/store")?;
/// let store = Store::sealed(Box::new(file), MasterKey::from_file("/etc/kmip/master.key")?)?;
/// # Ok::<(), kmip_sdk::server::store::StoreError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RedbOptions {
    cache_size: u64,
    checks_integrity: bool,
}

impl Default for RedbOptions {
    fn default() -> Self {
        Self { cache_size: CACHE_SIZE, checks_integrity: false }
    }
}

impl RedbOptions {
    /// How much memory is taken at most for pages of the file, in bytes: default 256 MiB. It fills as pages are read and
    /// written, and is not given back before the store is closed.
    ///
    /// Beside it there is what was written and is not on the disk yet, 64 MiB at most and some hundred kilobytes as a rule; and
    /// the objects that a store keeps decoded, see [`Store::cache`](crate::server::store::Store::cache).
    pub fn cache_size(mut self, bytes: u64) -> Self {
        self.cache_size = bytes;
        self
    }

    /// Whether all of the file is read and compared with its checksums each time it is opened: default no, and only after a
    /// process was killed or the power lost.
    ///
    /// What was changed in the file by something else, a disk that fails among them, is then an error of opening it. Otherwise
    /// it is one when it comes to be read, in what is sealed; but of an object that is not found any more nothing is known.
    pub fn check_integrity(mut self, checks: bool) -> Self {
        self.checks_integrity = checks;
        self
    }

    /// The file at a path, which is made if there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be opened or made, or another process has it open; [`StoreError::Corrupt`],
    /// if it is no such file, or is damaged.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Redb, StoreError> {
        let path = path.as_ref().to_owned();
        let name = path.display().to_string();
        let open = move || -> Result<Box<dyn StorageBackend>, DatabaseError> {
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create(true).truncate(false).open(&path);
            let file = file.map_err(|error| DatabaseError::Storage(StorageError::Io(error)))?;
            Ok(Box::new(FileBackend::new(file)?))
        };
        Redb::opened_by(Source::new(Box::new(open), Some(name), self))
    }

    /// What redb keeps in a storage of its trait. `storage` is asked for it again after an error, once the one before has been
    /// closed: redb has to be opened anew then.
    ///
    /// # Errors
    /// [`StoreError`]: see [`RedbOptions::open`].
    pub fn on<S: StorageBackend>(
        self,
        storage: impl Fn() -> io::Result<S> + Send + Sync + 'static,
    ) -> Result<Redb, StoreError> {
        let open = move || -> Result<Box<dyn StorageBackend>, DatabaseError> {
            let storage = storage().map_err(|error| DatabaseError::Storage(StorageError::Io(error)))?;
            Ok(Box::new(storage))
        };
        Redb::opened_by(Source::new(Box::new(open), None, self))
    }

    /// What opens the database.
    pub(super) fn builder(&self) -> Builder {
        let mut builder = builder();
        builder.set_cache_size(usize::try_from(self.cache_size).unwrap_or(usize::MAX));
        builder.set_check_integrity_on_open(self.checks_integrity);
        builder
    }
}
