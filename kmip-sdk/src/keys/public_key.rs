//! A public key, apart from any format, and its formats.

use der::asn1::{BitStringRef, UintRef};
use der::{AnyRef, Decode, Encode};
use kmip_types::BigInteger;
use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType};
use kmip_types::object::{
    KeyBlock, KeyMaterial, TransparentDhPublicKey, TransparentDsaPublicKey, TransparentEcPublicKey,
    TransparentKey, TransparentRsaPublicKey,
};
use pkcs1::{ALGORITHM_ID, RsaPublicKeyRef};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::block::{known_curve, plain_material};
use super::curve::{Curve, EC_PUBLIC_KEY};
use super::group::Group;
use super::{KeyError, rsa};

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// RSA, as PKCS#1 DER.
    Rsa(Vec<u8>),
    /// A point, uncompressed, or for Curve25519 the bytes that stand for it.
    Ec { curve: Curve, point: Vec<u8> },
    /// DSA or Diffie-Hellman: the public number, big-endian without zeros in front.
    Group { group: Box<Group>, number: Vec<u8> },
}

impl PublicKey {
    /// The key in a key block.
    ///
    /// # Errors
    /// There is none, or none that is known, or it is wrapped.
    pub(crate) fn from_block(block: &KeyBlock) -> Result<Self, KeyError> {
        let algorithm = block.cryptographic_algorithm;
        match plain_material(block)? {
            KeyMaterial::Bytes(bytes) => Self::from_bytes(block.key_format_type, bytes.reveal(), algorithm),
            KeyMaterial::Transparent(key) => Self::from_transparent(key, algorithm),
        }
    }

    fn from_bytes(
        format: KeyFormatType,
        bytes: &[u8],
        algorithm: Option<CryptographicAlgorithm>,
    ) -> Result<Self, KeyError> {
        match format {
            KeyFormatType::Pkcs1 => Self::from_pkcs1(bytes),
            KeyFormatType::X509 => Self::from_spki(bytes),
            // Some servers give Ed25519 keys so.
            KeyFormatType::Raw if algorithm == Some(CryptographicAlgorithm::Ed25519) => {
                Self::ec(Curve::Ed25519, bytes)
            }
            #[cfg(feature = "server")]
            KeyFormatType::Raw if algorithm == Some(CryptographicAlgorithm::Ed448) => {
                Self::ec(Curve::Ed448, bytes)
            }
            // PKCS#8 is of private keys alone; what some servers call so is the other half's SubjectPublicKeyInfo.
            KeyFormatType::Raw | KeyFormatType::Opaque | KeyFormatType::Pkcs8 => Self::from_der(bytes),
            _ => Err(KeyError::UnreadFormat { format, material: "a public key" }),
        }
    }

    /// The key in DER: SubjectPublicKeyInfo or PKCS#1.
    ///
    /// # Errors
    /// It is neither, or a key that is not known.
    pub(crate) fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        if SubjectPublicKeyInfoRef::from_der(bytes).is_ok() {
            return Self::from_spki(bytes);
        }
        Self::from_pkcs1(bytes).map_err(|_| KeyError::Malformed { expected: "public key in DER" })
    }

    /// The key in PKCS#1.
    ///
    /// # Errors
    /// It is malformed.
    pub(crate) fn from_pkcs1(bytes: &[u8]) -> Result<Self, KeyError> {
        match RsaPublicKeyRef::from_der(bytes) {
            Ok(_) => Ok(Self::Rsa(bytes.to_vec())),
            Err(_) => Err(KeyError::Malformed { expected: "RSA public key in PKCS#1" }),
        }
    }

    /// The key in a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// It is malformed, or a key that is not known.
    pub(crate) fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let malformed = || KeyError::Malformed { expected: "public key in a SubjectPublicKeyInfo" };
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| malformed())?;
        let oid = info.algorithm.oid;
        let key = info.subject_public_key.as_bytes().ok_or_else(malformed)?;
        if oid == ALGORITHM_ID.oid {
            return Self::from_pkcs1(key);
        }
        if let Some(group) = Group::of_identifier(&info.algorithm) {
            let number = UintRef::from_der(key).map_err(|_| malformed())?;
            return Self::in_group(group?, number.as_bytes());
        }
        let curve = if oid == EC_PUBLIC_KEY {
            let oid = info.algorithm.parameters_oid().map_err(|_| KeyError::NoCurve)?;
            let what = || KeyError::Unsupported { what: format!("a key on the curve {oid}") };
            Curve::of_oid(oid).ok_or_else(what)?
        } else {
            let what = || KeyError::Unsupported { what: format!("a key of the algorithm {oid}") };
            Curve::of_oid(oid).filter(|curve| curve.is_byte_string()).ok_or_else(what)?
        };
        Self::ec(curve, key)
    }

    /// The key by its point, or for Curve25519 by the bytes that stand for it.
    ///
    /// # Errors
    /// It is no point of the curve's.
    pub(crate) fn ec(curve: Curve, point: &[u8]) -> Result<Self, KeyError> {
        if !curve.has_point(point) {
            return Err(KeyError::InvalidPoint { curve: curve.name() });
        }
        Ok(Self::Ec { curve, point: point.to_vec() })
    }

    /// The key by its public number in a group.
    fn in_group(group: Group, number: &[u8]) -> Result<Self, KeyError> {
        group.check_public(number)?;
        Ok(Self::Group { group: Box::new(group), number: number.to_vec() })
    }

    fn from_transparent(
        key: &TransparentKey,
        algorithm: Option<CryptographicAlgorithm>,
    ) -> Result<Self, KeyError> {
        match key {
            TransparentKey::RsaPublicKey(key) => {
                let der = || {
                    let modulus = UintRef::new(key.modulus.to_unsigned_bytes()?).ok()?;
                    let public_exponent = UintRef::new(key.public_exponent.to_unsigned_bytes()?).ok()?;
                    RsaPublicKeyRef { modulus, public_exponent }.to_der().ok()
                };
                der().map(Self::Rsa).ok_or(KeyError::InconsistentKey)
            }
            TransparentKey::EcPublicKey(key)
            | TransparentKey::EcdsaPublicKey(key)
            | TransparentKey::EcdhPublicKey(key)
            | TransparentKey::EcmqvPublicKey(key) => {
                Self::ec(known_curve(key.recommended_curve, algorithm)?, &key.q_string)
            }
            TransparentKey::DsaPublicKey(TransparentDsaPublicKey { y, .. })
            | TransparentKey::DhPublicKey(TransparentDhPublicKey { y, .. }) => {
                let group = Group::of_transparent(key).unwrap_or(Err(KeyError::InconsistentKey))?;
                Self::in_group(group, y.to_unsigned_bytes().ok_or(KeyError::InconsistentKey)?)
            }
            _ => Err(KeyError::Malformed { expected: "transparent public key" }),
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
            (Self::Group { group, number }, format) => match (format, group.algorithm()) {
                (KeyFormatType::TransparentDsaPublicKey, CryptographicAlgorithm::Dsa)
                | (KeyFormatType::TransparentDhPublicKey, CryptographicAlgorithm::Dh) => {
                    Some(KeyMaterial::Transparent(group.transparent_public(number)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The key as a SubjectPublicKeyInfo.
    pub(crate) fn to_spki(&self) -> Option<Vec<u8>> {
        let (algorithm, key) = match self {
            Self::Rsa(pkcs1) => (ALGORITHM_ID, pkcs1),
            Self::Ec { curve, point } if curve.is_byte_string() => {
                (AlgorithmIdentifierRef { oid: curve.oid(), parameters: None }, point)
            }
            Self::Ec { curve, point } => {
                let oid = curve.oid();
                let parameters = Some(AnyRef::from(&oid));
                let algorithm = AlgorithmIdentifierRef { oid: EC_PUBLIC_KEY, parameters };
                return spki(algorithm, point);
            }
            Self::Group { group, number } => {
                let key = UintRef::new(number).and_then(|number| number.to_der()).ok()?;
                return group.with_identifier(|algorithm| spki(algorithm, &key));
            }
        };
        spki(algorithm, key)
    }

    /// The Cryptographic Length in bits.
    pub(crate) fn bits(&self) -> Option<i32> {
        match self {
            Self::Rsa(pkcs1) => rsa::bits(RsaPublicKeyRef::from_der(pkcs1).ok()?.modulus.as_bytes()),
            Self::Ec { curve, .. } => Some(curve.bits()),
            Self::Group { group, .. } => group.bits(),
        }
    }

    /// The curve that it is on, if it is on one.
    pub(crate) fn curve(&self) -> Option<Curve> {
        match self {
            Self::Rsa(_) | Self::Group { .. } => None,
            Self::Ec { curve, .. } => Some(*curve),
        }
    }

    /// The group that it is in, if it is in one.
    pub(super) fn group(&self) -> Option<&Group> {
        match self {
            Self::Group { group, .. } => Some(group),
            Self::Rsa(_) | Self::Ec { .. } => None,
        }
    }

    /// The algorithm, as far as the key itself says it.
    pub(crate) fn algorithm(&self) -> CryptographicAlgorithm {
        match self {
            Self::Rsa(_) => CryptographicAlgorithm::Rsa,
            Self::Ec { curve, .. } => curve.algorithm(),
            Self::Group { group, .. } => group.algorithm(),
        }
    }
}

fn spki(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Option<Vec<u8>> {
    let subject_public_key = BitStringRef::from_bytes(key).ok()?;
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().ok()
}
