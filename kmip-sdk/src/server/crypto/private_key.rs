//! A private key, apart from any format, and its formats.

use der::asn1::{OctetStringRef, UintRef};
use der::{AnyRef, Decode, Encode};
use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType};
use kmip_types::object::{
    KeyBlock, KeyMaterial, TransparentEcPrivateKey, TransparentKey, TransparentRsaPrivateKey,
};
use kmip_types::{BigInteger, SecretBigInteger, SecretBytes};
use pkcs1::{ALGORITHM_ID, RsaPrivateKeyRef};
use pkcs8::{PrivateKeyInfoRef, spki::AlgorithmIdentifierRef};
use sec1::{EcParameters, EcPrivateKey};

use super::asymmetric::{point_of, rsa_bits};
use super::curve::EC_PUBLIC_KEY;
use super::{Curve, PublicKey};

/// A private key.
#[derive(Clone, Debug)]
pub(crate) enum PrivateKey {
    /// RSA, as PKCS#1 DER.
    Rsa(SecretBytes),
    /// A private number, big-endian, or for Curve25519 the bytes that stand for it.
    Ec { curve: Curve, scalar: SecretBytes },
}

impl PrivateKey {
    /// The key in a key block, unless it is wrapped or in a form that the server does not read.
    pub(crate) fn from_block(block: &KeyBlock) -> Option<Self> {
        let algorithm = block.cryptographic_algorithm;
        match block.key_material()? {
            KeyMaterial::Bytes(bytes) => Self::from_bytes(block.key_format_type, bytes.reveal()),
            KeyMaterial::Transparent(key) => Self::from_transparent(key, algorithm),
        }
    }

    fn from_bytes(format: KeyFormatType, bytes: &[u8]) -> Option<Self> {
        match format {
            KeyFormatType::Pkcs1 => {
                RsaPrivateKeyRef::from_der(bytes).ok()?;
                Some(Self::Rsa(bytes.into()))
            }
            KeyFormatType::EcPrivateKey => Self::from_sec1(bytes, None),
            KeyFormatType::Pkcs8 => {
                let info = PrivateKeyInfoRef::from_der(bytes).ok()?;
                let oid = info.algorithm.oid;
                let key = info.private_key.as_bytes();
                if oid == ALGORITHM_ID.oid {
                    return Self::from_bytes(KeyFormatType::Pkcs1, key);
                }
                if oid == EC_PUBLIC_KEY {
                    let curve = info.algorithm.parameters_oid().ok().and_then(Curve::of_oid);
                    return Self::from_sec1(key, curve);
                }
                let curve = Curve::of_oid(oid).filter(|curve| curve.is_25519())?;
                Self::ec(curve, <&OctetStringRef>::from_der(key).ok()?.as_bytes())
            }
            _ => None,
        }
    }

    fn from_sec1(bytes: &[u8], curve: Option<Curve>) -> Option<Self> {
        let key = EcPrivateKey::from_der(bytes).ok()?;
        let named = key.parameters.and_then(EcParameters::named_curve).and_then(Curve::of_oid);
        Self::ec(named.or(curve)?, key.private_key)
    }

    fn ec(curve: Curve, scalar: &[u8]) -> Option<Self> {
        let missing = curve.scalar_length().checked_sub(scalar.len())?;
        let mut padded = vec![0; missing];
        padded.extend_from_slice(scalar);
        Some(Self::Ec { curve, scalar: padded.into() })
    }

    fn from_transparent(key: &TransparentKey, algorithm: Option<CryptographicAlgorithm>) -> Option<Self> {
        match key {
            TransparentKey::RsaPrivateKey(key) => rsa_from_transparent(key).map(Self::Rsa),
            TransparentKey::EcPrivateKey(key)
            | TransparentKey::EcdsaPrivateKey(key)
            | TransparentKey::EcdhPrivateKey(key)
            | TransparentKey::EcmqvPrivateKey(key) => {
                let curve = Curve::find(key.recommended_curve, algorithm)?;
                Self::ec(curve, key.d.reveal().to_unsigned_bytes()?)
            }
            _ => None,
        }
    }

    /// The key in a format, if it can be had in that.
    pub(crate) fn to_material(&self, format: KeyFormatType) -> Option<KeyMaterial> {
        match self {
            Self::Rsa(pkcs1) => rsa_material(pkcs1, format),
            Self::Ec { curve, scalar } => ec_material(*curve, scalar, format),
        }
    }

    /// The public key that goes with it.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        match self {
            Self::Rsa(pkcs1) => {
                let key = RsaPrivateKeyRef::from_der(pkcs1.reveal()).ok()?;
                key.public_key().to_der().ok().map(PublicKey::Rsa)
            }
            Self::Ec { curve, scalar } => {
                Some(PublicKey::Ec { curve: *curve, point: point_of(*curve, scalar)? })
            }
        }
    }

    /// The Cryptographic Length in bits.
    pub(crate) fn bits(&self) -> Option<i32> {
        match self {
            Self::Rsa(pkcs1) => {
                let key = RsaPrivateKeyRef::from_der(pkcs1.reveal()).ok()?;
                rsa_bits(key.modulus.as_bytes())
            }
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

fn rsa_from_transparent(key: &TransparentRsaPrivateKey) -> Option<SecretBytes> {
    // The numbers are taken where they are: no copy is made that would have to be wiped.
    fn public(number: &BigInteger) -> Option<UintRef<'_>> {
        UintRef::new(number.to_unsigned_bytes()?).ok()
    }
    fn secret(number: &Option<SecretBigInteger>) -> Option<UintRef<'_>> {
        public(number.as_ref()?.reveal())
    }
    // Without all of the numbers there is nothing to put in PKCS#1: they are not worked out here.
    let der = RsaPrivateKeyRef {
        modulus: public(&key.modulus)?,
        public_exponent: public(key.public_exponent.as_ref()?)?,
        private_exponent: secret(&key.private_exponent)?,
        prime1: secret(&key.p)?,
        prime2: secret(&key.q)?,
        exponent1: secret(&key.prime_exponent_p)?,
        exponent2: secret(&key.prime_exponent_q)?,
        coefficient: secret(&key.crt_coefficient)?,
        other_prime_infos: None,
    };
    der.to_der().ok().map(SecretBytes::from)
}

fn rsa_material(pkcs1: &SecretBytes, format: KeyFormatType) -> Option<KeyMaterial> {
    match format {
        KeyFormatType::Pkcs1 => Some(KeyMaterial::Bytes(pkcs1.clone())),
        KeyFormatType::Pkcs8 => pkcs8(ALGORITHM_ID, pkcs1.reveal()),
        KeyFormatType::TransparentRsaPrivateKey => {
            let key = RsaPrivateKeyRef::from_der(pkcs1.reveal()).ok()?;
            let public = |number: UintRef<'_>| BigInteger::from_unsigned_bytes(number.as_bytes());
            let secret = |number| Some(SecretBigInteger::new(public(number)));
            Some(KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(TransparentRsaPrivateKey {
                modulus: public(key.modulus),
                private_exponent: secret(key.private_exponent),
                public_exponent: Some(public(key.public_exponent)),
                p: secret(key.prime1),
                q: secret(key.prime2),
                prime_exponent_p: secret(key.exponent1),
                prime_exponent_q: secret(key.exponent2),
                crt_coefficient: secret(key.coefficient),
            })))
        }
        _ => None,
    }
}

fn ec_material(curve: Curve, scalar: &SecretBytes, format: KeyFormatType) -> Option<KeyMaterial> {
    match format {
        KeyFormatType::EcPrivateKey => {
            let point = point_of(curve, scalar)?;
            sec1(scalar.reveal(), Some(curve), &point).map(KeyMaterial::Bytes)
        }
        KeyFormatType::Pkcs8 if curve.is_25519() => {
            let key = OctetStringRef::new(scalar.reveal()).and_then(|key| key.to_der()).ok()?;
            let key = zeroize::Zeroizing::new(key);
            pkcs8(AlgorithmIdentifierRef { oid: curve.oid(), parameters: None }, &key)
        }
        KeyFormatType::Pkcs8 => {
            let key = sec1(scalar.reveal(), None, &point_of(curve, scalar)?)?;
            let oid = curve.oid();
            let algorithm =
                AlgorithmIdentifierRef { oid: EC_PUBLIC_KEY, parameters: Some(AnyRef::from(&oid)) };
            pkcs8(algorithm, key.reveal())
        }
        _ => {
            let d = SecretBigInteger::new(BigInteger::from_unsigned_bytes(scalar.reveal()));
            let key = TransparentEcPrivateKey { recommended_curve: curve.recommended(), d };
            let key = match format {
                KeyFormatType::TransparentEcPrivateKey => TransparentKey::EcPrivateKey(key),
                // Deprecated since KMIP 1.3 in favour of the one above.
                KeyFormatType::TransparentEcdsaPrivateKey => TransparentKey::EcdsaPrivateKey(key),
                KeyFormatType::TransparentEcdhPrivateKey => TransparentKey::EcdhPrivateKey(key),
                KeyFormatType::TransparentEcmqvPrivateKey => TransparentKey::EcmqvPrivateKey(key),
                _ => return None,
            };
            Some(KeyMaterial::Transparent(key))
        }
    }
}

/// The ECPrivateKey of RFC 5915. For Curve25519, which that does not have, with the identifier of RFC 8410.
fn sec1(scalar: &[u8], curve: Option<Curve>, point: &[u8]) -> Option<SecretBytes> {
    let parameters = curve.map(|curve| EcParameters::NamedCurve(curve.oid()));
    let key = EcPrivateKey { private_key: scalar, parameters, public_key: Some(point) };
    key.to_der().ok().map(SecretBytes::from)
}

fn pkcs8(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Option<KeyMaterial> {
    let key = OctetStringRef::new(key).ok()?;
    let der = PrivateKeyInfoRef::new(algorithm, key).to_der().ok()?;
    Some(KeyMaterial::bytes(der))
}
