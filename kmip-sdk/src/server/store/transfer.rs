//! All that is in a store, as bytes that another store takes.
//!
//! An export is a sequence of items in TTLV: an Integer, the form, which is 2; a Byte String, which is random; a Byte String for
//! each record, in the order in which they came; and a Byte String for the end. Those behind the second are sealed as records
//! are, with their position and the random bytes in the place of the identifier: so none can be left out, put elsewhere, added
//! or taken from another export, and what is cut off does not look whole. In it is a structure of the record's kind and its
//! body; what the record is found by, the store that takes it makes anew. An export of form 1, which is read still, has no
//! random bytes.

use std::io::{Read, Write};
use std::sync::atomic::Ordering;

use kmip_types::{DateTime, ProtocolVersion, SecretBytes, Tag, Ttlv, ttlv};

use super::sealing::{self, MasterKey, MasterKeys};
use super::stored::{corrupt, decode_record, decode_under, encode_record};
use super::{Key, Kind, Record, Store, StoreError, Stored, StoredObject, Transaction};
use crate::server::groups::Turn;
use crate::server::later::Job;
use crate::server::provisioned::Provisioned;
use crate::server::shared::Setting;
use crate::server::tickets::Login;
use crate::server::users::{Used, User};

/// The form of an export, and the one before.
const FORM: i32 = 2;
const FORMER: i32 = 1;
const FORM_TAG: Tag = Tag::from_raw(0x54_0020);
const RECORD_TAG: Tag = Tag::from_raw(0x54_0021);
const END_TAG: Tag = Tag::from_raw(0x54_0022);
const RANDOM_TAG: Tag = Tag::from_raw(0x54_0025);

/// How many random bytes tell an export from others.
const RANDOM: usize = 16;

/// How many records are taken at a time.
const BATCH: u64 = 256;

/// The most bytes that an item may have.
const MAXIMUM: u32 = 1 << 30;

/// What is in a store but what it knows of itself, what it makes anew, and what holds for moments only.
const KINDS: [Kind; 8] = [
    Kind::SETTING,
    Kind::OBJECT,
    Kind::TICKET,
    Kind::ASYNCHRONOUS,
    Kind::USED,
    Kind::PROVISIONED,
    Kind::TURN,
    Kind::USER,
];

/// A record in an export.
#[derive(Ttlv)]
struct Exported {
    #[ttlv(tag = 0x540023)]
    kind: i32,
    #[ttlv(tag = 0x540024)]
    body: SecretBytes,
}

impl Store {
    /// Writes all that is in the store, as it was at one moment, sealed with a master key that need not be the store's. Gives
    /// the number of records.
    ///
    /// # Errors
    /// [`StoreError`], if the store cannot be read or is being imported into, or `to` cannot be written.
    pub fn export(&self, to: &mut dyn Write, key: &MasterKey) -> Result<u64, StoreError> {
        self.refuse_while_importing()?;
        let mut write = |tag, value: Content<'_>| {
            let mut writer =
                ttlv::Writer::with_buffer(Vec::new(), ProtocolVersion::NEWEST, super::stored::LIMITS);
            let written = match value {
                Content::Number(number) => writer.integer(tag, number),
                Content::Bytes(bytes) => writer.byte_string(tag, bytes),
            };
            written.map_err(|error| StoreError::Encoding(error.to_string()))?;
            to.write_all(writer.bytes()).map_err(StoreError::from_io)
        };
        write(FORM_TAG, Content::Number(FORM))?;
        let random = *sealing::random_bytes::<RANDOM>()?;
        write(RANDOM_TAG, Content::Bytes(&random))?;
        let mut count: u64 = 0;
        self.backend().scan(&KINDS, &mut |record| {
            let body = SecretBytes::from(self.body(&record)?);
            let exported = Exported { kind: i32::from(record.key.kind.number()), body };
            let sealed =
                sealing::seal(key, &position(RECORD_TAG, count, &random), &encode_record(&exported)?)?;
            count += 1;
            write(RECORD_TAG, Content::Bytes(&sealed))
        })?;
        let end = sealing::seal(key, &position(END_TAG, count, &random), &[])?;
        write(END_TAG, Content::Bytes(&end))?;
        to.flush().map_err(StoreError::from_io)?;
        Ok(count)
    }

    /// Takes what [`Store::export`] has written, into a store that is empty. Gives the number of records.
    ///
    /// While it is under way, nobody else changes anything in the store, and it does not open
    /// ([`StoreError::Importing`]). Where it is cut short once something of it is in the store, by an error or the end of the
    /// process, that stays so: what is there is to be removed, or another place to be taken, and to be imported into again.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`]; [`StoreError::WrongMasterKey`], if it was sealed with another; [`StoreError::Corrupt`], if
    /// it is not whole; [`StoreError::Importing`], if another is under way or was cut short; any other, if the store cannot be
    /// written.
    pub fn import(&self, from: &mut dyn Read, keys: impl Into<MasterKeys>) -> Result<u64, StoreError> {
        let keys = keys.into();
        self.refuse_while_importing()?;
        self.refuse_unless_empty()?;
        let (tag, item) = read(from)?;
        let no_export = || corrupt("this is no export of a store, or one in a form that is not known");
        if tag != FORM_TAG {
            return Err(no_export());
        }
        let random = match decode_under::<i32>(FORM_TAG, &item)? {
            FORMER => Vec::new(),
            FORM => match read(from)? {
                (RANDOM_TAG, item) => decode_under(RANDOM_TAG, &item)?,
                _ => return Err(no_export()),
            },
            _ => return Err(no_export()),
        };
        let now = DateTime::from_seconds(i64::MIN);
        let begin = || {
            let mut transaction = self.begin(now, &[]);
            transaction.is_import = true;
            transaction
        };
        let mut transaction = begin();
        let (mut count, mut is_begun) = (0, false);
        loop {
            let (tag, item) = read(from)?;
            let sealed: Vec<u8> = decode_under(tag, &item)?;
            let bytes = sealing::open(&keys, &position(tag, count, &random), &sealed)?;
            match tag {
                RECORD_TAG => put(&mut transaction, &decode_record(&bytes)?)?,
                END_TAG => break,
                _ => return Err(corrupt("an export has an item that is not known")),
            }
            count += 1;
            if count % BATCH == 0 {
                if !std::mem::replace(&mut is_begun, true) {
                    self.begin_import()?;
                }
                transaction.commit()?;
                transaction = begin();
            }
        }
        if !is_begun {
            self.begin_import()?;
        }
        transaction.commit()?;
        self.end_import()?;
        Ok(count)
    }

    fn refuse_unless_empty(&self) -> Result<(), StoreError> {
        for kind in KINDS {
            if self.count(kind)? > 0 {
                return Err(StoreError::NotEmpty);
            }
        }
        Ok(())
    }

    /// Notes in the store that what is in it from now on is not whole, and keeps everybody else from changing it.
    fn begin_import(&self) -> Result<(), StoreError> {
        let is_importing = &self.inner.is_importing;
        if is_importing.swap(true, Ordering::SeqCst) {
            return Err(StoreError::Importing);
        }
        let noted = match &self.inner.sealing {
            Some(sealing) => self
                .change_record(sealing, |record| match record.is_importing {
                    None => {
                        record.is_importing = Some(true);
                        Ok(true)
                    }
                    Some(_) => Err(StoreError::Importing),
                })
                .map(drop),
            None => Ok(()),
        };
        if let Err(error) = noted {
            is_importing.store(false, Ordering::SeqCst);
            return Err(error);
        }
        // What others have put there until now.
        let empty = self.refuse_unless_empty();
        if empty.is_err() {
            self.end_import()?;
        }
        empty
    }

    /// Notes that what is in the store is whole.
    fn end_import(&self) -> Result<(), StoreError> {
        if let Some(sealing) = &self.inner.sealing {
            self.change_record(sealing, |record| Ok(record.is_importing.take().is_some()))?;
        }
        self.inner.is_importing.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// The bytes of what a record holds.
    fn body(&self, record: &Record) -> Result<Vec<u8>, StoreError> {
        if let Some(sealing) = &self.inner.sealing {
            return Ok(std::mem::take(&mut *sealing.open(&record.key, record.body.bytes())?));
        }
        let mut bytes = self.any(record)?.any_encode()?;
        Ok(std::mem::take(&mut *bytes))
    }
}

enum Content<'a> {
    Number(i32),
    Bytes(&'a [u8]),
}

fn put(transaction: &mut Transaction<'_>, exported: &Exported) -> Result<(), StoreError> {
    let body = exported.body.reveal();
    match Kind::from_number(u8::try_from(exported.kind).map_err(|_| unknown())?) {
        Kind::OBJECT => transaction.put(StoredObject::decode(body)?),
        Kind::TICKET => transaction.put(Login::decode(body)?),
        Kind::ASYNCHRONOUS => transaction.put(Job::decode(body)?),
        Kind::USED => transaction.put(Used::decode(body)?),
        Kind::SETTING => transaction.put(Setting::decode(body)?),
        Kind::PROVISIONED => transaction.put(Provisioned::decode(body)?),
        Kind::TURN => transaction.put(Turn::decode(body)?),
        Kind::USER => transaction.put(User::decode(body)?),
        _ => Err(unknown()),
    }
}

pub(super) fn unknown() -> StoreError {
    corrupt("a record is of a kind that is not known")
}

/// What an item of an export is sealed for.
fn position(tag: Tag, position: u64, random: &[u8]) -> Key {
    let mut identifier = tag.value().to_be_bytes().to_vec();
    identifier.extend(position.to_be_bytes());
    identifier.extend(random);
    Key::new(Kind::STORE, identifier)
}

/// The next item, with its tag.
fn read(from: &mut dyn Read) -> Result<(Tag, Vec<u8>), StoreError> {
    let cut = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => corrupt("the export is cut off"),
        _ => StoreError::from_io(error),
    };
    let mut header = [0; 8];
    from.read_exact(&mut header).map_err(cut)?;
    let [a, b, c, _, length @ ..] = header;
    let length = u32::from_be_bytes(length);
    if length > MAXIMUM {
        return Err(corrupt("an item of the export is too large"));
    }
    let padded = u64::from(length).next_multiple_of(8);
    let mut item = header.to_vec();
    let read = from.take(padded).read_to_end(&mut item).map_err(cut)?;
    if read as u64 != padded {
        return Err(corrupt("the export is cut off"));
    }
    Ok((Tag::from_raw(u32::from_be_bytes([0, a, b, c])), item))
}
