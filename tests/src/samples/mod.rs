//! A request and a response of every operation, with every field set that the version has.

pub mod attributes;
mod cryptography;
mod identifiers;
mod keys;
mod managing;
pub mod messages;
pub mod objects;
mod server;
mod values;

use kmip_types::ProtocolVersion;
use kmip_types::attribute::{
    Attribute, Attributes, CryptographicParameters, SingleAttribute, UniqueIdentifier, UsageLimits,
};
use kmip_types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, HashingAlgorithm, KeyFormatType, TicketType, UsageLimitsUnit,
};
use kmip_types::masks::ProtectionStorageMask;
use kmip_types::message::Ticket;
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_types::operation::{ObjectGroups, ProtectionStorageMasks, RequestPayload, ResponsePayload};

use values::{AES_KEY, TICKET};

pub use server::server_information;

/// What an operation asks and answers in a version.
pub struct Sample {
    /// What is asked.
    pub request: RequestPayload,
    /// What is answered.
    pub response: ResponsePayload,
}

/// The samples in the form of a version, of operations that it lacks too.
pub fn all(version: ProtocolVersion) -> Vec<Sample> {
    let mut samples = managing::samples(version);
    samples.extend(keys::samples(version));
    samples.extend(cryptography::samples(version));
    samples.extend(server::samples(version));
    samples
}

fn sample(request: impl Into<RequestPayload>, response: impl Into<ResponsePayload>) -> Sample {
    Sample { request: request.into(), response: response.into() }
}

/// The value, in the version in which its field came and later.
fn since<T>(first: ProtocolVersion, version: ProtocolVersion, value: T) -> Option<T> {
    version.is_at_least(first).then_some(value)
}

/// The value, until the last version that has its field.
fn until<T>(last: ProtocolVersion, version: ProtocolVersion, value: T) -> Option<T> {
    last.is_at_least(version).then_some(value)
}

/// An object.
pub fn identifier() -> UniqueIdentifier {
    identifiers::KEY.into()
}

/// Attributes of a key.
pub fn attributes() -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
}

fn single() -> SingleAttribute {
    Attribute::ContactInformation("someone".into()).into()
}

fn parameters() -> CryptographicParameters {
    CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::Cbc),
        hashing_algorithm: Some(HashingAlgorithm::Sha256),
        ..CryptographicParameters::default()
    }
}

fn storage() -> ProtectionStorageMasks {
    ProtectionStorageMasks {
        protection_storage_mask: vec![ProtectionStorageMask::HARDWARE, ProtectionStorageMask::SOFTWARE],
    }
}

/// How much a key may be used.
pub fn usage_limits() -> UsageLimits {
    UsageLimits {
        usage_limits_total: 1 << 40,
        usage_limits_count: Some(12),
        usage_limits_unit: UsageLimitsUnit::Object,
    }
}

fn ticket() -> Ticket {
    Ticket { ticket_type: TicketType::Login, ticket_value: TICKET.into() }
}

fn groups() -> ObjectGroups {
    ObjectGroups { object_group: vec!["blue".into(), "green".into()] }
}

fn key() -> ManagedObject {
    let material = KeyMaterial::bytes(AES_KEY);
    let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 256);
    ManagedObject::SymmetricKey(SymmetricKey { key_block })
}
