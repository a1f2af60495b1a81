//! The managed objects and the choice of one.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, inline};
use crate::generated::enumerations::{
    CertificateRequestType, CertificateType, CryptographicAlgorithm, KeyFormatType, ObjectType,
    OpaqueDataType, SecretDataType, SplitKeyMethod,
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

macro_rules! objects {
    ($($object:ident),* $(,)?) => { $(
        impl From<$object> for ManagedObject {
            fn from(object: $object) -> Self {
                Self::$object(object)
            }
        }
    )* };
}

objects! {
    Certificate,
    CertificateRequest,
    SymmetricKey,
    PublicKey,
    PrivateKey,
    SplitKey,
    Template,
    SecretData,
    OpaqueObject,
    PgpKey,
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

impl Certificate {
    /// An X.509 certificate in DER.
    pub fn x509(der: impl Into<Vec<u8>>) -> Self {
        Self { certificate_type: CertificateType::X509, certificate_value: der.into() }
    }
}

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

/// PEM where it begins as PEM does, else PKCS#10 in DER.
impl From<Vec<u8>> for CertificateRequest {
    fn from(certificate_request_value: Vec<u8>) -> Self {
        let certificate_request_type =
            match certificate_request_value.trim_ascii_start().starts_with(b"-----") {
                true => CertificateRequestType::Pem,
                false => CertificateRequestType::Pkcs10,
            };
        Self { certificate_request_type, certificate_request_value }
    }
}

macro_rules! requests {
    ($($given:ty),*) => { $(
        /// PEM where it begins as PEM does, else PKCS#10 in DER.
        impl From<$given> for CertificateRequest {
            fn from(request: $given) -> Self {
                Self::from(Vec::from(request))
            }
        }
    )* };
}

requests!(&[u8], &str, String);

/// PEM where it begins as PEM does, else PKCS#10 in DER.
impl From<&Vec<u8>> for CertificateRequest {
    fn from(request: &Vec<u8>) -> Self {
        Self::from(request.as_slice())
    }
}

/// PEM where it begins as PEM does, else PKCS#10 in DER.
impl From<&String> for CertificateRequest {
    fn from(request: &String) -> Self {
        Self::from(request.as_str())
    }
}

/// A symmetric key (KMIP 1.4 section 2.2.2, 2.1 section 2.9).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "SymmetricKey")]
pub struct SymmetricKey {
    /// The key.
    pub key_block: KeyBlock,
}

impl SymmetricKey {
    /// A key in the format Raw: its bytes, which say the Cryptographic Length.
    ///
    /// ```
    /// use kmip_types::enumerations::CryptographicAlgorithm;
    /// use kmip_types::object::SymmetricKey;
    /// let key = SymmetricKey::raw(CryptographicAlgorithm::Aes, &[7; 16]);
    /// assert_eq!(key.key_block.cryptographic_length, Some(128));
    /// ```
    pub fn raw(cryptographic_algorithm: CryptographicAlgorithm, key: impl Into<SecretBytes>) -> Self {
        let key = key.into();
        let length = key.reveal().len().checked_mul(8).and_then(|bits| i32::try_from(bits).ok());
        let mut key_block = KeyBlock::bytes(KeyFormatType::Raw, key);
        key_block.cryptographic_algorithm = Some(cryptographic_algorithm);
        key_block.cryptographic_length = length;
        Self { key_block }
    }
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

impl SecretData {
    /// A secret in the format Opaque: its bytes.
    pub fn opaque(secret_data_type: SecretDataType, secret: impl Into<SecretBytes>) -> Self {
        Self { secret_data_type, key_block: KeyBlock::bytes(KeyFormatType::Opaque, secret) }
    }

    /// A password.
    ///
    /// ```
    /// use kmip_types::object::SecretData;
    /// assert_eq!(SecretData::password("hunter2").key_block.key_bytes(), Some(&b"hunter2"[..]));
    /// ```
    pub fn password(password: impl Into<SecretBytes>) -> Self {
        Self::opaque(SecretDataType::Password, password)
    }
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

#[cfg(test)]
mod tests {
    use super::{CertificateRequest, ManagedObject, SecretData};
    use crate::generated::enumerations::{CertificateRequestType, ObjectType};

    #[test]
    fn a_certificate_request_is_pem_where_it_begins_so() {
        for (given, expected) in [
            (&b"-----BEGIN CERTIFICATE REQUEST-----"[..], CertificateRequestType::Pem),
            (b"\r\n -----BEGIN NEW CERTIFICATE REQUEST-----", CertificateRequestType::Pem),
            (&[0x30, 0x82], CertificateRequestType::Pkcs10),
            (b"", CertificateRequestType::Pkcs10),
        ] {
            let request = CertificateRequest::from(given);
            assert_eq!(
                (request.certificate_request_type, &*request.certificate_request_value),
                (expected, given)
            );
        }
    }

    #[test]
    fn an_object_knows_its_type() {
        let object = ManagedObject::from(SecretData::password("p"));
        assert_eq!(object.object_type(), Some(ObjectType::SecretData));
        assert_eq!(object.key_block().and_then(|block| block.key_bytes()), Some(&b"p"[..]));
    }
}
