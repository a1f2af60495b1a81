//! The messages that are measured.

use kmip_types::ProtocolVersion;
use kmip_types::attribute::{Attributes, Name, UniqueIdentifier};
use kmip_types::enumerations::{CryptographicAlgorithm, ObjectType, Operation};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::message::{
    RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::operation::{CreateRequest, EncryptRequest, LocateResponse, Request};
use kmip_types::{DateTime, EncodeError, Item, Tag, Value};

/// The oldest and the newest form of attributes.
pub const VERSIONS: [ProtocolVersion; 2] = [ProtocolVersion::V1_2, ProtocolVersion::V2_1];

/// The name of the key that a Create request asks for: of 392 bytes in the form of KMIP 1.2.
pub const NAME: &str = "payments/eu-west-1/card-vault/key-07";

/// The key that encrypts.
pub const KEY: &str = "1f0c9a52-7e4d-4b7a-9d3e-000000000001";

/// A request to create `count` keys.
pub fn create(version: ProtocolVersion, count: usize) -> RequestMessage {
    let attributes = || {
        Attributes::new()
            .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
            .with_cryptographic_length(256)
            .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT)
            .with_name(Name::text(NAME))
    };
    let item = || {
        let request = CreateRequest::new(ObjectType::SymmetricKey, attributes());
        RequestBatchItem::new(Operation::Create, request.into())
    };
    RequestMessage::new(RequestHeader::new(version, count_field(count)), (0..count).map(|_| item()))
}

/// A response that has found `count` objects.
pub fn located(version: ProtocolVersion, count: usize) -> ResponseMessage {
    let identifier = |index: usize| UniqueIdentifier::from(format!("1f0c9a52-7e4d-4b7a-9d3e-{index:012}"));
    let response = LocateResponse::default().with_unique_identifier((0..count).map(identifier));
    let header = ResponseHeader::new(version, DateTime::from_seconds(1_700_000_000), 1);
    ResponseMessage::new(header, [ResponseBatchItem::success(Operation::Locate, response.into())])
}

/// A request to encrypt `size` bytes.
///
/// # Errors
/// The version lacks Encrypt.
pub fn encrypt(version: ProtocolVersion, size: usize) -> Result<RequestMessage, EncodeError> {
    let request = EncryptRequest::new(KEY, data(size));
    let item = RequestBatchItem::new(Operation::Encrypt, request.into_payload(version)?);
    Ok(RequestMessage::new(RequestHeader::new(version, 1), [item]))
}

/// What is encrypted.
pub fn data(size: usize) -> Vec<u8> {
    (0..size).map(|index| (index % 251) as u8).collect()
}

/// What a count field holds.
fn count_field(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Structures within each other, to this depth, counting the outermost as one.
pub fn nested(depth: usize) -> Item {
    let structure = |items| Item::new(Tag::ATTRIBUTE_VALUE, Value::Structure(items));
    (1..depth).fold(structure(Vec::new()), |inner, _| structure(vec![inner]))
}
