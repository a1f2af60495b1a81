//! What a record is in this process: a value of a type, which says what it is called and found by.

use std::any::Any;
use std::sync::Arc;

use kmip_types::ttlv::{Decode, Encode, Mode};
use kmip_types::{Limits, ProtocolVersion, Tag, ttlv};
use zeroize::Zeroizing;

use super::{Kind, StoreError, Term};

/// The tag of a record's structure.
const RECORD: Tag = Tag::from_raw(0x54_00FF);

/// What is kept was bounded when it came, and is read whatever its size.
pub(super) const LIMITS: Limits = Limits { depth: 64, size: usize::MAX, items: usize::MAX };

/// What a record is found by, before it is hidden from the backend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Indexes {
    pub(crate) terms: Vec<Term>,
    pub(crate) names: Vec<Term>,
    pub(crate) due: Option<i64>,
}

/// A type whose values are kept as records of one kind.
pub(crate) trait Stored: Clone + Send + Sync + Sized + 'static {
    const KIND: Kind;

    /// What it is called by, which never changes.
    fn identifier(&self) -> Vec<u8>;

    /// What it is found by.
    fn indexes(&self) -> Indexes;

    /// Its bytes, in TTLV.
    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError>;

    /// How many bytes it takes, more or less: that many are counted where they are bounded and it is kept as it is.
    fn size(&self) -> Result<usize, StoreError> {
        Ok(self.encode()?.len())
    }

    /// The value whose bytes these are.
    fn decode(bytes: &[u8]) -> Result<Self, StoreError>;
}

/// A value of any such type.
pub(crate) trait AnyStored: Any + Send + Sync {
    fn any_indexes(&self) -> Indexes;
    fn any_encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError>;
    fn any_size(&self) -> Result<usize, StoreError>;
}

impl<T: Stored> AnyStored for T {
    fn any_indexes(&self) -> Indexes {
        self.indexes()
    }

    fn any_encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.encode()
    }

    fn any_size(&self) -> Result<usize, StoreError> {
        self.size()
    }
}

/// A value as what it is.
pub(crate) fn downcast<T: Stored>(value: Arc<dyn Any + Send + Sync>) -> Result<Arc<T>, StoreError> {
    value.downcast().map_err(|_| corrupt("a record is of another type than its kind"))
}

pub(crate) fn corrupt(what: impl ToString) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

/// The bytes of a record's structure.
pub(crate) fn encode_record<T: Encode>(record: &T) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    encode_under(RECORD, record)
}

/// The bytes of a value in the newest version that has a form for it.
pub(crate) fn encode_under<T: Encode>(tag: Tag, value: &T) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let mut failed = None;
    for version in ProtocolVersion::ALL.iter().rev() {
        let mut writer = ttlv::Writer::with_buffer(Vec::new(), *version, LIMITS);
        match value.encode(tag, &mut writer) {
            Ok(()) => return Ok(Zeroizing::new(writer.into_bytes())),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    Err(StoreError::Encoding(failed.map(|error| error.to_string()).unwrap_or_default()))
}

/// The bytes of a value in the form of a version.
pub(crate) fn encode_in<T: Encode>(
    tag: Tag,
    value: &T,
    version: ProtocolVersion,
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let mut writer = ttlv::Writer::with_buffer(Vec::new(), version, LIMITS);
    value.encode(tag, &mut writer).map_err(|error| StoreError::Encoding(error.to_string()))?;
    Ok(Zeroizing::new(writer.into_bytes()))
}

/// The record whose bytes these are, read in a mode.
pub(super) fn decode_in<T: Decode>(mode: Mode, bytes: &[u8]) -> Result<T, StoreError> {
    let decoded = ttlv::decode_with(RECORD, bytes, mode, LIMITS).map_err(corrupt)?;
    Ok(decoded.value)
}

/// The record whose bytes these are.
pub(crate) fn decode_record<T: Decode>(bytes: &[u8]) -> Result<T, StoreError> {
    decode_in(Mode::Strict, bytes)
}

/// The value whose bytes these are, in any version.
pub(crate) fn decode_under<T: Decode>(tag: Tag, bytes: &[u8]) -> Result<T, StoreError> {
    let decoded = ttlv::decode_with(tag, bytes, Mode::Strict, LIMITS).map_err(corrupt)?;
    Ok(decoded.value)
}

/// The value, under a tag of its own, whose bytes these are.
pub(crate) fn decode_choice<T: Decode>(bytes: &[u8]) -> Result<T, StoreError> {
    let header = bytes.first_chunk::<4>().ok_or_else(|| corrupt("an item is cut off"))?;
    decode_under(Tag::from_raw(u32::from_be_bytes(*header) >> 8), bytes)
}
