//! A public key, apart from any format, and its formats.

use der::asn1::{BitStringRef, UintRef};
use der::{AnyRef, Decode, Encode};
use kmip_types::BigInteger;
use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType};
use kmip_types::object::{
    KeyBlock, KeyMaterial, TransparentEcPublicKey, TransparentKey, TransparentRsaPublicKey,
};
use pkcs1::{ALGORITHM_ID, RsaPublicKeyRef};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::Curve;
use super::asymmetric::rsa_bits;
use super::curve::EC_PUBLIC_KEY;

/// A public key.
#[derive(Clone, Debug)]
pub(crate) enum PublicKey {
    /// RSA, as PKCS#1 DER.
    Rsa(Vec<u8>),
    /// A point, uncompressed, or for Curve25519 the bytes that stand for it.
    Ec { curve: Curve, point: Vec<u8> },
}

impl PublicKey {
    /// The key in a key block, unless it is wrapped or in a form that the server does not read.
    pub(crate) fn from_block(block: &KeyBlock) -> Option<Self> {
        let algorithm = block.cryptographic_algorithm;
        match block.key_material()? {
            KeyMaterial::Bytes(bytes) => match block.key_format_type {
                KeyFormatType::Pkcs1 => {
                    RsaPublicKeyRef::from_der(bytes.reveal()).ok()?;
                    Some(Self::Rsa(bytes.reveal().to_vec()))
                }
                KeyFormatType::X509 => Self::from_spki(bytes.reveal()),
                _ => None,
            },
            KeyMaterial::Transparent(key) => Self::from_transparent(key, algorithm),
        }
    }

    /// The key in a SubjectPublicKeyInfo.
    pub(crate) fn from_spki(der: &[u8]) -> Option<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
        let oid = info.algorithm.oid;
        let key = info.subject_public_key.as_bytes()?;
        if oid == ALGORITHM_ID.oid {
            RsaPublicKeyRef::from_der(key).ok()?;
            return Some(Self::Rsa(key.to_vec()));
        }
        let curve = if oid == EC_PUBLIC_KEY {
            info.algorithm.parameters_oid().ok().and_then(Curve::of_oid)?
        } else {
            Curve::of_oid(oid).filter(|curve| curve.is_25519())?
        };
        Some(Self::Ec { curve, point: key.to_vec() })
    }

    fn from_transparent(key: &TransparentKey, algorithm: Option<CryptographicAlgorithm>) -> Option<Self> {
        match key {
            TransparentKey::RsaPublicKey(key) => {
                let modulus = key.modulus.to_unsigned_bytes()?;
                let exponent = key.public_exponent.to_unsigned_bytes()?;
                let key = RsaPublicKeyRef {
                    modulus: UintRef::new(modulus).ok()?,
                    public_exponent: UintRef::new(exponent).ok()?,
                };
                key.to_der().ok().map(Self::Rsa)
            }
            TransparentKey::EcPublicKey(key)
            | TransparentKey::EcdsaPublicKey(key)
            | TransparentKey::EcdhPublicKey(key)
            | TransparentKey::EcmqvPublicKey(key) => {
                let curve = Curve::find(key.recommended_curve, algorithm)?;
                Some(Self::Ec { curve, point: key.q_string.clone() })
            }
            _ => None,
        }
    }

    /// The key in a format, if it can be had in that.
    pub(crate) fn to_material(&self, format: KeyFormatType) -> Option<KeyMaterial> {
        match (self, format) {
            (_, KeyFormatType::X509) => self.to_spki().map(KeyMaterial::bytes),
            (Self::Rsa(pkcs1), KeyFormatType::Pkcs1) => Some(KeyMaterial::bytes(pkcs1.clone())),
            (Self::Rsa(pkcs1), KeyFormatType::TransparentRsaPublicKey) => {
                let key = RsaPublicKeyRef::from_der(pkcs1).ok()?;
                Some(KeyMaterial::Transparent(TransparentKey::RsaPublicKey(TransparentRsaPublicKey {
                    modulus: BigInteger::from_unsigned_bytes(key.modulus.as_bytes()),
                    public_exponent: BigInteger::from_unsigned_bytes(key.public_exponent.as_bytes()),
                })))
            }
            (Self::Ec { curve, point }, format) => {
                let recommended_curve = curve.recommended();
                let key = TransparentEcPublicKey { recommended_curve, q_string: point.clone() };
                let key = match format {
                    KeyFormatType::TransparentEcPublicKey => TransparentKey::EcPublicKey(key),
                    // Deprecated since KMIP 1.3 in favour of the one above.
                    KeyFormatType::TransparentEcdsaPublicKey => TransparentKey::EcdsaPublicKey(key),
                    KeyFormatType::TransparentEcdhPublicKey => TransparentKey::EcdhPublicKey(key),
                    KeyFormatType::TransparentEcmqvPublicKey => TransparentKey::EcmqvPublicKey(key),
                    _ => return None,
                };
                Some(KeyMaterial::Transparent(key))
            }
            _ => None,
        }
    }

    /// The key as a SubjectPublicKeyInfo.
    pub(crate) fn to_spki(&self) -> Option<Vec<u8>> {
        let (algorithm, key) = match self {
            Self::Rsa(pkcs1) => (ALGORITHM_ID, pkcs1),
            Self::Ec { curve, point } if curve.is_25519() => {
                (AlgorithmIdentifierRef { oid: curve.oid(), parameters: None }, point)
            }
            Self::Ec { curve, point } => {
                let oid = curve.oid();
                let parameters = Some(AnyRef::from(&oid));
                let algorithm = AlgorithmIdentifierRef { oid: EC_PUBLIC_KEY, parameters };
                return spki(algorithm, point);
            }
        };
        spki(algorithm, key)
    }

    /// The Cryptographic Length in bits.
    pub(crate) fn bits(&self) -> Option<i32> {
        match self {
            Self::Rsa(pkcs1) => rsa_bits(RsaPublicKeyRef::from_der(pkcs1).ok()?.modulus.as_bytes()),
            Self::Ec { curve, .. } => Some(curve.bits()),
        }
    }

    /// The algorithm, as far as the key itself says it.
    pub(crate) fn algorithm(&self) -> CryptographicAlgorithm {
        match self {
            Self::Rsa(_) => CryptographicAlgorithm::Rsa,
            Self::Ec { curve: Curve::Ed25519, .. } => CryptographicAlgorithm::Ed25519,
            Self::Ec { .. } => CryptographicAlgorithm::Ec,
        }
    }
}

fn spki(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Option<Vec<u8>> {
    let subject_public_key = BitStringRef::from_bytes(key).ok()?;
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().ok()
}
