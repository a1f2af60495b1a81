//! Opening a store: its master key, its schema, and how both change.

use kmip_types::Ttlv;

use super::sealing::{self, MasterKey, MasterKeys, Sealing, random_bytes};
use super::stored::{corrupt, decode_record, encode_record};
use super::{
    Backend, Body, Change, Clear, Commit, Difference, Form, Key, Kind, Record, Store, StoreError, Stored,
    StoredObject, Value, url,
};

/// The version of what is kept and how it is found. 1: nothing found the fresh objects of a group. 2: there were terms for a
/// state and for a type alone.
const SCHEMA: u32 = 3;

/// How many records are written at a time where all of them are.
const BATCH: usize = 256;

/// What a sealed store knows of itself.
#[derive(Ttlv)]
pub(super) struct StoreRecord {
    #[ttlv(tag = 0x540010)]
    schema: i32,
    /// What names and terms are hidden with, sealed.
    #[ttlv(tag = 0x540011)]
    pub(super) index_key: Vec<u8>,
    /// The master keys with which records may be sealed still, beside the one with which this is.
    #[ttlv(tag = 0x540012)]
    pub(super) former: Vec<Former>,
}

/// A master key that is being changed for another.
#[derive(Ttlv)]
pub(super) struct Former {
    #[ttlv(tag = 0x540013)]
    identifier: Vec<u8>,
}

pub(super) fn key() -> Key {
    Key::new(Kind::STORE, "store")
}

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
    /// # Errors
    /// [`StoreError::WrongMasterKey`], if it was sealed with another, or records in it may be; [`StoreError::Schema`], if it
    /// is newer than this library; any other, if it cannot be read.
    pub fn sealed(backend: Box<dyn Backend>, keys: impl Into<MasterKeys>) -> Result<Self, StoreError> {
        let keys = keys.into();
        if backend.form() == Form::Live {
            return Self::new(backend);
        }
        let (record, schema) = loop {
            match read(&*backend)? {
                Some((record, _)) => {
                    let schema = u32::try_from(record.schema).unwrap_or(0);
                    break (record, schema);
                }
                None => match begin(&*backend, &keys) {
                    // Another server was faster.
                    Ok(()) | Err(StoreError::Conflict) => {}
                    Err(error) => return Err(error),
                },
            }
        };
        if schema > SCHEMA {
            return Err(StoreError::Schema { found: schema, known: SCHEMA });
        }
        if record.former.iter().any(|former| keys.find(&former.identifier).is_none()) {
            return Err(StoreError::WrongMasterKey);
        }
        let index_key = sealing::open(&keys, &key(), &record.index_key)?;
        let store = Self::made_of(backend, Some(Sealing::new(keys, &index_key)));
        if schema < SCHEMA {
            store.migrate(schema)?;
        }
        Ok(store)
    }

    /// Accepts what is sealed with another master key too, so that another server on the same store can change to it.
    pub fn accept(&self, key: MasterKey) {
        if let Some(sealing) = &self.inner.sealing {
            sealing.set_keys(|keys| keys.accept(key));
        }
    }

    /// Changes the master key, while servers run: what is written from now on is sealed with the new one, and the data key of
    /// every record is encrypted with it. Gives the number of records that were changed. Until it is through, both keys are
    /// accepted; where it is cut short, the store opens only with both, and this is to be done again.
    ///
    /// Where several servers are on one store, each has to [accept](Store::accept) the new key before one of them changes to
    /// it, and then to change to it as well.
    ///
    /// # Errors
    /// [`StoreError`], if the backend fails. What has been changed by then stays so.
    pub fn rotate(&self, new: MasterKey) -> Result<u64, StoreError> {
        let Some(sealing) = &self.inner.sealing else { return Ok(0) };
        let _rotating = self.inner.rotating.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        sealing.set_keys(|keys| {
            if keys.current.identifier() != new.identifier() {
                keys.replace(new);
            }
        });
        let keys = sealing.keys().clone();
        self.change_record(|record| {
            if let Some(index_key) = sealing.renew(&key(), &record.index_key)? {
                record.index_key = index_key;
            }
            record.former =
                keys.others().map(|identifier| Former { identifier: identifier.to_vec() }).collect();
            Ok(())
        })?;
        let mut all = 0;
        loop {
            let changed = self.renew_all(sealing)?;
            all += changed;
            if changed == 0 {
                break;
            }
        }
        self.change_record(|record| {
            record.former.clear();
            Ok(())
        })?;
        sealing.set_keys(MasterKeys::forget_others);
        Ok(all)
    }

    /// Encrypts the data keys with the present master key, of all records that are not.
    fn renew_all(&self, sealing: &Sealing) -> Result<u64, StoreError> {
        let mut changed = 0;
        let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| *kind != Kind::STORE).collect();
        let mut batch = Batch { store: self, changes: Vec::new() };
        self.backend().scan(&kinds, &mut |record| {
            if let Some(body) = sealing.renew(&record.key, record.body.bytes())? {
                changed += 1;
                batch.add(change(record, body, Difference::default()))?;
            }
            Ok(())
        })?;
        batch.finish()?;
        Ok(changed)
    }

    /// Brings what an older version of this library has written to the present schema.
    fn migrate(&self, found: u32) -> Result<(), StoreError> {
        tracing::info!(found, known = SCHEMA, "the store is brought to another schema");
        // What objects are found by is made anew; should this be cut short, it is done again.
        self.backend().clear(Kind::OBJECT, Clear::Terms)?;
        let mut batch = Batch { store: self, changes: Vec::new() };
        self.backend().scan(&[Kind::OBJECT], &mut |record| {
            let object = self.found::<StoredObject>(&record)?.value;
            let added = object.indexes().terms.into_iter().map(|term| self.term(term)).collect();
            let body = record.body.bytes().to_vec();
            batch.add(change(record, body, Difference { removed: Vec::new(), added }))
        })?;
        batch.finish()?;
        self.change_record(|record| {
            record.schema = schema();
            Ok(())
        })
    }

    /// Changes what the store knows of itself.
    fn change_record(
        &self,
        change: impl Fn(&mut StoreRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        loop {
            let (mut record, version) =
                read(self.backend())?.ok_or_else(|| corrupt("the store has forgotten what it is"))?;
            change(&mut record)?;
            match write(self.backend(), &record, Some(version)) {
                Err(StoreError::Conflict) => {}
                result => return result,
            }
        }
    }
}

fn schema() -> i32 {
    i32::try_from(SCHEMA).unwrap_or(i32::MAX)
}

pub(super) fn read(backend: &dyn Backend) -> Result<Option<(StoreRecord, u64)>, StoreError> {
    let record = backend.get(&key())?;
    record.map(|record| Ok((decode_record(record.body.bytes())?, record.version))).transpose()
}

fn write(backend: &dyn Backend, record: &StoreRecord, expected: Option<u64>) -> Result<(), StoreError> {
    let bytes = encode_record(record)?.to_vec();
    let value = Value { size: bytes.len() as u64, body: Body::from_bytes(bytes), due: None };
    let (terms, names) = (Difference::default(), Difference::default());
    let change = Change { key: key(), expected, value: Some(value), terms, names };
    backend.commit(Commit { changes: vec![change], bounds: Vec::new() })
}

/// Makes a new store.
fn begin(backend: &dyn Backend, keys: &MasterKeys) -> Result<(), StoreError> {
    if backend.totals(Kind::OBJECT)?.records > 0 {
        return Err(corrupt("there are objects, but nothing says what they are sealed with"));
    }
    let index_key = sealing::seal(&keys.current, &key(), &*random_bytes::<32>()?)?;
    write(backend, &StoreRecord { schema: schema(), index_key, former: Vec::new() }, None)
}

/// A record with another body, and more terms.
fn change(record: Record, body: Vec<u8>, terms: Difference) -> Change {
    let size = body.len() as u64;
    let value = Value { body: Body::from_bytes(body), size, due: record.due };
    let names = Difference::default();
    Change { key: record.key, expected: Some(record.version), value: Some(value), terms, names }
}

/// Changes of which none depends on another.
struct Batch<'a> {
    store: &'a Store,
    changes: Vec<Change>,
}

impl Batch<'_> {
    fn add(&mut self, change: Change) -> Result<(), StoreError> {
        self.changes.push(change);
        if self.changes.len() < BATCH { Ok(()) } else { self.finish() }
    }

    /// Makes the changes. What somebody else has changed meanwhile is as new as can be.
    fn finish(&mut self) -> Result<(), StoreError> {
        let changes = std::mem::take(&mut self.changes);
        if changes.is_empty() {
            return Ok(());
        }
        match self.commit(changes.clone()) {
            Err(StoreError::Conflict) => {}
            result => return result,
        }
        for change in changes {
            match self.commit(vec![change]) {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.store.backend().commit(Commit { changes, bounds: Vec::new() })
    }
}
