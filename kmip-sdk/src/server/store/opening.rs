//! Opening a store: its master key, its schema, and how both change.

use super::sealing::{self, MasterKey, MasterKeys, Sealing, random_bytes};
use super::standing::{self, Former, SCHEMA, StoreRecord, change};
use super::stored::corrupt;
use super::{Backend, Change, Difference, Form, Kind, Store, StoreError, Stored, StoredObject, url};

/// The first schema in which objects are found by what they are now.
const TERMS: u32 = 5;

impl Store {
    /// The store that a URL names, of a backend that keeps nothing beyond the process: `memory:`.
    ///
    /// # Errors
    /// [`StoreError::Url`], if there is no such backend; [`StoreError::MasterKey`], if it is one that needs a master key.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        Self::new(url::backend(url)?)
    }

    /// The store that a URL names: `redb:` with the path of a file behind it, which is made if there is none, or
    /// `postgres://user:password@host/database`. Where records stay in the process, the master key is put to no use.
    ///
    /// Behind the path of a file may stand `?cache_size=` with how much memory is taken at most for pages of it, in bytes, by
    /// default 268435456; and `?check_integrity=true`, so that all of it is read and checked as it is opened; with `&` between
    /// the two. Only what stands behind the last `?` is an option, so that a path with a `?` in it needs one more at its end:
    /// `redb:what?` is the file `what`, and `redb:what??` the file `what?`.
    ///
    /// # Errors
    /// [`StoreError`]: see [`Store::sealed`].
    pub fn open_sealed(url: &str, keys: impl Into<MasterKeys>) -> Result<Self, StoreError> {
        Self::sealed(url::backend(url)?, keys)
    }

    /// The store in a backend of [`Form::Live`].
    ///
    /// # Errors
    /// [`StoreError::MasterKey`], if the backend is of another form.
    pub fn new(backend: Box<dyn Backend>) -> Result<Self, StoreError> {
        match backend.form() {
            Form::Live => Ok(Self::made_of(backend, None)),
            Form::Sealed => {
                Err(StoreError::master_key("there is none, and the backend keeps what is sealed only"))
            }
        }
    }

    /// The store in a backend, sealed with a master key.
    ///
    /// What an older version of this library has written is brought to the present schema. Servers that know the former one only
    /// change nothing more from then on, and say why ([`StoreError::Schema`], or what the database says); they are best ended
    /// before.
    ///
    /// # Errors
    /// [`StoreError::WrongMasterKey`], if it was sealed with another, or records in it may be; [`StoreError::Schema`], if it
    /// is newer than this library; [`StoreError::Importing`], if what is in it is a part of what was to be imported; any other,
    /// if it cannot be read.
    pub fn sealed(backend: Box<dyn Backend>, keys: impl Into<MasterKeys>) -> Result<Self, StoreError> {
        let keys = keys.into();
        if backend.form() == Form::Live {
            return Self::new(backend);
        }
        let (record, version) = loop {
            match standing::read(&*backend)? {
                Some(found) => break found,
                None => match begin(&*backend, &keys) {
                    // Another server was faster.
                    Ok(()) | Err(StoreError::Conflict) => {}
                    Err(error) => return Err(error),
                },
            }
        };
        if record.is_importing.is_some() {
            return Err(StoreError::Importing);
        }
        if record.former.iter().any(|former| keys.find(&former.identifier).is_none()) {
            return Err(StoreError::WrongMasterKey);
        }
        let index_key = sealing::open(&keys, &standing::key(), &record.index_key)?;
        let sealing = Sealing::new(keys, &index_key);
        sealing.go_by(record.master_key()?, version)?;
        let store = Self::made_of(backend, Some(sealing));
        if record.schema() < SCHEMA || record.from.is_some() {
            store.migrate()?;
        }
        Ok(store)
    }

    /// Accepts what is sealed with another master key too, so that this or another server on the same store can change to it:
    /// see [`Store::rotate`]. It is accepted until the process ends, or the last clone of the store is gone.
    pub fn accept(&self, key: MasterKey) {
        if let Some(sealing) = &self.inner.sealing {
            sealing.accept(key);
        }
    }

    /// Changes the master key, while servers run: what is written from now on is sealed with the new one, and the data key of
    /// every record is encrypted with it. Gives the number of records that this has changed.
    ///
    /// One server: this is all. From then on the store opens with the new key alone.
    ///
    /// Several servers on one store: first each of them [accepts](Store::accept) the new key, or is started with both, by
    /// [`MasterKeys::accepting`]; then one of them calls this. The others go over to the new key by themselves, before they
    /// write again. When it has ended, whatever is in the store is sealed with the new key, and nobody writes with another any
    /// more; servers that start need the new key alone. A server that was not told the new key neither reads what is sealed
    /// with it nor writes anything ([`StoreError::WrongMasterKey`]), until it is told.
    ///
    /// Until it has ended, the store opens with both keys only. Where it was cut short, by an error or the end of the process,
    /// that stays so, and it is to be called again, on any of the servers. To call it on each of them does no harm.
    ///
    /// The key before is accepted until the process ends, since what was read earlier may be looked at later.
    ///
    /// # Errors
    /// [`StoreError::WrongMasterKey`], if there is something in the store that was sealed with a key that this server does not
    /// accept; any other, if the backend fails. What has been changed by then stays so.
    pub fn rotate(&self, new: MasterKey) -> Result<u64, StoreError> {
        let Some(sealing) = &self.inner.sealing else { return Ok(0) };
        let _rotating = self.inner.rotating.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        sealing.accept(new.clone());
        self.change_record(sealing, |record| {
            let former = record.master_key()?.to_vec();
            let mut keys = sealing.keys();
            keys.replace(new.clone());
            let Some(index_key) = sealing::renew(&keys, &standing::key(), &record.index_key)? else {
                return Ok(false);
            };
            record.index_key = index_key;
            record.former.retain(|former| former.identifier != new.identifier());
            record.former.push(Former { identifier: former });
            Ok(true)
        })?;
        let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| *kind != Kind::STORE).collect();
        let mut all = 0;
        loop {
            // From this version on, nothing is written that is sealed with another key.
            let version = sealing.version();
            let changed = self.change_all(&kinds, &|record| {
                let body = sealing.renew(&record.key, record.body.bytes())?;
                Ok(body.map(|body| change(record, body, Difference::default())))
            })?;
            all += changed;
            if changed == 0 && self.forget_former(sealing, version)? {
                return Ok(all);
            }
        }
    }

    /// Notes that everything is sealed with the present master key, where the store says so since a version of its own record.
    fn forget_former(&self, sealing: &Sealing, version: u64) -> Result<bool, StoreError> {
        let (mut record, found) = self.look(sealing)?;
        if found != version {
            return Ok(false);
        }
        if record.former.is_empty() {
            return Ok(true);
        }
        record.former.clear();
        match standing::write(self.backend(), &record, Some(version)) {
            Ok(()) => self.look(sealing).map(|_| true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Brings what an older version of this library has written to the present schema. Should it be cut short, or several
    /// servers begin it, it is done again, which changes nothing more.
    fn migrate(&self) -> Result<(), StoreError> {
        let Some(sealing) = &self.inner.sealing else { return Ok(()) };
        // From here on, servers that know the former schema only commit nothing.
        let record = self.change_record(sealing, |record| {
            let found = record.schema();
            if found == SCHEMA {
                return Ok(false);
            }
            tracing::info!(found, known = SCHEMA, "the store is brought to another schema");
            let from = record.from.and_then(|from| u32::try_from(from).ok()).unwrap_or(found).min(found);
            record.from = if from < TERMS { i32::try_from(from).ok() } else { None };
            record.set_present_schema();
            Ok(true)
        })?;
        if record.from.is_none() {
            return Ok(());
        }
        self.change_all(&[Kind::OBJECT], &|record| {
            let object = match self.found::<StoredObject>(record) {
                Ok(found) => found.value,
                // It is in nobody's way, and was not read before either.
                Err(error) if error.is_of_one_record() => {
                    tracing::error!(key = ?record.key, %error, "a record is left as it was in the schema before");
                    return Ok(None);
                }
                Err(error) => return Err(error),
            };
            let (terms, names) = self.differences(object.former_indexes(), object.indexes());
            Ok(Some(Change { names, ..change(record, record.body.bytes().to_vec(), terms) }))
        })?;
        self.change_record(sealing, |record| Ok(record.from.take().is_some()))?;
        Ok(())
    }
}

/// Makes a new store.
fn begin(backend: &dyn Backend, keys: &MasterKeys) -> Result<(), StoreError> {
    if backend.totals(Kind::OBJECT)?.records > 0 {
        return Err(corrupt("there are objects, but nothing says what they are sealed with"));
    }
    let index_key = sealing::seal(&keys.current, &standing::key(), &*random_bytes::<32>()?)?;
    standing::write(backend, &StoreRecord::of(index_key), None)
}
