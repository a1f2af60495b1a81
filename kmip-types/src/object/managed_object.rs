//! The managed objects and the choice of one.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, inline};
use crate::generated::enumerations::{
    CertificateRequestType, CertificateType, ObjectType, OpaqueDataType, SecretDataType, SplitKeyMethod,
};
use crate::hex_debug::debug_in_hex;
use crate::object::KeyBlock;
use crate::ttlv::Tagged;
use crate::{BigInteger, Item, SecretBytes};

/// A managed object, under the tag that says what it is (KMIP 1.4 section 2.2, 2.1 chapter 2).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(choice = "tag")]
pub enum ManagedObject {
    /// A certificate.
    Certificate(Certificate),
    /// A request for a certificate. Since KMIP 2.0.
    #[ttlv(since = "2.0")]
    CertificateRequest(CertificateRequest),
    /// A symmetric key.
    SymmetricKey(SymmetricKey),
    /// A public key.
    PublicKey(PublicKey),
    /// A private key.
    PrivateKey(PrivateKey),
    /// A part of a split key.
    SplitKey(SplitKey),
    /// Attributes for new objects. Until KMIP 1.4, deprecated since 1.3.
    Template(Template),
    /// A secret that is no key.
    SecretData(SecretData),
    /// Bytes that the server does not interpret.
    OpaqueObject(OpaqueObject),
    /// A PGP key.
    #[ttlv(tag = "PGPKey")]
    PgpKey(PgpKey),
    /// Any other object.
    #[ttlv(other)]
    Other(#[cfg_attr(feature = "arbitrary", arbitrary(with = crate::arbitrary::vendor_item))] Item),
}

impl ManagedObject {
    /// The Object Type that goes with the object, if it is one of the standard's.
    pub fn object_type(&self) -> Option<ObjectType> {
        ObjectType::from_name(self.tag().name()?)
    }

    /// The key block, if it is an object that has one.
    pub fn key_block(&self) -> Option<&KeyBlock> {
        match self {
            Self::SymmetricKey(key) => Some(&key.key_block),
            Self::PublicKey(key) => Some(&key.key_block),
            Self::PrivateKey(key) => Some(&key.key_block),
            Self::SplitKey(key) => Some(&key.key_block),
            Self::SecretData(secret) => Some(&secret.key_block),
            Self::PgpKey(key) => Some(&key.key_block),
            Self::Certificate(_)
            | Self::CertificateRequest(_)
            | Self::Template(_)
            | Self::OpaqueObject(_)
            | Self::Other(_) => None,
        }
    }

    /// The Key Block, of objects that have one, to be changed.
    pub fn key_block_mut(&mut self) -> Option<&mut KeyBlock> {
        match self {
            Self::SymmetricKey(key) => Some(&mut key.key_block),
            Self::PublicKey(key) => Some(&mut key.key_block),
            Self::PrivateKey(key) => Some(&mut key.key_block),
            Self::SplitKey(key) => Some(&mut key.key_block),
            Self::SecretData(secret) => Some(&mut secret.key_block),
            Self::PgpKey(key) => Some(&mut key.key_block),
            Self::Certificate(_)
            | Self::CertificateRequest(_)
            | Self::Template(_)
            | Self::OpaqueObject(_)
            | Self::Other(_) => None,
        }
    }
}

/// A certificate (KMIP 1.4 section 2.2.1, 2.1 section 2.1).
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Certificate")]
pub struct Certificate {
    /// The kind.
    pub certificate_type: CertificateType,
    /// The certificate: DER for X.509.
    pub certificate_value: Vec<u8>,
}

debug_in_hex!(Certificate { certificate_type, certificate_value });

/// A request for a certificate (KMIP 2.1 section 2.2). Since KMIP 2.0.
#[derive(Clone, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CertificateRequest")]
pub struct CertificateRequest {
    /// The format.
    pub certificate_request_type: CertificateRequestType,
    /// The request.
    pub certificate_request_value: Vec<u8>,
}

debug_in_hex!(CertificateRequest { certificate_request_type, certificate_request_value });

/// A symmetric key (KMIP 1.4 section 2.2.2, 2.1 section 2.9).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "SymmetricKey")]
pub struct SymmetricKey {
    /// The key.
    pub key_block: KeyBlock,
}

/// A public key (KMIP 1.4 section 2.2.3, 2.1 section 2.6).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "PublicKey")]
pub struct PublicKey {
    /// The key.
    pub key_block: KeyBlock,
}

/// A private key (KMIP 1.4 section 2.2.4, 2.1 section 2.5).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "PrivateKey")]
pub struct PrivateKey {
    /// The key.
    pub key_block: KeyBlock,
}

/// A part of a split key (KMIP 1.4 section 2.2.5, 2.1 section 2.8).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "SplitKey")]
pub struct SplitKey {
    /// How many parts there are.
    pub split_key_parts: i32,
    /// Which part this is, from 1.
    pub key_part_identifier: i32,
    /// How many parts it takes to have the key.
    pub split_key_threshold: i32,
    /// How the key was split.
    pub split_key_method: SplitKeyMethod,
    /// The prime of Polynomial Sharing Prime Field.
    pub prime_field_size: Option<BigInteger>,
    /// The part.
    pub key_block: KeyBlock,
}

/// Attributes for new objects (KMIP 1.4 section 2.2.6). Until KMIP 1.4, deprecated since 1.3.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Template")]
pub struct Template {
    /// The attributes, at least one of which is required.
    #[ttlv(with = "inline::by_name")]
    pub attributes: Attributes,
}

/// A secret that is no key, such as a password (KMIP 1.4 section 2.2.7, 2.1 section 2.7).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "SecretData")]
pub struct SecretData {
    /// The kind.
    pub secret_data_type: SecretDataType,
    /// The secret.
    pub key_block: KeyBlock,
}

/// Bytes that the server does not interpret (KMIP 1.4 section 2.2.8, 2.1 section 2.3).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "OpaqueObject")]
pub struct OpaqueObject {
    /// The kind.
    pub opaque_data_type: OpaqueDataType,
    /// The bytes.
    pub opaque_data_value: SecretBytes,
}

/// A PGP key (KMIP 1.4 section 2.2.9, 2.1 section 2.4). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "PGPKey")]
pub struct PgpKey {
    /// The version of PGP.
    #[ttlv(tag = "PGPKeyVersion")]
    pub pgp_key_version: i32,
    /// The key, as ASCII-armoured text.
    pub key_block: KeyBlock,
}
