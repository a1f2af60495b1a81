//! What a store says of itself, which every server on it goes by: the schema, the present master key, and whether it is whole.
//!
//! A commit expects this record to be as it was when the commit was put together. So a server cannot write what the others no
//! longer read, however long it was held up: where the record is another, it is refused, reads the record again, goes by what
//! that says now, and commits again, or says why it cannot.

use std::sync::atomic::Ordering;

use kmip_types::Ttlv;
use kmip_types::ttlv::Mode;

use super::sealing::{self, Sealing};
use super::stored::{corrupt, decode_in, decode_record, encode_record};
use super::{Backend, Body, Change, Commit, Difference, Key, Kind, Record, Store, StoreError, Value};

/// The version of what is kept and how it is found. 1: nothing found the fresh objects of a group. 2: there were terms for a
/// state and for a type alone. 3: a commit did not expect the store's own record to be as it was. 4: what objects have in common
/// did not stand at the beginning of terms and names, Templates were found as other objects are, and those that are nobody's
/// by a scope of their own.
pub(super) const SCHEMA: u32 = 5;

/// How many records are written at a time where all of them are.
const BATCH: usize = 256;

/// How many bytes those have, where fewer are written at a time from then on.
const LARGE: usize = 8 << 20;

/// What a sealed store says of itself. What is sealed in it says with which master key: that is the present one.
#[derive(Clone, Ttlv)]
pub(super) struct StoreRecord {
    #[ttlv(tag = 0x540010)]
    schema: i32,
    /// What names and terms are hidden with, sealed.
    #[ttlv(tag = 0x540011)]
    pub(super) index_key: Vec<u8>,
    /// The master keys with which records may be sealed still, beside the present one.
    #[ttlv(tag = 0x540012)]
    pub(super) former: Vec<Former>,
    /// The schema from which it is being brought to the present one.
    #[ttlv(tag = 0x540014)]
    pub(super) from: Option<i32>,
    /// Whether an import into it is under way, or was cut short.
    #[ttlv(tag = 0x540015)]
    pub(super) is_importing: Option<bool>,
}

/// A master key that is being changed for another.
#[derive(Clone, Ttlv)]
pub(super) struct Former {
    #[ttlv(tag = 0x540013)]
    pub(super) identifier: Vec<u8>,
}

/// What is read of such a record, whatever else a newer library has put there.
#[derive(Ttlv)]
struct Schema {
    #[ttlv(tag = 0x540010)]
    schema: i32,
}

impl StoreRecord {
    /// A record of the present schema.
    pub(super) fn of(index_key: Vec<u8>) -> Self {
        Self { schema: present(), index_key, former: Vec::new(), from: None, is_importing: None }
    }

    pub(super) fn schema(&self) -> u32 {
        u32::try_from(self.schema).unwrap_or(0)
    }

    pub(super) fn set_present_schema(&mut self) {
        self.schema = present();
    }

    /// The identifier of the present master key.
    pub(super) fn master_key(&self) -> Result<&[u8], StoreError> {
        sealing::identifier(&self.index_key)
    }
}

fn present() -> i32 {
    i32::try_from(SCHEMA).unwrap_or(i32::MAX)
}

/// What the record is called by.
pub(super) fn key() -> Key {
    Key::new(Kind::STORE, "store")
}

/// The record with its version, if there is one.
pub(super) fn read(backend: &dyn Backend) -> Result<Option<(StoreRecord, u64)>, StoreError> {
    let Some(record) = backend.get(&key())? else { return Ok(None) };
    let Schema { schema } = decode_in(Mode::Lenient, record.body.bytes())?;
    match u32::try_from(schema) {
        Ok(found) if found > SCHEMA => Err(StoreError::Schema { found, known: SCHEMA }),
        _ => Ok(Some((decode_record(record.body.bytes())?, record.version))),
    }
}

/// The record with its version, of a store that has one.
pub(super) fn found(backend: &dyn Backend) -> Result<(StoreRecord, u64), StoreError> {
    read(backend)?.ok_or_else(|| corrupt("the store has forgotten what it is"))
}

/// Writes the record in the place of a version of it.
pub(super) fn write(
    backend: &dyn Backend,
    record: &StoreRecord,
    expected: Option<u64>,
) -> Result<(), StoreError> {
    let bytes = encode_record(record)?.to_vec();
    let value = Value { size: bytes.len() as u64, body: Body::from_bytes(bytes), due: None };
    let (terms, names) = (Difference::default(), Difference::default());
    let change = Change { key: key(), expected, value: Some(value), terms, names };
    backend.commit(Commit { changes: vec![change], ..Commit::default() })
}

/// A record with another body, and other terms.
pub(super) fn change(record: &Record, body: Vec<u8>, terms: Difference) -> Change {
    let size = body.len() as u64;
    let value = Value { body: Body::from_bytes(body), size, due: record.due };
    let (key, names) = (record.key.clone(), Difference::default());
    Change { key, expected: Some(record.version), value: Some(value), terms, names }
}

impl Store {
    /// What the store says of itself now, with the version of that, which this server goes by from now on.
    pub(super) fn look(&self, sealing: &Sealing) -> Result<(StoreRecord, u64), StoreError> {
        let (record, version) = found(self.backend())?;
        if record.is_importing.is_some() && !self.is_importing() {
            return Err(StoreError::Importing);
        }
        sealing.go_by(record.master_key()?, version)?;
        Ok((record, version))
    }

    /// Changes what the store says of itself, where `change` says that there is something to be changed. Gives what it says
    /// then.
    pub(super) fn change_record(
        &self,
        sealing: &Sealing,
        change: impl Fn(&mut StoreRecord) -> Result<bool, StoreError>,
    ) -> Result<StoreRecord, StoreError> {
        loop {
            let (mut record, version) = self.look(sealing)?;
            if !change(&mut record)? {
                return Ok(record);
            }
            match write(self.backend(), &record, Some(version)) {
                Ok(()) => return Ok(self.look(sealing)?.0),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Commits sealed bodies, each under the present master key, while the store says what this server goes by.
    pub(super) fn commit_sealed(&self, sealing: &Sealing, mut commit: Commit) -> Result<(), StoreError> {
        loop {
            let version = sealing.renew_changes(&mut commit.changes)?;
            commit.unchanged = vec![(key(), version)];
            match self.backend().commit(commit.clone()) {
                Err(StoreError::Conflict) if self.look(sealing)?.1 != version => {}
                result => return result,
            }
        }
    }

    /// Changes all records of some kinds to what `change` makes of each, if anything, as it is then. Gives how many it has
    /// changed.
    pub(super) fn change_all(
        &self,
        kinds: &[Kind],
        change: &dyn Fn(&Record) -> Result<Option<Change>, StoreError>,
    ) -> Result<u64, StoreError> {
        // None is looked at as it was when this began: what keeps that would grow with each that is changed.
        let (mut after, mut count, mut limit) = (0, 0, BATCH);
        loop {
            let page = self.backend().page(kinds, after, limit)?;
            let changes = page.iter().filter_map(|record| change(record).transpose());
            count += self.change_some(changes.collect::<Result<_, _>>()?, change)?;
            match page.last() {
                Some(last) if page.len() == limit => after = last.number,
                _ => return Ok(count),
            }
            let bytes: usize = page.iter().map(|record| record.body.bytes().len()).sum();
            limit = if bytes > LARGE { (limit / 4).max(1) } else { (limit * 2).min(BATCH) };
        }
    }

    /// Makes changes of which none depends on another. What somebody else has changed meanwhile is changed as it is then.
    fn change_some(
        &self,
        changes: Vec<Change>,
        again: &dyn Fn(&Record) -> Result<Option<Change>, StoreError>,
    ) -> Result<u64, StoreError> {
        let mut count = changes.len() as u64;
        if changes.is_empty() {
            return Ok(0);
        }
        match self.commit(Commit { changes: changes.clone(), ..Commit::default() }, &[]) {
            Err(StoreError::Conflict) => {}
            result => return result.map(|()| count),
        }
        count = 0;
        for change in changes {
            let mut next = Some(change);
            while let Some(change) = next.take() {
                match self.commit(Commit { changes: vec![change.clone()], ..Commit::default() }, &[]) {
                    Ok(()) => count += 1,
                    Err(StoreError::Conflict) => {
                        next = match self.backend().get(&change.key)? {
                            // It is as it was, so another has one of the names.
                            Some(record) if Some(record.version) == change.expected => {
                                if change.names.added.is_empty() {
                                    return Err(StoreError::Conflict);
                                }
                                tracing::error!(key = ?change.key, "a record loses its names, one of which is another's");
                                let names = Difference { added: Vec::new(), ..change.names.clone() };
                                Some(Change { names, ..change })
                            }
                            Some(record) => again(&record)?,
                            None => None,
                        };
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(count)
    }

    /// Refuses to change what is a part of something only.
    pub(super) fn refuse_while_importing(&self) -> Result<(), StoreError> {
        if self.is_importing() { Err(StoreError::Importing) } else { Ok(()) }
    }

    fn is_importing(&self) -> bool {
        self.inner.is_importing.load(Ordering::SeqCst)
    }
}
