//! Key Material: bytes, or the fields of a transparent key.

use kmip_derive::Ttlv;

use crate::generated::enumerations::{KeyFormatType, RecommendedCurve};
use crate::hex_debug::debug_in_hex;
use crate::{BigInteger, RawStructure, SecretBigInteger, SecretBytes};

/// Key Material, in the form that the Key Format Type says (KMIP 1.4 section 2.1.4, 2.1 section 3.2).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial", selector = "KeyFormatType")]
pub enum KeyMaterial {
    /// The bytes of a Raw, Opaque, PKCS#1, PKCS#8, X.509, EC Private Key or vendor format.
    Bytes(SecretBytes),
    /// The fields of a transparent key.
    #[ttlv(select)]
    Transparent(TransparentKey),
}

impl KeyMaterial {
    /// Key material in bytes.
    pub fn bytes(bytes: impl Into<SecretBytes>) -> Self {
        Self::Bytes(bytes.into())
    }

    /// The bytes, of a format of bytes or of a transparent symmetric key.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes.reveal()),
            Self::Transparent(TransparentKey::SymmetricKey(key)) => Some(key.key.reveal()),
            Self::Transparent(_) => None,
        }
    }
}

/// The fields of a transparent key (KMIP 1.4 section 2.1.7, 2.1 sections 3.4 to 3.12).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial", select = "KeyFormatType")]
pub enum TransparentKey {
    /// A symmetric key.
    #[ttlv(value = "KeyFormatType::TransparentSymmetricKey")]
    SymmetricKey(TransparentSymmetricKey),
    /// A DSA private key.
    #[ttlv(value = "KeyFormatType::TransparentDsaPrivateKey")]
    DsaPrivateKey(TransparentDsaPrivateKey),
    /// A DSA public key.
    #[ttlv(value = "KeyFormatType::TransparentDsaPublicKey")]
    DsaPublicKey(TransparentDsaPublicKey),
    /// An RSA private key.
    #[ttlv(value = "KeyFormatType::TransparentRsaPrivateKey")]
    RsaPrivateKey(TransparentRsaPrivateKey),
    /// An RSA public key.
    #[ttlv(value = "KeyFormatType::TransparentRsaPublicKey")]
    RsaPublicKey(TransparentRsaPublicKey),
    /// A Diffie-Hellman private key.
    #[ttlv(value = "KeyFormatType::TransparentDhPrivateKey")]
    DhPrivateKey(TransparentDhPrivateKey),
    /// A Diffie-Hellman public key.
    #[ttlv(value = "KeyFormatType::TransparentDhPublicKey")]
    DhPublicKey(TransparentDhPublicKey),
    /// An elliptic curve private key for ECDSA, until KMIP 1.4, deprecated since 1.3.
    #[ttlv(value = "KeyFormatType::TransparentEcdsaPrivateKey")]
    EcdsaPrivateKey(TransparentEcPrivateKey),
    /// An elliptic curve public key for ECDSA, until KMIP 1.4, deprecated since 1.3.
    #[ttlv(value = "KeyFormatType::TransparentEcdsaPublicKey")]
    EcdsaPublicKey(TransparentEcPublicKey),
    /// An elliptic curve private key for ECDH, until KMIP 1.4, deprecated since 1.3.
    #[ttlv(value = "KeyFormatType::TransparentEcdhPrivateKey")]
    EcdhPrivateKey(TransparentEcPrivateKey),
    /// An elliptic curve public key for ECDH, until KMIP 1.4, deprecated since 1.3.
    #[ttlv(value = "KeyFormatType::TransparentEcdhPublicKey")]
    EcdhPublicKey(TransparentEcPublicKey),
    /// An elliptic curve private key for ECMQV, until KMIP 1.4, deprecated since 1.3.
    #[ttlv(value = "KeyFormatType::TransparentEcmqvPrivateKey")]
    EcmqvPrivateKey(TransparentEcPrivateKey),
    /// An elliptic curve public key for ECMQV, until KMIP 1.4, deprecated since 1.3.
    #[ttlv(value = "KeyFormatType::TransparentEcmqvPublicKey")]
    EcmqvPublicKey(TransparentEcPublicKey),
    /// An elliptic curve private key.
    #[ttlv(value = "KeyFormatType::TransparentEcPrivateKey")]
    EcPrivateKey(TransparentEcPrivateKey),
    /// An elliptic curve public key.
    #[ttlv(value = "KeyFormatType::TransparentEcPublicKey")]
    EcPublicKey(TransparentEcPublicKey),
    /// A vendor's kind of key.
    #[ttlv(other)]
    Other(RawStructure),
}

/// Transparent Symmetric Key (KMIP 1.4 section 2.1.7.1, 2.1 section 3.4).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentSymmetricKey {
    /// The key.
    pub key: SecretBytes,
}

/// Transparent DSA Private Key (KMIP 1.4 section 2.1.7.2, 2.1 section 3.5).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentDsaPrivateKey {
    /// The prime that the group is modulo.
    pub p: BigInteger,
    /// The order of the group, a prime that divides p - 1.
    pub q: BigInteger,
    /// The generator of the group.
    pub g: BigInteger,
    /// The private number.
    pub x: SecretBigInteger,
}

/// Transparent DSA Public Key (KMIP 1.4 section 2.1.7.3, 2.1 section 3.6).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentDsaPublicKey {
    /// The prime that the group is modulo.
    pub p: BigInteger,
    /// The order of the group, a prime that divides p - 1.
    pub q: BigInteger,
    /// The generator of the group.
    pub g: BigInteger,
    /// The public number: g to the power of the private one.
    pub y: BigInteger,
}

/// Transparent RSA Private Key (KMIP 1.4 section 2.1.7.4, 2.1 section 3.7). At least one of the private
/// exponent, the two primes with the public exponent, or the two prime exponents is to be set.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentRsaPrivateKey {
    /// n.
    pub modulus: BigInteger,
    /// d.
    pub private_exponent: Option<SecretBigInteger>,
    /// e.
    pub public_exponent: Option<BigInteger>,
    /// The first prime.
    pub p: Option<SecretBigInteger>,
    /// The second prime.
    pub q: Option<SecretBigInteger>,
    /// d mod (p - 1).
    pub prime_exponent_p: Option<SecretBigInteger>,
    /// d mod (q - 1).
    pub prime_exponent_q: Option<SecretBigInteger>,
    /// The inverse of q mod p.
    pub crt_coefficient: Option<SecretBigInteger>,
}

/// Transparent RSA Public Key (KMIP 1.4 section 2.1.7.5, 2.1 section 3.8).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentRsaPublicKey {
    /// n.
    pub modulus: BigInteger,
    /// e.
    pub public_exponent: BigInteger,
}

/// Transparent DH Private Key (KMIP 1.4 section 2.1.7.6, 2.1 section 3.9).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentDhPrivateKey {
    /// The prime that the group is modulo.
    pub p: BigInteger,
    /// The order of the group, a prime that divides p - 1.
    pub q: Option<BigInteger>,
    /// The generator of the group.
    pub g: BigInteger,
    /// The cofactor: (p - 1) / q.
    pub j: Option<BigInteger>,
    /// The private number.
    pub x: SecretBigInteger,
}

/// Transparent DH Public Key (KMIP 1.4 section 2.1.7.7, 2.1 section 3.10).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentDhPublicKey {
    /// The prime that the group is modulo.
    pub p: BigInteger,
    /// The order of the group, a prime that divides p - 1.
    pub q: Option<BigInteger>,
    /// The generator of the group.
    pub g: BigInteger,
    /// The cofactor: (p - 1) / q.
    pub j: Option<BigInteger>,
    /// The public number: g to the power of the private one.
    pub y: BigInteger,
}

/// Transparent EC Private Key (KMIP 1.4 section 2.1.7.14, 2.1 section 3.11), since KMIP 1.3; and, until 1.4, the
/// same fields as Transparent ECDSA, ECDH and ECMQV Private Key (1.4 sections 2.1.7.8, 2.1.7.10, 2.1.7.12).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentEcPrivateKey {
    /// The curve.
    pub recommended_curve: RecommendedCurve,
    /// The private number.
    pub d: SecretBigInteger,
}

/// Transparent EC Public Key (KMIP 1.4 section 2.1.7.15, 2.1 section 3.12), since KMIP 1.3; and, until 1.4, the
/// same fields as Transparent ECDSA, ECDH and ECMQV Public Key (1.4 sections 2.1.7.9, 2.1.7.11, 2.1.7.13).
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyMaterial")]
pub struct TransparentEcPublicKey {
    /// The curve.
    pub recommended_curve: RecommendedCurve,
    /// The point, as an octet string.
    pub q_string: Vec<u8>,
}

debug_in_hex!(TransparentEcPublicKey { recommended_curve, q_string });
