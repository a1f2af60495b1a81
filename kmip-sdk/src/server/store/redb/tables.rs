//! The tables of the file, and how they are read and written.

use std::collections::{HashMap, HashSet};

use ::redb::{
    Database, ReadOnlyTable, ReadTransaction, ReadableDatabase as _, ReadableTable, Table, TableDefinition,
    TableError, TableHandle as _, WriteTransaction,
};

use super::failed;
use crate::server::store::merged::Merged;
use crate::server::store::stored::corrupt;
use crate::server::store::{Body, Change, Clear, Commit, Key, Kind, Record, StoreError, Totals};

type Bytes = &'static [u8];

/// By kind and identifier: number, version, size, whether it is due and when, and the body.
const RECORDS: TableDefinition<'_, Bytes, Bytes> = TableDefinition::new("records");
/// By kind and number: the identifier.
const NUMBERS: TableDefinition<'_, (u8, u64), Bytes> = TableDefinition::new("numbers");
/// By kind, term and number; and by kind, name, and number and [`NAME`].
const TERMS: TableDefinition<'_, (u8, Bytes, u64), ()> = TableDefinition::new("terms");
/// By kind and name: the identifier. Names stood here before they stood beside the terms.
const NAMES: TableDefinition<'_, (u8, Bytes), Bytes> = TableDefinition::new("names");
/// What stands in their place then, and is not what an older library expects there.
const NO_NAMES: TableDefinition<'_, (), ()> = TableDefinition::new("names");
/// By kind, time and number.
const DUE: TableDefinition<'_, (u8, i64, u64), ()> = TableDefinition::new("due");
/// By kind: how many records, and how large; and under [`LAST`], the highest number so far.
const TOTALS: TableDefinition<'_, u8, (u64, u64)> = TableDefinition::new("totals");

/// No kind.
const LAST: u8 = u8::MAX;

/// What tells a name from a term: it is above all numbers. So both are in one tree, where those that begin the same are on one
/// page of it, which a commit writes once.
const NAME: u64 = 1 << 63;

/// The length of what stands before a body.
const HEAD: usize = 33;

/// The tables as they were when the reading began. Each is opened where it is read, since that looks it up.
///
/// What is opened is read when this is gone: redb counts the reading as over as soon as the last that belongs to it begins to
/// go, which a table does when it has let go of its pages, and this before.
pub(super) struct Read(ReadTransaction);

impl Read {
    pub(super) fn begin(database: &Database) -> Result<Self, StoreError> {
        database.begin_read().map(Self).map_err(failed)
    }

    fn open<K: ::redb::Key + 'static, V: ::redb::Value + 'static>(
        &self,
        table: TableDefinition<'_, K, V>,
    ) -> Result<ReadOnlyTable<K, V>, StoreError> {
        self.0.open_table(table).map_err(failed)
    }

    /// Whether there are names where an older library has put them.
    pub(super) fn has_former_names(self) -> bool {
        self.open(NAMES).is_ok()
    }

    pub(super) fn get(self, key: &Key) -> Result<Option<Record>, StoreError> {
        let records = self.open(RECORDS)?;
        drop(self);
        get(&records, key)
    }

    pub(super) fn find(self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        let (terms, numbers) = (self.open(TERMS)?, self.open(NUMBERS)?);
        drop(self);
        named(&terms, kind.number(), name)?.map(|number| key(&numbers, kind, number)).transpose()
    }

    pub(super) fn list(
        self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let (table, numbers, records) = (self.open(TERMS)?, self.open(NUMBERS)?, self.open(RECORDS)?);
        drop(self);
        let record = |number| get(&records, &key(&numbers, kind, number?)?)?.ok_or_else(lost);
        with_any(&table, kind, terms, before)?.take(limit).map(record).collect()
    }

    pub(super) fn keys(
        self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        let (table, numbers) = (self.open(TERMS)?, self.open(NUMBERS)?);
        drop(self);
        let with_key = |number: Result<u64, StoreError>| {
            let number = number?;
            Ok((number, key(&numbers, kind, number)?))
        };
        with_any(&table, kind, terms, before)?.take(limit).map(with_key).collect()
    }

    pub(super) fn count(self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        let terms = self.open(TERMS)?;
        drop(self);
        let range = (kind.number(), term, 0)..(kind.number(), term, NAME);
        let mut count = 0;
        for entry in terms.range(range).map_err(failed)? {
            entry.map_err(failed)?;
            count += 1;
        }
        Ok(count)
    }

    pub(super) fn due(self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        let (table, numbers) = (self.open(DUE)?, self.open(NUMBERS)?);
        drop(self);
        let range = (kind.number(), i64::MIN, 0)..=(kind.number(), until, u64::MAX);
        let mut due = Vec::new();
        for entry in table.range(range).map_err(failed)?.take(limit) {
            let (_, time, number) = entry.map_err(failed)?.0.value();
            due.push((time, key(&numbers, kind, number)?));
        }
        Ok(due)
    }

    pub(super) fn totals(self, kind: Kind) -> Result<Totals, StoreError> {
        let table = self.open(TOTALS)?;
        drop(self);
        totals(&table, kind.number())
    }

    /// The highest number so far: each commit that changes something has a higher one.
    pub(super) fn last(self) -> Result<u64, StoreError> {
        let table = self.open(TOTALS)?;
        drop(self);
        Ok(totals(&table, LAST)?.records)
    }

    /// All records, as they are when this is asked.
    pub(super) fn all(self) -> Result<All, StoreError> {
        let (numbers, records) = (self.open(NUMBERS)?, self.open(RECORDS)?);
        let last = totals(&self.open(TOTALS)?, LAST)?.records;
        Ok(All { numbers, records, last })
    }
}

/// All records, as they were at one moment.
pub(super) struct All {
    numbers: ReadOnlyTable<(u8, u64), Bytes>,
    records: ReadOnlyTable<Bytes, Bytes>,
    last: u64,
}

impl All {
    /// The highest number at that moment.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// The records of some kinds above a number, in the order in which they came: at most `limit`.
    pub(super) fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let mut streams = Vec::new();
        for kind in kinds {
            let range = (kind.number(), after.saturating_add(1))..=(kind.number(), u64::MAX);
            streams.push((*kind, self.numbers.range(range).map_err(failed)?.peekable()));
        }
        let mut page = Vec::new();
        while page.len() < limit {
            // The one with the lowest number of all kinds.
            let mut next: Option<(u64, usize)> = None;
            for (place, (_, stream)) in streams.iter_mut().enumerate() {
                let number = match stream.peek() {
                    Some(Ok((key, _))) => key.value().1,
                    Some(Err(_)) => 0,
                    None => continue,
                };
                if next.is_none_or(|(lowest, _)| number < lowest) {
                    next = Some((number, place));
                }
            }
            let Some((kind, stream)) = next.and_then(|(_, place)| streams.get_mut(place)) else { break };
            let Some(entry) = stream.next() else { break };
            let (_, identifier) = entry.map_err(failed)?;
            let key = Key::new(*kind, identifier.value());
            page.push(get(&self.records, &key)?.ok_or_else(lost)?);
        }
        Ok(page)
    }
}

/// The tables while they are written.
pub(super) struct Write<'a> {
    transaction: &'a WriteTransaction,
    records: Table<'a, Bytes, Bytes>,
    numbers: Table<'a, (u8, u64), Bytes>,
    terms: Table<'a, (u8, Bytes, u64), ()>,
    due: Table<'a, (u8, i64, u64), ()>,
    totals: Table<'a, u8, (u64, u64)>,
    /// The totals that have changed, and under [`LAST`] the highest number so far.
    changed: HashMap<u8, Totals>,
}

/// What is known of a record without its body.
#[derive(Clone, Copy)]
struct Head {
    number: u64,
    version: u64,
    size: u64,
    due: Option<i64>,
}

/// Changes that can be made, each with what was there before.
pub(super) struct Checked<'c>(Vec<(&'c Change, Option<Head>)>);

impl<'a> Write<'a> {
    pub(super) fn new(transaction: &'a WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            transaction,
            records: transaction.open_table(RECORDS).map_err(failed)?,
            numbers: transaction.open_table(NUMBERS).map_err(failed)?,
            terms: transaction.open_table(TERMS).map_err(failed)?,
            due: transaction.open_table(DUE).map_err(failed)?,
            totals: transaction.open_table(TOTALS).map_err(failed)?,
            changed: HashMap::new(),
        })
    }

    /// Brings the names to where they are now, where an older library has put them elsewhere. It does not open the file after
    /// that, whatever the store says of itself.
    pub(super) fn take_over_names(&mut self) -> Result<(), StoreError> {
        let mut tables = self.transaction.list_tables().map_err(failed)?;
        if !tables.any(|table| table.name() == NAMES.name()) {
            return Ok(());
        }
        let names = match self.transaction.open_table(NAMES) {
            Err(TableError::TableTypeMismatch { .. }) => return Ok(()),
            names => names.map_err(failed)?,
        };
        for entry in names.iter().map_err(failed)? {
            let (place, identifier) = entry.map_err(failed)?;
            let (kind, name) = place.value();
            // The name of something that is gone is nobody's.
            let key = Key::new(Kind::from_number(kind), identifier.value());
            if let Some(Head { number, .. }) = self.head(&key)? {
                self.terms.insert((kind, name, number | NAME), ()).map_err(failed)?;
            }
        }
        drop(names);
        self.transaction.delete_table(NAMES).map_err(failed)?;
        self.transaction.open_table(NO_NAMES).map_err(failed)?;
        self.next().map(drop)
    }

    /// Refuses what cannot be done, before anything of it is.
    pub(super) fn check<'c>(&self, commit: &'c Commit) -> Result<Checked<'c>, StoreError> {
        let mut changes = Vec::with_capacity(commit.changes.len());
        for change in &commit.changes {
            let old = self.head(&change.key)?;
            if old.map(|head| head.version) != change.expected {
                return Err(StoreError::Conflict);
            }
            changes.push((change, old));
        }
        for (key, version) in &commit.unchanged {
            if self.head(key)?.is_none_or(|head| head.version != *version) {
                return Err(StoreError::Conflict);
            }
        }
        self.check_names(&changes)?;
        for bound in &commit.bounds {
            let before = self.total(bound.kind.number())?;
            let of_kind = changes.iter().filter(|(change, _)| change.key.kind == bound.kind);
            let after = of_kind.fold(before, |totals, (change, old)| {
                totals.with(old.map(|head| head.size), change.value.as_ref().map(|value| value.size))
            });
            after.check(before, bound)?;
        }
        Ok(Checked(changes))
    }

    fn check_names(&self, changes: &[(&Change, Option<Head>)]) -> Result<(), StoreError> {
        let removed: HashSet<(u8, &[u8], u64)> = (changes.iter())
            .filter_map(|(change, old)| Some((change, old.as_ref()?.number)))
            .flat_map(|(change, number)| change.names.removed.iter().map(move |name| (change, name, number)))
            .map(|(change, name, number)| (change.key.kind.number(), name.as_slice(), number))
            .collect();
        let mut added = HashSet::new();
        for (change, old) in changes {
            for name in &change.names.added {
                let kind = change.key.kind.number();
                if !added.insert((kind, name)) {
                    return Err(StoreError::Conflict);
                }
                let Some(holder) = named(&self.terms, kind, name)? else { continue };
                let is_its = old.is_some_and(|old| old.number == holder);
                if !is_its && !removed.contains(&(kind, name.as_slice(), holder)) {
                    return Err(StoreError::Conflict);
                }
            }
        }
        Ok(())
    }

    /// Does what has been checked.
    pub(super) fn apply(&mut self, Checked(changes): Checked<'_>) -> Result<(), StoreError> {
        // A name may go from one record to another, so all are taken away before any is given.
        for (change, old) in &changes {
            let Some(Head { number, .. }) = old else { continue };
            for removed in &change.names.removed {
                let place = (change.key.kind.number(), removed.as_slice(), number | NAME);
                self.terms.remove(place).map_err(failed)?;
            }
        }
        changes.into_iter().try_for_each(|(change, old)| self.put(change, old))
    }

    fn put(&mut self, change: &Change, old: Option<Head>) -> Result<(), StoreError> {
        let (key, kind) = (&change.key, change.key.kind.number());
        let total = self.total(kind)?;
        let size = change.value.as_ref().map(|value| value.size);
        self.changed.insert(kind, total.with(old.map(|head| head.size), size));
        if let Some(Head { number, due, .. }) = old {
            for term in &change.terms.removed {
                self.terms.remove((kind, term.as_slice(), number)).map_err(failed)?;
            }
            if let Some(due) = due {
                self.due.remove((kind, due, number)).map_err(failed)?;
            }
        }
        let last = self.next()?;
        let place = name(key);
        let Some(value) = &change.value else {
            self.records.remove(place.as_slice()).map_err(failed)?;
            if let Some(head) = old {
                self.numbers.remove((kind, head.number)).map_err(failed)?;
            }
            return Ok(());
        };
        let number = old.map_or(last, |head| head.number);
        if old.is_none() {
            self.numbers.insert((kind, number), key.identifier.as_slice()).map_err(failed)?;
        }
        let head = Head { number, version: last, size: value.size, due: value.due };
        let bytes = [&head.bytes()[..], value.body.bytes()].concat();
        self.records.insert(place.as_slice(), bytes.as_slice()).map_err(failed)?;
        for term in &change.terms.added {
            self.terms.insert((kind, term.as_slice(), number), ()).map_err(failed)?;
        }
        for added in &change.names.added {
            self.terms.insert((kind, added.as_slice(), number | NAME), ()).map_err(failed)?;
        }
        if let Some(due) = value.due {
            self.due.insert((kind, due, number), ()).map_err(failed)?;
        }
        Ok(())
    }

    pub(super) fn clear(&mut self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        self.next()?;
        let number = kind.number();
        let is_other = move |other: u8| other != number;
        let is_kept = |number: u64| what == Clear::Terms && number >= NAME;
        self.terms.retain(|(kind, _, number), ()| is_other(kind) || is_kept(number)).map_err(failed)?;
        if what == Clear::Terms {
            return Ok(());
        }
        self.records.retain(|name, _| name.first() != Some(&number)).map_err(failed)?;
        self.numbers.retain(|(kind, _), _| is_other(kind)).map_err(failed)?;
        self.due.retain(|(kind, ..), ()| is_other(kind)).map_err(failed)?;
        self.changed.insert(number, Totals::default());
        Ok(())
    }

    /// Writes what was gathered, and gives the highest number so far.
    pub(super) fn finish(mut self) -> Result<u64, StoreError> {
        let last = self.total(LAST)?.records;
        for (kind, totals) in std::mem::take(&mut self.changed) {
            self.totals.insert(kind, (totals.records, totals.bytes)).map_err(failed)?;
        }
        Ok(last)
    }

    /// Another number, which is the highest now.
    fn next(&mut self) -> Result<u64, StoreError> {
        let last = self.total(LAST)?.records + 1;
        self.changed.insert(LAST, Totals { records: last, bytes: 0 });
        Ok(last)
    }

    fn head(&self, key: &Key) -> Result<Option<Head>, StoreError> {
        let found = self.records.get(name(key).as_slice()).map_err(failed)?;
        found.map(|value| Head::read(value.value())).transpose()
    }

    fn total(&self, kind: u8) -> Result<Totals, StoreError> {
        match self.changed.get(&kind) {
            Some(totals) => Ok(*totals),
            None => totals(&self.totals, kind),
        }
    }
}

impl Head {
    fn bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        let due = self.due.unwrap_or_default();
        let parts = [self.number, self.version, self.size, u64::from_be_bytes(due.to_be_bytes())];
        for (place, part) in bytes.chunks_exact_mut(8).zip(parts) {
            place.copy_from_slice(&part.to_be_bytes());
        }
        if let Some(last) = bytes.last_mut() {
            *last = u8::from(self.due.is_some());
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let bytes: &[u8; HEAD] = bytes.first_chunk().ok_or_else(|| corrupt("a record is cut off"))?;
        let mut parts = bytes
            .chunks_exact(8)
            .map(|part| u64::from_be_bytes(part.first_chunk().copied().unwrap_or_default()));
        let mut next = || parts.next().unwrap_or_default();
        let (number, version, size, due) = (next(), next(), next(), next());
        let due = (bytes.last() == Some(&1)).then_some(i64::from_be_bytes(due.to_be_bytes()));
        Ok(Self { number, version, size, due })
    }
}

fn get(records: &ReadOnlyTable<Bytes, Bytes>, key: &Key) -> Result<Option<Record>, StoreError> {
    let found = records.get(name(key).as_slice()).map_err(failed)?;
    found.map(|value| record(key.clone(), value.value())).transpose()
}

/// The numbers of the records with any of some terms, the highest first, each once, below `before`.
fn with_any(
    table: &ReadOnlyTable<(u8, Bytes, u64), ()>,
    kind: Kind,
    terms: &[Vec<u8>],
    before: Option<u64>,
) -> Result<impl Iterator<Item = Result<u64, StoreError>>, StoreError> {
    let (kind, before) = (kind.number(), before.unwrap_or(NAME).min(NAME));
    let mut with_terms = Vec::with_capacity(terms.len());
    for term in terms {
        let range = (kind, term.as_slice(), 0)..(kind, term.as_slice(), before);
        let entries = table.range(range).map_err(failed)?.rev();
        with_terms.push(entries.map(|entry| Ok(entry.map_err(failed)?.0.value().2)));
    }
    Ok(Merged::new(with_terms))
}

/// The number of the record that has a name.
fn named(
    table: &impl ReadableTable<(u8, Bytes, u64), ()>,
    kind: u8,
    name: &[u8],
) -> Result<Option<u64>, StoreError> {
    let entry = table.range((kind, name, NAME)..=(kind, name, u64::MAX)).map_err(failed)?.next();
    let place = entry.transpose().map_err(failed)?;
    Ok(place.map(|(place, _)| place.value().2 & !NAME))
}

/// The key of the record with a number.
fn key(numbers: &ReadOnlyTable<(u8, u64), Bytes>, kind: Kind, number: u64) -> Result<Key, StoreError> {
    let identifier = numbers.get((kind.number(), number)).map_err(failed)?.ok_or_else(lost)?;
    Ok(Key::new(kind, identifier.value()))
}

/// Where a record stands.
fn name(key: &Key) -> Vec<u8> {
    let mut name = vec![key.kind.number()];
    name.extend(&key.identifier);
    name
}

fn record(key: Key, value: &[u8]) -> Result<Record, StoreError> {
    let Head { number, version, due, .. } = Head::read(value)?;
    let body = Body::from_bytes(value.get(HEAD..).unwrap_or_default());
    Ok(Record { key, number, version, due, body })
}

fn totals(table: &impl ReadableTable<u8, (u64, u64)>, kind: u8) -> Result<Totals, StoreError> {
    let found = table.get(kind).map_err(failed)?;
    let (records, bytes) = found.map(|found| found.value()).unwrap_or_default();
    Ok(Totals { records, bytes })
}

fn lost() -> StoreError {
    corrupt("an index names a record that is not there")
}
