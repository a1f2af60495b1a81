//! Arbitrary values of every type, for property tests and fuzzers: feature `arbitrary`.
//!
//! Most types derive [`Arbitrary`]. Here are those that cannot: the primitive ones, those of which one field
//! decides another, and items, which nest.

use ::arbitrary::{Arbitrary, Result, Unstructured};

use crate::attribute::{Attribute, AttributeName, CustomAttribute, TagReference, VendorAttribute};
use crate::generated::enumerations::{CredentialType, KeyFormatType, Operation};
use crate::generated::tags::TAGS;
use crate::message::{Credential, CredentialValue, RequestBatchItem, ResponseBatchItem};
use crate::object::{KeyBlock, KeyMaterial, KeyValue, TransparentKey};
use crate::operation::{RequestPayload, ResponsePayload, ServerInformation};
use crate::tables::EnumerationInfo;
use crate::ttlv::Tagged;
use crate::{
    BigInteger, DateTime, DateTimeExtended, Interval, Item, ItemType, ItemTypes, ProtocolVersion,
    SecretBigInteger, SecretBytes, SecretText, Tag, Value,
};

/// How deep items nest. The messages around them nest less than a dozen deep: all stays within the limits.
const DEPTH: usize = 3;

/// The first number that the standard leaves to vendors, in every enumeration.
const VENDOR: u32 = 0x8000_0000;

/// The number of an enumeration's value: mostly one that is listed.
pub(crate) fn enumeration(u: &mut Unstructured<'_>, info: &EnumerationInfo) -> Result<u32> {
    if info.values.is_empty() || u.ratio(1, 8)? {
        u32::arbitrary(u)
    } else {
        Ok(u.choose(info.values)?.value)
    }
}

/// An item under a vendor's tag, which is no field of any structure.
pub(crate) fn vendor_item(u: &mut Unstructured<'_>) -> Result<Item> {
    item(vendor_tag(u)?, u, DEPTH)
}

/// An attribute that has no type of its own.
pub(crate) fn untyped_attribute(u: &mut Unstructured<'_>) -> Result<Item> {
    let any = Tag::arbitrary(u)?;
    let tag = if Attribute::TAGS.contains(&any) { vendor_tag(u)? } else { any };
    item(tag, u, DEPTH)
}

fn vendor_tag(u: &mut Unstructured<'_>) -> Result<Tag> {
    Ok(Tag::from_raw(0x54_0000 | u32::from(u16::arbitrary(u)?)))
}

/// An item of one of the types that its tag has: the text encodings refuse another under a tag of the standard.
fn item(tag: Tag, u: &mut Unstructured<'_>, depth: usize) -> Result<Item> {
    let types = tag.info().map_or(ItemTypes::ANY, |info| info.types);
    Ok(Item::new(tag, value(if types.is_empty() { ItemTypes::ANY } else { types }, u, depth)?))
}

fn value(types: ItemTypes, u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let types: Vec<ItemType> = types.iter().collect();
    Ok(match u.choose(&types)? {
        ItemType::Structure if depth == 0 => Value::Structure(Vec::new()),
        ItemType::Structure => {
            let count = u.int_in_range(0..=3)?;
            let item = |_| item(Tag::arbitrary(u)?, u, depth - 1);
            Value::Structure((0..count).map(item).collect::<Result<_>>()?)
        }
        ItemType::Integer => Value::Integer(i32::arbitrary(u)?),
        ItemType::LongInteger => Value::LongInteger(i64::arbitrary(u)?),
        ItemType::BigInteger => Value::BigInteger(BigInteger::arbitrary(u)?),
        ItemType::Enumeration => Value::Enumeration(u32::arbitrary(u)?),
        ItemType::Boolean => Value::Boolean(bool::arbitrary(u)?),
        ItemType::TextString => Value::TextString(String::arbitrary(u)?),
        ItemType::ByteString => Value::ByteString(bytes(u)?),
        ItemType::DateTime => Value::DateTime(DateTime::arbitrary(u)?),
        ItemType::Interval => Value::Interval(Interval::arbitrary(u)?),
        ItemType::DateTimeExtended => Value::DateTimeExtended(DateTimeExtended::arbitrary(u)?),
    })
}

/// Up to three words of bytes.
fn bytes(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let length = u.int_in_range(0..=24)?.min(u.len());
    Ok(u.bytes(length)?.to_vec())
}

/// The name of an attribute: now and then the standard's, or one that says that it is a client's or a server's.
fn attribute_name(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=7)? {
        0 => u.choose(Attribute::TAGS)?.spelled_name().unwrap_or_default().to_owned(),
        1 => format!("{}-{}", u.choose(&["x", "y"])?, String::arbitrary(u)?),
        _ => String::arbitrary(u)?,
    })
}

/// A vendor: often one of those that stand for the Custom Attributes of KMIP 1.x.
fn vendor_identification(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=3)? {
        0 => String::arbitrary(u)?,
        1 => String::new(),
        2 => "x".to_owned(),
        _ => "y".to_owned(),
    })
}

impl<'a> Arbitrary<'a> for Tag {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.ratio(1, 4)? { u32::arbitrary(u).map(Self::from_raw) } else { Ok(u.choose(TAGS)?.tag) }
    }
}

impl<'a> Arbitrary<'a> for Value {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        value(ItemTypes::ANY, u, DEPTH)
    }
}

impl<'a> Arbitrary<'a> for Item {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        item(Tag::arbitrary(u)?, u, DEPTH)
    }
}

impl<'a> Arbitrary<'a> for BigInteger {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_signed_bytes(&bytes(u)?))
    }
}

impl<'a> Arbitrary<'a> for SecretBigInteger {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        BigInteger::arbitrary(u).map(Self::new)
    }
}

impl<'a> Arbitrary<'a> for SecretBytes {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        bytes(u).map(Self::from)
    }
}

impl<'a> Arbitrary<'a> for SecretText {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        String::arbitrary(u).map(Self::from)
    }
}

/// Half of them in the years that the text encodings write by ISO 8601.
impl<'a> Arbitrary<'a> for DateTime {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let seconds = if bool::arbitrary(u)? { i64::from(i32::arbitrary(u)?) } else { i64::arbitrary(u)? };
        Ok(Self::from_seconds(seconds))
    }
}

/// Half of them in the years that the text encodings write by ISO 8601.
impl<'a> Arbitrary<'a> for DateTimeExtended {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let any = i64::arbitrary(u)?;
        Ok(Self::from_microseconds(if bool::arbitrary(u)? { any >> 10 } else { any }))
    }
}

impl<'a> Arbitrary<'a> for Interval {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u32::arbitrary(u).map(Self::from_seconds)
    }
}

impl<'a> Arbitrary<'a> for ProtocolVersion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.ratio(1, 4)? {
            return Ok(Self::new(i32::arbitrary(u)?, i32::arbitrary(u)?));
        }
        u.choose(Self::ALL).copied()
    }
}

impl<'a> Arbitrary<'a> for TagReference {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Tag::arbitrary(u).map(Self)
    }
}

impl<'a> Arbitrary<'a> for AttributeName {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { vendor_identification: vendor_identification(u)?, attribute_name: attribute_name(u)? })
    }
}

impl<'a> Arbitrary<'a> for VendorAttribute {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            vendor_identification: vendor_identification(u)?,
            attribute_name: attribute_name(u)?,
            attribute_value: Value::arbitrary(u)?,
        })
    }
}

impl<'a> Arbitrary<'a> for CustomAttribute {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { attribute_name: attribute_name(u)?, attribute_value: Value::arbitrary(u)? })
    }
}

/// What a vendor adds is under the vendor's tags: under the standard's, it would be a field.
impl<'a> Arbitrary<'a> for ServerInformation {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = || Option::<String>::arbitrary(u);
        Ok(Self {
            server_name: text()?,
            server_serial_number: text()?,
            server_version: text()?,
            server_load: text()?,
            product_name: text()?,
            build_level: text()?,
            build_date: text()?,
            cluster_info: text()?,
            alternate_failover_endpoints: Vec::arbitrary(u)?,
            vendor_specific: (0..u.int_in_range(0..=2)?).map(|_| vendor_item(u)).collect::<Result<_>>()?,
        })
    }
}

/// The Credential Type is that of the value.
impl<'a> Arbitrary<'a> for Credential {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let credential_value = CredentialValue::arbitrary(u)?;
        let credential_type = match &credential_value {
            CredentialValue::UsernameAndPassword(_) => CredentialType::UsernameAndPassword,
            CredentialValue::Device(_) => CredentialType::Device,
            CredentialValue::Attestation(_) => CredentialType::Attestation,
            CredentialValue::OneTimePassword(_) => CredentialType::OneTimePassword,
            CredentialValue::HashedPassword(_) => CredentialType::HashedPassword,
            CredentialValue::Ticket(_) => CredentialType::Ticket,
            CredentialValue::Other(_) => CredentialType::from(VENDOR | u32::arbitrary(u)?),
        };
        Ok(Self { credential_type, credential_value })
    }
}

/// The Key Format Type is that of the key material, and only a wrapped key, or none, has Key Wrapping Data.
impl<'a> Arbitrary<'a> for KeyBlock {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let key_value = Option::<KeyValue>::arbitrary(u)?;
        let key_format_type = match &key_value {
            Some(KeyValue::Plain(plain)) => key_format_type(&plain.key_material, u)?,
            Some(KeyValue::Wrapped(_)) | None => KeyFormatType::arbitrary(u)?,
        };
        let key_wrapping_data = match &key_value {
            Some(KeyValue::Plain(_)) => None,
            Some(KeyValue::Wrapped(_)) | None => Arbitrary::arbitrary(u)?,
        };
        Ok(Self {
            key_format_type,
            key_compression_type: Arbitrary::arbitrary(u)?,
            key_value,
            cryptographic_algorithm: Arbitrary::arbitrary(u)?,
            cryptographic_length: Arbitrary::arbitrary(u)?,
            key_wrapping_data,
        })
    }
}

/// A format that key material of this kind may have.
pub(crate) fn key_format_type(material: &KeyMaterial, u: &mut Unstructured<'_>) -> Result<KeyFormatType> {
    let KeyMaterial::Transparent(key) = material else { return KeyFormatType::arbitrary(u) };
    Ok(match key {
        TransparentKey::SymmetricKey(_) => KeyFormatType::TransparentSymmetricKey,
        TransparentKey::DsaPrivateKey(_) => KeyFormatType::TransparentDsaPrivateKey,
        TransparentKey::DsaPublicKey(_) => KeyFormatType::TransparentDsaPublicKey,
        TransparentKey::RsaPrivateKey(_) => KeyFormatType::TransparentRsaPrivateKey,
        TransparentKey::RsaPublicKey(_) => KeyFormatType::TransparentRsaPublicKey,
        TransparentKey::DhPrivateKey(_) => KeyFormatType::TransparentDhPrivateKey,
        TransparentKey::DhPublicKey(_) => KeyFormatType::TransparentDhPublicKey,
        TransparentKey::EcdsaPrivateKey(_) => KeyFormatType::TransparentEcdsaPrivateKey,
        TransparentKey::EcdsaPublicKey(_) => KeyFormatType::TransparentEcdsaPublicKey,
        TransparentKey::EcdhPrivateKey(_) => KeyFormatType::TransparentEcdhPrivateKey,
        TransparentKey::EcdhPublicKey(_) => KeyFormatType::TransparentEcdhPublicKey,
        TransparentKey::EcmqvPrivateKey(_) => KeyFormatType::TransparentEcmqvPrivateKey,
        TransparentKey::EcmqvPublicKey(_) => KeyFormatType::TransparentEcmqvPublicKey,
        TransparentKey::EcPrivateKey(_) => KeyFormatType::TransparentEcPrivateKey,
        TransparentKey::EcPublicKey(_) => KeyFormatType::TransparentEcPublicKey,
        TransparentKey::Other(_) => KeyFormatType::from(VENDOR | u32::arbitrary(u)?),
    })
}

/// The Operation is that of the payload.
impl<'a> Arbitrary<'a> for RequestBatchItem {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let request_payload = RequestPayload::arbitrary(u)?;
        Ok(Self {
            operation: operation(request_payload.operation(), u)?,
            ephemeral: Arbitrary::arbitrary(u)?,
            unique_batch_item_id: Arbitrary::arbitrary(u)?,
            request_payload,
            message_extension: Arbitrary::arbitrary(u)?,
        })
    }
}

/// The Operation is that of the payload.
impl<'a> Arbitrary<'a> for ResponseBatchItem {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let response_payload = Option::<ResponsePayload>::arbitrary(u)?;
        let operation = match &response_payload {
            Some(payload) => Some(operation(payload.operation(), u)?),
            None => Arbitrary::arbitrary(u)?,
        };
        Ok(Self {
            operation,
            unique_batch_item_id: Arbitrary::arbitrary(u)?,
            result_status: Arbitrary::arbitrary(u)?,
            result_reason: Arbitrary::arbitrary(u)?,
            result_message: Arbitrary::arbitrary(u)?,
            asynchronous_correlation_value: Arbitrary::arbitrary(u)?,
            response_payload,
            message_extension: Arbitrary::arbitrary(u)?,
        })
    }
}

/// The payload's operation, or a vendor's for one that is kept as it is.
fn operation(known: Option<Operation>, u: &mut Unstructured<'_>) -> Result<Operation> {
    match known {
        Some(operation) => Ok(operation),
        None => Ok(Operation::from(VENDOR | u32::arbitrary(u)?)),
    }
}
