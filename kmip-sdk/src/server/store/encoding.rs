//! The bytes of a managed object's record.

use std::sync::Arc;

use kmip_types::SecretBytes;
use kmip_types::Ttlv;
use kmip_types::attribute::{Attribute, AttributeEntry, Attributes};
use kmip_types::enumerations::ObjectType;
use kmip_types::object::ManagedObject;
use kmip_types::ttlv::{Encode, Tagged, Writer};
use kmip_types::{ProtocolVersion, Tag};
use zeroize::Zeroizing;

use super::stored::{
    Indexes, LIMITS, Stored, corrupt, decode_choice, decode_record, encode_record, encode_under,
};
use super::{Kind, StoreError, StoredObject};
use crate::server::crypto::split::Polynomial;

/// A managed object's record. What there is a version for that has a form for it stands there in that form, so that nothing
/// is lost of what only some versions have.
#[derive(Ttlv)]
struct ObjectRecord {
    unique_identifier: String,
    object_type: ObjectType,
    #[ttlv(tag = 0x540001)]
    owner: Option<String>,
    #[ttlv(tag = 0x540002)]
    archived: bool,
    #[ttlv(tag = 0x540003)]
    attributes: Vec<AttributeRecord>,
    #[ttlv(tag = 0x540004)]
    object: Option<SecretBytes>,
    /// The terms of the polynomial, a bit for each.
    #[ttlv(tag = 0x540007)]
    polynomial: Option<i32>,
}

/// An attribute with its index.
#[derive(Ttlv)]
struct AttributeRecord {
    #[ttlv(tag = 0x540005)]
    index: Option<i32>,
    #[ttlv(tag = 0x540006)]
    attribute: SecretBytes,
}

impl Stored for StoredObject {
    const KIND: Kind = Kind::OBJECT;

    fn identifier(&self) -> Vec<u8> {
        self.identifier.clone().into_bytes()
    }

    fn indexes(&self) -> Indexes {
        self.indexes_of()
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        // Every field is named, so that none is forgotten.
        let Self { identifier, object_type, object, attributes, archived, owner, polynomial } = self;
        let attributes = attributes.entries().iter().map(|AttributeEntry { index, attribute }| {
            let attribute = secret(encode_under(attribute.tag(), attribute)?);
            Ok(AttributeRecord { index: *index, attribute })
        });
        let object = object.as_deref().map(|object| encode_under(object.tag(), object).map(secret));
        encode_record(&ObjectRecord {
            unique_identifier: identifier.clone(),
            object_type: *object_type,
            owner: owner.clone(),
            archived: *archived,
            attributes: attributes.collect::<Result<_, StoreError>>()?,
            object: object.transpose()?,
            polynomial: polynomial.map(Polynomial::terms),
        })
    }

    /// What its attributes and the object itself are in TTLV. Every change asks for it, so one buffer does for all.
    fn size(&self) -> Result<usize, StoreError> {
        let mut buffer = Zeroizing::new(Vec::new());
        let mut size = 0;
        for attribute in self.attributes.iter() {
            size += size_of(attribute.tag(), attribute, &mut buffer)?;
        }
        if let Some(object) = self.object.as_deref() {
            size += size_of(object.tag(), object, &mut Zeroizing::new(Vec::new()))?;
        }
        Ok(size)
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let record: ObjectRecord = decode_record(bytes)?;
        let mut attributes = Attributes::new();
        for AttributeRecord { index, attribute } in &record.attributes {
            let attribute: Attribute = decode_choice(attribute.reveal())?;
            attributes.push(AttributeEntry { index: *index, attribute });
        }
        let object = record.object.as_ref().map(|object| decode_choice::<ManagedObject>(object.reveal()));
        let polynomial = record.polynomial.map(|terms| {
            Polynomial::with_terms(terms).ok_or_else(|| corrupt("there is no such field to split keys over"))
        });
        Ok(Self {
            identifier: record.unique_identifier,
            object_type: record.object_type,
            object: object.transpose()?.map(Arc::new),
            attributes,
            archived: record.archived,
            owner: record.owner,
            polynomial: polynomial.transpose()?,
        })
    }
}

/// How many bytes a value is in TTLV, which are written into the buffer.
fn size_of<T: Encode>(tag: Tag, value: &T, buffer: &mut Vec<u8>) -> Result<usize, StoreError> {
    let mut writer = Writer::with_buffer(std::mem::take(buffer), ProtocolVersion::NEWEST, LIMITS);
    if value.encode(tag, &mut writer).is_err() {
        // Only an earlier version has a form for it.
        return Ok(encode_under(tag, value)?.len());
    }
    *buffer = writer.into_bytes();
    Ok(buffer.len())
}

/// Bytes that are wiped, as what the derive takes.
fn secret(mut bytes: Zeroizing<Vec<u8>>) -> SecretBytes {
    SecretBytes::from(std::mem::take(&mut *bytes))
}
